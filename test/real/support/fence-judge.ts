// Cilium's own policy engine, asked about flows.
import { join } from "node:path";
import type { FenceCluster, Flow } from "../../../lib/testing/fence-cluster";
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

/** Asks about one cluster. */
export type Ask = (cluster: FenceCluster, flows: readonly Flow[]) => Promise<EngineAnswer>;

const POLICIES: readonly string[] = [
  "NetworkPolicy",
  "CiliumNetworkPolicy",
  "CiliumClusterwideNetworkPolicy",
];

/** Builds the program. Throws NotHere without Go. */
export async function fenceJudge(): Promise<Ask> {
  const binary = await goBuild(join(ROOT, "test/real/fence-judge"), "fence-judge", ".", UNOPTIMISED);
  return async (cluster, flows) => {
    const { stdout } = await must(binary, [], {
      stdin: JSON.stringify({
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
      }),
    });
    return JSON.parse(stdout) as EngineAnswer;
  };
}
