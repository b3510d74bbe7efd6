// What EC2 instance types can do: which do SEV-SNP, where, and what a node leaves for pods. Data and look-ups only.
import { Tee } from "../tee/tee";
import type { MachineTypeRow } from "./machine-type";
import type { Capacity } from "./node-pool";

/** Size of one instance type. */
export interface EksInstanceType {
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** x86_64 or arm64. */
  readonly arch: string;
  /** The TEEs its nodes can run in; plain use is always possible. */
  readonly tees: readonly Tee[];
  readonly source: string;
}

const EC2 = "EC2 DescribeInstanceTypes, as kept by getmoto/moto on 2026-08-02";
const EC2_SNP = `${EC2}, feature amd-sev-snp; AWS EC2 guide, AMD SEV-SNP for Amazon EC2 instances, 2026`;

/** Steps of a family's sizes: name, vCPUs. */
const STEPS = [
  ["large", 2],
  ["xlarge", 4],
  ["2xlarge", 8],
  ["4xlarge", 16],
  ["8xlarge", 32],
  ["12xlarge", 48],
  ["16xlarge", 64],
  ["24xlarge", 96],
] as const;

interface Family {
  readonly gibPerVcpu: number;
  readonly arch: string;
  /** Largest step that does SEV-SNP. The vendor's list ends at different sizes. */
  readonly snpUpTo?: string;
}

/** Families with the eight steps above. Types not listed are refused: their size is not known here. */
const FAMILIES: Readonly<Record<string, Family>> = {
  m6a: { gibPerVcpu: 4, arch: "x86_64", snpUpTo: "8xlarge" },
  c6a: { gibPerVcpu: 2, arch: "x86_64", snpUpTo: "16xlarge" },
  r6a: { gibPerVcpu: 8, arch: "x86_64", snpUpTo: "4xlarge" },
  m7a: { gibPerVcpu: 4, arch: "x86_64" },
  c7a: { gibPerVcpu: 2, arch: "x86_64" },
  r7a: { gibPerVcpu: 8, arch: "x86_64" },
  m6i: { gibPerVcpu: 4, arch: "x86_64" },
  c6i: { gibPerVcpu: 2, arch: "x86_64" },
  r6i: { gibPerVcpu: 8, arch: "x86_64" },
  m7i: { gibPerVcpu: 4, arch: "x86_64" },
  c7i: { gibPerVcpu: 2, arch: "x86_64" },
  r7i: { gibPerVcpu: 8, arch: "x86_64" },
};

/** Graviton families end at 16xlarge and have no 24xlarge. */
const GRAVITON: Readonly<Record<string, Family>> = {
  m6g: { gibPerVcpu: 4, arch: "arm64" },
  c6g: { gibPerVcpu: 2, arch: "arm64" },
  r6g: { gibPerVcpu: 8, arch: "arm64" },
  m7g: { gibPerVcpu: 4, arch: "arm64" },
  c7g: { gibPerVcpu: 2, arch: "arm64" },
  r7g: { gibPerVcpu: 8, arch: "arm64" },
};

/** The instance types the library knows, by name. */
export const EKS_INSTANCE_TYPES: ReadonlyMap<string, EksInstanceType> = new Map([
  ...rows(FAMILIES, "24xlarge"),
  ...rows(GRAVITON, "16xlarge"),
]);

/** The types whose nodes can run in a TEE, in table order. */
export function eksInstanceTypesWith(tee: Tee): string[] {
  return [...EKS_INSTANCE_TYPES].filter(([, type]) => type.tees.includes(tee)).map(([name]) => name);
}

/** The catalogue's rows for AWS: one for each type and TEE. */
export const EKS_TEE_TYPES: readonly MachineTypeRow[] = [];

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

/** A fact that no source settles, with what it would break. Usable with `acceptUnproven`. */
export const EKS_UNPROVEN: ReadonlyMap<Tee, readonly string[]> = new Map([
  [
    Tee.SEV_SNP,
    [
      "no AWS statement says that a managed node group takes a launch template with cpuOptions.amdSevSnp",
      "no AWS statement says that the EKS AL2023 image boots uefi or uefi-preferred, which SEV-SNP needs",
    ],
  ],
]);

/**
 * Pods a node takes: the Kubernetes recommendation, and what EKS writes for up to 30 vCPUs when prefixes are on.
 * With an overlay network the number of network interfaces no longer limits it.
 */
export const EKS_MAX_PODS = 110;

/** What DaemonSets of the platform ask for on each node (Cilium agent and Envoy, CSI node, pod identity), rounded up. */
const DAEMONS = { milliCpu: 200, memoryMiB: 600, pods: 6 };

/**
 * What a node leaves for tenants, as a lower bound.
 *
 * Kubelet reserves CPU by steps and 255 MiB + 11 MiB a pod (SOURCE: awslabs/amazon-eks-ami nodeadm, kubelet defaults),
 * evicts below 100 MiB, and the machine keeps about 7.5 % of its memory for itself (SOURCE: Karpenter's default for
 * EC2 memory overhead).
 */
export function eksNodeCapacity(type: EksInstanceType, maxNodes: number): Capacity {
  const nodeMilliCpu = type.vcpus * 1000 - reservedMilliCpu(type.vcpus) - DAEMONS.milliCpu;
  const usableMiB = Math.floor(type.memoryGiB * 1024 * 0.925);
  const nodeMemoryMiB = usableMiB - (255 + 11 * EKS_MAX_PODS) - 100 - DAEMONS.memoryMiB;
  const nodePods = EKS_MAX_PODS - DAEMONS.pods;
  return {
    nodeMilliCpu,
    nodeMemoryMiB,
    nodePods,
    milliCpu: nodeMilliCpu * maxNodes,
    memoryMiB: nodeMemoryMiB * maxNodes,
    pods: nodePods * maxNodes,
  };
}

/** 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest. */
function reservedMilliCpu(vcpus: number): number {
  const shares = [60, 10, 5, 5];
  const first = shares.slice(0, vcpus).reduce((sum, share) => sum + share, 0);
  return Math.ceil(first + Math.max(0, vcpus - shares.length) * 2.5);
}

function rows(families: Readonly<Record<string, Family>>, last: string): [string, EksInstanceType][] {
  const steps = STEPS.slice(0, STEPS.findIndex(([step]) => step === last) + 1);
  return Object.entries(families).flatMap(([family, { gibPerVcpu, arch, snpUpTo }]) => {
    const snpSteps = STEPS.findIndex(([step]) => step === snpUpTo) + 1;
    return steps.map(([step, vcpus], index): [string, EksInstanceType] => {
      const snp = index < snpSteps;
      return [
        `${family}.${step}`,
        {
          vcpus,
          memoryGiB: vcpus * gibPerVcpu,
          arch,
          tees: snp ? [Tee.SEV_SNP] : [],
          source: snp ? EC2_SNP : EC2,
        },
      ];
    });
  });
}
