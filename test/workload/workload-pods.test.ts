// Snippets of pods that get secrets on evidence: what is in them, and which options are refused.
import type { PodSpec } from "kubernetes-types/core/v1";
import {
  AGENT_CONFIG,
  DATA_HUB,
  enclaveKeyPod,
  PROXY_ALLOW_LIST,
  secretsStorePod,
  SECRETS_FOLDER,
  TLS_FILES,
  TOKEN_FILE,
  trusteePod,
  TrustTier,
  vaultAgentPod,
  type TrusteePodOptions,
  type VaultAgentPodOptions,
} from "../../lib";
import { parseQuantity } from "../../lib/tenant/quantity";
import { onNitro } from "../support/pods";
import { byDigest, keyPod, storePod } from "../support/workload-pods";

const broker = (change: Partial<TrusteePodOptions> = {}): TrusteePodOptions => ({
  workload: { image: byDigest("app") },
  initData: "aW5pdA==",
  resources: { "db-password": "acme/db/password", tls: "acme/tls/key" },
  ...change,
});

const agent = (change: Partial<VaultAgentPodOptions> = {}): VaultAgentPodOptions => ({
  workload: { image: byDigest("app") },
  attester: { image: byDigest("attester") },
  agentImage: byDigest("vault"),
  login: { address: "https://vault.example.com:8200", mount: "jwt-trustee", role: "acme.web" },
  secrets: { db: { path: "kv-acme/data/web/db", field: "password" } },
  certificate: { mount: "pki-acme", role: "web", dnsNames: ["web.acme.example.com", "web"] },
  ...change,
});

const NITRO = onNitro();
const PODS: readonly (readonly [string, PodSpec])[] = [
  ["broker", trusteePod(broker()).spec],
  ["broker with a fetcher", trusteePod(broker({ fetcher: byDigest("curl") })).spec],
  ["Vault's agent", vaultAgentPod(agent()).spec],
  ["enclave key", keyPod(NITRO).spec],
  ["secrets store", storePod().spec],
];
const containersOf = (spec: PodSpec): NonNullable<PodSpec["initContainers"]> => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];

describe.each(PODS)("a pod with %s", (_, spec) => {
  test("is what Pod Security `restricted` takes", () => {
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(["RuntimeDefault", "Localhost"]).toContain(spec.securityContext!.seccompProfile!.type);
    for (const { securityContext } of containersOf(spec))
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      });
  });

  test("names requests and a memory limit for each container, and images by digest", () => {
    for (const { resources, image } of containersOf(spec)) {
      expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
      expect(parseQuantity(resources!.requests!.cpu!)).toBeGreaterThan(0);
      expect(resources!.limits!.memory).toBe(resources!.requests!.memory);
    }
  });

  test("has no token of the API server, and nothing that may be written outside memory", () => {
    expect(spec.automountServiceAccountToken).toBe(false);
    for (const { emptyDir } of spec.volumes ?? [])
      if (emptyDir) {
        expect(emptyDir.medium).toMatch(/^(Memory|HugePages-.*)$/);
        if (emptyDir.medium === "Memory") expect(parseQuantity(emptyDir.sizeLimit!)).toBeGreaterThan(0);
      }
    expect(JSON.stringify(spec.volumes ?? [])).not.toMatch(
      /hostPath|configMap|persistentVolumeClaim|"secret"/,
    );
  });
});

test("containers share files by one user and group of the caller's, and write nowhere else", () => {
  const { securityContext, containers } = vaultAgentPod({ ...agent(), user: 2000 }).spec;
  expect(securityContext).toMatchObject({ runAsUser: 2000, runAsGroup: 2000, fsGroup: 2000 });
  expect(vaultAgentPod(agent()).spec.securityContext).toMatchObject({ runAsUser: 10_001, fsGroup: 10_001 });
  for (const one of containers) expect(one.securityContext!.readOnlyRootFilesystem).toBe(true);
});

test("a RuntimeClass is named where the caller names one", () => {
  expect(vaultAgentPod({ ...agent(), runtimeClassName: "tenclave-snp" }).spec.runtimeClassName).toBe(
    "tenclave-snp",
  );
  expect(vaultAgentPod(agent()).spec).not.toHaveProperty("runtimeClassName");
});

describe("a pod that asks the key broker", () => {
  test("carries its initialisation data and the addresses of its resources, in the guest", () => {
    const { annotations, spec } = trusteePod(broker());
    expect(annotations).toEqual({ "io.katacontainers.config.hypervisor.cc_init_data": "aW5pdA==" });
    expect(spec.containers[0]!.env).toEqual([
      { name: "RESOURCE_DB_PASSWORD", value: "http://127.0.0.1:8006/cdh/resource/acme/db/password" },
      { name: "RESOURCE_TLS", value: "http://127.0.0.1:8006/cdh/resource/acme/tls/key" },
    ]);
    expect(spec.volumes).toBeUndefined();
  });

  test("never reaches for a token", () => {
    const text = JSON.stringify(trusteePod(broker({ fetcher: byDigest("curl") })));
    expect(text).not.toMatch(/\/aa\/|kernel_params|rest_api/);
  });

  test("with a fetcher finds files in memory that it cannot change", () => {
    const { spec } = trusteePod(broker({ fetcher: byDigest("curl"), sizeLimit: "2Mi" }));
    expect(spec.volumes).toEqual([{ name: "resources", emptyDir: { medium: "Memory", sizeLimit: "2Mi" } }]);
    expect(spec.containers[0]!.volumeMounts).toEqual([
      { name: "resources", mountPath: "/run/secrets/resources", readOnly: true },
    ]);
    expect(spec.containers[0]!.env).toContainEqual({
      name: "RESOURCE_TLS_FILE",
      value: "/run/secrets/resources/tls",
    });
    const [fetch] = spec.initContainers!;
    expect(fetch!.args!.join(" ")).toBe(
      "--fail --fail-early --silent --show-error " +
        `--output /run/secrets/resources/db-password ${DATA_HUB}/acme/db/password ` +
        `--output /run/secrets/resources/tls ${DATA_HUB}/acme/tls/key`,
    );
  });

  test.each([
    ["a tag", { workload: { image: "registry.example.com/app:1" } }, "an image must be named by digest"],
    ["a fetcher by tag", { fetcher: "curl:8" }, "an image must be named by digest"],
    ["no resources", { resources: {} }, "must name the resources"],
    ["a path upwards", { resources: { a: "acme/../globex" } }, "resources must be repository/type/tag"],
    ["a path of two", { resources: { a: "acme/db" } }, "resources must be repository/type/tag"],
    ["a query", { resources: { a: "acme/db/x?y" } }, "resources must be repository/type/tag"],
    [
      "a name with an option in it",
      { resources: { "-o": "acme/db/x" } },
      "resources must be repository/type/tag",
    ],
    ["initialisation data as text", { initData: "version = 1" }, "initData must be base64"],
    ["root", { user: 0 }, "user must be a whole number above 0"],
    [
      "a quantity that is none",
      { workload: { image: byDigest("a"), memory: "lots" } },
      "Kubernetes quantities",
    ],
  ] satisfies [string, Partial<TrusteePodOptions>, string][])("%s is refused", (_, change, text) => {
    expect(() => trusteePod(broker(change))).toThrow("[WORKLOAD_POD] trusteePod: ");
    expect(() => trusteePod(broker(change))).toThrow(text);
  });
});

interface AgentConfig {
  readonly vault: { readonly address: string };
  readonly auto_auth: {
    readonly method: readonly { readonly mount_path: string; readonly config: Record<string, unknown> }[];
    readonly sink?: unknown;
  };
  readonly template_config: unknown;
  readonly template: readonly {
    readonly error_on_missing_key?: boolean;
    readonly destination: string;
    readonly contents: string;
    readonly perms: string;
  }[];
}

describe("a pod with Vault's agent", () => {
  const { annotations, spec } = vaultAgentPod(agent());
  const named = (name: string): NonNullable<PodSpec["containers"]>[number] =>
    spec.containers.find((one) => one.name === name)!;
  const config = JSON.parse(
    named("vault-agent").env!.find((one) => one.name === AGENT_CONFIG)!.value!,
  ) as AgentConfig;

  test("logs in with the verifier's token, once, and keeps no token in a file", () => {
    expect(config.auto_auth.method).toEqual([
      {
        type: "jwt",
        mount_path: "auth/jwt-trustee",
        max_backoff: "30s",
        config: { path: TOKEN_FILE, role: "acme.web", remove_jwt_after_reading: true },
      },
    ]);
    expect(config.auto_auth.sink).toBeUndefined();
    expect(JSON.stringify(config)).not.toContain("listener");
  });

  test("ends when Vault refuses, and writes no file with a hole in it", () => {
    expect(config.template_config).toEqual({
      exit_on_retry_failure: true,
      static_secret_render_interval: "5m",
    });
    expect(config.template[0]!.error_on_missing_key).toBe(true);
  });

  test("renders secrets and certificate into memory, for its own user alone", () => {
    expect(config.template.map(({ destination, perms }) => [destination, perms])).toEqual([
      [`${SECRETS_FOLDER}/db`, "0400"],
      [TLS_FILES.bundle, "0400"],
    ]);
    expect(config.template[0]!.contents).toBe(
      '{{ with secret "kv-acme/data/web/db" }}{{ index .Data.data "password" }}{{ end }}',
    );
    expect(config.template[1]!.contents).toContain(
      '{{ with pkiCert "pki-acme/issue/web" "common_name=web.acme.example.com" "alt_names=web.acme.example.com,web" "ttl=30m" }}',
    );
    for (const path of [TLS_FILES.key, TLS_FILES.ca, TLS_FILES.certificate])
      expect(config.template[1]!.contents).toContain(`writeToFile "${path}" "" "" "0400"`);
  });

  test("shows the workload the rendered files, read-only, and never the verifier's token", () => {
    expect(named("app").volumeMounts).toEqual([
      { name: "secrets", mountPath: SECRETS_FOLDER, readOnly: true },
    ]);
    expect(named("app").env).toContainEqual({ name: "TLS_KEY_FILE", value: TLS_FILES.key });
    expect(named("attester").volumeMounts).toEqual([{ name: "attestation", mountPath: "/run/attestation" }]);
    expect(named("attester").env).toEqual([{ name: "TOKEN_FILE", value: TOKEN_FILE }]);
  });

  test("has its configuration where a guest's agent policy looks: no annotation, no file of the host's", () => {
    expect(annotations).toEqual({});
    expect(spec.volumes!.map((volume) => Object.keys(volume).filter((key) => key !== "name"))).toEqual([
      ["emptyDir"],
      ["emptyDir"],
      ["emptyDir"],
    ]);
    expect(named("vault-agent").command).toEqual(["/bin/sh", "-ec"]);
    expect(named("vault-agent").args).toEqual([
      'umask 077; printf %s "$VAULT_AGENT_CONFIG" > /run/vault-agent/agent.json; ' +
        "exec vault agent -config=/run/vault-agent/agent.json",
    ]);
  });

  test("trusts the CA it is given, and says nothing of it otherwise", () => {
    const caPem = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n";
    const { login } = agent();
    const given = vaultAgentPod(agent({ login: { ...login, caPem } })).spec.containers[1]!;
    expect(given.env).toContainEqual({ name: "VAULT_CACERT_BYTES", value: caPem });
    expect(named("vault-agent").env!.map((one) => one.name)).toEqual([AGENT_CONFIG]);
  });

  test("has no attester where something else gets the token, and no TLS without a certificate", () => {
    const { attester: _a, certificate: _c, ...rest } = agent();
    const bare = vaultAgentPod(rest).spec;
    expect(bare.containers.map(({ name }) => name)).toEqual(["app", "vault-agent"]);
    expect(bare.containers[0]!.env).toBeUndefined();
  });

  const { login, certificate, secrets } = agent();
  test.each([
    [
      "plain http",
      { login: { ...login, address: "http://vault.example.com" } },
      "Vault must be reached by https",
    ],
    [
      "a private key for a CA",
      { login: { ...login, caPem: "-----BEGIN PRIVATE KEY-----\nQQ==\n-----END PRIVATE KEY-----\n" } },
      "one certificate in PEM",
    ],
    ["a role that ends the text", { login: { ...login, role: 'a" }}' } }, "must be paths"],
    [
      "neither secret nor certificate",
      { secrets: {}, certificate: undefined },
      "must get secrets or a certificate",
    ],
    ["a template in a path", { secrets: { db: { path: 'a" }}{{ env "X', field: "b" } } }, "secrets must be"],
    ["a path upwards", { secrets: { db: { path: "kv/../pki", field: "b" } } }, "secrets must be"],
    ["a file elsewhere", { secrets: { "../db": secrets!.db! } }, "secrets must be"],
    ["a file of TLS", { secrets: { "tls.key": secrets!.db! } }, "secrets must be"],
    [
      "a wildcard",
      { certificate: { ...certificate!, dnsNames: ["*.example.com"] } },
      "a certificate must have",
    ],
    ["no name", { certificate: { ...certificate!, dnsNames: [] } }, "a certificate must have"],
    ["the agent's own name", { name: "vault-agent" }, "must not be named like the snippet's own"],
    ["root", { user: 0 }, "user must be a whole number above 0"],
    ["an agent by tag", { agentImage: "hashicorp/vault:1.21" }, "an image must be named by digest"],
  ] satisfies [string, Partial<VaultAgentPodOptions>, string][])("%s is refused", (_, change, text) => {
    const options = Object.fromEntries(
      Object.entries({ ...agent(), ...change }).filter(([, value]) => value !== undefined),
    ) as unknown as VaultAgentPodOptions;
    expect(() => vaultAgentPod(options)).toThrow("[WORKLOAD_POD] vaultAgentPod: ");
    expect(() => vaultAgentPod(options)).toThrow(text);
  });

  test("a given key is not printed", () => {
    const caPem = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
    expect(() => vaultAgentPod(agent({ login: { ...login, caPem } }))).not.toThrow("c2VjcmV0");
  });

  test.each([14, 61, 30.5])("a certificate of %s minutes is refused", (minutes) => {
    expect(() => vaultAgentPod(agent({ certificate: { ...certificate!, minutes } }))).toThrow(
      "[CERTIFICATE_LIFE]",
    );
  });
});

describe("a pod with an enclave that asks KMS", () => {
  const { annotations, spec } = keyPod(NITRO);
  const proxy = spec.containers.find(({ name }) => name === "vsock-proxy")!;

  test("has a proxy to KMS of the region, and to nothing else", () => {
    expect(proxy.args).toEqual([
      "8000",
      "kms-fips.eu-west-1.amazonaws.com",
      "443",
      "--config",
      "/etc/vsock-proxy/vsock-proxy.yaml",
    ]);
    expect(annotations).toEqual({
      [PROXY_ALLOW_LIST]: "allowlist:\n- {address: kms-fips.eu-west-1.amazonaws.com, port: 443}\n",
    });
  });

  test("keeps what enclavePod gives: the device, huge pages, the seccomp profile that lets vsock through", () => {
    const enclave = spec.containers.find(({ name }) => name === "enclave")!;
    expect(enclave.resources!.limits!["aws.ec2.nitro/nitro_enclaves"]).toBe("1");
    expect(proxy.resources!.limits!["aws.ec2.nitro/nitro_enclaves"]).toBeUndefined();
    expect(spec.securityContext!.seccompProfile!.type).toBe("Localhost");
    expect(spec.volumes!.map(({ name }) => name)).toEqual(["hugepages", "vsock-proxy"]);
  });

  const pool = NITRO.host.pools.find(({ capacity }) => capacity.enclaves)!;
  const options = {
    enclave: { image: byDigest("signer"), memoryMiB: 512 },
    proxyImage: byDigest("vsock-proxy"),
    region: "eu-west-1",
  };
  test.each([1024, 4_294_967_294])("port %s of vsock is free to use", (port) => {
    const made = enclaveKeyPod(pool, { ...options, port });
    expect(made.spec.containers.find(({ name }) => name === "vsock-proxy")!.args![0]).toBe(`${port}`);
  });

  test.each([
    ["a proxy by tag", { proxyImage: "vsock-proxy:1" }, "an image must be named by digest"],
    [
      "an enclave by tag",
      { enclave: { image: "signer:1", memoryMiB: 512 } },
      "an image must be named by digest",
    ],
    ["a region that is a host", { region: "eu-west-1.evil.example" }, "region must be one of AWS"],
    ["a port below 1024", { port: 443 }, "port must be"],
    ["the wildcard port", { port: 4_294_967_295 }, "port must be"],
    [
      "a name taken",
      { enclave: { ...options.enclave, name: "vsock-proxy" } },
      "must not be named like the proxy's",
    ],
  ])("%s is refused", (_, change, text) => {
    expect(() => enclaveKeyPod(pool, { ...options, ...change })).toThrow("[WORKLOAD_POD] enclaveKeyPod: ");
    expect(() => enclaveKeyPod(pool, { ...options, ...change })).toThrow(text);
  });

  test("a pool without enclaves is refused as enclavePod refuses it", () => {
    const plain = NITRO.host.pools.find(({ capacity }) => !capacity.enclaves)!;
    expect(() => enclaveKeyPod(plain, options)).toThrow("[POOL_ENCLAVES]");
  });
});

describe("a pod with the Secrets Store driver", () => {
  const tiers = TrustTier.ALL.map((tier) => [tier.label, tier] as const);
  const ABOVE = ["ATTESTED_NODE", "CONFIDENTIAL_POD", "ENCLAVE"];

  test.each(tiers.filter(([, { name }]) => ABOVE.includes(name)))("is refused for %s", (_, tier) => {
    expect(() => storePod(tier)).toThrow("[WORKLOAD_SECRET] secretsStorePod: ");
  });

  test.each(tiers.filter(([, { name }]) => !ABOVE.includes(name)))("is made for %s", (_, tier) => {
    expect(storePod(tier).spec.volumes).toEqual([
      {
        name: "secrets-store",
        csi: {
          driver: "secrets-store.csi.k8s.io",
          readOnly: true,
          volumeAttributes: { secretProviderClass: "db" },
        },
      },
    ]);
  });

  test.each([{ providerClass: "Db Secrets" }, { mountPath: "secrets" }])("%s is refused", (change) => {
    const options = { workload: { image: byDigest("app") }, tier: TrustTier.SHARED, providerClass: "db" };
    expect(() => secretsStorePod({ ...options, ...change })).toThrow("[WORKLOAD_POD] secretsStorePod: ");
  });
});
