// What a container gets that names nothing.
import type { TenantSpec } from "./tenant-spec";

/** Used when the tenant names nothing either. */
export const CONTAINER = { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } };

/** The tenant's container defaults, or ours. */
export function containerDefaults(spec: TenantSpec): NonNullable<TenantSpec["container"]> {
  return spec.container ?? CONTAINER;
}
