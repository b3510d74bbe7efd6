// Five tenants whose keys Azure Attestation guards, and the tokens that machines of all kinds get.
import { AzureAttestation, AzureVolumeKeys, type AzureAttestationOptions } from "../../lib/azure";
import { Construct } from "../../lib/core/cdk";
import { tenantNamespace } from "../../lib/core/names";
import { Template } from "../../lib/testing";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { AzureTrustStack } from "../../stacks/azure";
import { AksHost } from "../../lib/azure";
import { AKS_ATTRIBUTES, AKS_ISSUER, azureTrust, exampleAks, id } from "./aks";
import type { Claims } from "./azure-release-policy";
import { AzureVaults, type AttestationToken, type Login } from "./azure-vaults";
import { exampleTenant } from "./host";
import { app, stack } from "./scope";

export const TENANTS = ["acme", "globex", "initech", "hooli", "umbrella"];
export const OWN_URL = azureTrust().attestationUrl;
export const OFFICER: Login = { objectId: id(4) };

/** The stacks of the host's trust and its tenants, synthesized. */
export function trustTemplates(change: Partial<AzureAttestationOptions> = {}): {
  readonly trust: Template;
  readonly tenants: Template;
} {
  const trust = azureTrust();
  const verifier = AzureAttestation.of({ name: "maa", trust, ...change });
  const keys = AzureVolumeKeys.of({ trust });
  const tenants = stack("tenants-01");
  const host = AksHost.fromAttributes(tenants, "Host", exampleAks(), {
    ...AKS_ATTRIBUTES,
    oidcIssuer: AKS_ISSUER,
  });
  for (const name of TENANTS) {
    const scope = new Construct(tenants, `Tenant-${name}`);
    const tenant = checkTenant(exampleTenant({ name }), host.reference);
    verifier.bind(new Construct(scope, "Attestation"), { tenant, host });
    keys.volumeKey(new Construct(scope, "VolumeKey"), { tenant, host });
  }
  return { trust: Template.of(new AzureTrustStack(app(), "trust", trust)), tenants: Template.of(tenants) };
}

/** The vaults those stacks make. */
export function trustVaults(): AzureVaults {
  const { trust, tenants } = trustTemplates();
  return new AzureVaults(`/subscriptions/${id(1)}`, [trust.json, tenants.json]);
}

/** Id of a tenant's key that evidence opens. */
export function releaseKey(tenant: string): string {
  return `${azureTrust().releaseVault.id}/keys/workload-${tenant}`;
}

/** How a pod of a tenant logs in. */
export function podOf(tenant: string): Login {
  return {
    issuer: AKS_ISSUER,
    subject: `system:serviceaccount:${tenantNamespace(tenant)}:vc-workload-${tenant}`,
    audience: "api://AzureADTokenExchange",
  };
}

/** What a genuine machine's token says of it. */
const MACHINE: Claims = {
  "x-ms-attestation-type": "sevsnpvm",
  "x-ms-compliance-status": "azure-compliant-cvm",
  "x-ms-sevsnpvm-is-debuggable": false,
  "x-ms-sevsnpvm-vmpl": 0,
};

/** A token for a machine, as the vTPM's way of attesting makes it. */
export function machineToken(
  change: Claims = {},
  of: Partial<Omit<AttestationToken, "claims">> = {},
): AttestationToken {
  return {
    issuer: OWN_URL,
    age: 1,
    ...of,
    claims: {
      "x-ms-attestation-type": "azurevm",
      secureboot: true,
      "x-ms-isolation-tee": { ...MACHINE, ...change },
    },
  };
}

/** Tokens that must open nothing, by what is wrong with them. */
export const BAD_TOKENS: Readonly<Record<string, AttestationToken | undefined>> = {
  "no token": undefined,
  "another authority": machineToken({}, { issuer: "https://sharedweu.weu.attest.azure.net" }),
  "a provider of somebody else's": machineToken({}, { issuer: "https://mallory.weu.attest.azure.net" }),
  "claims without the machine's prefix": { issuer: OWN_URL, age: 1, claims: MACHINE },
  debug: machineToken({ "x-ms-sevsnpvm-is-debuggable": true }),
  "debug unsaid": machineToken({ "x-ms-sevsnpvm-is-debuggable": undefined }),
  "SGX enclave": {
    issuer: OWN_URL,
    age: 1,
    claims: { "x-ms-attestation-type": "sgx", "x-ms-sgx-is-debuggable": false },
  },
  "TDX machine": machineToken({ "x-ms-attestation-type": "tdxvm" }),
  "not compliant": machineToken({ "x-ms-compliance-status": "azure-signed-cvm" }),
  "confidential container": machineToken({ "x-ms-compliance-status": "azure-compliant-uvm" }),
  "trusted launch": {
    issuer: OWN_URL,
    age: 1,
    claims: { "x-ms-attestation-type": "azurevm", secureboot: true },
  },
  "prefix by a dot in the name": {
    issuer: OWN_URL,
    age: 1,
    claims: Object.fromEntries(
      Object.entries(MACHINE).map(([key, value]) => [`x-ms-isolation-tee.${key}`, value]),
    ),
  },
  expired: machineToken({}, { age: 481 }),
};
