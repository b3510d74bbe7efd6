// What VaultTrust puts into a stack, and what it refuses.
import { Construct } from "../../lib/core/cdk";
import {
  Audit,
  GenericEndpoint,
  JwtAuthBackend,
  JwtAuthBackendRole,
  Mount,
  PkiSecretBackendRole,
  PkiSecretBackendRootCert,
  Policy,
} from "../../lib/core/bindings/vault";
import { Trustee } from "../../lib/attestation/trustee/trustee";
import { Wiring } from "../../lib/attestation/wiring";
import { warningsOf } from "../../lib/core/notes";
import { Retention } from "../../lib/core/retention";
import type { CheckedTenant } from "../../lib/tenant/tenant-checks";
import { Template } from "../../lib/testing";
import { VaultAudit, VaultKeys, VaultLogin, type VaultTrustOptions } from "../../lib/vault";
import { stack } from "../support/scope";
import { trusteeServer } from "../support/trustee";
import { attestedTenant, digest, TODAY, trusteeLogin, vaultTrust, workload } from "../support/vault";

const ACME = attestedTenant("acme", [workload("web", 1), workload("worker", 2)]);
const GLOBEX = attestedTenant("globex", [workload("web", 3)]);

function synthesized(tenants: readonly CheckedTenant[], change: Partial<VaultTrustOptions> = {}) {
  const scope = stack();
  const trust = vaultTrust(change);
  trust.define(new Construct(scope, trust.id), tenants);
  return { template: Template.of(scope), warnings: warningsOf(scope) };
}

const template = (change?: Partial<VaultTrustOptions>): Template =>
  synthesized([ACME, GLOBEX], change).template;

function errorOf(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error("nothing was refused");
}

const refusal = (tenants: readonly CheckedTenant[], change?: Partial<VaultTrustOptions>) =>
  errorOf(() => synthesized(tenants, change));

const nodeLogin = VaultLogin.trustee({
  verifier: { name: "nodes", wiring: Wiring.TRUSTEE_NODE },
  keys: VaultKeys.jwks("https://trustee.example.com/.well-known/jwks.json"),
});
const EVIDENCE = "/submods/cpu0/ear.veraison.annotated-evidence/init_data";

function roleOf(one: Template, name: string): Record<string, unknown> {
  const found = one.all(JwtAuthBackendRole).find((role) => role.role_name === name);
  if (!found) throw new Error(`no role ${name}`);
  return found;
}

test("the provider has an address, no token, and makes no child token", () => {
  expect(template({ caCertFile: "/etc/ssl/vault.pem" }).json.provider).toEqual({
    vault: [
      {
        address: "https://vault.example.com:8200",
        ca_cert_file: "/etc/ssl/vault.pem",
        skip_child_token: true,
      },
    ],
  });
});

test("two policies of one stack share the provider", () => {
  const scope = stack();
  for (const id of ["A", "B"]) vaultTrust().define(new Construct(scope, id), []);
  expect((Template.of(scope).json.provider as { vault: unknown[] }).vault).toHaveLength(1);
});

test("a role binds digest, status and policy, and its tokens are short", () => {
  expect(roleOf(template(), "acme.web")).toMatchObject({
    backend: "jwt-trustee",
    role_type: "jwt",
    user_claim: EVIDENCE,
    user_claim_json_pointer: true,
    bound_audiences: [],
    bound_claims_type: "string",
    bound_claims: {
      [EVIDENCE]: digest(1),
      "/submods/cpu0/ear.status": "affirming",
      "/submods/cpu0/ear.appraisal-policy-id": "default",
    },
    clock_skew_leeway: 30,
    expiration_leeway: -1,
    not_before_leeway: -1,
    token_type: "batch",
    token_ttl: 300,
    token_max_ttl: 300,
    token_no_default_policy: true,
    token_policies: ["tenclave.acme.web"],
  });
});

test("one device too many of each class refuses a log-in", () => {
  const absent = (devices?: { gpu: number }): string[] =>
    Object.keys(
      roleOf(template({ logins: [trusteeLogin({ devices })] }), "acme.web").claim_mappings as object,
    ).sort();
  const others = ["dcu0", "nvidia-dpu0", "ppcie0", "switch0"];
  const sorted = (...names: string[]): string[] => names.map((name) => `/submods/${name}`).sort();
  expect(absent()).toEqual(sorted("cpu1", "gpu0", ...others));
  expect(absent({ gpu: 2 })).toEqual(sorted("cpu1", "gpu2", ...others));
});

test("a device a pod must have is bound like its processor", () => {
  const role = roleOf(template({ logins: [trusteeLogin({ devices: { gpu: 1 } })] }), "acme.web");
  expect(role.bound_claims).toMatchObject({
    "/submods/gpu0/ear.status": "affirming",
    "/submods/gpu0/ear.appraisal-policy-id": "default",
  });
});

test("a roll-out binds both releases, and what ended is gone", () => {
  const tenant = attestedTenant("acme", [
    workload("web", 1, {
      referenceValues: [
        { release: "0.9", until: "2026-11-20", values: { initData: digest(7) } },
        { release: "1.0", until: "2026-11-30", values: { initData: digest(8) } },
        { release: "1.1", values: { initData: digest(9) } },
      ],
    }),
  ]);
  const { template: one } = synthesized([tenant]);
  expect(roleOf(one, "acme.web").bound_claims).toMatchObject({ [EVIDENCE]: `${digest(8)},${digest(9)}` });
});

test("a verifier that makes initialisation data names the digests itself", () => {
  const login = trusteeLogin({
    verifier: {
      name: "trustee",
      wiring: Wiring.TRUSTEE_POD,
      initDataClaims: ({ name }) => [digest(name.length)],
    },
  });
  const { template: one } = synthesized([attestedTenant("acme", [workload("web", 1)])], { logins: [login] });
  expect(roleOf(one, "acme.web").bound_claims).toMatchObject({ [EVIDENCE]: digest(3) });
});

const number = (name: string): { name: string; values: number[] } => ({ name, values: [1] });
const flag = (name: string): { name: string; values: boolean[] } => ({ name, values: [true] });

test("a Trustee names the digest of the initialisation data it makes", () => {
  const verifier = Trustee.of({
    server: trusteeServer({ name: "trustee" }),
    evidence: "snp",
    referenceValues: [
      { name: "snp_launch_measurement", values: ["ab".repeat(48)] },
      ...["snp_bootloader", "snp_microcode", "snp_snp_svn", "snp_tee_svn"].map(number),
      ...["snp_guest_abi_major", "snp_guest_abi_minor"].map(number),
      ...["snp_smt_enabled", "snp_tsme_enabled", "snp_single_socket", "snp_smt_allowed"].map(flag),
    ],
    today: TODAY,
  });
  const tenant = attestedTenant("acme", [
    workload("web", 1, { referenceValues: [], agentPolicy: "package agent_policy" }),
  ]);
  const [made] = verifier.initDataClaims({
    name: "web",
    referenceValues: [],
    agentPolicy: "package agent_policy",
  });
  const logins = [trusteeLogin({ verifier })];
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(roleOf(synthesized([tenant], { logins }).template, "acme.web").bound_claims).toMatchObject({
    [EVIDENCE]: made,
  });
});

test("tokens may be bound to networks", () => {
  expect(roleOf(template({ boundCidrs: ["10.42.0.0/16"] }), "acme.web").token_bound_cidrs).toEqual([
    "10.42.0.0/16",
  ]);
  expect(roleOf(template(), "acme.web")).not.toHaveProperty("token_bound_cidrs");
});

test("a log-in has issuer, keys and one algorithm", () => {
  const logins = [trusteeLogin({ keys: VaultKeys.jwks("https://keys.example.com/jwks.json", PEM) })];
  expect(template({ logins }).only(JwtAuthBackend)).toMatchObject({
    path: "jwt-trustee",
    type: "jwt",
    bound_issuer: "https://trustee.example.com",
    jwt_supported_algs: ["ES256"],
    jwks_url: "https://keys.example.com/jwks.json",
    jwks_ca_pem: PEM,
  });
});

test("Trustee's own issuer is the default", () => {
  const logins = [trusteeLogin({ issuer: undefined })];
  expect(template({ logins }).only(JwtAuthBackend).bound_issuer).toBe("CoCo-Attestation-Service");
});

test("a policy opens its workload's secrets and certificates, and allows no end of a certificate to be named", () => {
  const { policy } = template().named(Policy, "tenclave.acme.web") as { policy: string };
  expect(policy.match(/^path "[^"]+"/gm)).toEqual([
    'path "kv-acme/data/web/*"',
    'path "pki-acme/sign/web"',
    'path "pki-acme/issue/web"',
  ]);
  expect(policy.match(/capabilities = .*/g)).toEqual([
    'capabilities = ["read"]',
    'capabilities = ["update"]',
    'capabilities = ["update"]',
  ]);
  expect(policy.match(/allowed_parameters/g)).toHaveLength(2);
  expect(policy).not.toContain("not_after");
});

test("each tenant has a mount of secrets and an authority of its own, whose key stays in Vault", () => {
  const one = template();
  expect(
    one
      .all(Mount)
      .map(({ path, type }) => `${String(path)} ${String(type)}`)
      .sort(),
  ).toEqual(["kv-acme kv", "kv-globex kv", "pki-acme pki", "pki-globex pki"]);
  expect(one.all(PkiSecretBackendRootCert)).toEqual(
    ["pki-acme", "pki-globex"].map((backend) =>
      expect.objectContaining({
        backend,
        type: "internal",
        key_type: "ec",
        key_bits: 256,
        max_path_length: 0,
      }),
    ),
  );
});

test("without certificates there is no authority", () => {
  const { template: one } = synthesized([
    attestedTenant("acme", [workload("web", 1, { certificate: undefined })]),
  ]);
  expect(one.all(Mount).map(({ path }) => path)).toEqual(["kv-acme"]);
  expect(one.only(Policy).policy).not.toContain("pki-");
});

test("certificates are short and carry what the file says", () => {
  const tenant = attestedTenant("acme", [
    workload("web", 1, { certificate: { dnsNames: ["web.acme.internal"], minutes: 15 } }),
  ]);
  expect(synthesized([tenant]).template.only(PkiSecretBackendRole)).toMatchObject({
    name: "web",
    allowed_domains: ["web.acme.internal"],
    allow_bare_domains: true,
    allow_subdomains: false,
    allow_glob_domains: false,
    allow_wildcard_certificates: false,
    allow_any_name: false,
    allow_localhost: false,
    generate_lease: false,
    allow_ip_sans: false,
    allowed_uri_sans: ["spiffe://example.com/tenant/acme/wl/web"],
    ttl: "900",
    max_ttl: "900",
    not_before_duration: "30s",
    client_flag: true,
    server_flag: true,
    basic_constraints_valid_for_non_ca: true,
  });
  expect(template().named(PkiSecretBackendRole, "worker").ttl).toBe("1800");
});

test("two audit devices come first", () => {
  const one = template();
  expect(one.all(Audit).map(({ options }) => options)).toEqual([
    { file_path: "/vault/audit/audit.log" },
    { file_path: "stdout" },
  ]);
  const mounts = one.all(Mount).map(({ depends_on }) => depends_on as string[]);
  expect(mounts.every((names) => names.filter((name) => name.startsWith("vault_audit.")).length === 2)).toBe(
    true,
  );
});

test("a collector may be the second audit device", () => {
  const audit = VaultAudit.devices({ file: "/a/b.log", socket: "collector.example.com:9090" });
  expect(template({ audit }).all(Audit)).toEqual([
    expect.objectContaining({ path: "file", options: { file_path: "/a/b.log" } }),
    expect.objectContaining({
      path: "socket",
      type: "socket",
      options: { address: "collector.example.com:9090", socket_type: "tcp" },
    }),
  ]);
});

test("audit devices of the server's own show as a warning", () => {
  const { template: one, warnings } = synthesized([ACME], {
    audit: VaultAudit.declaredByServer("OpenBao 2.6 takes none by its API"),
  });
  expect(one.all(Audit)).toEqual([]);
  expect(warnings.map(({ text }) => text)).toEqual([expect.stringContaining("OpenBao 2.6 takes none")]);
});

test("what holds data is protected, unless somebody says why not", () => {
  const mounts = (change?: Partial<VaultTrustOptions>): unknown[] =>
    [...template(change).all(Mount), ...template(change).all(PkiSecretBackendRootCert)].map(
      ({ lifecycle }) => lifecycle,
    );
  expect(new Set(mounts().map((one) => JSON.stringify(one)))).toEqual(new Set(['{"prevent_destroy":true}']));
  expect(new Set(mounts({ retention: Retention.destroy("a test platform") }))).toEqual(new Set([undefined]));
});

test("tenants of other verifiers get nothing", () => {
  const { template: one } = synthesized([attestedTenant("other", [workload("web", 4)], "elsewhere")]);
  expect(one.all(Mount)).toEqual([]);
});

test("the platform's own workloads log in with evidence of machines", () => {
  const { template: one } = synthesized([], {
    logins: [nodeLogin],
    platform: [
      { name: "agent", login: "nodes", certificate: { dnsNames: ["agent.platform.internal"], minutes: 15 } },
    ],
  });
  expect(roleOf(one, "platform.agent")).toMatchObject({
    user_claim: "/submods/cpu0/ear.appraisal-policy-id",
    bound_claims: { "/submods/cpu0/ear.status": "affirming" },
  });
  expect(one.only(PkiSecretBackendRole).allowed_uri_sans).toEqual(["spiffe://example.com/platform/agent"]);
});

test("claims that are no text are written by the plain API", () => {
  const login = VaultLogin.of({
    wiring: Wiring.INTEL_TRUST_AUTHORITY,
    vaultLogin: () => ({
      name: "intel",
      issuer: "https://portal.trustauthority.intel.com",
      jwksUrl: "https://portal.trustauthority.intel.com/certs",
      algorithms: ["PS384"],
      tokenMinutes: 5,
      userClaim: "/policy_ids_matched/0/id",
      claims: { "/sevsnp/sevsnp_is_debuggable": false, ver: "2.0.0" },
    }),
  });
  const { template: one } = synthesized([], {
    logins: [login],
    platform: [{ name: "collector", login: "intel", claims: { "/tdx/tdx_mrtd": ["a", "b"] } }],
  });
  const { path, data_json } = one.only(GenericEndpoint) as { path: string; data_json: string };
  expect(path).toBe("auth/jwt-intel/role/platform.collector");
  expect(JSON.parse(data_json)).toMatchObject({
    role_type: "jwt",
    bound_claims: { "/sevsnp/sevsnp_is_debuggable": false, ver: "2.0.0", "/tdx/tdx_mrtd": ["a", "b"] },
    token_type: "batch",
    clock_skew_leeway: 30,
  });
});

test("Confidential Space binds image, project, audience and debug", () => {
  const login = VaultLogin.confidentialSpace({
    verifier: { name: "google", wiring: Wiring.CONFIDENTIAL_SPACE },
    audience: "https://vault.example.com:8200",
    projects: ["acme-prod"],
  });
  const image = `sha256:${digest(5)}`;
  const tenant = attestedTenant(
    "acme",
    [{ name: "web", referenceValues: [{ release: "1.0", values: { imageDigest: image } }] }],
    "google",
  );
  expect(roleOf(synthesized([tenant], { logins: [login] }).template, "acme.web")).toMatchObject({
    bound_audiences: ["https://vault.example.com:8200"],
    user_claim: "sub",
    bound_claims: {
      "/submods/container/image_digest": image,
      "/submods/gce/project_id": "acme-prod",
      "/submods/confidential_space/support_attributes": "STABLE",
      dbgstat: "disabled-since-boot",
      hwmodel: "GCP_INTEL_TDX",
      swname: "CONFIDENTIAL_SPACE",
    },
  });
});

const PEM = `-----BEGIN CERTIFICATE-----\n${Buffer.from("ca").toString("base64")}\n-----END CERTIFICATE-----\n`;
const space =
  (change: object): (() => unknown) =>
  () =>
    VaultLogin.confidentialSpace({
      verifier: { name: "google", wiring: Wiring.CONFIDENTIAL_SPACE },
      audience: "https://vault.example.com",
      projects: ["p"],
      ...change,
    });
const source =
  (change: object, wiring = Wiring.INTEL_TRUST_AUTHORITY): (() => unknown) =>
  () =>
    VaultLogin.of({
      wiring,
      vaultLogin: () => ({
        name: "v",
        issuer: "https://issuer.example.com",
        jwksUrl: "https://issuer.example.com/certs",
        algorithms: ["RS256"],
        tokenMinutes: 5,
        userClaim: "sub",
        claims: { a: "b" },
        ...change,
      }),
    });
const one =
  (change: Parameters<typeof workload>[2]): (() => unknown) =>
  () =>
    synthesized([attestedTenant("acme", [workload("web", 1, change)])]);
const value = (initData: string): (() => unknown) =>
  one({ referenceValues: [{ release: "1", values: { initData } }] });
const named = (...dnsNames: string[]): (() => unknown) => one({ certificate: { dnsNames } });
const living = (minutes: number): (() => unknown) =>
  one({ certificate: { dnsNames: ["web.acme.internal"], minutes } });

test.each<readonly [string, string, RegExp, () => unknown]>([
  ["plaintext", "VAULT_ENDPOINT", /got 'http:/, () => vaultTrust({ address: "http://vault:8200" })],
  [
    "an address with a path",
    "VAULT_ENDPOINT",
    /host and port/,
    () => vaultTrust({ address: "https://v/ui" }),
  ],
  ["a password", "VAULT_ENDPOINT", /a user name/, () => vaultTrust({ address: "https://a:canary@v" })],
  ["plaintext keys", "VAULT_ENDPOINT", /jwks/, () => VaultKeys.jwks("http://trustee/jwks.json")],
  ["plaintext discovery", "VAULT_ENDPOINT", /discovery/, () => VaultKeys.discovery("http://issuer")],
  [
    "a private key",
    "VAULT_LOGIN",
    /PUBLIC KEY/,
    () => VaultKeys.publicKeys("-----BEGIN PRIVATE KEY-----\nAA==\n"),
  ],
  ["no key", "VAULT_LOGIN", /got none/, () => VaultKeys.publicKeys()],
  ["eight hours", "VAULT_LOGIN", /at most 60 minutes.*got 480/, source({ tokenMinutes: 480 })],
  ["Azure Attestation, whatever it says", "VAULT_LOGIN", /got 480/, source({}, Wiring.AZURE_ATTESTATION)],
  ["a shared secret", "VAULT_LOGIN", /got 'HS256'/, source({ algorithms: ["HS256"] })],
  ["no signature", "VAULT_LOGIN", /got 'none'/, source({ algorithms: ["none"] })],
  ["no algorithm", "VAULT_LOGIN", /algorithms/, source({ algorithms: [] })],
  ["an empty claim", "VAULT_LOGIN", /got ''/, source({ claims: { a: "" } })],
  ["a comma", "VAULT_LOGIN", /got 'b,c'/, source({ claims: { a: "b,c" } })],
  ["an empty issuer", "VAULT_LOGIN", /got ''/, source({ issuer: "" })],
  ["no keys' place", "VAULT_LOGIN", /one place/, source({ jwksUrl: undefined })],
  [
    "another wiring",
    "VAULT_LOGIN",
    /Trustee's verifier/,
    () => trusteeLogin({ verifier: { name: "a", wiring: Wiring.GKE_NODE } }),
  ],
  ["half a device", "VAULT_LOGIN", /gpu 0.5/, () => trusteeLogin({ devices: { gpu: 0.5 } })],
  ["no project", "VAULT_LOGIN", /projects/, space({ projects: [] })],
  ["Google's own audience", "VAULT_LOGIN", /Vault's own/, space({ audience: "https://sts.googleapis.com" })],
  [
    "a GKE node as Confidential Space",
    "VAULT_LOGIN",
    /got gke-node/,
    space({ verifier: { name: "g", wiring: Wiring.GKE_NODE } }),
  ],
  [
    "two log-ins of one verifier",
    "VAULT_LOGIN",
    /got two/,
    () => vaultTrust({ logins: [trusteeLogin(), trusteeLogin()] }),
  ],
  [
    "a platform's workload with a pod's log-in",
    "VAULT_LOGIN",
    /machines/,
    () => vaultTrust({ platform: [{ name: "a", login: "trustee" }] }),
  ],
  [
    "a platform's workload with no log-in",
    "VAULT_LOGIN",
    /no such log-in/,
    () => vaultTrust({ platform: [{ name: "a", login: "b" }] }),
  ],
  [
    "a platform's workload twice",
    "VAULT_ROLE",
    /stand once/,
    () =>
      vaultTrust({
        logins: [nodeLogin],
        platform: [
          { name: "a", login: "nodes" },
          { name: "a", login: "nodes" },
        ],
      }),
  ],
  ["no reference values", "VAULT_ROLE", /got none/, one({ referenceValues: [] })],
  ["half a digest", "VAULT_ROLE", /must be whole/, value(digest(1).slice(0, 32))],
  ["a glob", "VAULT_ROLE", /must be whole/, value(`${digest(1).slice(0, 63)}*`)],
  ["a digest in capitals", "VAULT_ROLE", /must be whole/, value("AB".repeat(32))],
  ["zeros", "VAULT_ROLE", /not all zeros/, value("0".repeat(64))],
  ["an hour and a minute", "CERTIFICATE_LIFE", /15 to 60.*got 61/, living(61)],
  ["fourteen minutes", "CERTIFICATE_LIFE", /got 14/, living(14)],
  ["half minutes", "CERTIFICATE_LIFE", /got 20.5/, living(20.5)],
  ["a wildcard", "CERTIFICATE_NAME", /'\*\.acme\.internal'/, named("*.acme.internal")],
  ["an address", "CERTIFICATE_NAME", /'10\.0\.0\.1'/, named("10.0.0.1")],
  ["localhost", "CERTIFICATE_NAME", /'localhost'/, named("web.acme.internal", "localhost")],
  ["capitals", "CERTIFICATE_NAME", /'Web'/, named("Web")],
  ["a label of 64 characters", "CERTIFICATE_NAME", /'a{64}\.svc'/, named(`${"a".repeat(64)}.svc`)],
  [
    "a trust domain with a scheme",
    "CERTIFICATE_NAME",
    /trustDomain/,
    () => vaultTrust({ trustDomain: "spiffe://a" }),
  ],
  ["an hour of session", "VAULT_TOKEN", /2 to 5.*got 60/, () => vaultTrust({ tokenMinutes: 60 })],
  ["a minute of session", "VAULT_TOKEN", /got 1/, () => vaultTrust({ tokenMinutes: 1 })],
  ["every network", "VAULT_TOKEN", /0\.0\.0\.0\/0/, () => vaultTrust({ boundCidrs: ["0.0.0.0/0"] })],
  ["no network", "VAULT_TOKEN", /'home'/, () => vaultTrust({ boundCidrs: ["home"] })],
  ["a relative file", "VAULT_AUDIT", /absolute/, () => VaultAudit.devices({ file: "audit.log" })],
  ["a collector without a port", "VAULT_AUDIT", /port/, () => VaultAudit.devices({ socket: "collector" })],
  ["audit devices elsewhere without a reason", "REASON", /reason/, () => VaultAudit.declaredByServer(" ")],
  ["an unknown key", "OPTION_TYPE", /'skipVerify'/, () => vaultTrust({ skipVerify: true } as never)],
])("refuses %s: %s", (_what, code, words, run) => {
  const error = errorOf(run);
  expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
  expect(error.message).not.toContain("canary");
});

test("a tenant whose verifier judges machines is refused", () => {
  expect(
    refusal([attestedTenant("acme", [workload("web", 1)], "nodes")], { logins: [nodeLogin] }),
  ).toMatchObject({
    code: "VAULT_LOGIN",
    message: expect.stringContaining("acme.attestation.verifier") as unknown,
  });
});

test.each([
  ["another tenant's workload", [ACME, attestedTenant("initech", [workload("db", 2)])]],
  ["the tenant's other workload", [attestedTenant("acme", [workload("web", 1), workload("api", 1)])]],
])("a digest of %s is refused", (_what, tenants) => {
  expect(refusal(tenants)).toMatchObject({
    code: "VAULT_ROLE",
    message: expect.stringContaining("would open both") as unknown,
  });
});

test("everything that is wrong with tenants is said together", () => {
  const wrong = [
    attestedTenant("acme", [workload("web", 1, { referenceValues: [] })]),
    attestedTenant("globex", [workload("web", 2, { certificate: { dnsNames: ["*"], minutes: 90 } })]),
  ];
  const { message } = refusal(wrong);
  expect(message.match(/\[[A-Z_]+\]/g)).toEqual(["[VAULT_ROLE]", "[CERTIFICATE_LIFE]", "[CERTIFICATE_NAME]"]);
});
