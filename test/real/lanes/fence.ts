// Lane `fence`: who may talk to whom, by Cilium's own policy engine, against a table written by hand.
import { table } from "../../../lib/report/table";
import { Fence } from "../../../lib/testing/fence";
import type { FenceCluster, Flow } from "../../../lib/testing/fence-cluster";
import { chartFolders } from "../support/charts";
import { exampleNames, synthesize } from "../support/examples";
import { fenceJudge, type Ask, type EngineAnswer } from "../support/fence-judge";
import { check, type Check, type Lane } from "../support/lane";
import { FACTS, type Fact } from "../fence/engine-facts";
import { randomCluster } from "../fence/fuzz";
import { differences, expectedOf, flowsOf, text, type Scenario } from "../fence/matrix";
import { inParallel } from "../fence/parallel";
import {
  bare,
  colluding,
  exampleHosts,
  forged,
  hostile,
  isExample,
  kindsOfHosts,
  onIpv6,
  peaceful,
  unguarded,
  weighedHosts,
  type Host,
} from "../fence/suite";
import { ON_PURPOSE, weigh } from "../fence/weights";

/** Random clusters on which evaluator and engine must agree. */
const SEEDS = 12;

export const fence: Lane = {
  name: "fence",
  proves: "who can reach whom, tenants' own policies included, by Cilium's own engine and by ours for tests",
  async run() {
    const ask = await fenceJudge();
    const charts = await chartFolders();
    const stacks = await Promise.all(exampleNames().map((name) => synthesize(name, charts, {}, "lookup")));
    const kinds = kindsOfHosts();
    const asked = [...exampleHosts(stacks.flat()), ...kinds].flatMap(scenariosOf);
    const judged = await inParallel(asked, (scenario) => judge(ask, scenario));
    const facts = await factChecks(ask);
    const random = await randomChecks(ask);
    const weights = await weigh(ask, weighedHosts());
    const unheld = await Promise.all(
      kinds.filter(({ holdsHostile }) => !holdsHostile).map((host) => opened(ask, host)),
    );
    return {
      checks: [
        ...judged.flatMap(({ checks }) => checks),
        ...facts,
        ...random.map(({ check: one }) => one),
        ...weights.map(({ part, opens, openedByHostile, breaks }) =>
          check(
            `weight of ${part}`,
            opens.length + openedByHostile.length + breaks.length > 0 || part in ON_PURPOSE
              ? []
              : [
                  "without it nothing opens and nothing breaks: dead, or to be written down as redundant on purpose",
                ],
          ),
        ),
      ],
      parts: "Cilium 1.20.2 policy engine",
      leftOut: 0,
      notes: [
        `${asked.length} clusters, ${sum(judged.map(({ flows }) => flows))} flows asked, ` +
          `${sum(judged.map(({ allowed }) => allowed))} of them allowed; ${FACTS.length} cases on what the engine does; ` +
          `${sum(random.map(({ flows }) => flows))} flows through random policies`,
        `at most ${Math.max(...judged.map(({ entries }) => entries))} entries in a pod's policy map, which holds 16384`,
        ...unheld,
        ...table(
          ["without this part of the fence", "opens", "opens to hostile", "breaks", "for example"],
          weights.map(({ part, opens, openedByHostile, breaks }) => [
            part,
            `${opens.length}`,
            `${openedByHostile.length}`,
            `${breaks.length}`,
            opens[0] ?? openedByHostile[0] ?? breaks[0] ?? ON_PURPOSE[part] ?? "",
          ]),
        ).split("\n"),
      ],
    };
  },
};

/**
 * What is asked of a host. All tenants are hostile at once everywhere; each alone on one host of each cloud, and one alone
 * where only the API server stands elsewhere.
 */
function scenariosOf(host: Host): Scenario[] {
  const names = host.residents.map(({ name }) => name);
  return [
    peaceful(host),
    forged(host),
    ...(host.holdsHostile
      ? [
          onIpv6(host),
          bare(host),
          ...(host.unguarded ? [unguarded(host)] : []),
          ...alone(host, names).map((name) => hostile(host, [name])),
          ...(names.length > 1 ? [colluding(host)] : []),
        ]
      : []),
  ];
}

function alone({ id, place }: Host, names: readonly string[]): readonly string[] {
  if (names.length > 1 && isExample({ id })) return [];
  return place.apiServer === "outside" ? names : names.slice(0, 1);
}

interface Judged {
  readonly flows: number;
  readonly checks: readonly Check[];
  readonly allowed: number;
  readonly entries: number;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

async function judge(ask: Ask, scenario: Scenario): Promise<Judged> {
  const flows = flowsOf(scenario);
  const [answer] = await ask([{ cluster: scenario.cluster, flows }]);
  const { refused, verdicts, entries } = answer!;
  return {
    flows: flows.length,
    checks: [
      check(
        `${scenario.id}: Cilium takes every policy`,
        refused.map(({ policy, error }) => `${policy}: ${error}`),
      ),
      check(`${scenario.id}: the table holds`, differences(scenario, flows, verdicts)),
      check(`${scenario.id}: the evaluator agrees`, disagreements(scenario.cluster, flows, verdicts)),
      ...(scenario.asksThroughProxy ? [proxied(scenario, flows, verdicts)] : []),
    ],
    allowed: expectedOf(scenario).size,
    entries,
  };
}

/** Where our evaluator and the engine differ. */
function disagreements(
  cluster: FenceCluster,
  flows: readonly Flow[],
  verdicts: EngineAnswer["verdicts"],
): string[] {
  const ours = new Fence(cluster);
  return flows.flatMap((flow, index) => {
    const { egress, ingress, proxied: redirected = false } = verdicts[index]!;
    const mine = ours.verdict(flow);
    if (mine.egress === egress && mine.ingress === ingress && mine.proxied === redirected) return [];
    return [
      `${text(flow)}: engine ${egress}/${ingress}/${redirected}, ours ${mine.egress}/${mine.ingress}/${mine.proxied} (${mine.by.join(", ")})`,
    ];
  });
}

/** The engine does what we think it does, and our evaluator the same, or it says that it does not know. */
async function factChecks(ask: Ask): Promise<Check[]> {
  const answers = await ask(
    FACTS.map(({ cluster, flows }) => ({ cluster, flows: flows.map(([flow]) => flow) })),
  );
  return FACTS.map((fact, index) => factCheck(fact, answers[index]!));
}

function factCheck(
  { name, cluster, flows, refused: words, throws }: Fact,
  { refused, verdicts }: EngineAnswer,
): Check {
  const asked = flows.map(([flow]) => flow);
  const problems = flows
    .filter(([, allowed], index) => verdicts[index]!.allowed !== allowed)
    .map(([flow, allowed]) => `${text(flow)} ${allowed ? "does not pass" : "passes"}`);
  const refusals = refused.map(({ error }) => error);
  if (words ? !refusals.some((error) => words.test(error)) : refusals.length > 0)
    problems.push(`Cilium says ${refusals.join() || "nothing against the policy"}`);
  return check(`engine, ${name}`, [...problems, ...evaluatorProblems(throws, cluster, asked, verdicts)]);
}

function evaluatorProblems(
  throws: boolean | undefined,
  cluster: FenceCluster,
  flows: readonly Flow[],
  verdicts: EngineAnswer["verdicts"],
): string[] {
  try {
    const problems = disagreements(cluster, flows, verdicts);
    return throws ? ["the evaluator answers what it cannot know"] : problems;
  } catch (error) {
    return throws ? [] : [String(error)];
  }
}

async function randomChecks(ask: Ask): Promise<{ check: Check; flows: number }[]> {
  const random = Array.from({ length: SEEDS }, (_, index) => randomCluster(index + 1));
  const answers = await ask(random);
  return random.map(({ cluster, flows }, index) => {
    const { refused, verdicts } = answers[index]!;
    const problems = [
      ...refused.map(({ policy }) => `${policy} is refused`),
      ...disagreements(cluster, flows, verdicts),
    ];
    return {
      check: check(`random policies ${index + 1}: the evaluator agrees`, problems),
      flows: flows.length,
    };
  });
}

/** Names can only be learnt where the proxy sees the question. */
function proxied(scenario: Scenario, flows: readonly Flow[], verdicts: EngineAnswer["verdicts"]): Check {
  const questions = flows
    .map((flow, index) => ({ flow, verdict: verdicts[index]! }))
    .filter(
      ({ flow, verdict }) =>
        verdict.allowed &&
        flow.port === 1053 &&
        flow.from.endsWith(": workload") &&
        flow.to.endsWith(": CoreDNS"),
    );
  const around = questions.filter(({ verdict }) => verdict.proxied !== true).map(({ flow }) => text(flow));
  return check(
    `${scenario.id}: DNS goes through the proxy`,
    questions.length === 0 ? ["nobody asks"] : around,
  );
}

/** What a hostile tenant opens where no clusterwide policy holds it. */
async function opened(ask: Ask, host: Host): Promise<string> {
  const scenario = hostile(host, [host.residents[0]!.name]);
  const flows = flowsOf(scenario);
  const [answer] = await ask([{ cluster: scenario.cluster, flows }]);
  const { verdicts } = answer!;
  const expected = expectedOf(scenario);
  const open = flows.filter((flow, index) => verdicts[index]!.allowed && !expected.has(text(flow)));
  return (
    `${host.id}: NOT held there, a tenant with a policy of its own opens ${open.length} forbidden flows, like ` +
    open
      .filter((_, index) => index % Math.ceil(open.length / 3) === 0)
      .map(text)
      .join("; ")
  );
}
