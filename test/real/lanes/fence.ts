// Lane `fence`: who may talk to whom, by Cilium's own policy engine, against a table written by hand.
import { Fence } from "../../../lib/testing/fence";
import type { FenceCluster, Flow } from "../../../lib/testing/fence-cluster";
import { chartFolders } from "../support/charts";
import { exampleNames, synthesize } from "../support/examples";
import { fenceJudge, type Ask } from "../support/fence-judge";
import { check, type Check, type Lane } from "../support/lane";
import { differences, expectedOf, flowsOf, text, type Scenario } from "../fence/matrix";
import { exampleHosts, forged, hostile, kindsOfHosts, peaceful, type Host } from "../fence/suite";

export const fence: Lane = {
  name: "fence",
  proves: "who can reach whom, tenants' own policies included, by Cilium's own engine and by ours for tests",
  async run() {
    const ask = await fenceJudge();
    const charts = await chartFolders();
    const stacks = (
      await Promise.all(exampleNames().map((name) => synthesize(name, charts, {}, "lookup")))
    ).flat();
    const hosts = [...exampleHosts(stacks), ...kindsOfHosts()];
    const scenarios = hosts.flatMap(scenariosOf);
    const judged: Judged[] = [];
    for (const scenario of scenarios) judged.push(await judge(ask, scenario));
    return {
      checks: judged.flatMap(({ checks }) => checks),
      parts: "Cilium 1.20.2 policy engine",
      leftOut: 0,
      notes: [
        `${scenarios.length} clusters, ${sum(judged, "flows")} flows, ${sum(judged, "allowed")} of them allowed; ` +
          `at most ${Math.max(...judged.map(({ entries }) => entries))} entries in a pod's policy map`,
      ],
    };
  },
};

/** What is asked of a host. */
function scenariosOf(host: Host): Scenario[] {
  const names = host.residents.map(({ name }) => name);
  return [
    peaceful(host),
    forged(host),
    ...(host.holdsHostile ? [...names.map((name) => hostile(host, [name])), hostile(host, names)] : []),
  ];
}

interface Judged {
  readonly checks: readonly Check[];
  readonly flows: number;
  readonly allowed: number;
  readonly entries: number;
}

function sum(judged: readonly Judged[], what: "flows" | "allowed"): number {
  return judged.reduce((total, one) => total + one[what], 0);
}

async function judge(ask: Ask, scenario: Scenario): Promise<Judged> {
  const flows = flowsOf(scenario);
  const { refused, verdicts, entries } = await ask(scenario.cluster, flows);
  return {
    checks: [
      check(
        `${scenario.id}: Cilium takes every policy`,
        refused.map(({ policy, error }) => `${policy}: ${error}`),
      ),
      check(`${scenario.id}: the table holds`, differences(scenario, flows, verdicts)),
      check(`${scenario.id}: the evaluator agrees`, disagreements(scenario.cluster, flows, verdicts)),
    ],
    flows: flows.length,
    allowed: expectedOf(scenario).size,
    entries,
  };
}

/** Where our evaluator and the engine differ. */
function disagreements(
  cluster: FenceCluster,
  flows: readonly Flow[],
  verdicts: readonly { readonly egress: boolean; readonly ingress: boolean; readonly proxied?: boolean }[],
): string[] {
  const ours = new Fence(cluster);
  return flows.flatMap((flow, index) => {
    const { egress, ingress, proxied = false } = verdicts[index]!;
    const mine = ours.verdict(flow);
    if (mine.egress === egress && mine.ingress === ingress && mine.proxied === proxied) return [];
    return [
      `${text(flow)}: engine ${egress}/${ingress}/${proxied}, ours ${mine.egress}/${mine.ingress}/${mine.proxied} (${mine.by.join(", ")})`,
    ];
  });
}
