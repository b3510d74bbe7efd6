// How to raise the codes of Vault.
import { Construct } from "../../lib/core/cdk";
import type { CheckedTenant } from "../../lib/tenant/tenant-checks";
import { VaultAudit } from "../../lib/vault";
import { stack } from "./scope";
import { attestedTenant, trusteeLogin, vaultTrust, workload } from "./vault";

function define(...tenants: readonly CheckedTenant[]): unknown {
  return vaultTrust().define(new Construct(stack(), "Vault"), tenants);
}

export const VAULT_CASES = {
  CERTIFICATE_LIFE: (): unknown =>
    define(
      attestedTenant("acme", [
        workload("web", 1, { certificate: { dnsNames: ["web.acme.internal"], minutes: 61 } }),
      ]),
    ),
  CERTIFICATE_NAME: (): unknown =>
    define(attestedTenant("acme", [workload("web", 1, { certificate: { dnsNames: ["*.acme.internal"] } })])),
  VAULT_AUDIT: (): unknown => VaultAudit.devices({ file: "audit.log" }),
  VAULT_ENDPOINT: (): unknown => vaultTrust({ address: "http://vault.example.com:8200" }),
  VAULT_LOGIN: (): unknown => vaultTrust({ logins: [trusteeLogin(), trusteeLogin()] }),
  VAULT_ROLE: (): unknown => define(attestedTenant("acme", [workload("web", 1, { referenceValues: [] })])),
  VAULT_TOKEN: (): unknown => vaultTrust({ tokenMinutes: 60 }),
};
