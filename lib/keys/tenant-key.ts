// The contract of a tenant's keys: one its workload opens by evidence, one its storage driver uses, which can show none.
import type { Construct, ITerraformDependable } from "../core/cdk";
import { ConfigurationError, type ErrorScope } from "../core/errors";
import type { HostReference, StorageClassReference } from "../host-cluster/host-cluster";
import type { CheckedTenant } from "../tenant/tenant-checks";
import type { TenantContext } from "../attestation/verifier";

/** One tenant's key, with who may use it and on what evidence. */
export interface ITenantKey {
  /** The cloud's id of the key. */
  readonly keyId: string;
  /** Parameters of a StorageClass that encrypts with it; empty for keys no storage driver may use. */
  readonly storageClassParameters: Readonly<Record<string, string>>;
  /** Key and grants: what must exist before the first volume. */
  readonly ready: ITerraformDependable[];
}

/**
 * Keys for tenants' volumes on one host. A plain object, made before `new App()`: the StorageClass is known at synth,
 * because keys are named, not looked up.
 */
export interface ITenantKeys {
  /** The tenant's own StorageClass, which admission keeps to its namespace. */
  storageClass(tenant: Pick<CheckedTenant, "spec">): StorageClassReference;
  /** Makes the tenant's volume key in the stack of `scope`. */
  volumeKey(scope: Construct, context: TenantContext): ITenantKey;
}

/** Throws TENANT_HOST when keys were made for another host than the tenant's: their names and grants are that host's. */
export function assertKeysOf(
  scope: ErrorScope,
  className: string,
  own: Pick<HostReference, "cloud" | "name" | "location" | "account">,
  used: HostReference,
): void {
  const same = (["cloud", "name", "location", "account"] as const).every((fact) => own[fact] === used[fact]);
  if (same) return;
  throw new ConfigurationError(
    "TENANT_HOST",
    scope,
    `a tenant's keys must be of its own host, got ${className} of ${placeOf(own)} on ${placeOf(used)}; ` +
      "make keys of the host that the stack connects to",
  );
}

function placeOf({
  cloud,
  name,
  location,
  account,
}: Pick<HostReference, "cloud" | "name" | "location" | "account">): string {
  return `'${name}' (${cloud}, ${location}, ${account})`;
}

/** Days a deleted key can still be brought back: what we allow, and the default. Clouds differ; each file has its own. */
export interface DeletionWindow {
  readonly least: number;
  readonly most: number;
  readonly default: number;
}

/** The window in days. Fails with KEY_DELETION. */
export function deletionDays(scope: ErrorScope, window: DeletionWindow, days: number | undefined): number {
  const { least, most } = window;
  const wanted = days ?? window.default;
  if (Number.isInteger(wanted) && wanted >= least && wanted <= most) return wanted;
  throw new ConfigurationError(
    "KEY_DELETION",
    scope,
    `a deleted key must wait ${least} to ${most} days, so that a mistake can be taken back, got ${wanted}; ` +
      `use ${window.default}`,
  );
}
