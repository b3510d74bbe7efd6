// Google machine types: sizes, which run in which TEE, where, on which disks, and what a node leaves. Data and look-ups.
import { Tee } from "../tee/tee";
import type { MachineTypeRow } from "./machine-type-row";
import type { Capacity } from "./node-pool";

/** Where the figures come from. Each has its day, as exactly as it is known. */
const SIZES = "Compute Engine documentation, general-purpose machine family, copy of 2026-04";
const GPU_SIZES = "Compute Engine documentation, accelerator-optimized machine family, copy of 2026-04";
const CONFIDENTIAL_VM = "Confidential VM documentation, supported configurations";

/** Disk types of the first and second generation, and of the fourth. */
const PERSISTENT = ["pd-balanced", "pd-ssd", "pd-standard"];
const HYPERDISK = ["hyperdisk-balanced"];

/** Machine types that differ in size alone. */
interface Shape {
  /** Name without the size, like `n2d-standard`. */
  readonly name: string;
  readonly family: string;
  readonly vcpus: readonly number[];
  readonly gibPerVcpu: number;
  /** Disks nodes boot from and volumes live on, the default first. */
  readonly disks: readonly string[];
  /** Disk types on which no source is clear for this series. */
  readonly unprovenDisks?: readonly string[];
  /** CPU platforms Google sells the series on. */
  readonly platforms: readonly string[];
  /** Local SSDs that come with each size, in the order of `vcpus`. SOURCE: Compute Engine documentation, Local SSD, 2026. */
  readonly localSsds?: readonly number[];
  /** Ends every name, after the size. */
  readonly suffix?: string;
}

const C3 = {
  family: "c3",
  vcpus: [4, 8, 22, 44, 88, 176],
  gibPerVcpu: 4,
  disks: ["pd-balanced", "pd-ssd", ...HYPERDISK],
  platforms: ["Intel Sapphire Rapids"],
};
const N2D = {
  family: "n2d",
  disks: PERSISTENT,
  unprovenDisks: HYPERDISK,
  platforms: ["AMD Rome", "AMD Milan"],
};

/** Memory of C4 and C4D is the documented figure, rounded down to whole GiB. */
const SHAPES: readonly Shape[] = [
  { name: "n2d-standard", ...N2D, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224], gibPerVcpu: 4 },
  { name: "n2d-highmem", ...N2D, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96], gibPerVcpu: 8 },
  {
    name: "c2d-standard",
    family: "c2d",
    vcpus: [2, 4, 8, 16, 32, 56, 112],
    gibPerVcpu: 4,
    disks: PERSISTENT,
    unprovenDisks: HYPERDISK,
    platforms: ["AMD Milan"],
  },
  {
    name: "c3d-standard",
    family: "c3d",
    vcpus: [4, 8, 16, 30, 60, 90, 180],
    gibPerVcpu: 4,
    disks: ["pd-balanced", "pd-ssd", ...HYPERDISK],
    platforms: ["AMD Genoa"],
  },
  {
    name: "c4d-standard",
    family: "c4d",
    vcpus: [2, 4, 8, 16, 32, 48, 64, 96, 192],
    gibPerVcpu: 3.875,
    disks: HYPERDISK,
    platforms: ["AMD Turin"],
  },
  { name: "c3-standard", ...C3 },
  { name: "c3-standard", suffix: "-lssd", ...C3, localSsds: [1, 2, 4, 8, 16, 32] },
  {
    name: "c4-standard",
    family: "c4",
    vcpus: [2, 4, 8, 16, 24, 32, 48, 96, 144, 192],
    gibPerVcpu: 3.75,
    disks: HYPERDISK,
    platforms: ["Intel Emerald Rapids", "Intel Granite Rapids"],
  },
  {
    name: "e2-standard",
    family: "e2",
    vcpus: [2, 4, 8, 16, 32],
    gibPerVcpu: 4,
    disks: PERSISTENT,
    platforms: [],
  },
  {
    name: "n2-standard",
    family: "n2",
    vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128],
    gibPerVcpu: 4,
    disks: PERSISTENT,
    platforms: ["Intel Cascade Lake", "Intel Ice Lake"],
  },
];

/** The one confidential machine type with a GPU. */
const H100_TYPE = "a3-highgpu-1g";

/** What a node pool must know of a machine type. */
export interface GkeMachineType {
  readonly name: string;
  /** Series, like `n2d`. */
  readonly family: string;
  /** Name without the size, `-lssd` kept: `c3-standard-lssd`. */
  readonly shape: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** Disk types, the default first. */
  readonly disks: readonly string[];
  /** Disk types on which no source is clear. */
  readonly unprovenDisks: readonly string[];
  readonly platforms: readonly string[];
  /** Local SSDs on board; 0 on most. */
  readonly localSsds: number;
  readonly gpu?: string;
  readonly source: string;
}

/** The machine types the library knows, by name. Others are refused: their size is not known here. */
export const GKE_MACHINE_TYPES: ReadonlyMap<string, GkeMachineType> = new Map(
  [...SHAPES.flatMap(sizesOf), h100()].map((type) => [type.name, type]),
);

function sizesOf({ name, suffix = "", gibPerVcpu, localSsds, ...shape }: Shape): GkeMachineType[] {
  return shape.vcpus.map((vcpus, index) => ({
    name: `${name}-${vcpus}${suffix}`,
    family: shape.family,
    shape: name + suffix,
    vcpus,
    memoryGiB: Math.floor(vcpus * gibPerVcpu),
    disks: shape.disks,
    unprovenDisks: shape.unprovenDisks ?? [],
    platforms: shape.platforms,
    localSsds: localSsds?.[index] ?? 0,
    source: SIZES,
  }));
}

function h100(): GkeMachineType {
  return {
    name: H100_TYPE,
    family: "a3",
    shape: H100_TYPE,
    vcpus: 26,
    memoryGiB: 234,
    disks: ["pd-balanced"],
    unprovenDisks: [],
    platforms: ["Intel Sapphire Rapids"],
    localSsds: 0,
    gpu: "H100",
    source: GPU_SIZES,
  };
}

/** What a TEE asks of a series: the conditions under which Google starts such a node. */
export interface GkeConfidential {
  readonly tee: Tee;
  /** `GkeMachineType.shape` of the machine types. */
  readonly shapes: readonly string[];
  /** How GKE writes the TEE: on the pool, and as value of the label it sets. Left out, GKE takes SEV. */
  readonly instanceType: string;
  /** CPU platform nodes must have at least, where the series is sold on older ones, too. */
  readonly minCpuPlatform?: string;
  /** Letters of the zones that sell it, by region; undefined where Google publishes no list we know. */
  readonly zones?: Readonly<Record<string, string>>;
  /** Disk types, the default first. @default - those of the machine type */
  readonly disks?: readonly string[];
  /** First versions, one a minor, by image. Empty: every version this library knows. */
  readonly floors: Readonly<Record<string, readonly string[]>>;
  /** Platform on which nodes move during host maintenance; on all others they stop. */
  readonly liveMigrationOn?: string;
  /** vCPUs from which no source says that the size, and not just the series, runs in the TEE. */
  readonly unprovenFrom?: Readonly<Record<string, number>>;
  /** What stands on every report beside the usual. */
  readonly note?: string;
  /** Other facts no source settles. */
  readonly unproven?: readonly string[];
  readonly source: string;
  readonly date: string;
}

const TDX_FLOORS = {
  COS_CONTAINERD: ["1.32.2-gke.1297000"],
  UBUNTU_CONTAINERD: ["1.33.5-gke.1697000", "1.34.1-gke.2909000"],
};
const NO_FLOORS = { COS_CONTAINERD: [], UBUNTU_CONTAINERD: [] };

/** Every TEE and series that go together on GKE. */
export const GKE_CONFIDENTIAL: readonly GkeConfidential[] = [
  {
    tee: Tee.SEV,
    shapes: ["n2d-standard", "n2d-highmem"],
    instanceType: "SEV",
    floors: NO_FLOORS,
    liveMigrationOn: "AMD Milan",
    unprovenFrom: { "n2d-standard": 128, "n2d-highmem": 96 },
    source: CONFIDENTIAL_VM,
    date: "2026-10",
  },
  {
    tee: Tee.SEV,
    shapes: ["c2d-standard"],
    instanceType: "SEV",
    floors: NO_FLOORS,
    unprovenFrom: { "c2d-standard": 112 },
    source: CONFIDENTIAL_VM,
    date: "2026-10",
  },
  {
    // The pages contradict each other on live migration of C3D, so none is assumed.
    tee: Tee.SEV,
    shapes: ["c3d-standard", "c4d-standard"],
    instanceType: "SEV",
    floors: NO_FLOORS,
    source: CONFIDENTIAL_VM,
    date: "2026-10",
  },
  {
    tee: Tee.SEV_SNP,
    shapes: ["n2d-standard", "n2d-highmem"],
    instanceType: "SEV_SNP",
    minCpuPlatform: "AMD Milan",
    zones: { "asia-southeast1": "abc", "europe-west3": "abc", "europe-west4": "abc", "us-central1": "abc" },
    floors: { COS_CONTAINERD: [], UBUNTU_CONTAINERD: ["1.33.5-gke.1350000", "1.34.1-gke.2037000"] },
    unprovenFrom: { "n2d-standard": 128, "n2d-highmem": 96 },
    source: CONFIDENTIAL_VM,
    date: "2026-10",
  },
  {
    tee: Tee.TDX,
    shapes: ["c3-standard"],
    instanceType: "TDX",
    note: "zones are not checked: this library knows no list of zones that sell c3-standard with Intel TDX",
    disks: ["pd-balanced"],
    floors: TDX_FLOORS,
    source: CONFIDENTIAL_VM,
    date: "2026-10",
  },
  {
    tee: Tee.TDX,
    shapes: ["c3-standard-lssd"],
    instanceType: "TDX",
    zones: {
      "asia-southeast1": "ab",
      "europe-west4": "ab",
      "southamerica-east1": "a",
      "us-central1": "ab",
      "us-east4": "bc",
      "us-east5": "bc",
      "us-west1": "b",
    },
    disks: ["pd-balanced"],
    floors: TDX_FLOORS,
    source: `${CONFIDENTIAL_VM}; GKE release notes`,
    date: "2026-09-03",
  },
  {
    tee: Tee.TDX,
    shapes: ["c4-standard"],
    instanceType: "TDX",
    minCpuPlatform: "Intel Granite Rapids",
    zones: {
      "asia-southeast1": "abc",
      "europe-west1": "b",
      "europe-west3": "ab",
      "europe-west4": "ab",
      "us-central1": "abf",
      "us-east4": "abc",
      "us-west1": "a",
    },
    floors: TDX_FLOORS,
    source: `${CONFIDENTIAL_VM}; GKE release notes`,
    date: "2026-10-05",
  },
  {
    tee: Tee.TDX,
    shapes: [H100_TYPE],
    instanceType: "TDX",
    disks: ["pd-balanced"],
    floors: TDX_FLOORS,
    unproven: [
      "no source says which zones sell a3-highgpu-1g with Intel TDX today",
      "no source says under which consumption model (on demand, spot, flex-start) GKE starts a3-highgpu-1g with Intel TDX",
    ],
    source: CONFIDENTIAL_VM,
    date: "2026-10",
  },
];

/** The conditions of a TEE on a machine type, if they go together. */
export function gkeConfidential(type: GkeMachineType, tee: Tee): GkeConfidential | undefined {
  return GKE_CONFIDENTIAL.find((one) => one.tee === tee && one.shapes.includes(type.shape));
}

/** Facts about a machine type in a TEE that no source settles. */
export function gkeUnproven(type: GkeMachineType, confidential: GkeConfidential): string[] {
  const from = confidential.unprovenFrom?.[type.shape] ?? Infinity;
  const size =
    type.vcpus >= from
      ? [`Google names series, not sizes: no source says that ${type.name} runs in ${confidential.tee.label}`]
      : [];
  return [...size, ...(confidential.unproven ?? [])];
}

/** The catalogue's rows for Google: one for each machine type and TEE. */
export const GKE_TEE_TYPES: readonly MachineTypeRow[] = GKE_CONFIDENTIAL.flatMap((confidential) =>
  [...GKE_MACHINE_TYPES.values()]
    .filter((type) => confidential.shapes.includes(type.shape))
    .map((type) => teeRow(type, confidential)),
);

function teeRow(type: GkeMachineType, confidential: GkeConfidential): MachineTypeRow {
  const unproven = gkeUnproven(type, confidential);
  return {
    cloud: "google",
    name: type.name,
    family: type.family,
    tee: confidential.tee,
    ...(type.gpu ? { gpu: type.gpu } : {}),
    vcpus: type.vcpus,
    memoryGiB: type.memoryGiB,
    arch: "x86_64",
    source: `${confidential.source}; ${type.source}`,
    date: confidential.date,
    ...(confidential.zones ? { regions: Object.keys(confidential.zones) } : {}),
    ...(unproven.length > 0 ? { unproven } : {}),
  };
}

/** A machine type of each series that runs in the TEE, of at least so many vCPUs: what to use instead. */
export function gkeAlternatives(tee: Tee, vcpus: number): string[] {
  const shapes =
    tee === Tee.NONE
      ? ["e2-standard", "n2d-standard", "c3-standard"]
      : GKE_CONFIDENTIAL.filter((one) => one.tee === tee && !one.unproven).flatMap((one) => one.shapes);
  return shapes.map((shape) => {
    const sizes = [...GKE_MACHINE_TYPES.values()].filter((type) => type.shape === shape);
    return (sizes.find((type) => type.vcpus >= vcpus) ?? sizes.at(-1)!).name;
  });
}

/** Zones by letter, for regions with others than a, b and c. SOURCE: Compute Engine documentation, regions and zones, 2026. */
const ODD_ZONES: Readonly<Record<string, string>> = {
  "europe-west1": "bcd",
  "us-central1": "abcf",
  "us-east1": "bcd",
};

/** Regions whose zones the library knows by itself; elsewhere pools name theirs. */
const KNOWN_REGIONS = [
  "asia-southeast1",
  "europe-west1",
  "europe-west3",
  "europe-west4",
  "southamerica-east1",
  "us-central1",
  "us-east1",
  "us-east4",
  "us-east5",
  "us-west1",
];

/** Letters of a region's zones; undefined where the library does not know them. */
export function gkeZoneLetters(region: string): string | undefined {
  return KNOWN_REGIONS.includes(region) ? (ODD_ZONES[region] ?? "abc") : undefined;
}

/** Pods a GKE Standard node takes; each node then holds a /24 of the pod range. */
export const GKE_MAX_PODS = 110;

/**
 * What GKE's own DaemonSets ask for on each node (Dataplane V2 agent, metadata server, logging, metrics, disk driver),
 * rounded up. No source adds them up: look at `kubectl describe node` on the first one.
 */
const DAEMONS = { milliCpu: 500, memoryMiB: 1024, pods: 10 };

/** Part of the memory that firmware and kernel keep, assumed: it is measured nowhere. */
const KERNEL_SHARE = 0.04;

/**
 * What a node leaves for tenants, as a lower bound.
 *
 * GKE reserves memory and CPU by steps and evicts below 100 MiB (SOURCE: GKE documentation, plan node sizes, 2026). A
 * confidential guest also sets aside 6 % of its memory, at most 1 GiB, to exchange data with devices (SOURCE: Linux,
 * arch/x86/mm/mem_encrypt.c).
 */
export function gkeNodeCapacity(type: GkeMachineType, confidential: boolean, maxNodes: number): Capacity {
  const nodeMilliCpu = type.vcpus * 1000 - reservedMilliCpu(type.vcpus) - DAEMONS.milliCpu;
  const totalMiB = type.memoryGiB * 1024;
  const bounceBuffersMiB = confidential ? Math.min(Math.ceil(totalMiB * 0.06), 1024) : 0;
  const usableMiB = Math.floor(totalMiB * (1 - KERNEL_SHARE)) - bounceBuffersMiB;
  const nodeMemoryMiB = usableMiB - reservedMiB(type.memoryGiB) - 100 - DAEMONS.memoryMiB;
  const nodePods = GKE_MAX_PODS - DAEMONS.pods;
  return {
    nodeMilliCpu,
    nodeMemoryMiB,
    nodePods,
    milliCpu: nodeMilliCpu * maxNodes,
    memoryMiB: nodeMemoryMiB * maxNodes,
    pods: nodePods * maxNodes,
  };
}

/** Steps of GKE's memory reservation: GiB in the step, share of it. */
const MEMORY_STEPS = [
  [4, 0.25],
  [4, 0.2],
  [8, 0.1],
  [112, 0.06],
  [Infinity, 0.02],
] as const;

function reservedMiB(memoryGiB: number): number {
  const { sum } = MEMORY_STEPS.reduce(
    ({ left, sum }, [gib, share]) => {
      const here = Math.min(left, gib);
      return { left: left - here, sum: sum + here * share };
    },
    { left: memoryGiB, sum: 0 },
  );
  return Math.ceil(sum * 1024);
}

/** 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest. */
function reservedMilliCpu(vcpus: number): number {
  const shares = [60, 10, 5, 5];
  const first = shares.slice(0, vcpus).reduce((sum, share) => sum + share, 0);
  return Math.ceil(first + Math.max(0, vcpus - shares.length) * 2.5);
}
