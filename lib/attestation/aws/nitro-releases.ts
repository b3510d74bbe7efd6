// What opens a tenant's key in AWS KMS: the releases of its workloads, as registers of their evidence.
import type { AttestedRelease } from "../../keys/aws-enclave-key-policy";
import type { TenantSpec } from "../../tenant/tenant-spec";
import { workloadsOf } from "../attested-workload";

/** All releases of all workloads; each must have the common registers, too. */
export function attestedReleases(
  spec: TenantSpec,
  common: Readonly<Record<string, string>> = {},
): AttestedRelease[] {
  return workloadsOf(spec).flatMap(({ referenceValues }) =>
    referenceValues.map(({ values, from, until }) => ({ registers: { ...values, ...common }, from, until })),
  );
}
