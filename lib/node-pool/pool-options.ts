// What every cloud's pool options share, and the checks that are the same on all of them.
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { assertName } from "../core/names";
import { Tee } from "../tee/tee";
import type { AcceptedFacts } from "./refusal";

/** Options that mean the same on every cloud. */
export interface PoolOptions extends AcceptedFacts {
  /** DNS-1123 label, at most 30 characters, unique within the host. Replaces the pool. Fails with NAME. */
  readonly name: string;
  /**
   * What nodes run in. Replaces the pool. Fails with POOL_TEE when no node of this cloud can have it.
   * @default Tee.NONE
   */
  readonly tee?: Tee;
  /** Nodes at least. Fails with POOL_SIZE. */
  readonly minNodes: number;
  /** Nodes at most; tenants' quotas are checked against it. Fails with POOL_SIZE. */
  readonly maxNodes: number;
  /**
   * True where the platform's own pods run. No pool taint; tenants are refused. Fails with POOL_SYSTEM.
   * @default false
   */
  readonly system?: boolean;
  /**
   * True for a pattern: `TenantDirectory.pools` makes one such pool for each tenant whose file names it, with the
   * tenant's name appended. Fails with POOL_DEDICATED when a pattern reaches a host unexpanded, or is a system pool.
   * @default false
   */
  readonly dedicated?: boolean;
  /** Set by `TenantDirectory.pools`: whose pool this is. Nobody else may name it. */
  readonly owner?: PoolOwner;
  /**
   * True gives pods of QoS class Guaranteed with whole CPUs cores of their own (kubelet's static CPU manager). Shared
   * caches stay shared: no cloud partitions them. Replaces or recycles nodes, see the cloud's own page.
   * @default false
   */
  readonly staticCpuManager?: boolean;
  /**
   * True refuses pods whose CPUs do not fit one NUMA node (kubelet's topology manager, `single-numa-node`). Needs
   * staticCpuManager. Fails with POOL_FEATURE where the cloud cannot set it.
   * @default false
   */
  readonly numaAligned?: boolean;
  /**
   * Day retirements are judged on, `YYYY-MM-DD`.
   * @default - the machine's clock
   */
  readonly today?: string;
}

/** Whose pool it is, and the pattern it was made from. */
export interface PoolOwner {
  readonly tenant: string;
  /** Name of the pattern: what the tenant's file says. */
  readonly pattern: string;
}

/** What a pool's nodes run in: our own constant, also for one of a second copy of the library. */
export function teeOf({ tee = Tee.NONE }: PoolOptions): Tee {
  return Tee.find(tee.id)!;
}

/** Longest pool name: clouds append to it. */
export const MAX_POOL_NAME = 30;

/** Checks that do not depend on the cloud. Fails with NAME, POOL_SIZE, POOL_SYSTEM, POOL_DEDICATED, POOL_FEATURE. */
export function assertPoolOptions(scope: ErrorScope, options: PoolOptions): void {
  const { minNodes, maxNodes, system, dedicated, staticCpuManager, numaAligned } = options;
  assertName(scope, "name", options.name, "NAME", MAX_POOL_NAME);
  const whole = Number.isInteger(minNodes) && Number.isInteger(maxNodes);
  if (!whole || minNodes < 0 || minNodes > maxNodes || maxNodes < 1)
    throw new ConfigurationError(
      "POOL_SIZE",
      scope,
      `node counts must be whole numbers with 0 <= minNodes <= maxNodes and maxNodes >= 1, ` +
        `got minNodes ${minNodes} and maxNodes ${maxNodes}; raise maxNodes or lower minNodes`,
    );
  if (dedicated)
    throw new ConfigurationError(
      "POOL_DEDICATED",
      scope,
      system
        ? "a pattern for dedicated pools must not be a system pool, got system: true; leave it out"
        : "a pattern for dedicated pools must be expanded, got dedicated: true; give the host TenantDirectory.pools(directory, pools)",
    );
  if (numaAligned && !staticCpuManager)
    throw new ConfigurationError(
      "POOL_FEATURE",
      scope,
      "numaAligned must go with staticCpuManager: kubelet aligns exclusive CPUs only, got numaAligned alone " +
        "(Kubernetes documentation, Control Topology Management Policies, 2026); set staticCpuManager: true",
    );
}

/** Throws POOL_SIZE when a disk is no whole number of GiB within the bounds, whose reasons are words. */
export function assertDisk(
  scope: ErrorScope,
  diskGiB: number,
  least: { readonly gib: number; readonly why: string },
  most: { readonly gib: number; readonly why: string },
): void {
  if (Number.isInteger(diskGiB) && diskGiB >= least.gib && diskGiB <= most.gib) return;
  throw new ConfigurationError(
    "POOL_SIZE",
    scope,
    `diskGiB must be a whole number from ${least.gib} (${least.why}) to ${most.gib} (${most.why}), got ${diskGiB}; change it`,
  );
}
