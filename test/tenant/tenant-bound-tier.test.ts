// A tier that rests on evidence is worth what the tenant's own stack binds.
import { EksHost } from "../../lib/aws";
import { Tenant } from "../../lib";
import { TrustTier } from "../../lib/tee/trust-tier";
import type { CheckedTenant } from "../../lib/tenant/tenant-checks";
import { testVerifier } from "../support/attestation";
import { checkedNitroTenant, nitro, nitroHost, nitroTenant } from "../support/nitro";
import { ATTRIBUTES, stack } from "../support/scope";
import type { IVerifier } from "../../lib/attestation/verifier";

const sealed = (verifier: IVerifier): CheckedTenant =>
  checkedNitroTenant(nitroTenant({ sensitivity: "sealed" }), nitroHost(), verifier);

function made(tenant: CheckedTenant): Tenant {
  const scope = stack();
  const host = EksHost.fromAttributes(scope, "Host", nitroHost(), ATTRIBUTES);
  return new Tenant(scope, "Tenant", { host, tenant });
}

test("an enclave's tier is bound with its key", () => {
  expect(made(sealed(nitro())).attestation!.grants).toBe(TrustTier.NITRO_ENCLAVE);
});

test("a verifier of that wiring that binds less is refused", () => {
  const { bind } = testVerifier();
  const lazy = testVerifier(undefined, {
    bind: (scope, context) => ({ ...bind(scope, context), grants: TrustTier.SHARED }),
  });
  const tenant = sealed(lazy);
  expect(tenant.tier).toBe(TrustTier.NITRO_ENCLAVE);
  expect(() => made(tenant)).toThrow(
    /ATTESTATION_VERIFIER.*got ENCLAVE for a tenant whose verifier 'evidence' bound SHARED; pass the tenant/,
  );
});

test("a tier whose verifier was taken away after the check is refused", () => {
  const { attestation: _gone, ...tenant } = sealed(nitro());
  expect(() => made(tenant)).toThrow(
    /ATTESTATION_VERIFIER.*got ENCLAVE for a tenant whose verifier is missing; pass the tenant/,
  );
});
