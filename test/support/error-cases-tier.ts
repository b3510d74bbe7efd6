// One way to raise each error code of tenants' attestation.
import { tenantSpec } from "../../lib/tenant/tenant-parse";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { attested, testVerifier } from "./attestation";
import { exampleHost, exampleTenant, tenantInput } from "./host";

const host = exampleHost();

export const TIER_CASES = {
  ATTESTATION_REFERENCE: () =>
    checkTenant(exampleTenant({ attestation: attested({ referenceValues: [] }) }), host, undefined, [
      testVerifier(),
    ]),
  ATTESTATION_VERIFIER: () => checkTenant(exampleTenant({ attestation: attested() }), host),
  ATTESTATION_WORKLOAD: () => tenantSpec(tenantInput({ attestation: attested({ name: "App 1" }) })),
  CERTIFICATE_LIFE: () =>
    tenantSpec(
      tenantInput({ attestation: attested({ certificate: { dnsNames: ["app.acme"], minutes: 120 } }) }),
    ),
} satisfies Record<string, () => unknown>;
