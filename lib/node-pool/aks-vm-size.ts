// What Azure VM sizes can do as AKS nodes: which TEE, which disks, and what a node leaves for pods. Data and look-ups only.
import { Tee } from "../tee/tee";
import type { MachineTypeRow } from "./machine-type-row";
import type { Capacity } from "./node-pool";
import type { Retirement } from "./refusal";

/** Whether the OS disk may lie on the machine itself. */
export type EphemeralOsDisk = "yes" | "no" | "unproven";

/** One VM size. */
export interface AksVmSize {
  readonly name: string;
  readonly family: string;
  /** What every node of this size runs in; Azure has no switch beside the size. */
  readonly tee: Tee;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** Confidential GPU on board. */
  readonly gpu?: string;
  /** Local temporary disk, GiB. Undefined when there is none. */
  readonly tempDiskGiB?: number;
  readonly ephemeralOsDisk: EphemeralOsDisk;
  /** Enclave page cache, MiB, on SGX sizes. */
  readonly epcMiB?: number;
  readonly source: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Why AKS cannot have it. */
  readonly notForPools?: string;
  readonly unproven?: readonly string[];
  readonly retires?: Retirement;
}

/** A family's table: one page, one name pattern, and what all sizes share. */
interface Family extends Pick<
  AksVmSize,
  "tee" | "gpu" | "ephemeralOsDisk" | "notForPools" | "unproven" | "retires" | "source" | "date"
> {
  readonly family: string;
  /** `Standard_DC#as_v5`: `#` stands for the number of vCPUs. */
  readonly pattern: string;
  readonly vcpus: readonly number[];
  /** GiB, one for each size. */
  readonly memory: readonly number[];
  /** GiB, one for each size; undefined without a local disk. */
  readonly temp?: readonly number[];
  /** GiB, one for each size. */
  readonly epc?: readonly number[];
}

const PAGES = "MicrosoftDocs/azure-compute-docs articles/virtual-machines/";
const GENERAL = `${PAGES}sizes/general-purpose/`;
const MEMORY = `${PAGES}sizes/memory-optimized/`;

const EIGHT = [2, 4, 8, 16, 32, 48, 64, 96];
const FOUR_GIB = EIGHT.map((vcpus) => vcpus * 4);
/** Of the largest size, memory ends at 672. */
const EIGHT_GIB = [...EIGHT.slice(0, -1).map((vcpus) => vcpus * 8), 672];
const TEMP = [75, 150, 300, 600, 1200, 1800, 2400, 3600];
/** The 2021 families have a size of 20 vCPUs. */
const NINE = [2, 4, 8, 16, 20, 32, 48, 64, 96];
const SGX = [1, 2, 4, 8, 16, 24, 32, 48];
const EPC = [4, 8, 16, 32, 64, 128, 192, 256];

const TDX_ON_AKS =
  "AKS does not support confidential VMs with Intel TDX (MicrosoftDocs/azure-aks-docs articles/aks/use-cvm.md, 2026-06-24)";

/** The confidential families, in the order of the catalogue. */
const CONFIDENTIAL: readonly Family[] = [
  {
    family: "DCasv5",
    pattern: "Standard_DC#as_v5",
    tee: Tee.SEV_SNP,
    vcpus: EIGHT,
    memory: FOUR_GIB,
    ephemeralOsDisk: "no",
    source: `${GENERAL}dcasv5-series.md`,
    date: "2026-03-10",
  },
  {
    family: "DCadsv5",
    pattern: "Standard_DC#ads_v5",
    tee: Tee.SEV_SNP,
    vcpus: EIGHT,
    memory: FOUR_GIB,
    temp: TEMP,
    ephemeralOsDisk: "yes",
    source: `${GENERAL}dcadsv5-series.md`,
    date: "2024-07-30",
  },
  {
    family: "DCasv6",
    pattern: "Standard_DC#as_v6",
    tee: Tee.SEV_SNP,
    vcpus: EIGHT,
    memory: FOUR_GIB,
    // The page says supported, and that there is no local disk.
    ephemeralOsDisk: "unproven",
    source: `${GENERAL}dcasv6-series.md`,
    date: "2025-09-11",
  },
  {
    family: "DCadsv6",
    pattern: "Standard_DC#ads_v6",
    tee: Tee.SEV_SNP,
    vcpus: EIGHT,
    memory: FOUR_GIB,
    temp: TEMP,
    ephemeralOsDisk: "yes",
    source: `${GENERAL}dcadsv6-series.md`,
    date: "2026-03-10",
  },
  {
    family: "ECasv5",
    pattern: "Standard_EC#as_v5",
    tee: Tee.SEV_SNP,
    vcpus: NINE,
    memory: [16, 32, 64, 128, 160, 256, 384, 512, 672],
    ephemeralOsDisk: "no",
    source: `${PAGES}ecasv5-ecadsv5-series.md`,
    date: "2021-11-15",
  },
  {
    family: "ECadsv5",
    pattern: "Standard_EC#ads_v5",
    tee: Tee.SEV_SNP,
    vcpus: NINE,
    memory: [16, 32, 64, 128, 160, 256, 384, 512, 672],
    temp: [75, 150, 300, 600, 750, 1200, 1800, 2400, 3600],
    ephemeralOsDisk: "yes",
    source: `${PAGES}ecasv5-ecadsv5-series.md`,
    date: "2021-11-15",
  },
  {
    family: "ECasv6",
    pattern: "Standard_EC#as_v6",
    tee: Tee.SEV_SNP,
    vcpus: EIGHT,
    memory: EIGHT_GIB,
    ephemeralOsDisk: "unproven",
    source: `${MEMORY}ecasv6-series.md`,
    date: "2025-09-06",
  },
  {
    family: "ECadsv6",
    pattern: "Standard_EC#ads_v6",
    tee: Tee.SEV_SNP,
    vcpus: EIGHT,
    memory: EIGHT_GIB,
    temp: TEMP,
    ephemeralOsDisk: "yes",
    source: `${MEMORY}ecadsv6-series.md`,
    date: "2026-03-10",
  },
  {
    family: "DCesv6",
    pattern: "Standard_DC#es_v6",
    tee: Tee.TDX,
    vcpus: [...EIGHT, 128],
    memory: [...FOUR_GIB, 512],
    ephemeralOsDisk: "no",
    notForPools: TDX_ON_AKS,
    source: `${GENERAL}dcesv6-series.md`,
    date: "2025-04-15",
  },
  {
    family: "ECesv6",
    pattern: "Standard_EC#es_v6",
    tee: Tee.TDX,
    vcpus: EIGHT.slice(0, -1),
    memory: EIGHT_GIB.slice(0, -1),
    ephemeralOsDisk: "no",
    notForPools: TDX_ON_AKS,
    source: `${MEMORY}ecesv6-series.md`,
    date: "2025-04-15",
  },
  {
    family: "DCsv3",
    pattern: "Standard_DC#s_v3",
    tee: Tee.SGX,
    vcpus: SGX,
    memory: SGX.map((cores) => cores * 8),
    epc: EPC,
    // The page says supported, and that there is no local disk.
    ephemeralOsDisk: "unproven",
    retires: {
      what: "DCsv3 sizes",
      day: "2029-10-31",
      source: `${GENERAL}dcsv3-series.md, 2026-03-10`,
      use: "move to a SEV-SNP size like Standard_DC4as_v5; Azure names no SGX successor",
    },
    source: `${GENERAL}dcsv3-series.md`,
    date: "2026-03-10",
  },
  {
    family: "DCdsv3",
    pattern: "Standard_DC#ds_v3",
    tee: Tee.SGX,
    vcpus: SGX,
    memory: SGX.map((cores) => cores * 8),
    epc: EPC,
    temp: [75, 150, 300, 600, 1200, 1800, 2400, 2400],
    ephemeralOsDisk: "no",
    source: `${GENERAL}dcdsv3-series.md`,
    date: "2026-03-10",
  },
  {
    family: "NCCads_H100_v5",
    pattern: "Standard_NCC#ads_H100_v5",
    tee: Tee.SEV_SNP,
    gpu: "H100",
    vcpus: [40],
    memory: [320],
    temp: [800],
    ephemeralOsDisk: "yes",
    unproven: ["no AKS page names Standard_NCC40ads_H100_v5 as a node pool's size (2026-08-21)"],
    source: `${PAGES}sizes/gpu-accelerated/nccadsh100v5-series.md`,
    date: "2024-08-06",
  },
];

/** Sizes the vendor has taken away: live pools only, and not in the catalogue. */
const RETIRED: readonly Family[] = ["Standard_DC#s_v2", "Standard_DC#_v2"].map((pattern) => ({
  family: "DCsv2",
  pattern,
  tee: Tee.SGX,
  vcpus: pattern.endsWith("s_v2") ? [1, 2, 4] : [8],
  memory: pattern.endsWith("s_v2") ? [4, 8, 16] : [32],
  ephemeralOsDisk: "no",
  retires: {
    what: "DCsv2 sizes",
    day: "2026-06-30",
    source: `${GENERAL}dcsv2-series.md, 2026-06-30`,
    use: "move to Standard_DC4s_v3, or to a SEV-SNP size like Standard_DC4as_v5",
  },
  source: `${GENERAL}dcsv2-series.md`,
  date: "2026-06-30",
}));

/**
 * Plain families. Others are refused: their size is not known here. Virtual machines run inside all of these, which pod
 * sandboxing needs (SOURCE: azure-aks-docs, use-pod-sandboxing.md, 2025-11-18).
 */
const PLAIN: readonly Family[] = [
  {
    family: "Dsv5",
    pattern: "Standard_D#s_v5",
    tee: Tee.NONE,
    vcpus: EIGHT,
    memory: FOUR_GIB,
    ephemeralOsDisk: "no",
    source: `${GENERAL}dsv5-series.md`,
    date: "2026-02-27",
  },
  {
    family: "Ddsv5",
    pattern: "Standard_D#ds_v5",
    tee: Tee.NONE,
    vcpus: EIGHT,
    memory: FOUR_GIB,
    temp: TEMP,
    ephemeralOsDisk: "yes",
    source: `${GENERAL}ddsv5-series.md`,
    date: "2024-07-29",
  },
];

const CONFIDENTIAL_SIZES = CONFIDENTIAL.flatMap(sizes);

/** The sizes the library knows, by name: confidential, retired and plain ones. */
export const AKS_NODE_SIZES: ReadonlyMap<string, AksVmSize> = new Map(
  [...CONFIDENTIAL_SIZES, ...RETIRED.flatMap(sizes), ...PLAIN.flatMap(sizes)].map((size) => [
    size.name,
    size,
  ]),
);

/** The catalogue's rows for Azure: one for each size and TEE. */
export const AKS_VM_SIZES: readonly MachineTypeRow[] = CONFIDENTIAL_SIZES.map((size) => ({
  cloud: "azure",
  name: size.name,
  family: size.family,
  tee: size.tee,
  gpu: size.gpu,
  vcpus: size.vcpus,
  memoryGiB: size.memoryGiB,
  arch: "x86_64",
  source: size.source,
  date: size.date,
  notForPools: size.notForPools,
  unproven: size.unproven,
  retires: size.retires?.day,
}));

/** The sizes whose nodes run in a TEE (or in none) and that AKS takes, still sold, in table order. */
export function aksVmSizesWith(tee: Tee): string[] {
  const retired = new Set(RETIRED.map(({ family }) => family));
  return [...AKS_NODE_SIZES.values()]
    .filter((size) => size.tee === tee && !size.notForPools && !retired.has(size.family))
    .map(({ name }) => name);
}

/** Pods a node takes. With an overlay network subnets do not limit it; a /24 of pod addresses holds it. */
export const AKS_MAX_PODS = 110;

/**
 * What DaemonSets ask for on each node (Cilium's agent and Envoy, kube-proxy, cloud-node-manager, the disk driver, image
 * cleaner), rounded up. AKS publishes no figures.
 */
const DAEMONS = { milliCpu: 500, memoryMiB: 900, pods: 10 };

/**
 * What a node leaves for tenants, as a lower bound.
 *
 * Kubelet reserves CPU by a table and the lesser of 20 MB a pod + 50 MB and a quarter of the memory, and evicts below
 * 100 MiB (SOURCE: azure-aks-docs, node-resource-reservations.md, 2026-06-11, Kubernetes 1.29 and later); 7.5 % of the
 * memory never reach Kubernetes (SOURCE: Karpenter's default for Azure). SGX's enclave page cache is taken off.
 */
export function aksNodeCapacity(size: AksVmSize, maxNodes: number): Capacity {
  const memoryMiB = size.memoryGiB * 1024;
  const reserved = Math.min(20 * AKS_MAX_PODS + 50, memoryMiB / 4);
  const usable = memoryMiB * 0.925 - (size.epcMiB ?? 0) - reserved - 100 - DAEMONS.memoryMiB;
  const nodeMilliCpu = size.vcpus * 1000 - reservedMilliCpu(size.vcpus) - DAEMONS.milliCpu;
  const nodeMemoryMiB = Math.floor(usable);
  const nodePods = AKS_MAX_PODS - DAEMONS.pods;
  return {
    nodeMilliCpu,
    nodeMemoryMiB,
    nodePods,
    milliCpu: nodeMilliCpu * maxNodes,
    memoryMiB: nodeMemoryMiB * maxNodes,
    pods: nodePods * maxNodes,
  };
}

/** The table's steps: 60, 100, 140 and 180 for 1, 2, 4 and 8 cores, then 10 for each core more. */
function reservedMilliCpu(vcpus: number): number {
  const steps: Readonly<Record<number, number>> = { 1: 60, 2: 100, 4: 140 };
  return steps[vcpus] ?? 180 + 10 * Math.max(0, vcpus - 8);
}

function sizes({ pattern, vcpus, memory, temp, epc, ...family }: Family): AksVmSize[] {
  return vcpus.map((count, index) => ({
    ...family,
    name: pattern.replace("#", String(count)),
    vcpus: count,
    memoryGiB: memory[index]!,
    tempDiskGiB: temp?.[index],
    epcMiB: epc && epc[index]! * 1024,
  }));
}
