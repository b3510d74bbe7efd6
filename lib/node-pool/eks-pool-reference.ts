// An EKS node pool as plain data: what may be asked for, and every check that needs no construct.
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { runtimeClassName } from "../core/names";
import { Tee } from "../tee/tee";
import { TrustTier } from "../tee/trust-tier";
import {
  EKS_INSTANCE_TYPES,
  EKS_TEE_REGIONS,
  EKS_UNPROVEN,
  eksInstanceTypesWith,
  eksNodeCapacity,
  type EksInstanceType,
} from "./eks-instance-type";
import { poolPlacement, type PoolReference } from "./node-pool";
import { assertDisk, assertPoolOptions, type PoolOptions } from "./pool-options";
import { unprovenWarnings } from "./refusal";

export interface EksNodePoolOptions extends PoolOptions {
  /**
   * EC2 instance type, like `m6a.xlarge`. Replaces the pool. Fails with POOL_INSTANCE_TYPE when it is not in the
   * table, or not in the table of the TEE. SEV-SNP on Graviton is refused, though the provider accepts it.
   */
  readonly instanceType: string;
  /**
   * True when an autoscaler of yours owns the number of nodes; nothing in this library scales. The group then starts
   * with `minNodes` (at least one) and the number is left alone. Otherwise it has `maxNodes` nodes, which is what
   * tenants' quotas were checked against.
   * @default false
   */
  readonly autoscaled?: boolean;
  /**
   * Root volume, GiB, 20 to 16384. Fails with POOL_SIZE. Holds images and every pod's scratch space. A change recycles nodes.
   * @default 100
   */
  readonly diskGiB?: number;
}

/**
 * Checks a pool against the tables and returns it as plain data. Runs before anything is synthesized.
 * Fails with the codes named in EksNodePoolOptions.
 */
export function eksPoolReference(region: string, options: EksNodePoolOptions): PoolReference {
  const scope = `pools.${options.name}`;
  const tee = options.tee ?? Tee.NONE;
  const system = options.system ?? false;
  assertPoolOptions(scope, options);
  assertDisk(
    scope,
    options.diskGiB ?? 100,
    { gib: 20, why: "what the image needs" },
    { gib: 16_384, why: "what gp3 allows" },
  );
  const type = instanceType(scope, options.instanceType, tee);
  assertRegion(scope, region, tee);
  if (system && tee !== Tee.NONE)
    throw new ConfigurationError(
      "POOL_SYSTEM",
      scope,
      `a system pool is plain, got tee '${tee.id}'; leave tee out, or make it a pool for tenants`,
    );
  const warnings = unprovenWarnings(scope, `${tee.label} on EKS`, EKS_UNPROVEN.get(tee) ?? [], options);
  return {
    name: options.name,
    tee: tee.id,
    tier: (tee === Tee.NONE ? TrustTier.SHARED : TrustTier.CONFIDENTIAL_NODE).name,
    machineType: options.instanceType,
    minNodes: options.minNodes,
    maxNodes: options.maxNodes,
    system,
    runtimeClassName: runtimeClassName(options.name),
    placement: poolPlacement(options.name, tee, system),
    capacity: eksNodeCapacity(type, options.maxNodes),
    handler: "runc",
    overhead: { milliCpu: 0, memoryMiB: 0 },
    owner: options.owner,
    warnings,
  };
}

/** TEEs that cannot be had on EKS nodes, and why. */
const REFUSED_TEES: ReadonlyMap<Tee, string> = new Map([
  [Tee.TDX, "EC2 sells no Intel TDX instances"],
  [Tee.NITRO_ENCLAVES, "pools with Nitro Enclaves do not exist in this release"],
]);

function instanceType(scope: ErrorScope, name: string, tee: Tee): EksInstanceType {
  const refused = REFUSED_TEES.get(tee);
  if (refused)
    throw new ConfigurationError(
      "POOL_TEE",
      scope,
      `tee must be one that EKS nodes can have, got '${tee.id}': ${refused}; use Tee.SEV_SNP or Tee.NONE`,
    );
  const type = EKS_INSTANCE_TYPES.get(name);
  if (type && (tee === Tee.NONE || type.tees.includes(tee))) return type;
  const choices = tee === Tee.NONE ? [...EKS_INSTANCE_TYPES.keys()] : eksInstanceTypesWith(tee);
  const graviton = type?.arch === "arm64" ? " (Graviton has no SEV-SNP, whatever the provider accepts)" : "";
  throw new ConfigurationError(
    "POOL_INSTANCE_TYPE",
    scope,
    `instanceType must be one known ${tee === Tee.NONE ? "by size" : `to run ${tee.label}`}, got '${name}'${graviton}; ` +
      `use one of ${choices.join(", ")}`,
  );
}

function assertRegion(scope: ErrorScope, region: string, tee: Tee): void {
  const sold = EKS_TEE_REGIONS.get(tee);
  if (!sold || sold.regions.includes(region)) return;
  throw new ConfigurationError(
    "POOL_REGION",
    scope,
    `${tee.label} is sold on shared tenancy in ${sold.regions.join(" and ")} only, got region '${region}' ` +
      `(${sold.source}); move the host, or use a plain pool`,
  );
}
