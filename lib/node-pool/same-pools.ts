// The pools a stack makes, held against those its host's reference was made of.
import { ConfigurationError, type ErrorScope } from "../core/errors";
import type { PoolReference } from "./node-pool";

/** What a host's reference says of itself and its pools. */
interface Host {
  readonly name: string;
  readonly pools: readonly PoolReference[];
}

/**
 * Throws POOL_REFERENCE when pools are others than the host's, or have other settings. Warnings do not count:
 * retirements come nearer while a saved reference stays. `hostClass` is the class that makes references, like `EksHost`.
 */
export function assertSamePools(
  scope: ErrorScope,
  hostClass: string,
  { name, pools }: Host,
  given: readonly PoolReference[],
): void {
  if (JSON.stringify(given.map(lasting)) === JSON.stringify(pools.map(lasting))) return;
  throw new ConfigurationError(
    "POOL_REFERENCE",
    scope,
    `pools must be the ones the reference of host ${name} was made of ([${names(pools)}]), got [${names(given)}] ` +
      `or other settings; pass the same list to ${hostClass}.reference and here`,
  );
}

function lasting({ warnings: _warnings, ...pool }: PoolReference): object {
  return pool;
}

function names(pools: readonly PoolReference[]): string {
  return pools.map((pool) => pool.name).join(", ");
}
