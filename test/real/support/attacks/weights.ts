// The suite with one control removed at a time: what then gets through is what the control weighs.
import { admissionPolicies, policyGroups } from "../../../../lib/admission/policies";
import { ADMISSION_RULES } from "../../../../lib/admission/rules";
import type { KubernetesObject } from "../../../../lib/core/manifest-release";
import type { Attack, AttackContext, Control } from "../../../../lib/testing/attack";
import { patch, type Manifest } from "../../../../lib/testing/requests";
import type { TestHost } from "../../../../lib/testing/test-host";
import type { Outcome } from "../../../../lib/testing/verdict";
import { grantAll, setPodSecurity } from "./open";
import { REDUNDANT_ON_PURPOSE } from "./redundant";

/** An attack on one tenant, with every control that would refuse it. */
export interface Stopped {
  readonly attack: Attack;
  readonly context: AttackContext;
  readonly controls: readonly Control[];
}

/** What came of removing a control. */
export interface Weight {
  readonly control: Control;
  /** Attacks it would refuse. */
  readonly stops: number;
  /** Those that got through without it. */
  readonly through: readonly string[];
  /** Those that nothing else refuses and that did not get through: must be none. */
  readonly held: readonly string[];
  /** Why it may stop nothing alone. */
  readonly reason?: string;
  /** Removed with it, then. */
  readonly together?: readonly Control[];
}

/** Controls that are objects of ours, and how each is taken away and put back. */
interface Switch {
  remove(): Promise<void>;
  restore(): Promise<void>;
}

/** Removes each control in turn. A control that stops nothing alone is removed together with those it is shadowed by. */
export async function weigh(host: TestHost, stopped: readonly Stopped[]): Promise<Weight[]> {
  const rules = ADMISSION_RULES.map(({ id }): Control => `rule:${id}`);
  const weights: Weight[] = [];
  for (const control of ["rbac", "pod-security", "quota", "limits", ...rules] as const) {
    const users = stopped.filter(({ controls }) => controls.includes(control));
    const alone = users.filter((user) => user.controls.length === 1 && !borrowed(user));
    if (alone.length > 0) {
      const outcomes = await without(host, [control], users);
      weights.push(weight(control, users, alone, outcomes));
      continue;
    }
    // Shadowed everywhere: the attack with the fewest others in its way.
    const [one] = [...users].sort((a, b) => a.controls.length - b.controls.length);
    const outcomes = one ? await without(host, one.controls, [one]) : [];
    weights.push({
      ...weight(control, users, one ? [one] : [], outcomes),
      ...(REDUNDANT_ON_PURPOSE[control] ? { reason: REDUNDANT_ON_PURPOSE[control] } : {}),
      together: one?.controls.filter((other) => other !== control) ?? [],
    });
  }
  return weights;
}

function weight(
  control: Control,
  users: readonly Stopped[],
  alone: readonly Stopped[],
  outcomes: readonly Outcome[],
): Weight {
  const through = outcomes.filter(passed).map(({ attack }) => attack.id);
  return {
    control,
    stops: new Set(users.map(({ attack }) => attack.id)).size,
    through: [...new Set(through)],
    held: alone.map(({ attack }) => attack.id).filter((id) => !through.includes(id)),
  };
}

/** Under another name, which has no more rights: RBAC asks twice, and only the attacker's own are given. */
function borrowed({ attack, context }: Stopped): boolean {
  return Object.keys(attack.request(context, 0).headers ?? {}).some((name) =>
    name.startsWith("Impersonate-"),
  );
}

/** Past every control of ours: done, or refused for naming what is not there. */
function passed({ control }: Outcome): boolean {
  return control === undefined || control === "api-server";
}

/** Attacks while controls are gone. Each is tried until it passes, for a moment: the server reads changes as they come. */
async function without(
  host: TestHost,
  controls: readonly Control[],
  users: readonly Stopped[],
): Promise<Outcome[]> {
  const rules = controls.filter((control) => control.startsWith("rule:"));
  const others = controls.filter((control) => !control.startsWith("rule:"));
  const switches = [
    ...others.map((control) => switchOf(host, control)),
    ...(rules.length > 0
      ? [
          ruleSwitch(
            host,
            rules.map((control) => control.replace("rule:", "")),
          ),
        ]
      : []),
  ];
  await Promise.all(switches.map((one) => one.remove()));
  try {
    if (rules.length > 0) await host.settled();
    return await Promise.all(
      firstOfEach(users).map(async (user) => {
        const alone = user.controls.every((control) => controls.includes(control));
        let outcome = await again(host, user);
        for (let tries = 0; alone && !passed(outcome) && tries < 20; tries++) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          outcome = await again(host, user);
        }
        return outcome;
      }),
    );
  } finally {
    await Promise.all(switches.map((one) => one.restore()));
  }
}

function again(host: TestHost, { attack, context }: Stopped): Promise<Outcome> {
  return attack.times ? host.flood(attack, context) : host.send(attack, context);
}

/** Each attack once, whatever the number of tenants. */
function firstOfEach(users: readonly Stopped[]): Stopped[] {
  return [...new Map([...users].reverse().map((user) => [user.attack.id, user])).values()];
}

function switchOf(host: TestHost, control: Control): Switch {
  const { api, side } = host;
  const objects = (test: (object: KubernetesObject) => boolean): Switch => {
    const found = side.objects.filter(test);
    if (found.length === 0) throw new Error(`nothing to remove for ${control}`);
    return {
      remove: async () => {
        await Promise.all(found.map((object) => api.remove(object)));
      },
      restore: async () => {
        await Promise.all(found.map((object) => api.apply(object)));
        if (control === "quota") await host.countedAgain();
      },
    };
  };
  if (control === "rbac") return { remove: () => grantAll(host, true), restore: () => grantAll(host, false) };
  if (control === "pod-security")
    return {
      remove: () => setPodSecurity(host, null),
      restore: () => setPodSecurity(host, "restricted"),
    };
  if (control === "quota") return objects(({ kind }) => kind === "ResourceQuota");
  if (control === "limits") return objects(({ kind }) => kind === "LimitRange");
  throw new Error(`no way to remove ${control}`);
}

/** Rules with a policy of their own lose its binding; those that share one are left out of it. */
function ruleSwitch({ api, side }: TestHost, ids: readonly string[]): Switch {
  const groups = [...policyGroups(ADMISSION_RULES)].filter(([, group]) =>
    group.some(({ id }) => ids.includes(id)),
  );
  const stored = (kind: string, name: string): KubernetesObject => {
    const found = side.objects.find((object) => object.kind === kind && object.metadata?.name === name);
    if (!found) throw new Error(`no ${kind} ${name} in the stacks`);
    return found;
  };
  // A merge patch takes lists as they are; an apply would put Helm's variables beside ours.
  const replaceSpec = (policy: KubernetesObject): Promise<unknown> =>
    api.must(patch(policy, { spec: (policy as Manifest).spec }));
  return {
    remove: async () => {
      for (const [name, group] of groups) {
        const left = group.filter(({ id }) => !ids.includes(id));
        const [policy] = admissionPolicies(left, side.administrators);
        if (policy) await replaceSpec(policy);
        else await api.remove(stored("ValidatingAdmissionPolicyBinding", name));
      }
    },
    restore: async () => {
      for (const [name] of groups) {
        await replaceSpec(stored("ValidatingAdmissionPolicy", name));
        await api.apply(stored("ValidatingAdmissionPolicyBinding", name));
      }
    },
  };
}
