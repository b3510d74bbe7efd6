// Cilium's own policy engine, asked about flows.
import { join } from "node:path";
import type { FenceCluster, Flow } from "../../../lib/testing/fence-cluster";
import { inParallel } from "../fence/parallel";
import { ROOT } from "./cache";
import { must } from "./exec";
import { goBuild, UNOPTIMISED } from "./go";

/** What the engine says of one flow. */
export interface EngineVerdict {
  readonly allowed: boolean;
  readonly egress: boolean;
  readonly ingress: boolean;
  readonly proxied?: boolean;
}

/** What the engine says of a cluster. */
export interface EngineAnswer {
  /** Policies it does not take. */
  readonly refused: readonly { readonly policy: string; readonly error: string }[];
  readonly verdicts: readonly EngineVerdict[];
  readonly identities: number;
  /** Entries of the largest policy map of a pod. */
  readonly entries: number;
}

/** A cluster and what is asked about it. */
export interface Question {
  readonly cluster: FenceCluster;
  readonly flows: readonly Flow[];
}

/** Asks about clusters; answers in their order. */
export type Ask = (questions: readonly Question[]) => Promise<EngineAnswer[]>;

const POLICIES: readonly string[] = [
  "NetworkPolicy",
  "CiliumNetworkPolicy",
  "CiliumClusterwideNetworkPolicy",
];

/** Builds the program. Throws NotHere without Go. */
export async function fenceJudge(): Promise<Ask> {
  const binary = await goBuild(join(ROOT, "test/real/fence-judge"), "fence-judge", ".", UNOPTIMISED);
  return async (questions) => {
    const answers = new Array<EngineAnswer>(questions.length);
    await inParallel(batches(questions), async (batch) => {
      const stdin = batch.map((index) => document(questions[index]!)).join("\n");
      const { stdout } = await must(binary, [], { stdin, env: { GOGC: "400" } });
      const lines = stdout.trimEnd().split("\n");
      if (lines.length !== batch.length)
        throw new Error(`${batch.length} clusters asked about, ${lines.length} answers`);
      for (const [at, index] of batch.entries()) answers[index] = JSON.parse(lines[at]!) as EngineAnswer;
    });
    return answers;
  };
}

/** A process starts slower than it judges a few flows, and holds all it was asked. */
const FLOWS_A_BATCH = 40_000;
const CLUSTERS_A_BATCH = 40;

/** Places of questions that one process can take: Cilium keeps IPv6 and identity labels in globals. */
function batches(questions: readonly Question[]): number[][] {
  const open = new Map<string, { places: number[]; flows: number }>();
  const all: number[][] = [];
  for (const [index, { cluster, flows }] of questions.entries()) {
    const key = JSON.stringify([cluster.ipv6 ?? false, cluster.identityLabels ?? []]);
    let batch = open.get(key);
    if (!batch || batch.flows + flows.length > FLOWS_A_BATCH || batch.places.length >= CLUSTERS_A_BATCH) {
      batch = { places: [], flows: 0 };
      open.set(key, batch);
      all.push(batch.places);
    }
    batch.places.push(index);
    batch.flows += flows.length;
  }
  return all;
}

function document({ cluster, flows }: Question): string {
  return JSON.stringify({
    clusterName: "judged",
    ipv6: cluster.ipv6 ?? false,
    identityLabels: cluster.identityLabels ?? [],
    policies: cluster.objects.filter(({ kind }) => POLICIES.includes(kind ?? "")),
    namespaces: cluster.namespaces.map(({ name, labels }) => ({
      name,
      labels: { ...labels, "kubernetes.io/metadata.name": name },
    })),
    pods: cluster.pods,
    nodes: cluster.nodes ?? [],
    addresses: cluster.addresses ?? [],
    queries: flows,
  });
}
