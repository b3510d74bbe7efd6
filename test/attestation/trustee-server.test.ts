// Trustee's objects and files: what is in them, what is never in them, and what is refused.
import type { Deployment } from "kubernetes-types/apps/v1";
import type { ConfigMap, Service } from "kubernetes-types/core/v1";
import type { TrusteeServerOptions } from "../../lib/attestation/trustee/options";
import { asConfig, kbsConfig, rvpsConfig } from "../../lib/attestation/trustee/configuration";
import { jwksProxyConfig, postgresProxyConfig } from "../../lib/attestation/trustee/proxy";
import { resourcePolicyObjects, resourcePolicySql } from "../../lib/attestation/trustee/resource-policy-job";
import { toml } from "../../lib/attestation/trustee/toml";
import { exampleHost } from "../support/host";
import { trusteeOptions, trusteeServer } from "../support/trustee";

const ADMIN = {
  jwkSetUri: "https://login.example.com/keys",
  issuer: "https://login.example.com",
  audience: "kbs",
  acls: [{ role: "writer", allowedEndpoints: "^/kbs/v0/resource/.+$" }],
};
const JWKS = {
  url: "https://jwks.example.com/.well-known/jwks.json",
  tlsSecret: "jwks-tls",
  clients: ["10.60.0.0/24"],
};

function of<T>(kind: string, change: Partial<TrusteeServerOptions> = {}): T[] {
  return trusteeServer(change)
    .objects()
    .filter((object) => object.kind === kind) as T[];
}

const deployments = (change: Partial<TrusteeServerOptions> = {}): Deployment[] => of("Deployment", change);
const named = <T extends { metadata?: { name?: string } }>(list: readonly T[], name: string): T =>
  list.find(({ metadata }) => metadata?.name === name)!;

describe("defaults", () => {
  test("two pods each of three parts, with a budget, and no proxy of the key set", () => {
    expect(deployments().map(({ metadata, spec }) => [metadata!.name, spec!.replicas])).toEqual([
      ["trustee-kbs", 2],
      ["trustee-as", 2],
      ["trustee-rvps", 2],
    ]);
    expect(of("PodDisruptionBudget")).toHaveLength(3);
    expect(of("PodDisruptionBudget", { replicas: 1, sessions: "Memory" })).toHaveLength(0);
  });

  test("the admin API is closed, sessions are in Postgres, TLS is on, a handshake takes five minutes", () => {
    const text = kbsConfig(trusteeServer().options);
    for (const line of [
      'session_storage_type = "Postgres"',
      "insecure_http = false",
      "insecure_header_jwk = false",
      'authorization_mode = "DenyAll"',
      "timeout = 5",
      'storage_type = "Postgres"',
      'trusted_certs_paths = ["/etc/trustee/signer/ca.crt"]',
    ])
      expect(text.split("\n")).toContain(line);
    expect(text).not.toContain("identity_providers");
  });

  test("results live five minutes, are signed by a key that stays, and hold no evidence of devices", () => {
    expect(asConfig(trusteeServer().options)).toMatchObject({
      attestation_token_broker: {
        duration_min: 5,
        verbose_token: false,
        signer: { key_path: "/etc/trustee/signer/tls.key", cert_path: "/etc/trustee/signer/tls.crt" },
      },
      verifier_config: {
        snp_verifier: { vcek_sources: [{ type: "KDS", base_url: "https://kdsintf.amd.com" }] },
        dcap_verifier: {
          collateral_service: "https://api.trustedservices.intel.com/sgx/certification/v4/",
        },
      },
    });
    expect(asConfig(trusteeServer({ verboseToken: true }).options)).toMatchObject({
      attestation_token_broker: { verbose_token: true },
    });
  });

  test("policies and reference values are files that nobody in the cluster of pods can write", () => {
    for (const config of [asConfig(trusteeServer().options).storage_backend, rvpsConfig().storage])
      expect(config).toEqual({
        storage_type: "LocalFs",
        backends: { local_fs: { dir_path: "/etc/trustee/storage" } },
      });
    for (const [part, map, folder] of [
      ["as", "trustee-attestation-policies", "attestation_service_policy"],
      ["rvps", "trustee-reference-values", "reference_value"],
    ] as const) {
      const pod = named(deployments(), `trustee-${part}`).spec!.template.spec!;
      const volume = pod.volumes!.find(({ configMap }) => configMap?.name === map)!;
      expect(pod.containers[0]!.volumeMounts).toContainEqual({
        name: volume.name,
        mountPath: `/etc/trustee/storage/${folder}`,
        readOnly: true,
      });
    }
  });
});

test("pods run as nobody, with nothing, from images by digest", () => {
  for (const { spec } of deployments({ jwks: JWKS })) {
    const pod = spec!.template.spec!;
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
      expect(container.image).toMatch(/@sha256:[0-9a-f]{64}$/);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.resources?.limits).toMatchObject({
        cpu: expect.anything() as unknown,
        memory: expect.anything() as unknown,
      });
    }
  }
});

test("requests and limits are those of Trustee's own chart", () => {
  const of3 = deployments().map(({ spec }) => spec!.template.spec!.containers[0]!.resources);
  expect(of3).toEqual([
    { requests: { cpu: "250m", memory: "256Mi" }, limits: { cpu: "2", memory: "2Gi" } },
    { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "4", memory: "4Gi" } },
    { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  ]);
});

test("every part is probed", () => {
  const [kbs, as, rvps, jwks] = deployments({ jwks: JWKS }).map(
    ({ spec }) => spec!.template.spec!.containers[0]!,
  );
  for (const probe of ["livenessProbe", "readinessProbe"] as const) {
    expect(kbs![probe]).toMatchObject({
      httpGet: { path: "/healthz", port: "https", scheme: "HTTPS" },
    });
    expect(as![probe]).toMatchObject({ grpc: { port: 50004 } });
    expect(rvps![probe]).toMatchObject({ grpc: { port: 50003 } });
    expect(jwks![probe]).toMatchObject({ tcpSocket: { port: "https" } });
  }
});

test("the log level keeps the connection string out of the log", () => {
  for (const { spec } of deployments())
    expect(spec!.template.spec!.containers[0]!.env).toContainEqual({
      name: "RUST_LOG",
      value: "info,key_value_storage=warn",
    });
});

test("secrets are named, each key goes to the part that needs it, and no other", () => {
  const keys = (part: string): string[] => {
    const pod = named(deployments({ jwks: JWKS }), `trustee-${part}`).spec!.template.spec!;
    const mounted = pod.volumes!.flatMap(({ secret }) =>
      (secret?.items ?? []).map(({ key }) => `${secret!.secretName}/${key}`),
    );
    const env = [...(pod.initContainers ?? []), ...pod.containers].flatMap((container) =>
      (container.env ?? []).flatMap(({ valueFrom }) =>
        valueFrom?.secretKeyRef ? [`${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`] : [],
      ),
    );
    return [...mounted, ...env].sort();
  };
  expect(keys("kbs")).toEqual([
    "kbs-tls/tls.crt",
    "kbs-tls/tls.key",
    "postgres-ca/ca.crt",
    "postgres-urls/kbs-url",
    "result-signer/ca.crt",
  ]);
  expect(keys("as")).toEqual(["result-signer/tls.crt", "result-signer/tls.key"]);
  expect(keys("rvps")).toEqual([]);
  expect(keys("jwks")).toEqual(["jwks-tls/tls.crt", "jwks-tls/tls.key"]);
});

test("a changed file is another pod", () => {
  const annotation = (change: Partial<TrusteeServerOptions>): unknown =>
    deployments(change).map(({ spec }) => spec!.template.metadata!.annotations);
  const [kbs, as, rvps] = annotation({}) as unknown[];
  expect(annotation({ admin: ADMIN })).toEqual([expect.not.objectContaining(kbs as object), as, rvps]);
  expect(annotation({ verboseToken: true })).toEqual([kbs, expect.not.objectContaining(as as object), rvps]);
});

test("load balancers keep the client's address and take the clients' ranges alone", () => {
  const services = of<Service>("Service", { jwks: JWKS });
  for (const [name, clients] of [
    ["trustee-kbs", ["10.42.0.0/16"]],
    ["trustee-jwks", ["10.60.0.0/24"]],
  ] as const)
    expect(named(services, name).spec).toMatchObject({
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      loadBalancerSourceRanges: clients,
    });
  for (const name of ["trustee-as", "trustee-rvps"])
    expect(named(services, name).spec).toMatchObject({ type: "ClusterIP" });
});

test("the key set's proxy has one route, and no admin interface", () => {
  const text = JSON.stringify(jwksProxyConfig());
  expect(text.match(/"route":/g)).toHaveLength(1);
  expect(text).toContain(
    '"match":{"path":"/.well-known/jwks.json","headers":[{"name":":method","string_match":{"exact":"GET"}}]}',
  );
  expect(jwksProxyConfig()).not.toHaveProperty("admin");
  // Whoever reaches it cannot hold connections open.
  expect(text).toContain('"request_timeout":"10s"');
});

test("the broker's way to Postgres is TLS to the name in the server's certificate", () => {
  const text = JSON.stringify(postgresProxyConfig(trusteeServer().options));
  expect(text).toContain('"socket_address":{"address":"127.0.0.1","port_value":5432}');
  expect(text).toContain('"sni":"postgres.example.com"');
  expect(text).toContain('"alpn_protocols":["postgresql"]');
  expect(text).toContain('"matcher":{"exact":"postgres.example.com"}');
  expect(text).toContain('"trusted_ca":{"filename":"/etc/trustee/postgres/ca.crt"}');
});

describe("an identity provider", () => {
  const options = trusteeServer({ admin: ADMIN }).options;

  test("opens what its roles may call", () => {
    const text = kbsConfig(options);
    expect(text).toContain('authorization_mode = "AuthenticatedAuthorization"');
    expect(text).toContain('jwk_set_uri = "https://login.example.com/keys"');
    expect(text).toContain('allowed_endpoints = "^/kbs/v0/resource/.+$"');
    expect(text).toContain('audience = "kbs"');
  });

  test("lets the broker write secrets, which it cannot otherwise", () => {
    expect(resourcePolicySql(options, "p")).toContain("GRANT SELECT, INSERT, UPDATE, DELETE ON repository");
    expect(resourcePolicySql(trusteeServer().options, "p")).toContain("GRANT SELECT ON repository");
  });

  test("shows on every report", () => {
    expect(trusteeServer({ admin: ADMIN }).warnings).toEqual([
      expect.stringMatching(/admin API .* is open to writer of https:\/\/login\.example\.com/),
    ]);
    expect(trusteeServer().warnings).toEqual([]);
  });
});

describe("the Job that writes the resource policy", () => {
  const [map, job] = resourcePolicyObjects(trusteeServer().options, "package policy\n");

  test("gets its address from the Secret, and says so to nobody", () => {
    const pod = job.spec!.template.spec!;
    expect(pod.containers[0]).toMatchObject({
      command: ["psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--quiet"],
      args: ["--dbname=$(OWNER_URL)", "--file=/etc/trustee/config/policy.sql"],
    });
    expect(pod.containers[0]!.env).toContainEqual({
      name: "OWNER_URL",
      valueFrom: { secretKeyRef: { name: "postgres-urls", key: "owner-url" } },
    });
    expect(pod.volumes).toContainEqual({ name: "sql", configMap: { name: map.metadata!.name } });
    // No address of a Service in its environment: psql reads PG… from there.
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  });

  test("makes every table it gives rights on, before it does", () => {
    const lines = resourcePolicySql(trusteeServer().options, "package policy\n").split("\n");
    const made = lines.flatMap((line) => /^CREATE TABLE IF NOT EXISTS (\w+) /.exec(line)?.[1] ?? []);
    const given = lines.flatMap((line) => /^GRANT .* ON (\w+) TO/.exec(line)?.[1] ?? []);
    expect(made.length).toBeGreaterThan(0);
    expect([...given].sort()).toEqual([...made].sort());
    const verbs = lines.map((line) => line.split(" ")[0]!);
    expect(verbs.lastIndexOf("CREATE")).toBeLessThan(verbs.indexOf("GRANT"));
    expect(lines.find((line) => line.startsWith("REVOKE ALL"))).toContain(made.join(", "));
  });

  test("is another one for another policy, and the same for the same", () => {
    const again = (policy: string): unknown =>
      resourcePolicyObjects(trusteeServer().options, policy)[1].metadata!.name;
    expect(again("package policy\n")).toBe(job.metadata!.name);
    expect(again("package policy\n\n")).not.toBe(job.metadata!.name);
  });
});

const image = (text: string): Partial<TrusteeServerOptions> => ({
  images: { ...trusteeOptions().images, as: text },
});
const admin = (change: object): Partial<TrusteeServerOptions> => ({ admin: { ...ADMIN, ...change } });
const acl = (allowedEndpoints: string): Partial<TrusteeServerOptions> =>
  admin({ acls: [{ role: "writer", allowedEndpoints }] });
const postgres = (change: object): Partial<TrusteeServerOptions> => ({
  postgres: { ...trusteeOptions().postgres, ...change },
});
const network = (change: object): Partial<TrusteeServerOptions> => {
  const host = exampleHost();
  return { host: { ...host, network: { ...host.network, ...change } } };
};

const WRONG: readonly (readonly [string, Partial<TrusteeServerOptions>, RegExp])[] = [
  [
    "an image by tag",
    image("example.com/as:v0.21.0"),
    /\[TRUSTEE_IMAGE\].*images\.as.*got '.*v0\.21\.0'; write/,
  ],
  ["a short digest", image(`as@sha256:${"a".repeat(63)}`), /\[TRUSTEE_IMAGE\]/],
  ["a digest in capitals", image(`as@sha256:${"A".repeat(64)}`), /\[TRUSTEE_IMAGE\]/],
  ["no image at all", image(""), /\[TRUSTEE_IMAGE\]/],
  ["a broker in clear", { url: "http://kbs.example.com" }, /\[TRUSTEE_ENDPOINT\] .*url must be an https/],
  ["a broker with a path", { url: "https://kbs.example.com/x" }, /\[TRUSTEE_ENDPOINT\].*cut the path/],
  [
    "a broker with a password",
    { url: "https://a:b@kbs.example.com" },
    /\[TRUSTEE_ENDPOINT\].*without user or query/,
  ],
  ["keys in clear", { jwks: { ...JWKS, url: "http://a.b/.well-known/jwks.json" } }, /\[TRUSTEE_ENDPOINT\]/],
  ["keys elsewhere", { jwks: { ...JWKS, url: "https://a.b/keys" } }, /\[TRUSTEE_ENDPOINT\].*append it/],
  ["an identity provider in clear", admin({ jwkSetUri: "http://a.b/k" }), /\[TRUSTEE_ENDPOINT\].*jwkSetUri/],
  ["collateral in clear", { collateral: { intel: "http://pccs.a.b" } }, /\[TRUSTEE_ENDPOINT\].*intel/],
  ["Postgres by address", postgres({ host: "10.0.0.1" }), /\[TRUSTEE_ENDPOINT\].*postgres\.host/],
  ["a port that is none", postgres({ port: 0 }), /\[TRUSTEE_ENDPOINT\].*port/],
  ["clients from everywhere", { clients: ["0.0.0.0/0"] }, /\[TRUSTEE_EGRESS\].*clients/],
  ["no clients", { clients: [] }, /\[TRUSTEE_EGRESS\].*got none/],
  ["Postgres everywhere", postgres({ cidr: "0.0.0.0/0" }), /\[TRUSTEE_EGRESS\].*postgres\.cidr/],
  ["a range that is none", { jwks: { ...JWKS, clients: ["10.0.0.1/8"] } }, /\[TRUSTEE_EGRESS\]/],
  [
    "names on a CNI that knows none",
    network({ cni: "gke-dataplane-v2" }),
    /\[TRUSTEE_EGRESS\].*collateral\.cidrs/,
  ],
  ["sessions in memory with replicas", { sessions: "Memory" }, /\[TRUSTEE_SESSIONS\].*got 2; keep/],
  ["sessions elsewhere", { sessions: "Redis" }, /\[TRUSTEE_SESSIONS\].*got 'Redis'/],
  ["no pod", { replicas: 0 }, /\[TRUSTEE_SESSIONS\].*replicas/],
  ["half a pod", { replicas: 1.5 }, /\[TRUSTEE_SESSIONS\]/],
  ["a role for everything", acl("^/kbs/.+$"), /\[TRUSTEE_ADMIN\].*opens \/kbs\/v0\/resource-policy/],
  ["a role for policies", acl("^/kbs/v0/(resource|attestation)-policy$"), /\[TRUSTEE_ADMIN\]/],
  ["a role for reference values", acl("^/kbs/v0/reference-value/.+$"), /\[TRUSTEE_ADMIN\]/],
  ["a pattern without an end", acl("^/kbs/v0/resource/.+"), /\[TRUSTEE_ADMIN\].*write/],
  ["a pattern with a side door", acl("^/kbs/v0/resource/.+|/kbs/v0/x$"), /\[TRUSTEE_ADMIN\]/],
  ["a pattern that is none", acl("^/kbs/(+$"), /\[TRUSTEE_ADMIN\]/],
  ["no roles", admin({ acls: [] }), /\[TRUSTEE_ADMIN\].*got none/],
  ["no audience", admin({ audience: " " }), /\[TRUSTEE_ADMIN\].*audience/],
  ["a network in clear", network({ encryptsPodTraffic: false }), /\[TRUSTEE_HOST\].*encrypts: false/],
  ["a network without policies", network({ enforcesNetworkPolicy: false }), /\[TRUSTEE_HOST\]/],
  ["a Secret's name", { tlsSecret: "KBS TLS" }, /\[NAME\].*tlsSecret/],
  ["consent that says nothing", { sameClusterReason: " " }, /\[REASON\]/],
  ["an unknown key", { password: "x" } as never, /\[OPTION_TYPE\].*'password'/],
];

test.each(WRONG)("%s is refused", (_what, change, words) => {
  expect(() => trusteeServer(change)).toThrow(words);
});

test("TOML holds what was meant", () => {
  expect(toml({ a: { b: { c: 'x"\\' }, d: [{ e: ["f"] }], g: 1 } })).toBe(
    '\n[a]\ng = 1\n\n[a.b]\nc = "x\\"\\\\"\n\n[[a.d]]\ne = ["f"]\n',
  );
});

test("configuration files hold no secret and no connection string", () => {
  const text = JSON.stringify(of<ConfigMap>("ConfigMap", { jwks: JWKS, admin: ADMIN }));
  expect(text).not.toMatch(/postgres(ql)?:\/\/|BEGIN [A-Z ]*PRIVATE KEY|password/i);
});
