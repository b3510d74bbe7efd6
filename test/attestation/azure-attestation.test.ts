// Azure Attestation as a verifier: what it makes for a tenant, and whom it refuses.
import { AksHost, AzureAttestation, type AzureAttestationOptions } from "../../lib/azure";
import {
  AzurermProvider,
  FederatedIdentityCredential,
  KeyVaultKey,
  RoleAssignment,
  UserAssignedIdentity,
} from "../../lib/core/bindings/azurerm";
import { Construct, type TerraformStack } from "../../lib/core/cdk";
import { Retention } from "../../lib";
import { Template } from "../../lib/testing";
import type { AttestationBinding } from "../../lib/attestation/verifier";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { AKS_ATTRIBUTES, AKS_ISSUER, azureTrust, exampleAks, id } from "../support/aks";
import { trustTemplates } from "../support/azure-attacks";
import { exampleTenant } from "../support/host";
import { stack } from "../support/scope";

const host = exampleAks();
const trust = azureTrust();
const acme = checkTenant(exampleTenant(), host);
const SPEC = exampleTenant();
const GROUP = `/subscriptions/${id(1)}/resourceGroups/tenclave-prod/providers`;

function verifier(change: Partial<AzureAttestationOptions> = {}): AzureAttestation {
  return AzureAttestation.of({ name: "maa", trust, ...change });
}

function bound(
  change: Partial<AzureAttestationOptions> = {},
  connect = (scope: TerraformStack) =>
    AksHost.fromAttributes(scope, "Host", host, { ...AKS_ATTRIBUTES, oidcIssuer: AKS_ISSUER }),
): { template: Template; binding: AttestationBinding } {
  const scope = stack();
  const binding = verifier(change).bind(new Construct(scope, "Tenant-acme"), {
    tenant: acme,
    host: connect(scope),
  });
  return { template: Template.of(scope), binding };
}

describe("a tenant's key", () => {
  const { template, binding } = bound();
  const key = template.only(KeyVaultKey);

  test("is an HSM's, with a release policy of the host's own service, that key officers can change", () => {
    expect(key).toMatchObject({
      name: "workload-acme",
      key_vault_id: trust.releaseVault.id,
      key_type: "RSA-HSM",
      key_size: 3072,
      key_opts: ["encrypt", "wrapKey"],
      lifecycle: { prevent_destroy: true },
    });
    const [policy] = key.release_policy as [{ json: string; immutable: boolean }];
    expect(policy.immutable).toBe(false);
    expect(JSON.parse(policy.json)).toMatchObject({ anyOf: [{ authority: trust.attestationUrl }] });
  });

  test("does not rotate: nothing says that a new version keeps the policy", () => {
    expect(key.rotation_policy).toBeUndefined();
  });

  test("raises azurerm, in a stack with one provider of the host's subscription", () => {
    const { terraform, provider } = template.json as Record<string, Record<string, Record<string, unknown>>>;
    expect(terraform!.required_providers).toMatchObject({ azurerm: { version: ">= 4.76.0, < 5.0.0" } });
    expect(provider![AzurermProvider.tfResourceType]).toEqual([
      expect.objectContaining({ subscription_id: id(1) }),
    ]);
  });

  test("has an immutable policy when asked to, with a reason that stands on the report", () => {
    const immutable = "the customer's contract";
    const { template: fixed, binding: fixedBinding } = bound({ immutable });
    expect(fixed.only(KeyVaultKey).release_policy).toMatchObject([{ immutable: true }]);
    expect(verifier({ immutable }).warnings).toContain(`release policies cannot be changed: ${immutable}`);
    expect(fixedBinding.stillTrusted.at(-1)!.why).toMatch(/the policy stays/);
    expect(() => verifier({ immutable: "" })).toThrow(/REASON.*immutable/);
  });

  test("can be destroyed where nothing is kept", () => {
    const { template: thrown } = bound({ trust: azureTrust({ retention: Retention.destroy("a test") }) });
    expect(thrown.only(KeyVaultKey).lifecycle).toBeUndefined();
  });

  test("is released to the tenant's identity alone, on that key alone, after the key is there", () => {
    const { role_definition_name, scope, depends_on } = template.only(RoleAssignment);
    expect({ role_definition_name, scope }).toEqual({
      role_definition_name: "Key Vault Crypto Service Release User",
      scope: `${trust.releaseVault.id}/keys/workload-acme`,
    });
    const [keyName] = Object.keys(template.json.resource![KeyVaultKey.tfResourceType]!);
    expect(depends_on).toEqual([`azurerm_key_vault_key.${keyName}`]);
  });

  test("is reached by the service account of the tenant's pods on this cluster", () => {
    expect(template.only(FederatedIdentityCredential)).toMatchObject({
      issuer: AKS_ISSUER,
      subject: "system:serviceaccount:tenant-acme:vc-workload-acme",
      audience: ["api://AzureADTokenExchange"],
      resource_group_name: "tenclave-prod",
    });
  });

  test("is said to the workload in plain texts", () => {
    expect(binding.workload).toEqual({
      url: trust.attestationUrl,
      audience: "api://AzureADTokenExchange",
      resource: `${trust.releaseVault.url}/keys/workload-acme`,
      settings: {
        entraTenant: id(2),
        identity: `${GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/${String(template.only(UserAssignedIdentity).name)}`,
      },
    });
    expect(JSON.stringify(binding.workload)).not.toContain("TfToken");
  });

  test("is waited for: credential and role", () => {
    const waited = binding.ready.map(
      (one) => (one as unknown as { terraformResourceType: string }).terraformResourceType,
    );
    expect(waited).toEqual(["azurerm_federated_identity_credential", "azurerm_role_assignment"]);
  });
});

describe("what it claims", () => {
  const { binding } = bound();

  test("is no tier, and the row of the table", () => {
    expect(verifier().grants()).toBeUndefined();
    expect(binding.grants).toBe(acme.tier);
    expect(binding.proves).toEqual(verifier().wiring.cases);
  });

  test("names key officers among those to trust, and says that pods cannot attest by themselves", () => {
    expect(binding.stillTrusted).toEqual([
      ...verifier().wiring.stillTrusted,
      {
        who: `key officers (${id(4)}), and whoever may assign roles on the release vault`,
        why: "they can change the release policy, or release the key themselves on a confidential machine",
      },
    ]);
    expect(verifier().warnings).toEqual([expect.stringMatching(/cannot reach a node's vTPM/)]);
  });
});

describe("the issuer", () => {
  test("comes with a lookup, or as a variable that no other stack declares", () => {
    const looked = bound({}, (scope) => AksHost.byLookup(host).connect(scope)).template;
    expect(looked.only(FederatedIdentityCredential).issuer).toMatch(
      /^\$\{data\.azurerm_kubernetes_cluster\.\w+\.oidc_issuer_url\}$/,
    );
    const asked = bound({}, (scope) => AksHost.byVariables(host).connect(scope)).template;
    expect(asked.only(FederatedIdentityCredential).issuer).toBe("${var.host_oidc_issuer}");
    expect(asked.json.data).toBeUndefined();
  });

  test("is missed where the host does not say it", () => {
    expect(() => bound({}, (scope) => AksHost.fromAttributes(scope, "Host", host, AKS_ATTRIBUTES))).toThrow(
      /AZURE_ATTESTATION.*oidcIssuer/,
    );
  });
});

test("a tenant of another host is not bound", () => {
  expect(() =>
    bound({}, (scope) =>
      AksHost.fromAttributes(scope, "Host", exampleAks({ name: "other" }), AKS_ATTRIBUTES),
    ),
  ).toThrow(/TENANT_HOST/);
});

describe("a tenant's file", () => {
  const pool = (name: string) => host.pools.find((one) => one.name === name)!;

  test("may name it on an SEV-SNP pool of its host", () => {
    expect(verifier().problems(SPEC, { host, pool: pool("snp") })).toEqual([]);
  });

  test.each([
    ["a plain pool", { host, pool: pool("plain") }, /got pool 'plain' with tee 'none'/],
    ["another host", { host: exampleAks({ name: "other" }), pool: pool("snp") }, /got host 'other'/],
    [
      "a host of that name elsewhere",
      { host: exampleAks({ resourceGroup: "elsewhere" }), pool: pool("snp") },
      /its own host 'prod', got host 'prod'/,
    ],
  ])("may not on %s", (_, place, words) => {
    const problems = verifier().problems(SPEC, place);
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ["AZURE_ATTESTATION", ["attestation", "verifier"]],
    ]);
    expect(problems[0]!.text).toMatch(words);
  });

  test.each([
    ["agentPolicy", { agentPolicy: "package agent_policy" }],
    ["certificate", { certificate: { dnsNames: ["web.acme.internal"], minutes: 30 } }],
  ])("may not ask for what a key vault does not make: %s", (key, change) => {
    const spec = {
      ...SPEC,
      attestation: { verifier: "azure", workloads: [{ name: "web", referenceValues: [], ...change }] },
    };
    const problems = verifier().problems(spec, { host, pool: pool("snp") });
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ["ATTESTATION_VERIFIER", ["attestation", "workloads", 0, key]],
    ]);
    expect(problems[0]!.text).toContain(`got ${key} for workload 'web'; leave it out`);
  });
});

test("tenants share nothing: five have ten identities, and no two credentials or roles are alike", () => {
  const { tenants } = trustTemplates();
  const distinct = (values: unknown[]): number => new Set(values.map((one) => JSON.stringify(one))).size;
  expect(distinct(tenants.all(UserAssignedIdentity).map(({ name }) => name))).toBe(10);
  expect(distinct(tenants.all(FederatedIdentityCredential).map(({ subject }) => subject))).toBe(5);
  expect(distinct(tenants.all(RoleAssignment).map(({ scope }) => scope))).toBe(10);
});

test.each([
  [{ name: "Not A Name" }, "NAME"],
  [{ trust: {} }, "OPTION_TYPE"],
  [{ colour: "red" }, "OPTION_TYPE"],
])("%j is refused with %s", (change, code) => {
  expect(() => verifier(change as Partial<AzureAttestationOptions>)).toThrow(`[${code}]`);
});
