// The contract of a node pool: nodes of one machine type with one TEE mode.
import type { IConstruct, ITerraformDependable } from "../core/cdk";
import { LABELS, runtimeClassName } from "../core/names";
import type { Tee } from "../tee/tee";
import type { TrustTier } from "../tee/trust-tier";

/** A taint, as Kubernetes writes it. */
export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  /** NoSchedule, PreferNoSchedule or NoExecute. */
  readonly effect: string;
}

/** What puts a pod on a pool and only there. */
export interface Placement {
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
}

/** What pods can ask for, lower bounds. */
export interface Capacity {
  /** Millicores a node has left for tenants. */
  readonly nodeMilliCpu: number;
  /** MiB a node has left for tenants. */
  readonly nodeMemoryMiB: number;
  /** Pods a node takes. */
  readonly nodePods: number;
  /** The three above times `maxNodes`. */
  readonly milliCpu: number;
  readonly memoryMiB: number;
  readonly pods: number;
}

/** Nodes of one machine type with one TEE mode. */
export interface INodePool extends IConstruct {
  readonly poolName: string;
  /** `Tee.NONE` on plain pools. */
  readonly tee: Tee;
  /** What this pool alone reaches. */
  readonly tier: TrustTier;
  /** The class that puts a pod here: scheduling and tolerations inside. */
  readonly runtimeClassName: string;
  readonly placement: Placement;
  readonly capacity: Capacity;
  readonly ready: ITerraformDependable[];
}

/** What a RuntimeClass adds to every pod. */
export interface PodOverhead {
  readonly milliCpu: number;
  readonly memoryMiB: number;
}

/** A pool as plain data, known before anything is synthesized. It travels in the HostReference. */
export interface PoolReference {
  readonly name: string;
  /** Id of a Tee: none, sev-snp, … */
  readonly tee: string;
  /** Name of the trust tier the pool reaches by itself. */
  readonly tier: string;
  /** The vendor's machine type. */
  readonly machineType: string;
  readonly minNodes: number;
  readonly maxNodes: number;
  /** True where add-ons run: no pool taint, no tenants. */
  readonly system: boolean;
  readonly runtimeClassName: string;
  readonly placement: Placement;
  readonly capacity: Capacity;
  /** What the RuntimeClass adds to every pod: millicores and MiB. Zero for `runc`. */
  readonly overhead: PodOverhead;
  /** Facts nobody proved that this pool rests on, each with the reason it was accepted. */
  readonly unproven: readonly string[];
}

/** Taint that keeps pods off a node until Cilium's agent runs there; Cilium removes it. Key fixed by Cilium. */
export const CILIUM_STARTUP_TAINT: NodeTaint = {
  key: "node.cilium.io/agent-not-ready",
  value: "true",
  effect: "NoExecute",
};

/** Labels and taints of a pool. A system pool carries no taint of its own. */
export function poolPlacement(pool: string, tee: Tee, system: boolean): Placement {
  return {
    nodeLabels: { [LABELS.pool]: pool, [LABELS.tee]: tee.id },
    taints: system ? [] : [{ key: LABELS.pool, value: pool, effect: "NoSchedule" }],
  };
}

/** The RuntimeClass of a pool: handler `runc`, with node selector and tolerations inside. */
export function runtimeClass(pool: PoolReference): object {
  return {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: runtimeClassName(pool.name), labels: { [LABELS.pool]: pool.name } },
    handler: "runc",
    scheduling: {
      nodeSelector: pool.placement.nodeLabels,
      tolerations: pool.placement.taints.map(({ key, value, effect }) => ({
        key,
        operator: "Equal",
        value,
        effect,
      })),
    },
  };
}
