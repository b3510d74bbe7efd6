// Lane `api-server`: a live API server with the synthesized stacks of every example, attacked.
import { startApiServer, type ApiServer } from "../../../lib/testing/api-server";
import type { Attack, AttackContext } from "../../../lib/testing/attack";
import { ATTACKS, FAMILIES } from "../../../lib/testing/attacks";
import { attack } from "../../../lib/testing/kit";
import { matchers } from "../../../lib/testing/matchers";
import { patch } from "../../../lib/testing/requests";
import { hostSide } from "../../../lib/testing/synthesized";
import { TestHost } from "../../../lib/testing/test-host";
import type { Outcome } from "../../../lib/testing/verdict";
import { SYNCER_RULES } from "../../../lib/testing/vcluster-access";
import { table } from "../../../lib/report/table";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { TABLE } from "../attacks/table";
import { disagreements, reviewOf, type Review } from "../support/attacks/agreement";
import { hostsOf, type HostStacks } from "../support/attacks/hosts";
import { measured, opened, type Measured } from "../support/attacks/open";
import { withOptions } from "../support/attacks/options";
import { REDUNDANT_ON_PURPOSE } from "../support/attacks/redundant";
import { weigh, type Stopped, type Weight } from "../support/attacks/weights";
import { chartFolders } from "../support/charts";
import { readConfiguration } from "../support/configuration";
import { exampleNames, synthesize } from "../support/examples";
import { inParallel } from "../support/exec";
import { gatekeeperVersion } from "../support/gatekeeper";
import { accessChecks } from "../support/host-api/access-checks";
import { applyStacks } from "../support/host-api/apply-stacks";
import { startHostApi } from "../support/host-api/host-api";
import { KUBERNETES_VERSION, tool } from "../support/host-api/tools";
import { check, type Check, type Lane } from "../support/lane";

/** The example that is installed by the real Helm, with Kubernetes' controllers, and whose controls are weighed. */
const BY_HELM = "eks-snp";

/** With TENCLAVE_PROGRESS set, says where the lane is. */
function progress(what: string): void {
  if (process.env.TENCLAVE_PROGRESS)
    process.stderr.write(`  ${new Date().toISOString().slice(11, 19)} ${what}\n`);
}

export const apiServer: Lane = {
  name: "api-server",
  proves:
    "attackers with a tenant's own accounts are refused by a live host, each by the control that should",
  async run() {
    const charts = await chartFolders();
    const stacks = await inParallel(exampleNames(), 2, (example) =>
      synthesize(example, charts, {}, "variables"),
    );
    const hosts = stacks.flatMap(hostsOf);
    progress("examples synthesized");
    const first = hosts.find(({ example }) => example === BY_HELM)!;
    const weighed = await byHelm(first);
    const others = await direct(hosts.filter((host) => host !== first));
    const counts = Object.entries(FAMILIES).map(([family, attacks]) => `${family} ${attacks.length}`);
    return {
      checks: [
        check("every attack has a name of its own", doubles(TABLE)),
        check("at least 90 attacks", atLeast(90, ATTACKS.filter(isAttack))),
        check("at least 20 legitimate requests", atLeast(20, ATTACKS.filter(isLegitimate))),
        ...weighed.checks,
        ...others,
      ],
      parts: `etcd, kube-apiserver and kube-controller-manager ${KUBERNETES_VERSION}, Helm, Gatekeeper's client ${await gatekeeperVersion()}`,
      leftOut: weighed.leftOut,
      notes: [
        `${hosts.length} hosts of ${stacks.length} examples; attacks: ${counts.join(", ")}`,
        `by the real Helm: ${first.example}; the objects of the others are applied as they stand in the stacks`,
        ...weighed.notes,
      ],
    };
  },
};

const isAttack = ({ expect }: Attack): boolean => expect !== "allowed";
const isLegitimate = ({ expect }: Attack): boolean => expect === "allowed";

function atLeast(count: number, attacks: readonly Attack[]): string[] {
  return attacks.length >= count ? [] : [`${attacks.length}`];
}

function doubles(attacks: readonly { readonly id: string }[]): string[] {
  const ids = attacks.map(({ id }) => id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

/** One host with everything: Helm, controllers, all tenants, weights, Gatekeeper. */
async function byHelm({
  example,
  stacks,
}: HostStacks): Promise<{ checks: Check[]; notes: string[]; leftOut: number }> {
  const api = await startHostApi();
  try {
    await applyStacks(api, stacks);
    const configurations = stacks.map(({ folder }) => readConfiguration(folder));
    const tenants = hostSide(configurations).tenants.map(({ name }) => name);
    progress(`${example} installed`);
    // Before there are people with roles of the suite's own.
    const access = await accessChecks(api, tenants);
    const host = await TestHost.install(
      { url: api.url, ca: readFileSync(api.caFile, "utf8"), token: api.adminToken },
      configurations,
      { installed: true },
    );
    const role = [...(await sameRole(host)), ...(await controlPlanes(host))];
    // The first tenant as it is, the others with everything that tenants may ask for.
    const strict = await withEveryOption(host, stacks);
    const { outcomes, measures } = await attackAll(strict, true);
    progress("attacked and measured");
    const reviews = (await opened(strict, () => reviewsOf(strict, measures))).filter((r) => r !== undefined);
    const differ = await disagreements(strict, reviews);
    progress("Gatekeeper asked");
    const stopped = stoppedBy(measures, outcomes, strict);
    const setups = stopped.map(({ attack }) => attack);
    const weights = await nested(strict, setups, () => weigh(strict, stopped));
    progress("weighed");
    await strict.stop();
    await host.stop();
    return {
      checks: [
        ...access,
        ...role,
        ...verdicts(`${example}, by Helm and with every option`, outcomes),
        check("every attack lists the controls that would refuse it, no more and no less", lists(measures)),
        check("Gatekeeper refuses what the live policies refuse, rule by rule", differ),
        check(
          "Gatekeeper was asked about most attacks",
          reviews.length > measures.length / 2 ? [] : [`${reviews.length} of ${measures.length}`],
        ),
        ...weights.map(weightCheck),
      ],
      notes: [
        `${measures.length} attacks measured on ${strict.contexts.length} tenants, ${reviews.length} asked of Gatekeeper`,
        "what gets through with one control removed:",
        ...weightTable(weights).split("\n"),
      ],
      leftOut: measures.length - reviews.length,
    };
  } finally {
    await api.stop();
  }
}

/** All hosts one after the other on a server without controllers, their objects applied as they are. */
async function direct(hosts: readonly HostStacks[]): Promise<Check[]> {
  const programs = { etcd: await tool("etcd"), apiServer: await tool("kube-apiserver") };
  const server = await startApiServer({ programs });
  const checks: Check[] = [];
  try {
    checks.push(...(await kitChecks(server, hosts[0]!)));
    for (const { example, host: name, stacks } of hosts) {
      const host = await TestHost.install(
        server,
        stacks.map(({ folder }) => readConfiguration(folder)),
      );
      const { outcomes } = await attackAll(host);
      checks.push(...verdicts(`${example}, host ${name}`, outcomes));
      progress(`${example}, host ${name} attacked`);
      checks.push(await matcherCheck(host));
      await host.clear();
      await host.stop();
    }
  } finally {
    await server.stop();
  }
  return checks;
}

/** What users call, with a server of their own: attacks are refused, and a cluster with tenants is not attacked. */
async function kitChecks({ url, ca, token }: ApiServer, { stacks }: HostStacks): Promise<Check[]> {
  const configurations = stacks.map(({ folder }) => readConfiguration(folder));
  const attacks = ATTACKS.filter(({ id }) => id.startsWith("mtb-"));
  const options = { url, ca, token, attacks };
  const { outcomes, problems } = await attack(configurations, options);
  const again = await attack(configurations, options).catch((error: unknown) => String(error));
  return [
    check("attack() finds nothing in an example", [
      ...problems,
      ...(outcomes.length > 0 ? [] : ["nothing sent"]),
    ]),
    check(
      "attack() refuses a cluster that has tenants",
      typeof again === "string" && /throw-away/.test(again) ? [] : [JSON.stringify(again)],
    ),
  ];
}

/** The kit's matcher for a live host says yes where a rule refuses, and no where it was taken away. */
async function matcherCheck(host: TestHost): Promise<Check> {
  const nodeName = ATTACKS.find(({ id }) => id === "pod-node-name")!;
  const guarded = await matchers.toRefuse(host, nodeName);
  const unguarded = await opened(host, () => matchers.toRefuse(host, nodeName));
  return check(`${host.context().tenant.name}: toRefuse tells guarded from unguarded`, [
    ...(guarded.pass ? [] : [guarded.message()]),
    ...(unguarded.pass ? ["passes without the rule"] : []),
    ...(/got through/.test(unguarded.message()) ? [] : [unguarded.message()]),
  ]);
}

/** All attacks on the first tenant; on the others what depends on placement and parameters, or all. */
async function attackAll(
  host: TestHost,
  everything = false,
): Promise<{ outcomes: Outcome[]; measures: Measured[] }> {
  const outcomes: Outcome[] = [];
  const measures: Measured[] = [];
  const pools = new Set<string>();
  for (const context of host.contexts) {
    const { runtimeClass } = context.tenant;
    if (pools.has(runtimeClass) && !everything) continue;
    const attacks = pools.size === 0 ? ATTACKS : [...FAMILIES.Pods!, ...FAMILIES.Objects!];
    pools.add(runtimeClass);
    const answers = await host.attack(attacks, context);
    outcomes.push(...answers);
    if (everything) measures.push(...(await measure(host, context, answers)));
  }
  return { outcomes, measures };
}

/** What else would have refused each attack. */
async function measure(
  host: TestHost,
  context: AttackContext,
  outcomes: readonly Outcome[],
): Promise<Measured[]> {
  const once = outcomes.filter(({ attack }) => attack.expect === "refused" && !attack.times);
  return opened(host, () =>
    host.prepared(
      once.map(({ attack }) => attack),
      context,
      () =>
        Promise.all(
          once.map(async (before) =>
            measured(
              before,
              context,
              await host.send(before.attack, context),
              before.attack.as.identity(context) === undefined,
            ),
          ),
        ),
    ),
  );
}

async function reviewsOf(host: TestHost, measures: readonly Measured[]): Promise<(Review | undefined)[]> {
  const reviews: (Review | undefined)[] = [];
  for (const context of host.contexts) {
    const own = measures.filter((one) => one.context === context);
    reviews.push(
      ...(await host.prepared(
        own.map(({ attack }) => attack),
        context,
        () => Promise.all(own.map((one) => reviewOf(host, one))),
      )),
    );
  }
  return reviews;
}

/** Setup objects of all tenants at once. */
async function nested<T>(host: TestHost, attacks: readonly Attack[], work: () => Promise<T>): Promise<T> {
  const inside = (rest: readonly AttackContext[]): Promise<T> => {
    const [context, ...others] = rest;
    if (!context) return work();
    const meant = attacks.filter(({ when }) => when?.(context) ?? true);
    return host.prepared(meant, context, () => inside(others));
  };
  return inside(host.contexts);
}

/** Attacks with the controls that refuse them: measured where a dry run can, else as listed. */
function stoppedBy(measures: readonly Measured[], outcomes: readonly Outcome[], host: TestHost): Stopped[] {
  const floods = outcomes.filter(({ attack }) => attack.expect === "refused" && attack.times);
  return [
    ...measures.map(({ attack, context, cutShort, controls }) => ({
      attack,
      context,
      controls: cutShort ? attack.stoppedBy : controls,
    })),
    ...floods.map(({ attack, tenant }) => ({
      attack,
      context: host.context(tenant),
      controls: attack.stoppedBy,
    })),
  ];
}

/** Adds the parameters that no example uses to the tenants' namespaces. */
async function withEveryOption(host: TestHost, stacks: HostStacks["stacks"]): Promise<TestHost> {
  const configurations = withOptions(stacks.map(({ folder }) => readConfiguration(folder)));
  const strict = await TestHost.install(host.api.endpoint, configurations, { installed: true });
  await Promise.all(
    strict.side.objects
      .filter(({ kind }) => kind === "Namespace")
      .map((namespace) => strict.api.must(patch(namespace, { metadata: namespace.metadata }))),
  );
  await strict.settled();
  return strict;
}

/** The guarded host let Kubernetes' own controllers make each control plane's pod and volume claim. */
async function controlPlanes({ api, contexts }: TestHost): Promise<Check[]> {
  return Promise.all(
    contexts.map(async ({ tenant: { name, namespace } }) => {
      const paths = [`pods/${name}-0`, `persistentvolumeclaims/data-${name}-0`];
      const answers = await Promise.all(
        paths.map((path) => api.send({ method: "GET", path: `/api/v1/namespaces/${namespace}/${path}` })),
      );
      return check(
        `the StatefulSet's controller made the control plane of ${name}`,
        answers.flatMap(({ status, message }) => (status === 200 ? [] : [message])),
      );
    }),
  );
}

/** What the chart grants is what the kit grants where there is no chart. */
async function sameRole({ api, contexts }: TestHost): Promise<Check[]> {
  return Promise.all(
    contexts.map(async ({ tenant }) => {
      const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${tenant.namespace}/roles/vc-${tenant.name}`;
      const { rules } = await api.must({ method: "GET", path });
      return check(
        `the kit's Role of ${tenant.name} is the chart's`,
        isDeepStrictEqual(grants(rules as typeof SYNCER_RULES), grants(SYNCER_RULES))
          ? []
          : [JSON.stringify(rules)],
      );
    }),
  );
}

/** Every verb on every resource, whatever the order. */
function grants(
  rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[],
): string[] {
  const all = rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
    ),
  );
  return [...new Set(all)].sort();
}

/** One check for all attacks, one for all that is legitimate; each problem with request and answer. */
function verdicts(what: string, outcomes: readonly Outcome[]): Check[] {
  const problems = (of: (attack: Attack) => boolean): string[] =>
    outcomes
      .filter(({ attack, problem }) => problem !== undefined && of(attack))
      .map(
        ({ attack, tenant, problem, answer }) =>
          `${attack.id} by ${attack.as.label} of ${tenant} (${attack.does}): ${problem!}\n  ${answer.status} ${answer.message.slice(0, 400)}`,
      );
  const count = (of: (attack: Attack) => boolean): number =>
    outcomes.filter(({ attack }) => of(attack)).length;
  return [
    check(
      `${what}: ${count(isAttack)} attacks, none through, each refused by its control`,
      problems(isAttack),
    ),
    check(`${what}: ${count(isLegitimate)} legitimate requests, none refused`, problems(isLegitimate)),
  ];
}

/** Where an attack's list differs from what the open host told. */
function lists(measures: readonly Measured[]): string[] {
  return measures.flatMap(({ attack, context, controls, cutShort }) => {
    // A quota refuses whatever comes when the tenant's real pods have taken it.
    const missing = controls.filter((control) => control !== "quota" && !attack.stoppedBy.includes(control));
    const idle = cutShort ? [] : attack.stoppedBy.filter((control) => !controls.includes(control));
    return [
      ...missing.map((control) => `${attack.id} of ${context.tenant.name}: ${control} refuses it, too`),
      ...idle.map((control) => `${attack.id} of ${context.tenant.name}: ${control} does not refuse it`),
    ];
  });
}

/** A control must stop something alone, or be on the list with a reason; and what nothing else stops gets through. */
function weightCheck({ control, stops, through, held, reason, together }: Weight): Check {
  const known = REDUNDANT_ON_PURPOSE[control];
  return check(`${control} carries weight`, [
    ...(stops === 0 ? ["no attack tries it"] : []),
    ...held.map((id) => `${id} is refused without it, and nothing else is known to refuse it`),
    ...(together && reason === undefined
      ? [`stops nothing alone, but with ${together.join(", ")}: dead, or to be listed with a reason`]
      : []),
    ...(together && through.length === 0
      ? ["not even removed with its shadow does anything get through"]
      : []),
    ...(!together && known !== undefined ? ["listed as redundant, and stops something alone"] : []),
  ]);
}

function weightTable(weights: readonly Weight[]): string {
  return table(
    ["control", "stops", "through without it", "such as", "redundant because"],
    weights.map(({ control, stops, through, reason, together }) => [
      together ? `${control} (with ${together.join(", ")})` : control,
      `${stops}`,
      `${through.length}`,
      through.slice(0, 3).join(", "),
      reason ?? "",
    ]),
  );
}
