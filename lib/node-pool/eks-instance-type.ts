// What EC2 instance types can do: which run in which TEE, where, and what a node leaves for pods. Look-ups only.
import { Tee } from "../tee/tee";
import { EKS_INSTANCE_FAMILIES, type EksInstanceFamily } from "./eks-instance-family";
import type { MachineTypeRow } from "./machine-type-row";
import type { Capacity, EnclaveCapacity } from "./node-pool";

/** Size of one instance type. */
export interface EksInstanceType {
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** x86_64 or arm64. */
  readonly arch: string;
  /** The vendor's name of the family, like `m6a`. */
  readonly family: string;
  /** vCPUs of one core. */
  readonly threadsPerCore: number;
  /** The TEEs its nodes can run in or offer; plain use is always possible. */
  readonly tees: readonly Tee[];
  readonly source: string;
}

/** Day the vendor's answer was kept. */
const KEPT = "2026-08-02";
const KEPT_BY = "EC2 DescribeInstanceTypes, as kept by getmoto/moto";
const EC2 = `${KEPT_BY} on ${KEPT}`;

/** What says that a type has a TEE. */
const TEE_SOURCES: ReadonlyMap<Tee, string> = new Map([
  [Tee.SEV_SNP, `${KEPT_BY}, feature amd-sev-snp; AWS EC2 guide, AMD SEV-SNP for Amazon EC2 instances, 2026`],
  [Tee.NITRO_ENCLAVES, `${KEPT_BY}, NitroEnclavesSupport`],
]);

/** The instance types the library knows, by name. */
export const EKS_INSTANCE_TYPES: ReadonlyMap<string, EksInstanceType> = new Map(
  Object.entries(EKS_INSTANCE_FAMILIES).flatMap(([name, family]) => typesOf(name, family)),
);

/** The types whose nodes can run in a TEE, in table order. */
export function eksInstanceTypesWith(tee: Tee): string[] {
  return [...EKS_INSTANCE_TYPES].filter(([, type]) => type.tees.includes(tee)).map(([name]) => name);
}

/** Where a TEE is sold on shared tenancy. */
export const EKS_TEE_REGIONS: ReadonlyMap<
  Tee,
  { readonly regions: readonly string[]; readonly source: string }
> = new Map([
  [
    Tee.SEV_SNP,
    {
      regions: ["us-east-2", "eu-west-1"],
      source: "AWS EC2 guide, AMD SEV-SNP for Amazon EC2 instances, 2026: shared tenancy",
    },
  ],
]);

/** Facts that self-managed nodes do not rest on. */
export const EKS_UNPROVEN_IN_MANAGED_GROUPS: readonly string[] = [
  "no AWS statement says that a managed node group takes a launch template with cpuOptions.amdSevSnp",
];

/** A fact that no source settles, with what it would break. Usable with `acceptUnproven`. */
export const EKS_UNPROVEN: ReadonlyMap<Tee, readonly string[]> = new Map([
  [
    Tee.SEV_SNP,
    [
      ...EKS_UNPROVEN_IN_MANAGED_GROUPS,
      "no AWS statement says that the EKS AL2023 image boots uefi or uefi-preferred, which SEV-SNP needs",
    ],
  ],
]);

/** The catalogue's rows for AWS: one for each type and TEE. */
export const EKS_TEE_TYPES: readonly MachineTypeRow[] = [...TEE_SOURCES].flatMap(([tee, source]) =>
  [...EKS_INSTANCE_TYPES]
    .filter(([, type]) => type.tees.includes(tee))
    .map(([name, { family, vcpus, memoryGiB, arch }]) => ({
      cloud: "aws",
      name,
      family,
      tee,
      vcpus,
      memoryGiB,
      arch,
      source,
      date: KEPT,
      regions: EKS_TEE_REGIONS.get(tee)?.regions,
      unproven: EKS_UNPROVEN.get(tee),
    })),
);

/**
 * Pods a node takes: the Kubernetes recommendation, and what EKS writes for up to 30 vCPUs when prefixes are on.
 * With an overlay network the number of network interfaces no longer limits it.
 */
export const EKS_MAX_PODS = 110;

/** MiB kubelet keeps for itself and the runtime: nodeadm's formula, for the pods above. User data says it to kubelet. */
export const EKS_KUBELET_MIB = 255 + 11 * EKS_MAX_PODS;

/** What DaemonSets of the platform ask for on each node (Cilium agent and Envoy, CSI node, pod identity), rounded up. */
const DAEMONS = { milliCpu: 200, memoryMiB: 600, pods: 6 };

/** What the device plug-in adds on nodes with enclaves. */
const ENCLAVE_DAEMON = { milliCpu: 10, memoryMiB: 15, pods: 1 };

/**
 * What a node leaves for tenants, as a lower bound.
 *
 * Kubelet reserves CPU by steps and 255 MiB + 11 MiB a pod (SOURCE: awslabs/amazon-eks-ami nodeadm, kubelet defaults),
 * evicts below 100 MiB, and the machine keeps about 7.5 % of its memory for itself (SOURCE: Karpenter's default for
 * EC2 memory overhead). Enclaves take CPUs offline and memory as huge pages, both before kubelet starts: pods get
 * neither. Kubelet's own share is taken of all CPUs all the same.
 */
export function eksNodeCapacity(
  type: EksInstanceType,
  maxNodes: number,
  enclaves?: EnclaveCapacity,
): Capacity {
  const own = enclaves
    ? { milliCpu: enclaves.nodeVcpus * 1000, memoryMiB: enclaves.nodeMemoryMiB, daemon: ENCLAVE_DAEMON }
    : { milliCpu: 0, memoryMiB: 0, daemon: { milliCpu: 0, memoryMiB: 0, pods: 0 } };
  const nodeMilliCpu =
    type.vcpus * 1000 - own.milliCpu - reservedMilliCpu(type.vcpus) - DAEMONS.milliCpu - own.daemon.milliCpu;
  const usableMiB = Math.floor(type.memoryGiB * 1024 * 0.925) - own.memoryMiB;
  const nodeMemoryMiB = usableMiB - EKS_KUBELET_MIB - 100 - DAEMONS.memoryMiB - own.daemon.memoryMiB;
  const nodePods = EKS_MAX_PODS - DAEMONS.pods - own.daemon.pods;
  return {
    nodeMilliCpu,
    nodeMemoryMiB,
    nodePods,
    milliCpu: nodeMilliCpu * maxNodes,
    memoryMiB: nodeMemoryMiB * maxNodes,
    pods: nodePods * maxNodes,
    ...(enclaves ? { enclaves } : {}),
  };
}

/** 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest. */
function reservedMilliCpu(vcpus: number): number {
  const shares = [60, 10, 5, 5];
  const first = shares.slice(0, vcpus).reduce((sum, share) => sum + share, 0);
  return Math.ceil(first + Math.max(0, vcpus - shares.length) * 2.5);
}

function typesOf(family: string, shape: EksInstanceFamily): [string, EksInstanceType][] {
  const { gibPerVcpu, arch, sizes, threadsPerCore, snpUpTo, enclavesFrom } = shape;
  const most = snpUpTo === undefined ? 0 : sizes[snpUpTo]!;
  return Object.entries(sizes).map(([size, vcpus]) => [
    `${family}.${size}`,
    {
      vcpus,
      memoryGiB: vcpus * gibPerVcpu,
      arch,
      family,
      threadsPerCore,
      tees: [
        ...(vcpus <= most ? [Tee.SEV_SNP] : []),
        ...(vcpus >= sizes[enclavesFrom]! ? [Tee.NITRO_ENCLAVES] : []),
      ],
      source: EC2,
    },
  ]);
}
