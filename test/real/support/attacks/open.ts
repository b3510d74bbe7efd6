// A host whose controls only warn: one request then tells every control that would have refused it.
import type { KubernetesObject } from "../../../../lib/core/manifest-release";
import { Attacker, type Attack, type AttackContext, type Control } from "../../../../lib/testing/attack";
import type { TestHost } from "../../../../lib/testing/test-host";
import { controlOf, type Outcome } from "../../../../lib/testing/verdict";
import { patch, type Manifest } from "../../../../lib/testing/requests";

/** Runs something while admission rules and Pod Security only warn, and accounts may do everything by RBAC. */
export async function opened<T>(host: TestHost, work: () => Promise<T>): Promise<T> {
  await setRules(host, bindings(host), ["Warn"]);
  await setPodSecurity(host, null);
  await grantAll(host, true);
  await host.settled();
  try {
    return await work();
  } finally {
    await setRules(host, bindings(host), ["Deny"]);
    await setPodSecurity(host, "restricted");
    await grantAll(host, false);
    await host.settled();
  }
}

/** Bindings of the rules. */
export function bindings({ side }: TestHost): readonly KubernetesObject[] {
  return side.objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
}

async function setRules(
  { api }: TestHost,
  objects: readonly KubernetesObject[],
  validationActions: readonly string[],
): Promise<void> {
  await Promise.all(objects.map((binding) => api.must(patch(binding, { spec: { validationActions } }))));
}

/** Sets the profile that tenants' namespaces enforce, or none; they go on warning about `restricted`. */
export async function setPodSecurity({ api, contexts }: TestHost, profile: string | null): Promise<void> {
  const namespaces = contexts.flatMap(({ tenant, lookalike }) => [tenant.namespace, lookalike.namespace]);
  await Promise.all(
    namespaces.map((name) =>
      api.must(
        patch(
          { apiVersion: "v1", kind: "Namespace", metadata: { name } },
          { metadata: { labels: { "pod-security.kubernetes.io/enforce": profile } } },
        ),
      ),
    ),
  );
}

/** Gives every account that attacks ClusterRole cluster-admin, or takes it away. */
export async function grantAll({ api, contexts }: TestHost, grant: boolean): Promise<void> {
  const accounts = [
    Attacker.SYNCER,
    Attacker.WORKLOAD,
    Attacker.NEIGHBOUR,
    Attacker.LOOKALIKE,
    Attacker.DEVELOPER,
  ];
  const subjects = contexts.flatMap((context) =>
    accounts.flatMap((as) => {
      const identity = as.identity(context);
      return identity && "account" in identity
        ? [{ kind: "ServiceAccount", name: identity.account, namespace: identity.namespace }]
        : [];
    }),
  );
  const binding: Manifest = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "attack-everything" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects,
  };
  if (grant) await api.apply(binding);
  else await api.remove(binding);
}

/** Everything that would have refused an attack, as the open host tells. */
export interface Measured {
  readonly attack: Attack;
  readonly context: AttackContext;
  /** Of the guarded host. */
  readonly before: Outcome;
  /** Of the open one. */
  readonly answer: Outcome["answer"];
  /** Rules that warned. */
  readonly rules: readonly string[];
  /** All that stand in the way; complete unless a control that only refuses stood before the rules. */
  readonly controls: readonly Control[];
  /** True when something that cannot warn refused before rules were asked. */
  readonly cutShort: boolean;
}

/** Controls that refuse before rules are asked. */
const EARLY: readonly Control[] = ["limits", "runtime-class", "priority-class", "authentication", "rbac"];

/** What an answer of the open host says of an attack. */
export function measured(
  before: Outcome,
  context: AttackContext,
  after: Outcome,
  anonymous: boolean,
): Measured {
  const { answer } = after;
  const rules = answer.warnings.flatMap((warning) => {
    // Rules that share a policy say which of them it is.
    const found =
      /ValidatingAdmissionPolicy 'tenclave-([-a-z0-9]+)' with binding '[^']*':? ?(?:\[([-a-z0-9]+)\])?/.exec(
        warning,
      );
    return found ? [found[2] ?? found[1]!] : [];
  });
  // Of workloads' templates it only ever warns.
  const podSecurity =
    /\/pods([/?]|$)/.test(before.attack.request(context, 0).path) &&
    answer.warnings.some((warning) => warning.startsWith("would violate PodSecurity"));
  const refused = controlOf(answer, anonymous);
  const controls = new Set<Control>([
    ...(before.control === "rbac" ? (["rbac"] as const) : []),
    ...(podSecurity ? (["pod-security"] as const) : []),
    ...rules.map((id): Control => `rule:${id}`),
    ...(refused && before.control !== undefined && refused !== "api-server" ? [refused] : []),
    ...(before.control === "api-server" ? (["api-server"] as const) : []),
  ]);
  return {
    attack: before.attack,
    context,
    before,
    answer,
    rules,
    controls: [...controls],
    cutShort: refused !== undefined && (EARLY.includes(refused) || refused === "api-server"),
  };
}
