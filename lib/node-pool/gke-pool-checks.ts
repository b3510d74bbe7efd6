// The checks of a GKE node pool: each one a rule with its source and what works instead.
import type { ErrorScope } from "../core/errors";
import { Tee } from "../tee/tee";
import {
  GKE_CONFIDENTIAL,
  GKE_MACHINE_TYPES,
  gkeAlternatives,
  gkeConfidential,
  gkeZoneLetters,
  type GkeConfidential,
  type GkeMachineType,
} from "./gke-machine-type";
import type { GkeNodePoolOptions } from "./gke-pool-options";
import { refusal } from "./refusal";

/** TEEs that cannot be had on GKE nodes, and why. */
const REFUSED_TEES: ReadonlyMap<Tee, string> = new Map([
  [Tee.SEV_ES, "GKE starts SEV, SEV-SNP and TDX only"],
  [Tee.SGX, "Google sells no machine with SGX enclaves"],
  [Tee.NITRO_ENCLAVES, "Nitro Enclaves are an AWS product"],
  [Tee.IBM_SECURE_EXECUTION, "it runs on IBM Z and LinuxONE"],
  [Tee.ARM_CCA, "no Arm machine of Google runs realms on GKE"],
  [Tee.TRUSTZONE, "it is made for devices"],
  [Tee.NVIDIA_CC, "it comes with Intel TDX on a3-highgpu-1g: ask for Tee.TDX there"],
]);

/** Throws POOL_TEE and POOL_SYSTEM. */
export function assertTee(scope: ErrorScope, tee: Tee, system: boolean): void {
  const refused = REFUSED_TEES.get(tee);
  if (refused)
    throw refusal("POOL_TEE", scope, {
      rule: `tee must be one that GKE nodes can have (${refused})`,
      got: `'${tee.id}'`,
      source: "GKE API reference, ConfidentialNodes, 2026",
      use: `use Tee.TDX on ${gkeAlternatives(Tee.TDX, 4)[0]}, Tee.SEV_SNP on ${gkeAlternatives(Tee.SEV_SNP, 4)[0]}, or Tee.NONE`,
    });
  if (system && tee !== Tee.NONE)
    throw refusal("POOL_SYSTEM", scope, {
      rule: "a system pool is plain",
      got: `tee '${tee.id}'`,
      source: "this library, 2026: the platform's own pods hold no tenant's data",
      use: `leave tee out, on ${gkeAlternatives(Tee.NONE, 2)[0]} for example, or make it a pool for tenants`,
    });
}

/** The machine type, when it is known and runs the TEE. Throws POOL_MACHINE_TYPE. */
export function machineType(scope: ErrorScope, name: string, tee: Tee): GkeMachineType {
  const type = GKE_MACHINE_TYPES.get(name);
  if (type && (tee === Tee.NONE ? !type.gpu : gkeConfidential(type, tee))) return type;
  const vcpus = Number(/-(\d+)g?(-lssd)?$/.exec(name)?.[1] ?? 4);
  const shapes = GKE_CONFIDENTIAL.filter((one) => one.tee === tee).flatMap((one) => one.shapes);
  const rule =
    tee === Tee.NONE
      ? `machineType must be one whose size this library knows${hint(name)}`
      : `machineType must be of ${shapes.join(", ")} to run ${tee.label} on GKE${hint(name)}`;
  throw refusal("POOL_MACHINE_TYPE", scope, {
    rule,
    got: `'${name}'`,
    source: "Confidential VM documentation, supported configurations, 2026-10",
    use: `use one of ${gkeAlternatives(tee, vcpus).join(", ")}`,
  });
}

/** What else is wrong with some machine types. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^(ct\d|tpu)/, "TPUs attach to no confidential node, and this library makes no TPU pools"],
  [/^a3-|^a2-|^g2-/, "of machines with GPUs, a3-highgpu-1g with its one H100 and Intel TDX alone"],
  [/^e2-(micro|small|medium)$/, "GKE's own default shares a core"],
  [/^g4-/, "g4-standard-48 with AMD SEV and its RTX PRO 6000 is not in this library's table"],
  [/-metal$/, "bare metal is no confidential machine"],
];

function hint(name: string): string {
  const found = HINTS.find(([pattern]) => pattern.test(name));
  return found ? ` (${found[1]})` : "";
}

const CONFIDENTIAL_LIMITS = "Confidential VM documentation, supported configurations, limitations, 2026-10";

/** Throws POOL_FEATURE for features that can be asked for and cannot be had. */
export function assertFeatures(
  scope: ErrorScope,
  options: GkeNodePoolOptions,
  { gpu, vcpus, family }: GkeMachineType,
  tee: Tee,
): void {
  const plain = gkeAlternatives(Tee.NONE, vcpus)[0]!;
  const sev = gkeAlternatives(Tee.SEV, vcpus)[0]!;
  const driver = options.gpuDriver;
  const rules: readonly {
    readonly broken: boolean;
    readonly rule: string;
    readonly got: string;
    readonly source: string;
    readonly use: string;
  }[] = [
    {
      broken: options.numaAligned === true,
      rule: "numaAligned must be off on GKE: kubelet's topology manager needs the google provider 7.3, the bindings are made from 6.50",
      got: "numaAligned: true",
      source: "terraform-provider-google changelog, 2026-08",
      use: `use staticCpuManager: true alone, on a machine of one NUMA node like ${plain}`,
    },
    {
      broken: options.sandbox !== undefined,
      rule:
        "sandbox must be left out: sandbox_config is in no google provider before 7.22" +
        (tee === Tee.NONE ? "" : ", and no source says that GKE Sandbox works on confidential nodes"),
      got: `'${options.sandbox}'`,
      source: "terraform-provider-google changelog, 2026-08",
      use: `give tenants that need a boundary of their own a pool each (dedicated: true), like ${gkeAlternatives(tee, vcpus)[0]}`,
    },
    {
      broken: options.reservation !== undefined && (tee === Tee.SEV_SNP || tee === Tee.TDX),
      rule: `reservation must be left out with ${tee.label}, whose nodes take none`,
      got: `'${options.reservation}'`,
      source: CONFIDENTIAL_LIMITS,
      use: `order nodes on demand, or use Tee.SEV on ${sev}`,
    },
    {
      broken: options.reservation !== undefined && options.spot === true,
      rule: "reservation must be left out with spot, which takes spare capacity only",
      got: `'${options.reservation}' with spot: true`,
      source: "Compute Engine documentation, reservations, restrictions, 2026",
      use: `leave out one of the two, on ${plain} for example`,
    },
    ...(["reservation", "soleTenantNodeGroup"] as const).map((prop) => ({
      broken: options[prop] !== undefined && !RESOURCE_NAME.test(options[prop]),
      rule: `${prop} must be a name of Compute Engine`,
      got: `'${options[prop]}'`,
      source: "Compute Engine documentation, naming resources, 2026",
      use: "write it in lower-case letters, digits and '-', as `gcloud compute` prints it, or leave it out",
    })),
    {
      broken: options.soleTenantNodeGroup !== undefined && family === "e2",
      rule: "soleTenantNodeGroup must be left out on E2, which runs on shared hosts only",
      got: `'${options.soleTenantNodeGroup}'`,
      source: "Compute Engine documentation, general-purpose machine family, copy of 2026-04",
      use: "leave it out, or use n2d-standard-4",
    },
    {
      broken: options.soleTenantNodeGroup !== undefined && tee === Tee.TDX,
      rule: "soleTenantNodeGroup must be left out with Intel TDX, which runs on shared hosts only",
      got: `'${options.soleTenantNodeGroup}'`,
      source: CONFIDENTIAL_LIMITS,
      use: `leave it out, or use a plain pool like ${plain}`,
    },
    {
      broken: driver !== undefined && (!gpu || !GPU_DRIVERS.includes(driver)),
      rule: `gpuDriver must be one of ${GPU_DRIVERS.join(", ")}, on a3-highgpu-1g`,
      got: `'${driver}'`,
      source: "GKE documentation, GPUs in node pools, 2026",
      use: gpu ? "use DEFAULT" : "leave it out",
    },
  ];
  const broken = rules.find((one) => one.broken);
  if (broken) throw refusal("POOL_FEATURE", scope, broken);
}

/** A name in Compute Engine. SOURCE: terraform-provider-google 6.50, verify/validation.go, 2025. */
const RESOURCE_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

const GPU_DRIVERS = ["DEFAULT", "LATEST", "INSTALLATION_DISABLED"];

/** Zones the nodes stand in. Throws POOL_ZONES and POOL_SIZE. */
export function poolZones(
  scope: ErrorScope,
  region: string,
  { zones, maxNodes }: GkeNodePoolOptions,
  confidential: GkeConfidential | undefined,
): readonly string[] {
  const sold = confidential?.zones;
  const letters = sold ? (sold[region] ?? "") : gkeZoneLetters(region);
  const known = letters === undefined ? undefined : [...letters].map((letter) => `${region}-${letter}`);
  const chosen = zones ?? (known ?? []).slice(0, Math.min(3, Math.max(1, maxNodes)));
  const here = new RegExp(`^${region}-[a-z]$`);
  const good =
    chosen.length > 0 &&
    new Set(chosen).size === chosen.length &&
    chosen.every((zone) => here.test(zone) && (known?.includes(zone) ?? true));
  if (!good)
    throw refusal("POOL_ZONES", scope, {
      rule: confidential
        ? `zones must be zones of ${region} that sell ${confidential.shapes.join(" and ")} with ${confidential.tee.label}`
        : `zones must be named, each once, and lie in ${region}`,
      got: `[${chosen.join(", ")}] in region '${region}'`,
      source: confidential
        ? `${confidential.source}, ${confidential.date}`
        : "Compute Engine documentation, regions and zones, 2026",
      use: zonesToUse(region, known, sold, confidential),
    });
  if (maxNodes < chosen.length)
    throw refusal("POOL_SIZE", scope, {
      rule: "maxNodes must be at least one a zone",
      got: `maxNodes ${maxNodes} for ${chosen.length} zones`,
      source: "GKE documentation, regional clusters, 2026: a pool starts with as many nodes in every zone",
      use: "raise maxNodes, or name fewer zones",
    });
  return chosen;
}

function zonesToUse(
  region: string,
  known: readonly string[] | undefined,
  sold: Readonly<Record<string, string>> | undefined,
  confidential: GkeConfidential | undefined,
): string {
  if (known && known.length > 0) return `use ${known.join(", ")}`;
  if (sold) {
    const regions = Object.entries(sold).map(([name, letters]) => `${name}-${[...letters].join("/")}`);
    return `move the host to one of ${regions.join(", ")}, or use another TEE`;
  }
  return `name the zones your project has there${confidential ? " with the TEE" : ""}, like ${region}-a`;
}

/** The platform to ask for, if any. Throws GKE_CPU_PLATFORM. */
export function cpuPlatform(
  scope: ErrorScope,
  asked: string | undefined,
  type: GkeMachineType,
  confidential: GkeConfidential | undefined,
): string | undefined {
  const needed = confidential?.minCpuPlatform;
  const choices = needed ? [needed] : type.platforms;
  if (asked === undefined || choices.includes(asked)) return asked ?? needed;
  throw refusal("GKE_CPU_PLATFORM", scope, {
    rule: confidential
      ? `minCpuPlatform must be one on which ${type.family} runs ${confidential.tee.label}`
      : `minCpuPlatform must be one ${type.family} has`,
    got: `'${asked}'`,
    source: confidential
      ? `${confidential.source}, ${confidential.date}`
      : "Compute Engine documentation, CPU platforms, 2026",
    use: choices.length > 0 ? `use ${choices.join(" or ")} on ${type.name}` : "leave it out",
  });
}

/** Why nodes stop for host maintenance instead of moving, in words that follow the machine type; undefined where they move. */
export function stopsBecause(
  { spot }: GkeNodePoolOptions,
  type: GkeMachineType,
  confidential: GkeConfidential | undefined,
  minCpuPlatform: string | undefined,
): string | undefined {
  if (spot) return "as spot capacity";
  if (!confidential) return type.localSsds > 0 ? "with local SSDs" : undefined;
  const moves = confidential.liveMigrationOn !== undefined && confidential.liveMigrationOn === minCpuPlatform;
  return moves ? undefined : `with ${confidential.tee.label}`;
}

/** Throws POOL_FEATURE where nodes stop for host maintenance and somebody relies on the opposite. */
export function assertLiveMigration(
  scope: ErrorScope,
  options: GkeNodePoolOptions,
  type: GkeMachineType,
  confidential: GkeConfidential | undefined,
  minCpuPlatform: string | undefined,
): void {
  const stops = stopsBecause(options, type, confidential, minCpuPlatform);
  if (!options.expectLiveMigration || stops === undefined) return;
  throw refusal("POOL_FEATURE", scope, {
    rule: `expectLiveMigration must be off: ${type.name} ${stops} stops for host maintenance`,
    got: "expectLiveMigration: true",
    source: CONFIDENTIAL_LIMITS,
    use: `run enough replicas, or use Tee.SEV on ${gkeAlternatives(Tee.SEV, type.vcpus)[0]} with minCpuPlatform "AMD Milan"`,
  });
}

/** Node images of GKE that a Linux tenant can run on. */
const IMAGES = ["COS_CONTAINERD", "UBUNTU_CONTAINERD"];

/** The node image. Throws POOL_OS. */
export function image(scope: ErrorScope, asked = "COS_CONTAINERD"): string {
  if (IMAGES.includes(asked)) return asked;
  throw refusal("POOL_OS", scope, {
    rule: `imageType must be one of ${IMAGES.join(", ")}: virtual clusters and confidential nodes run Linux with containerd`,
    got: `'${asked}'`,
    source:
      "Confidential VM documentation, supported configurations, 2026-10; GKE documentation, node images, 2026",
    use: "use COS_CONTAINERD",
  });
}

const FLOOR_SOURCE = "GKE release notes, 2025-05-27; google/cc-device-plugin README, 2026";

/** Numbers of `1.34.1-gke.2909000`; undefined for another shape. */
function versionNumbers(version: string): readonly number[] | undefined {
  return /^(\d+)\.(\d+)\.(\d+)-gke\.(\d+)$/.exec(version)?.slice(1).map(Number);
}

function atLeast(version: readonly number[], floor: readonly number[]): boolean {
  const index = version.findIndex((number, at) => number !== floor[at]);
  return index < 0 || version[index]! > floor[index]!;
}

/** Throws POOL_VERSION when the TEE needs a newer version on the image. */
export function assertVersion(
  scope: ErrorScope,
  minor: string,
  nodeVersion: string | undefined,
  imageType: string,
  confidential: GkeConfidential | undefined,
): void {
  const numbers = nodeVersion === undefined ? undefined : versionNumbers(nodeVersion);
  if (nodeVersion !== undefined && (!numbers || !nodeVersion.startsWith(`${minor}.`)))
    throw refusal("POOL_VERSION", scope, {
      rule: `nodeVersion must be a GKE version of the host's minor ${minor}`,
      got: `'${nodeVersion}'`,
      source: "GKE documentation, versioning, 2026",
      use: `write it like ${minor}.1-gke.2909000, or leave it out`,
    });
  const floors = confidential?.floors[imageType] ?? [];
  const minorOf = (version: string): number => Number(version.split(".")[1]);
  const mine = minorOf(minor);
  if (floors.length === 0 || floors.every((floor) => mine > minorOf(floor))) return;
  const floor = floors.find((one) => minorOf(one) === mine);
  if (floor && numbers && atLeast(numbers, versionNumbers(floor)!)) return;
  const other = imageType === "COS_CONTAINERD" ? "raise the host" : "use imageType COS_CONTAINERD";
  throw refusal("POOL_VERSION", scope, {
    rule: `${confidential!.tee.label} on ${imageType} needs nodes of ${floors.join(" or ")} on`,
    got:
      nodeVersion === undefined ? `Kubernetes ${minor} without nodeVersion` : `nodeVersion '${nodeVersion}'`,
    source: FLOOR_SOURCE,
    use: floor ? `set nodeVersion: "${floor}" or later, or ${other}` : other,
  });
}

/** Type of the boot disk, with what no source settles about it. Throws POOL_DISK. */
export function bootDisk(
  scope: ErrorScope,
  options: GkeNodePoolOptions,
  type: GkeMachineType,
  tee: Tee,
  confidential: GkeConfidential | undefined,
): { readonly type: string; readonly unproven: readonly string[] } {
  const { confidentialStorage = false, localSsdEncryption } = options;
  const offered = confidential?.disks ?? type.disks;
  const unclear = confidential?.disks ? [] : type.unprovenDisks;
  const chosen = options.diskType ?? (confidentialStorage ? "hyperdisk-balanced" : offered[0]!);
  const sev = gkeAlternatives(Tee.SEV, type.vcpus).find((name) => name.startsWith("c3d"))!;
  if (confidentialStorage && tee !== Tee.SEV && tee !== Tee.SEV_SNP)
    throw refusal("POOL_DISK", scope, {
      rule: "confidentialStorage must go with AMD SEV nodes",
      got: `confidentialStorage: true with tee '${tee.id}'`,
      source: "GKE release notes, 2026-09-03",
      use: `leave it out, or use Tee.SEV on ${sev}`,
    });
  if (confidentialStorage && chosen !== "hyperdisk-balanced")
    throw refusal("POOL_DISK", scope, {
      rule: "confidentialStorage must go with diskType hyperdisk-balanced",
      got: `diskType '${chosen}'`,
      source: "terraform-provider-google documentation, container_node_pool, 6.50, 2025",
      use: `leave diskType out, on ${sev} for example`,
    });
  if (!offered.includes(chosen) && !unclear.includes(chosen))
    throw refusal("POOL_DISK", scope, {
      rule: `diskType must be one ${type.name}${confidential ? ` takes with ${tee.label}` : " takes"}`,
      got: `'${chosen}'`,
      source: "Compute Engine documentation, machine families and disks, copy of 2026-04",
      use: `use ${offered.join(" or ")} on ${type.name}`,
    });
  if (localSsdEncryption !== undefined && !(type.localSsds > 0 && SSD_MODES.includes(localSsdEncryption)))
    throw refusal("POOL_DISK", scope, {
      rule: `localSsdEncryption must be one of ${SSD_MODES.join(", ")}, on a machine type with local SSDs`,
      got: `'${localSsdEncryption}' on ${type.name}`,
      source: "terraform-provider-google documentation, container_node_pool, 6.50, 2025",
      use: "leave it out, or use c3-standard-8-lssd",
    });
  return {
    type: chosen,
    unproven: [
      ...(offered.includes(chosen) ? [] : [`no source says that ${type.family} nodes boot from ${chosen}`]),
      ...(confidentialStorage && tee === Tee.SEV_SNP
        ? ["no source says that GKE offers confidential mode for Hyperdisk Balanced with AMD SEV-SNP"]
        : []),
    ],
  };
}

const SSD_MODES = ["STANDARD_ENCRYPTION", "EPHEMERAL_KEY_ENCRYPTION"];
