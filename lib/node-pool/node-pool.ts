// The contract of a node pool: nodes of one machine type with one TEE mode.
import type { IConstruct, ITerraformDependable } from "../core/cdk";
import { LABELS, runtimeClassName } from "../core/names";
import type { Tee } from "../tee/tee";
import type { TrustTier } from "../tee/trust-tier";
import type { PoolOwner } from "./pool-options";

/** A taint, as Kubernetes writes it. */
export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  /** NoSchedule, PreferNoSchedule or NoExecute. */
  readonly effect: string;
}

/** What puts a pod on a pool and only there. */
export interface Placement {
  /** Labels this library sets. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  /** Labels the cloud sets by itself on such nodes, to select on. @default - none */
  readonly vendorLabels?: Readonly<Record<string, string>>;
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
  /** What enclaves get, on nodes with enclaves. @default - no enclaves */
  readonly enclaves?: EnclaveCapacity;
}

/** What a node sets aside for enclaves. Pods cannot use it otherwise. */
export interface EnclaveCapacity {
  /** Enclaves a node runs at most. */
  readonly nodeEnclaves: number;
  readonly nodeVcpus: number;
  /** Huge pages, MiB. */
  readonly nodeMemoryMiB: number;
  /** Extended resource a pod asks for, one an enclave. */
  readonly resource: string;
  /** Huge page resource a pod asks for, like `hugepages-2Mi`. */
  readonly hugePages: string;
  /** Number of the group that may open the device, for pods that do not run as root. @default - none */
  readonly deviceGroup?: number;
  /** Seccomp profile on the nodes that lets a pod talk to its enclave. @default - the runtime's own does */
  readonly seccompProfile?: string;
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
  /** Container runtime handler of the RuntimeClass: `runc`, or a sandbox's. */
  readonly handler: string;
  /** What the RuntimeClass adds to every pod: millicores and MiB. Zero for `runc`. */
  readonly overhead: PodOverhead;
  /** Whose pool it is, when it is one tenant's own. */
  readonly owner?: PoolOwner;
  /** What stands on every report: facts accepted without proof, retirements, what the TEE does not give. */
  readonly warnings: readonly string[];
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

/** What a pod selects a pool's nodes by: our labels and the cloud's own. */
export function poolSelector({ placement }: PoolReference): Record<string, string> {
  return { ...placement.vendorLabels, ...placement.nodeLabels };
}

/** The RuntimeClass of a pool: its handler, with overhead, node selector and tolerations inside. */
export function runtimeClass(pool: PoolReference): object {
  const { milliCpu, memoryMiB } = pool.overhead;
  return {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: runtimeClassName(pool.name), labels: { [LABELS.pool]: pool.name } },
    handler: pool.handler,
    ...(milliCpu + memoryMiB > 0
      ? { overhead: { podFixed: { cpu: `${milliCpu}m`, memory: `${memoryMiB}Mi` } } }
      : {}),
    scheduling: {
      nodeSelector: poolSelector(pool),
      tolerations: pool.placement.taints.map(({ key, value, effect }) => ({
        key,
        operator: "Equal",
        value,
        effect,
      })),
    },
  };
}
