// A verifier for tests: a wiring and nothing in a cloud; what it says can be changed.
import type { AttestationBinding, IVerifier } from "../../lib/attestation/verifier";
import { Wiring } from "../../lib/attestation/wiring";
import { TrustTier } from "../../lib/tee/trust-tier";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";

/** A verifier of a wiring. By default it grants what the wiring reaches. */
export function testVerifier(
  wiring: Wiring = Wiring.NITRO_ENCLAVE,
  change: Partial<IVerifier> = {},
): IVerifier {
  const verifier: IVerifier = {
    name: "evidence",
    wiring,
    warnings: [],
    problems: () => [],
    grants: ({ quota }, { pool }) =>
      wiring === Wiring.NITRO_ENCLAVE && pool.capacity.enclaves && quota.enclaves > 0
        ? TrustTier.NITRO_ENCLAVE
        : undefined,
    bind: (_scope, { tenant }): AttestationBinding => ({
      grants: tenant.tier,
      proves: wiring.cases,
      workload: { resource: `alias/${tenant.spec.name}` },
      stillTrusted: wiring.stillTrusted,
      ready: [],
    }),
    ...change,
  };
  return verifier;
}

/** Forty-eight bytes that begin with a given digit. */
export function pcr(digit: string): string {
  return digit.repeat(96);
}

/** Values of a good enclave image. */
export const PCRS = { PCR0: pcr("a"), PCR1: pcr("b"), PCR2: pcr("c") };

/** What a tenant's file says about one attested workload. */
export function attested(
  change: Partial<NonNullable<TenantSpecInput["attestation"]>["workloads"][number]> = {},
): NonNullable<TenantSpecInput["attestation"]> {
  return {
    verifier: "evidence",
    workloads: [{ name: "app", referenceValues: [{ release: "1.0", values: PCRS }], ...change }],
  };
}
