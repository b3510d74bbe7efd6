// What the platform's code and a tenant's file may not say about attestation: one coded error, before anything is made.
import { ConfidentialSpace, GoogleVolumeKeys, type ConfidentialSpaceOptions } from "../../lib/google";
import { AwsVolumeKeys } from "../../lib/aws";
import { AzureTrust } from "../../lib/azure";
import { guestConfig, IntelTrustAuthority, vaultAgentPod } from "../../lib";
import { ConfigurationError } from "../../lib/core/errors";
import type { IVerifier } from "../../lib/attestation/verifier";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { TenantDirectory } from "../../lib/tenant/tenant-directory";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";
import { VaultKeys, VaultTrust } from "../../lib/vault";
import { exampleAks, id } from "../support/aks";
import { exampleGkeHost } from "../support/gke-host";
import { GOOGLE_TRUST } from "../support/google-trust";
import { exampleHost } from "../support/host";
import { nitro, nitroHost, nitroTenant, pcrs } from "../support/nitro";
import { tenantsDirectory } from "../support/files";
import { trusteeServer } from "../support/trustee";
import { vaultOptions } from "../support/vault";
import { byDigest } from "../support/workload-pods";

const TODAY = "2026-11-21";
const GOOD = pcrs("acme 1");
type Workload = NonNullable<TenantSpecInput["attestation"]>["workloads"][number];
type Values = NonNullable<NonNullable<Workload["referenceValues"]>[number]["values"]>;

/** A tenant's JSON whose only workload is changed. */
function file(workload: Partial<Workload>, change: Partial<TenantSpecInput> = {}): () => unknown {
  const attestation = {
    verifier: "nitro",
    workloads: [{ name: "signer", referenceValues: [{ release: "1", values: GOOD }], ...workload }],
  };
  const directory = tenantsDirectory({ "acme.json": { ...nitroTenant(), attestation, ...change } });
  return () => TenantDirectory.load(directory, { host: nitroHost(), verifiers: [nitro()], today: TODAY });
}

const values = (change: Values): (() => unknown) =>
  file({ referenceValues: [{ release: "1", values: { ...GOOD, ...change } }] });

const days = (...releases: readonly { readonly from?: string; readonly until?: string }[]): (() => unknown) =>
  file({
    referenceValues: releases.map((one, index) => ({ release: `${index}`, values: GOOD, ...one })),
  });

const TRUST = {
  host: exampleAks(),
  tenant: id(2),
  keyOfficers: [id(4)],
  vaultAccess: { ranges: ["203.0.113.0/24"] },
};
const space = (change: Partial<ConfidentialSpaceOptions>) => (): unknown =>
  ConfidentialSpace.of({ ...GOOGLE_TRUST, ...change });
const platformPod =
  (address: string, minutes = 30) =>
  (): unknown =>
    vaultAgentPod({
      workload: { image: byDigest("app") },
      agentImage: byDigest("vault"),
      login: { address, mount: "jwt-trustee", role: "acme.web" },
      certificate: { mount: "pki-acme", role: "web", dnsNames: ["web.acme.internal"], minutes },
    });
const certificate = { dnsNames: ["web.acme.internal"], minutes: 61 };
const onOwnCluster = trusteeServer({ host: exampleHost() });
const verifiers =
  (...list: unknown[]) =>
  (): unknown =>
    checkTenant(nitroTenant(), nitroHost(), TODAY, list as IVerifier[]);

test.each<[string, string, () => unknown]>([
  // From a tenant's JSON.
  ["a short PCR", "ATTESTATION_REFERENCE", values({ PCR0: "ab" })],
  ["a PCR of SHA-256", "ATTESTATION_REFERENCE", values({ PCR0: "a".repeat(64) })],
  ["a PCR that is no hex", "ATTESTATION_REFERENCE", values({ PCR0: "g".repeat(96) })],
  ["a PCR in upper case", "ATTESTATION_REFERENCE", values({ PCR0: "A".repeat(96) })],
  ["a PCR with a line feed behind", "ATTESTATION_REFERENCE", values({ PCR0: `${"a".repeat(96)}\n` })],
  ["a PCR of zeros", "ATTESTATION_REFERENCE", values({ PCR0: "0".repeat(96) })],
  ["a PCR8 of zeros", "ATTESTATION_REFERENCE", values({ PCR8: "0".repeat(96) })],
  ["a PCR nobody binds", "ATTESTATION_REFERENCE", values({ PCR4: "a".repeat(96) })],
  ["a PCR of the library's own", "ATTESTATION_REFERENCE", values({ PCR3: "a".repeat(96) })],
  [
    "a digest of another verifier",
    "ATTESTATION_REFERENCE",
    values({ imageDigest: `sha256:${"a".repeat(64)}` }),
  ],
  ["a PCR that is a number", "TENANT_TYPE", values({ PCR0: 1 as unknown as string })],
  ["no values", "ATTESTATION_REFERENCE", file({ referenceValues: [{ release: "1" }] })],
  ["no releases", "ATTESTATION_REFERENCE", file({ referenceValues: [] })],
  ["values of the future alone", "ATTESTATION_REFERENCE", days({ from: "2026-12-01" })],
  [
    "values of the past alone",
    "ATTESTATION_REFERENCE",
    days({ until: "2026-11-20" }, { from: "2026-12-01" }),
  ],
  [
    "values that end before the roll-out can",
    "ATTESTATION_REFERENCE",
    days({ until: "2026-12-02" }, { from: "2026-12-01" }),
  ],
  ["values that end with nothing behind", "ATTESTATION_REFERENCE", days({ until: "2026-12-31" })],
  ["days that are none", "ATTESTATION_REFERENCE", days({ from: "2026-02-30" })],
  [
    "a workload without releases beside one with",
    "ATTESTATION_REFERENCE",
    file(
      {},
      {
        attestation: {
          verifier: "nitro",
          workloads: [
            { name: "signer", referenceValues: [{ release: "1", values: GOOD }] },
            { name: "other", referenceValues: [] },
          ],
        },
      },
    ),
  ],
  [
    "a certificate AWS KMS cannot make",
    "ATTESTATION_VERIFIER",
    file({ certificate: { dnsNames: ["a.b"], minutes: 30 } }),
  ],
  ["a certificate for longer than an hour", "CERTIFICATE_LIFE", file({ certificate })],
  [
    "a verifier nobody made",
    "ATTESTATION_VERIFIER",
    file({}, { attestation: { verifier: "toString", workloads: [{ name: "a" }] } }),
  ],
  // From the platform's code.
  ["a verifier that is null", "OPTION_TYPE", verifiers(null)],
  ["a verifier without a wiring", "OPTION_TYPE", verifiers({ name: "nitro", warnings: [] })],
  ["two verifiers of one name", "ATTESTATION_VERIFIER", verifiers(nitro(), nitro())],
  [
    "a day that is none",
    "OPTION_TYPE",
    () => checkTenant(nitroTenant(), nitroHost(), "2026-02-30", [nitro()]),
  ],
  [
    "a directory's day that is none",
    "OPTION_TYPE",
    () => TenantDirectory.load(tenantsDirectory({}), { host: nitroHost(), today: "soon" }),
  ],
  [
    "a verifier without a policy",
    "ITA_POLICY",
    () =>
      IntelTrustAuthority.of({
        name: "ita",
        region: "eu",
        tee: "tdx",
        policyIds: [],
        apiKey: { secret: "trust-authority", region: "eu" },
        tokenMinutes: 5,
      }),
  ],
  [
    "sessions in memory with replicas",
    "TRUSTEE_SESSIONS",
    () => trusteeServer({ sessions: "Memory", replicas: 2 }),
  ],
  ["a Trustee in clear", "TRUSTEE_ENDPOINT", () => trusteeServer({ url: "http://kbs.example.com" })],
  ["a broker in clear", "ATTESTATION_INIT_DATA", () => guestConfig({ kbsUrl: "http://kbs.example.com" })],
  [
    "a Vault in clear",
    "VAULT_ENDPOINT",
    () => VaultTrust.of(vaultOptions({ address: "http://vault.example.com" })),
  ],
  ["a key set in clear", "VAULT_ENDPOINT", () => VaultKeys.jwks("http://keys.example.com/jwks.json")],
  ["an agent's Vault in clear", "WORKLOAD_POD", platformPod("http://vault.example.com:8200")],
  [
    "a pod's certificate for longer than an hour",
    "CERTIFICATE_LIFE",
    platformPod("https://vault.example.com", 61),
  ],
  [
    "a shared provider abroad without consent",
    "AZURE_ATTESTATION",
    () => AzureTrust.of({ ...TRUST, shared: { region: "eastus" } }),
  ],
  ["a window below AWS' floor", "KEY_DELETION", () => nitro({ deletionWindowDays: 6 })],
  ["a window of no number", "KEY_DELETION", () => nitro({ deletionWindowDays: NaN })],
  [
    "a volume's window below AWS' floor",
    "KEY_DELETION",
    () => AwsVolumeKeys.of({ host: exampleHost(), deletionWindowDays: 6 }),
  ],
  ["a window below Azure's floor", "KEY_DELETION", () => AzureTrust.of({ ...TRUST, deletionDays: 6 })],
  ["a window below Google's floor", "KEY_DELETION", space({ deletionDays: 6 })],
  [
    "a volume's window below Google's floor",
    "KEY_DELETION",
    () => GoogleVolumeKeys.of({ host: exampleGkeHost(), projectNumber: "123456789012", deletionDays: 1 }),
  ],
])("%s is refused with %s, and what to do", (_, code, make) => {
  const errors: unknown[] = [];
  try {
    make();
  } catch (error) {
    errors.push(error);
  }
  expect(errors.map(ConfigurationError.is)).toEqual([true]);
  const { message } = errors[0] as Error;
  expect(message.match(/\[[A-Z_]+\]/g)).toEqual([`[${code}]`]);
  expect(message).toMatch(/, got .*; \w+/s);
});

test("a Trustee on the tenants' own cluster is refused, and with consent stands on every report", () => {
  expect(onOwnCluster.isOwnClusterOf(exampleHost())).toBe(true);
  const agreed = trusteeServer({ host: exampleHost(), sameClusterReason: "the pilot has one cluster" });
  expect(agreed.isOwnClusterOf(exampleHost())).toBe(false);
  expect(agreed.warnings).toEqual([expect.stringContaining("the pilot has one cluster")]);
});
