// A GKE node pool as plain data: its options checked, and what they stand for.
import { runtimeClassName } from "../core/names";
import { assertShape, scopeOf } from "../core/option-shape";
import { Tee } from "../tee/tee";
import { TrustTier } from "../tee/trust-tier";
import {
  gkeConfidential,
  gkeNodeCapacity,
  gkeUnproven,
  type GkeConfidential,
  type GkeMachineType,
} from "./gke-machine-type";
import {
  assertFeatures,
  assertLiveMigration,
  assertTee,
  assertVersion,
  bootDisk,
  cpuPlatform,
  image,
  machineType,
  poolZones,
  stopsBecause,
} from "./gke-pool-checks";
import type { GkeNodePoolOptions, GkePlace } from "./gke-pool-options";
import { GKE_POOL_SHAPE } from "./gke-pool-shape";
import { provenAlternative } from "./machine-type";
import { poolPlacement, type PoolReference } from "./node-pool";
import { assertDisk, assertPoolOptions, teeOf } from "./pool-options";
import { unprovenWarnings } from "./refusal";

/** A pool whose options passed every check, with what they stand for. */
export interface CheckedGkePool {
  readonly reference: PoolReference;
  readonly type: GkeMachineType;
  /** Undefined on plain pools. */
  readonly confidential?: GkeConfidential;
  readonly zones: readonly string[];
  readonly diskType: string;
  readonly imageType: string;
  readonly minCpuPlatform?: string;
  /** How the GPU driver is installed, on GPU nodes. */
  readonly gpuDriver?: string;
}

/**
 * Checks a pool against the tables and returns it as plain data. Runs before anything is synthesized.
 * Fails with the codes named in GkeNodePoolOptions.
 */
export function gkePoolReference(place: GkePlace, options: GkeNodePoolOptions): PoolReference {
  return checkGkePool(place, options).reference;
}

/** As `gkePoolReference`, with the values the construct needs. */
export function checkGkePool(place: GkePlace, options: GkeNodePoolOptions): CheckedGkePool {
  const scope = scopeOf("pools", options);
  assertShape(scope, GKE_POOL_SHAPE, options);
  const tee = teeOf(options);
  const system = options.system ?? false;
  assertPoolOptions(scope, options);
  assertDisk(
    scope,
    options.diskGiB ?? 100,
    { gib: 20, why: "what the image needs" },
    { gib: 65_536, why: "what the disks allow" },
  );
  assertTee(scope, tee, system);
  const type = machineType(scope, options.machineType, tee);
  const confidential = gkeConfidential(type, tee);
  assertFeatures(scope, options, type, tee);
  const zones = poolZones(scope, place.location, options, confidential);
  const minCpuPlatform = cpuPlatform(scope, options.minCpuPlatform, type, confidential);
  assertLiveMigration(scope, options, type, confidential, minCpuPlatform);
  const imageType = image(scope, options.imageType);
  assertVersion(scope, place.kubernetesVersion, options.nodeVersion, imageType, confidential);
  const disk = bootDisk(scope, options, type, tee, confidential);
  const facts = [
    ...(confidential ? gkeUnproven(type, confidential) : []),
    ...disk.unproven,
    ...(options.soleTenantNodeGroup && confidential
      ? [`no source says that ${tee.label} nodes start on sole-tenant hosts`]
      : []),
    ...(options.soleTenantNodeGroup && options.spot
      ? ["no source says that spot nodes start on sole-tenant hosts"]
      : []),
  ];
  const placement = poolPlacement(options.name, tee, system);
  const reference: PoolReference = {
    name: options.name,
    tee: tee.id,
    tier: (tee === Tee.NONE ? TrustTier.SHARED : TrustTier.CONFIDENTIAL_NODE).name,
    machineType: type.name,
    minNodes: options.minNodes,
    maxNodes: options.maxNodes,
    system,
    runtimeClassName: runtimeClassName(options.name),
    placement: confidential
      ? { ...placement, vendorLabels: { [CONFIDENTIAL_LABEL]: confidential.instanceType } }
      : placement,
    capacity: gkeNodeCapacity(type, confidential !== undefined, options.maxNodes),
    handler: "runc",
    overhead: { milliCpu: 0, memoryMiB: 0 },
    owner: options.owner,
    warnings: [
      ...unprovenWarnings(
        scope,
        `${type.name}${confidential ? ` with ${tee.label}` : ""} on GKE`,
        facts,
        options,
        {
          source:
            "Compute Engine documentation, machine families and Confidential VM supported configurations, 2026-04 to 2026-10",
          use: provenAlternative("google", tee),
        },
      ),
      ...limits(options, type, confidential, minCpuPlatform),
    ],
  };
  const gpuDriver = type.gpu ? (options.gpuDriver ?? "DEFAULT") : undefined;
  return { reference, type, confidential, zones, diskType: disk.type, imageType, minCpuPlatform, gpuDriver };
}

/** Label GKE itself sets on confidential nodes. SOURCE: GKE documentation, Confidential GKE Nodes, 2026. */
const CONFIDENTIAL_LABEL = "cloud.google.com/gke-confidential-nodes-instance-type";

/** What the TEE does not give, and what spot capacity does, for every report. */
function limits(
  options: GkeNodePoolOptions,
  type: GkeMachineType,
  confidential: GkeConfidential | undefined,
  minCpuPlatform: string | undefined,
): string[] {
  const spot = options.spot ? ["spot: Google may take nodes back at any time"] : [];
  if (!confidential) return spot;
  const { tee, note, source, date } = confidential;
  return [
    ...spot,
    ...(tee === Tee.SEV ? ["AMD SEV encrypts memory without integrity, and leaves registers readable"] : []),
    ...(stopsBecause(options, type, confidential, minCpuPlatform) === undefined
      ? []
      : [`nodes stop for host maintenance, they do not move (${source}, ${date})`]),
    ...(note === undefined ? [] : [note]),
  ];
}

/** Types of volumes that every node of a pool can attach. */
export function gkeVolumeTypes({ type, confidential }: CheckedGkePool): readonly string[] {
  return (confidential?.disks ?? type.disks).filter((disk) => VOLUME_TYPES.includes(disk));
}

/** Types the host's StorageClass may have, the default first. */
export const VOLUME_TYPES = ["pd-balanced", "hyperdisk-balanced"];
