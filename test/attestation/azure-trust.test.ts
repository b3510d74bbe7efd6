// AzureTrust: the attestation service and both vaults, and which options are refused.
import {
  ATTESTATION_REGIONS,
  AzureTrust,
  attestationUrlFault,
  type AzureTrustOptions,
} from "../../lib/azure";
import {
  AttestationProvider,
  KeyVault,
  MonitorDiagnosticSetting,
  RoleAssignment,
} from "../../lib/core/bindings/azurerm";
import { warningsOf } from "../../lib/core/notes";
import { Retention } from "../../lib";
import { Template } from "../../lib/testing";
import {
  attestationRegion,
  ownAttestationUrl,
  sharedAttestationUrl,
} from "../../lib/attestation/azure/azure-regions";
import { AzureTrustStack } from "../../stacks/azure";
import { azureTrust, exampleAks, id } from "../support/aks";
import { exampleHost } from "../support/host";
import { app } from "../support/scope";

const GROUP = `/subscriptions/${id(1)}/resourceGroups/tenclave-prod/providers`;
const RANGES = { ranges: ["203.0.113.0/24"] };

function made(change: Partial<AzureTrustOptions> = {}): Template {
  return Template.of(new AzureTrustStack(app(), "trust", azureTrust(change)));
}

/** The claim of an unsigned token, twice in base64url. */
function policyIn(token: unknown): string {
  const [header, payload, signature] = String(token).split(".");
  const text = (part: string): string => Buffer.from(part, "base64url").toString();
  expect(JSON.parse(text(header!))).toEqual({ alg: "none" });
  expect(signature).toBe("");
  expect(String(token)).not.toMatch(/[+/=]/);
  return text((JSON.parse(text(payload!)) as { AttestationPolicy: string }).AttestationPolicy);
}

describe("the host's own attestation provider", () => {
  const provider = made().only(AttestationProvider);

  test("gives tokens to compliant SEV-SNP machines without debugging, and to nobody else", () => {
    expect(policyIn(provider.sev_snp_policy_base64).replace(/\s+/g, " ")).toBe(
      'version= 1.0; authorizationrules { [type=="x-ms-attestation-type", value=="sevsnpvm"] ' +
        '&& [type=="x-ms-compliance-status", value=="azure-compliant-cvm"] ' +
        '&& [type=="x-ms-sevsnpvm-is-debuggable", value==false] => permit(); }; issuancerules { }; ',
    );
    for (const policy of [provider.sgx_enclave_policy_base64, provider.open_enclave_policy_base64])
      expect(policyIn(policy).replace(/\s+/g, " ")).toBe(
        "version= 1.0; authorizationrules { => deny(); }; issuancerules { }; ",
      );
  });

  test("has the name its address is made of, 3 to 24 lower-case letters and digits", () => {
    expect(provider.name).toMatch(/^[a-z\d]{3,24}$/);
    expect(azureTrust().attestationUrl).toBe(`https://${String(provider.name)}.weu.attest.azure.net`);
    expect(attestationUrlFault(azureTrust().attestationUrl)).toBeUndefined();
  });

  test("keeps Azure's own TPM policy, and cannot be destroyed", () => {
    expect(provider.lifecycle).toEqual({ prevent_destroy: true, ignore_changes: ["tpm_policy_base64"] });
  });

  test("is one a host: another host has another name", () => {
    const other = azureTrust({ host: exampleAks({ name: "other" }) });
    expect(other.attestationUrl).not.toBe(azureTrust().attestationUrl);
  });

  test("is in the host's region, else refused with what to use", () => {
    expect(() => azureTrust({ host: exampleAks({ location: "belgiumcentral" }) })).toThrow(
      /AZURE_ATTESTATION.*got 'belgiumcentral'; use shared: \{ region \} with one of .*westeurope/,
    );
  });
});

describe("a shared provider", () => {
  test("of the host's jurisdiction needs no consent, makes nothing, and is warned about", () => {
    const trust = azureTrust({ shared: { region: "northeurope" } });
    expect(trust.attestationUrl).toBe("https://sharedneu.neu.attest.azure.net");
    const stack = new AzureTrustStack(app(), "trust", trust);
    expect(Template.of(stack).all(AttestationProvider)).toEqual([]);
    expect(warningsOf(stack).map(({ text }) => text)).toEqual([
      "evidence is judged by Microsoft's shared provider in northeurope, whose policy nobody else can change or pin",
    ]);
  });

  test("of another jurisdiction needs consent in writing, which stands on the report", () => {
    expect(() => azureTrust({ shared: { region: "eastus2" } })).toThrow(
      /AZURE_ATTESTATION.*jurisdiction \(EU\).*got eastus2 \(United States\); use northeurope, westeurope.*consent/,
    );
    expect(() => azureTrust({ shared: { region: "eastus2", consent: " " } })).toThrow(
      /REASON.*shared\.consent/,
    );
    const trust = azureTrust({
      shared: { region: "eastus2", consent: "the data protection officer, in May" },
    });
    expect(trust.attestationUrl).toBe("https://sharedeus2.eus2.attest.azure.net");
    expect(trust.warnings).toContain(
      "evidence is judged in United States: the data protection officer, in May",
    );
  });

  test("needs consent where nobody knows the host's jurisdiction", () => {
    const host = exampleAks({ location: "belgiumcentral" });
    expect(() => azureTrust({ host, shared: { region: "westeurope" } })).toThrow(
      /unknown for belgiumcentral/,
    );
    expect(
      azureTrust({ host, shared: { region: "westeurope", consent: "both are in the EU" } }).attestationUrl,
    ).toBe("https://sharedweu.weu.attest.azure.net");
  });

  test.each(["West Europe", "weu", "mars"])("is in a region of Azure Attestation, not in '%s'", (region) => {
    expect(() => azureTrust({ shared: { region, consent: "somebody agreed" } })).toThrow(
      `shared.region must be one Azure Attestation has a shared provider in, got '${region}'`,
    );
  });
});

describe("addresses of Azure Attestation", () => {
  test("each region has one of its own", () => {
    const urls = ATTESTATION_REGIONS.map(sharedAttestationUrl);
    expect(new Set(urls).size).toBe(ATTESTATION_REGIONS.length);
    expect(new Set(ATTESTATION_REGIONS.map(({ region }) => region)).size).toBe(ATTESTATION_REGIONS.length);
    expect(urls.map(attestationUrlFault).filter((fault) => fault !== undefined)).toEqual([]);
  });

  // SOURCE: Azure Attestation documentation, Basic concepts, regional shared provider.
  test.each([
    ["eastus", "https://sharedeus.eus.attest.azure.net"],
    ["westus", "https://sharedwus.wus.attest.azure.net"],
    ["uksouth", "https://shareduks.uks.attest.azure.net"],
    ["ukwest", "https://sharedukw.ukw.attest.azure.net"],
    ["canadaeast", "https://sharedcae.cae.attest.azure.net"],
    ["canadacentral", "https://sharedcac.cac.attest.azure.net"],
    ["northeurope", "https://sharedneu.neu.attest.azure.net"],
    ["westeurope", "https://sharedweu.weu.attest.azure.net"],
    ["eastus2", "https://sharedeus2.eus2.attest.azure.net"],
    ["centralus", "https://sharedcus.cus.attest.azure.net"],
  ])("%s is at %s", (region, url) => {
    expect(sharedAttestationUrl(attestationRegion(region)!)).toBe(url);
  });

  test("a provider of one's own stands under its region", () => {
    expect(ownAttestationUrl(attestationRegion("eastus")!, "test")).toBe("https://test.eus.attest.azure.net");
  });
});

describe("the vaults", () => {
  const template = made();
  const vault = (part: string): Record<string, unknown> =>
    template.all(KeyVault).find(({ name }) => String(name).startsWith(part))!;

  test("are two: keys for evidence need an HSM, keys for volumes let the storage service through", () => {
    expect(template.all(KeyVault)).toHaveLength(2);
    expect(vault("release-")).toMatchObject({ sku_name: "premium", network_acls: { bypass: "None" } });
    expect(vault("volumes-")).toMatchObject({
      sku_name: "standard",
      network_acls: { bypass: "AzureServices" },
    });
    expect(template.all(KeyVault).every(({ name }) => String(name).length <= 24)).toBe(true);
  });

  test.each(["release-", "volumes-"])(
    "%s are closed, purge protected, and kept 90 days after deletion",
    (part) => {
      expect(vault(part)).toMatchObject({
        location: "westeurope",
        resource_group_name: "tenclave-prod",
        tenant_id: id(2),
        rbac_authorization_enabled: true,
        purge_protection_enabled: true,
        soft_delete_retention_days: 90,
        network_acls: { default_action: "Deny", ip_rules: ["203.0.113.0/24"] },
        lifecycle: { prevent_destroy: true, ignore_changes: ["soft_delete_retention_days"] },
      });
    },
  );

  test("are where their ids and addresses say", () => {
    const trust = azureTrust();
    for (const [part, { id: vaultId, url }] of [
      ["release-", trust.releaseVault],
      ["volumes-", trust.volumeVault],
    ] as const) {
      expect(vaultId).toBe(`${GROUP}/Microsoft.KeyVault/vaults/${String(vault(part).name)}`);
      expect(url).toBe(`https://${String(vault(part).name)}.vault.azure.net`);
    }
  });

  test("write audit logs to the host's workspace, or to a given one", () => {
    const own = `${GROUP}/Microsoft.OperationalInsights/workspaces/tenclave-prod-logs`;
    const targets = (from: Template): unknown[] =>
      from.all(MonitorDiagnosticSetting).map((one) => [one.log_analytics_workspace_id, one.enabled_log]);
    const audit = [{ category: "AuditEvent" }];
    expect(targets(template)).toEqual([
      [own, audit],
      [own, audit],
    ]);
    expect(targets(made({ logs: "/workspace" }))).toEqual([
      ["/workspace", audit],
      ["/workspace", audit],
    ]);
  });

  test("give key officers alone the right to make keys", () => {
    const roles = template.all(RoleAssignment).map((one) => [one.role_definition_name, one.principal_id]);
    expect(roles).toEqual([
      ["Key Vault Crypto Officer", id(4)],
      ["Key Vault Crypto Officer", id(4)],
    ]);
  });

  test("can be opened to subnets, or everywhere with a reason", () => {
    const subnet = `${GROUP}/Microsoft.Network/virtualNetworks/hub/subnets/aks`;
    const [first] = made({ vaultAccess: { subnets: [subnet] } }).all(KeyVault);
    expect(first).toMatchObject({
      network_acls: { default_action: "Deny", ip_rules: [], virtual_network_subnet_ids: [subnet] },
    });
    const trust = azureTrust({ vaultAccess: { everywhere: "laptops of a trial" } });
    const stack = new AzureTrustStack(app(), "trust", trust);
    expect(Template.of(stack).all(KeyVault)[0]).toMatchObject({ network_acls: { default_action: "Allow" } });
    expect(warningsOf(stack).map(({ text }) => text)).toEqual([
      "tenants' key vaults can be reached from the internet: laptops of a trial",
    ]);
  });

  test.each([
    [{}, /say from where vaults are reached/],
    [{ ranges: ["10.0.0.0/8"] }, /public IPv4 ranges.*'10\.0\.0\.0\/8'/],
    [{ ranges: ["0.0.0.0/0"] }, /of \/8 or longer/],
    [{ ranges: ["203.0.113.7"] }, /'203\.0\.113\.7'/],
    [{ subnets: ["aks"] }, /ids of subnets, got 'aks'/],
    [{ ...RANGES, everywhere: "laptops of a trial" }, /must not name ranges and open/],
  ])("%j is refused", (vaultAccess, words) => {
    expect(() => azureTrust({ vaultAccess })).toThrow(words);
    expect(() => azureTrust({ vaultAccess })).toThrow("AZURE_VAULT");
  });

  test("everywhere takes a reason", () => {
    expect(() => azureTrust({ vaultAccess: { everywhere: "" } })).toThrow(/REASON.*vaultAccess\.everywhere/);
  });

  test.each([6, 91, 7.5])("deleted keys wait 7 to 90 days, not %d", (deletionDays) => {
    expect(() => azureTrust({ deletionDays })).toThrow("KEY_DELETION");
  });

  test("deleted keys wait as long as asked, and 7 days where nothing is kept", () => {
    const days = (change: Partial<AzureTrustOptions>): unknown[] =>
      made(change)
        .all(KeyVault)
        .map((one) => one.soft_delete_retention_days);
    expect(days({ deletionDays: 30 })).toEqual([30, 30]);
    const retention = Retention.destroy("a test platform");
    expect(days({ retention })).toEqual([7, 7]);
    expect(days({ retention, deletionDays: 14 })).toEqual([14, 14]);
    expect(made({ retention }).all(KeyVault)[0]!.lifecycle).toEqual({
      ignore_changes: ["soft_delete_retention_days"],
    });
  });
});

describe("options", () => {
  test.each([
    [{ tenant: "contoso" }, "HOST_SCOPE"],
    [{ keyOfficers: [] }, "AKS_ADMIN"],
    [{ keyOfficers: ["me"] }, "AKS_ADMIN"],
    [{ keyOfficers: [id(4), id(4)] }, "AKS_ADMIN"],
    [{ host: exampleHost() }, "HOST_CLOUD"],
    [{ shared: "westeurope" }, "OPTION_TYPE"],
    [{ colour: "red" }, "OPTION_TYPE"],
  ])("%j is refused with %s", (change, code) => {
    expect(() => azureTrust(change as Partial<AzureTrustOptions>)).toThrow(`[${code}]`);
  });

  test("nothing at all is refused, too", () => {
    expect(() => AzureTrust.of(undefined as unknown as AzureTrustOptions)).toThrow("[OPTION_TYPE]");
  });
});
