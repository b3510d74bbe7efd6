// An EKS node pool as plain data: what may be asked for, and every check that needs no construct.
import { ConfigurationError, reasonOf, type ErrorScope } from "../core/errors";
import { assertName, runtimeClassName } from "../core/names";
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

export interface EksNodePoolOptions {
  /** DNS-1123 label, at most 30 characters, unique within the host. Replaces the pool. Fails with NAME. */
  readonly name: string;
  /**
   * EC2 instance type, like `m6a.xlarge`. Replaces the pool. Fails with POOL_INSTANCE_TYPE when it is not in the
   * table, or not in the table of the TEE. SEV-SNP on Graviton is refused, though the provider accepts it.
   */
  readonly instanceType: string;
  /**
   * What nodes run in. Replaces the pool. Fails with POOL_TEE and POOL_REGION.
   * @default Tee.NONE
   */
  readonly tee?: Tee;
  /** Nodes at least. Fails with POOL_SIZE. */
  readonly minNodes: number;
  /** Nodes at most; tenants' quotas are checked against it. Fails with POOL_SIZE. */
  readonly maxNodes: number;
  /**
   * True when an autoscaler of yours owns the number of nodes; nothing in this library scales. The group then starts
   * with `minNodes` (at least one) and the number is left alone. Otherwise it has `maxNodes` nodes, which is what
   * tenants' quotas were checked against.
   * @default false
   */
  readonly autoscaled?: boolean;
  /**
   * True where CoreDNS, the CSI controller and the Cilium operator run. No pool taint; tenants are refused.
   * Must be plain. Fails with POOL_SYSTEM.
   * @default false
   */
  readonly system?: boolean;
  /**
   * Root volume, GiB, 20 to 16384. Fails with POOL_SIZE. Holds images and every pod's scratch space. A change recycles nodes.
   * @default 100
   */
  readonly diskGiB?: number;
  /**
   * Why facts that no source settles are relied on. SEV-SNP on EKS needs it: see EKS_UNPROVEN.
   * Shows as a warning at synth and in the summary. Fails with POOL_UNPROVEN when missing.
   */
  readonly acceptUnproven?: string;
}

/** Longest pool name: EKS appends 26 characters to a name prefix of at most 37. */
const MAX_POOL_NAME = 30;

/**
 * Checks a pool against the tables and returns it as plain data. Runs before anything is synthesized.
 * Fails with the codes named in EksNodePoolOptions.
 */
export function eksPoolReference(region: string, options: EksNodePoolOptions): PoolReference {
  const scope = `pools.${options.name}`;
  const tee = options.tee ?? Tee.NONE;
  const system = options.system ?? false;
  assertName(scope, "name", options.name, "NAME", MAX_POOL_NAME);
  assertSize(scope, options);
  const type = instanceType(scope, options.instanceType, tee);
  assertRegion(scope, region, tee);
  if (system && tee !== Tee.NONE)
    throw new ConfigurationError(
      "POOL_SYSTEM",
      scope,
      `a system pool is plain, got tee '${tee.id}'; leave tee out, or make it a pool for tenants`,
    );
  const unproven = acceptedFacts(scope, tee, options.acceptUnproven);
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
    overhead: { milliCpu: 0, memoryMiB: 0 },
    unproven,
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

function assertSize(scope: ErrorScope, { minNodes, maxNodes, diskGiB = 100 }: EksNodePoolOptions): void {
  if (!Number.isInteger(diskGiB) || diskGiB < 20 || diskGiB > 16_384)
    throw new ConfigurationError(
      "POOL_SIZE",
      scope,
      `diskGiB must be a whole number from 20 (what the image needs) to 16384 (what gp3 allows), got ${diskGiB}; change it`,
    );
  const whole = Number.isInteger(minNodes) && Number.isInteger(maxNodes);
  if (whole && minNodes >= 0 && minNodes <= maxNodes && maxNodes >= 1) return;
  throw new ConfigurationError(
    "POOL_SIZE",
    scope,
    `node counts must be whole numbers with 0 <= minNodes <= maxNodes and maxNodes >= 1, ` +
      `got minNodes ${minNodes} and maxNodes ${maxNodes}; raise maxNodes or lower minNodes`,
  );
}

function acceptedFacts(scope: ErrorScope, tee: Tee, accept: string | undefined): string[] {
  const facts = EKS_UNPROVEN.get(tee) ?? [];
  if (facts.length === 0) return [];
  if (accept === undefined)
    throw new ConfigurationError(
      "POOL_UNPROVEN",
      scope,
      `${tee.label} on EKS rests on facts nobody proved (${facts.join("; ")}), got no acceptUnproven; ` +
        `test it on your account, then set acceptUnproven: "<what you tested, when>"`,
    );
  const reason = reasonOf(scope, "acceptUnproven", accept);
  return facts.map((fact) => `unproven: ${fact}; accepted: ${reason}`);
}
