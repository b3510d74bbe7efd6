// Options of everything that decides who gets keys, with each part of them replaced by something of another kind.
import {
  enclaveKeyPod,
  guestConfig,
  initData,
  IntelTrustAuthority,
  secretsStorePod,
  staleness,
  Tee,
  TrustTier,
  Trustee,
  trusteePod,
  TrusteeServer,
  vaultAgentPod,
  vaultPaths,
  Wiring,
} from "../../lib";
import { AwsVolumeKeys, NitroEnclaves, NitroTpm } from "../../lib/aws";
import { AzureAttestation, AzureTrust, AzureVolumeKeys } from "../../lib/azure";
import { ConfigurationError } from "../../lib/core/errors";
import { ConfidentialSpace, GkeNodeAttestation, GoogleVolumeKeys } from "../../lib/google";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { VaultAudit, VaultKeys, VaultLogin, VaultTrust } from "../../lib/vault";
import { azureTrust, exampleAks, id } from "../support/aks";
import { exampleGkeHost } from "../support/gke-host";
import { GOOGLE_TRUST } from "../support/google-trust";
import { exampleHost } from "../support/host";
import { nitro, nitroHost, nitroTenant, role } from "../support/nitro";
import { trusteeOptions, trusteeServer } from "../support/trustee";
import { trusteeLogin, vaultOptions } from "../support/vault";
import { byDigest } from "../support/workload-pods";

const HEX = (digit: string): string => digit.repeat(96);
const TDX = [
  { name: "mr_td", values: [HEX("a")] },
  { name: "rtmr_1", values: [HEX("b")] },
  { name: "rtmr_2", values: [HEX("c")] },
  { name: "xfam", values: ["e702060000000000"] },
];
const CERTIFICATE = { dnsNames: ["web.acme.internal"], minutes: 30 };
const workload = { image: byDigest("app"), command: ["/app"], args: ["-v"], env: { A: "b" } };
const ita = {
  name: "ita",
  region: "eu",
  tee: "tdx",
  policyIds: ["01234567-89ab-cdef-0123-456789abcdef"],
  apiKey: { secret: "trust-authority", region: "eu" },
  tokenMinutes: 5,
};

/** Something made of options, with options that are good. */
interface Made {
  readonly name: string;
  readonly make: (options: never) => unknown;
  readonly good: unknown;
}

const made = <T>(name: string, make: (options: T) => unknown, good: T): Made => ({
  name,
  make: make as Made["make"],
  good,
});

const MADE: readonly Made[] = [
  made("NitroEnclaves", (o) => NitroEnclaves.of(o), {
    name: "nitro",
    keyAdministrators: [role("platform")],
    encrypters: [role("release")],
    deletionWindowDays: 30,
    anyParent: "enclaves run in two accounts",
  }),
  made("NitroTpm", (o) => NitroTpm.of(o), {
    name: "tpm",
    keyAdministrators: [role("platform")],
    acceptUnproven: "images of our own",
  }),
  made("AwsVolumeKeys", (o) => AwsVolumeKeys.of(o), { host: exampleHost(), deletionWindowDays: 30 }),
  made("AzureTrust", (o) => AzureTrust.of(o), {
    host: exampleAks(),
    tenant: id(2),
    keyOfficers: [id(4)],
    vaultAccess: { ranges: ["203.0.113.0/24"] },
    shared: { region: "westeurope", consent: "agreed by the board" },
    deletionDays: 90,
    logs: "workspace",
  }),
  made("AzureAttestation", (o) => AzureAttestation.of(o), {
    name: "azure",
    trust: azureTrust(),
    immutable: "nobody loosens it",
  }),
  made("AzureVolumeKeys", (o) => AzureVolumeKeys.of(o), { trust: azureTrust() }),
  made("ConfidentialSpace", (o) => ConfidentialSpace.of(o), {
    ...GOOGLE_TRUST,
    tees: [Tee.TDX],
    extraCondition: "assertion.submods.gce.zone == 'europe-west4-a'",
    encrypters: ["group:release@example.com"],
    deletionDays: 30,
    workloadProjectNumber: "123456789012",
  }),
  made("GkeNodeAttestation", (o) => GkeNodeAttestation.of(o), {
    ...GOOGLE_TRUST,
    host: exampleGkeHost(),
    hostProjectNumber: "123456789012",
    pools: ["tdx"],
  }),
  made("GoogleVolumeKeys", (o) => GoogleVolumeKeys.of(o), {
    host: exampleGkeHost(),
    projectNumber: "123456789012",
    deletionDays: 30,
  }),
  made("IntelTrustAuthority", (o) => IntelTrustAuthority.of(o), ita),
  made("TrusteeServer", (o) => TrusteeServer.of(o), {
    ...trusteeOptions(),
    sessions: "Postgres",
    replicas: 2,
    admin: {
      jwkSetUri: "https://login.example.com/keys",
      issuer: "https://login.example.com",
      audience: "kbs",
      acls: [{ role: "secrets", allowedEndpoints: "^/kbs/v0/resource/.+$" }],
    },
    jwks: {
      url: "https://keys.example.com/.well-known/jwks.json",
      tlsSecret: "jwks-tls",
      clients: ["10.42.0.0/16"],
    },
    collateral: { intel: "https://pccs.example.com", cidrs: ["192.0.2.0/24"] },
    serviceAnnotations: { internal: "true" },
  }),
  made("Trustee", (o) => Trustee.of(o), {
    server: trusteeServer(),
    evidence: "tdx" as const,
    referenceValues: TDX,
    today: "2026-11-21",
  }),
  made("Trustee.node", (o) => Trustee.node(o), {
    server: trusteeServer({ name: "trustee-nodes" }),
    nodes: [{ evidence: "tdx" as const, measurement: HEX("a"), repository: "platform-nodes" }],
    referenceValues: TDX,
  }),
  made("initData", (o) => initData(o), {
    evidence: "snp" as const,
    algorithm: "sha256" as const,
    data: { "aa.toml": "a", "cdh.toml": "b", "policy.rego": "c" },
  }),
  made("guestConfig", (o) => guestConfig(o), { kbsUrl: "https://kbs.example.com" }),
  made("VaultTrust", (o) => VaultTrust.of(o), {
    ...vaultOptions(),
    logins: [trusteeLogin(), VaultLogin.of(IntelTrustAuthority.of(ita))],
    platform: [{ name: "agent", login: "ita", claims: { ver: "2.0.0" }, certificate: CERTIFICATE }],
    tokenMinutes: 5,
    boundCidrs: ["10.42.0.0/16"],
    audit: VaultAudit.devices(),
  }),
  made("VaultLogin.trustee", (o) => VaultLogin.trustee(o), {
    verifier: { name: "trustee", wiring: Wiring.TRUSTEE_POD },
    issuer: "https://trustee.example.com",
    keys: VaultKeys.jwks("https://trustee.example.com/jwks.json"),
    policyId: "default",
    devices: { gpu: 1 },
  }),
  made("VaultLogin.confidentialSpace", (o) => VaultLogin.confidentialSpace(o), {
    verifier: { name: "space", wiring: Wiring.CONFIDENTIAL_SPACE },
    audience: "https://vault.example.com",
    projects: ["example-workloads"],
    hardware: ["GCP_INTEL_TDX"],
  }),
  made("VaultLogin.of", (o) => VaultLogin.of(o), IntelTrustAuthority.of(ita)),
  made("VaultKeys.jwks", (o) => VaultKeys.jwks(o), "https://keys.example.com"),
  made("VaultKeys.discovery", (o) => VaultKeys.discovery(o), "https://keys.example.com"),
  made(
    "VaultKeys.publicKeys",
    (o) => VaultKeys.publicKeys(o),
    "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n",
  ),
  made("VaultAudit.devices", (o) => VaultAudit.devices(o), {
    file: "/vault/audit/audit.log",
    socket: "collector.example.com:9090",
  }),
  made("VaultAudit.declaredByServer", (o) => VaultAudit.declaredByServer(o), "OpenBao's configuration"),
  made("staleness", (o) => staleness(o), { wiring: Wiring.TRUSTEE_POD, sessionMinutes: 5 }),
  made("enclaveKeyPod", (o) => enclaveKeyPod(nitroHost().pools[2]!, o), {
    enclave: { image: byDigest("signer"), memoryMiB: 512, inVirtualCluster: true },
    proxyImage: byDigest("vsock-proxy"),
    region: "eu-west-1",
    port: 8000,
  }),
  made("trusteePod", (o) => trusteePod(o), {
    workload,
    initData: "aW5pdA==",
    resources: { db: "acme/password/db" },
    fetcher: byDigest("curl"),
    user: 10001,
  }),
  made("secretsStorePod", (o) => secretsStorePod(o), {
    workload,
    tier: TrustTier.SHARED,
    providerClass: "db",
  }),
  made("vaultAgentPod", (o) => vaultAgentPod(o), {
    workload,
    agentImage: byDigest("vault"),
    login: { address: "https://vault.example.com:8200", mount: "jwt-trustee", role: "acme.web" },
    secrets: { password: { path: "kv-acme/data/web/db", field: "password" } },
    certificate: { mount: "pki-acme", role: "web", dnsNames: ["web.acme.internal"], minutes: 30 },
  }),
  made("vaultPaths", (o) => vaultPaths(o), { tenant: "acme", workload: "web", verifier: "trustee" }),
  made("a tenant's file", (o) => checkTenant(o, nitroHost(), "2026-11-21", [nitro()]), {
    ...nitroTenant(),
    attestation: {
      verifier: "nitro",
      workloads: [
        {
          name: "signer",
          referenceValues: [
            {
              release: "1",
              from: "2026-01-01",
              values: nitroTenant().attestation!.workloads[0]!.referenceValues[0]!.values!,
            },
          ],
        },
      ],
    },
  }),
];

const WRONG: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["NaN", NaN],
  ["a number", 7.5],
  ["true", true],
  ["a text", "x"],
  ["an empty text", ""],
  ["a name of Object's", "toString"],
  ["a list", []],
  ["a list of null", [null]],
  ["a list of objects", [{}]],
  ["an object", {}],
  ["an object of null", { name: null }],
];

type Path = readonly (string | number)[];

/** Everything in plain objects and lists, by its path; what classes hold is theirs. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const plain =
    Array.isArray(value) ||
    (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);
  return [
    path,
    ...(plain ? Object.entries(value as object) : [])
      // A host's and a pool's own parts have checks of their own.
      .filter(([key]) => path[0] !== "host" && !(path.length === 0 && key === ""))
      .flatMap(([key, one]) => pathsOf(one, [...path, key])),
  ];
}

function replaced(value: unknown, path: Path, by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  const copy: Record<string | number, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...(value as Record<string, unknown>) };
  (copy as Record<string | number, unknown>)[first] = replaced(
    (value as Record<string | number, unknown>)[first],
    rest,
    by,
  );
  return copy;
}

test.each(MADE)("$name is made of good options", ({ make, good }) => {
  expect(() => make(good as never)).not.toThrow();
});

test.each(MADE)(
  "$name refuses what is of another kind by a coded error, and null everywhere",
  ({ make, good }) => {
    const bad = pathsOf(good).flatMap((path) =>
      WRONG.flatMap(([label, wrong]) => {
        const what = `${path.join(".") || "options"} = ${label}`;
        try {
          make(replaced(good, path, wrong) as never);
          return wrong === null ? [`${what}: taken`] : [];
        } catch (error) {
          if (ConfigurationError.is(error)) return [];
          return [`${what}: ${String(error).split("\n")[0]}`];
        }
      }),
    );
    expect(bad).toEqual([]);
  },
);
