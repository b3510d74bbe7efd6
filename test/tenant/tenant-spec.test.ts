import { parseQuantity, mebibytes, milliCpu } from "../../lib/tenant/quantity";
import { parseTenantSpec, tenantSpec } from "../../lib/tenant/tenant-parse";
import { tenantInput } from "../support/host";

test("defaults: small control plane, no egress, port-forward, counts", () => {
  expect(tenantSpec(tenantInput())).toEqual({
    name: "acme",
    sensitivity: "internal",
    pool: "snp",
    size: "small",
    egress: [],
    exceptions: [],
    quota: {
      requests: { cpu: "2", memory: "8Gi", storage: "20Gi" },
      limits: { memory: "12Gi" },
      pods: 30,
      services: 20,
      secrets: 50,
      configMaps: 50,
      persistentVolumeClaims: 10,
      enclaves: 0,
    },
  });
  expect(tenantSpec(tenantInput({ api: {} })).api).toEqual({ via: "portForward" });
  expect(
    tenantSpec(tenantInput({ egress: [{ cidr: "203.0.113.0/24", ports: [443] }] })).egress[0]!.protocol,
  ).toBe("TCP");
});

const quota = tenantInput().quota;

/** `api` with a changed identity provider. */
function login(change: Record<string, unknown>): Record<string, unknown> {
  const oidc = {
    issuer: "https://login.example.com",
    clientId: "acme",
    groups: { admin: ["ops"] },
    ...change,
  };
  return { api: { oidc } };
}

test("log-in by an identity provider takes the claim 'groups' unless told otherwise", () => {
  const { api } = tenantSpec({ ...tenantInput(), ...login({}) });
  expect(api!.oidc).toEqual({
    issuer: "https://login.example.com",
    clientId: "acme",
    groupsClaim: "groups",
    groups: { admin: ["ops"] },
  });
});

// What is wrong, the code, the key, and words of the message.
test.each([
  [{ colour: "red" }, "TENANT_KEY", "colour", /'colour'/],
  [{ quota: { ...quota, cpu: "1" } }, "TENANT_KEY", "quota.cpu", /'cpu'/],
  [{ pool: 7 }, "TENANT_TYPE", "pool", /expected string.*got 7/],
  [{ pool: undefined }, "TENANT_TYPE", "pool", /got nothing/],
  [{ sensitivity: "secret" }, "TENANT_TYPE", "sensitivity", /"public".*got "secret"/],
  [{ size: "huge" }, "TENANT_TYPE", "size", /"small"/],
  [{ quota: { ...quota, pods: -1 } }, "TENANT_TYPE", "quota.pods", /got -1/],
  [{ quota: { ...quota, pods: 1.5 } }, "TENANT_TYPE", "quota.pods", /got 1\.5/],
  [{ quota: undefined }, "TENANT_TYPE", "quota", /got nothing/],
  [login({ issuer: "http://login.example.com" }), "TENANT_OIDC", "api.oidc.issuer", /by https/],
  [login({ issuer: "login.example.com" }), "TENANT_OIDC", "api.oidc.issuer", /a URL/],
  [login({ issuer: "https://me@login.example.com" }), "TENANT_OIDC", "api.oidc.issuer", /no user/],
  [login({ issuer: "https://login.example.com?a=b" }), "TENANT_OIDC", "api.oidc.issuer", /query/],
  [login({ issuer: "https://login.example.com:8443" }), "TENANT_OIDC", "api.oidc.issuer", /port 443/],
  [login({ issuer: "https://10.0.0.7" }), "TENANT_OIDC", "api.oidc.issuer", /not an address/],
  [login({ issuer: "https://dex.auth.svc" }), "TENANT_OIDC", "api.oidc.issuer", /outside the cluster/],
  [login({ groups: {} }), "TENANT_OIDC_GROUPS", "api.oidc.groups", /got none/],
  [login({ groups: { admin: [] } }), "TENANT_TYPE", "api.oidc.groups.admin", /got \[\]/],
  [
    login({ groups: { viewer: ["system:masters"] } }),
    "TENANT_OIDC_GROUPS",
    "api.oidc.groups.viewer.0",
    /'system:/,
  ],
  [login({ groups: { viewer: [""] } }), "TENANT_OIDC_GROUPS", "api.oidc.groups.viewer.0", /got ''/],
  [login({ groups: { owner: ["a"] } }), "TENANT_KEY", "api.oidc.groups.owner", /'owner'/],
  [login({ clientId: "" }), "TENANT_TYPE", "api.oidc.clientId", /got ""/],
  [{ name: "a".repeat(41) }, "TENANT_NAME", "name", /at most 40/],
  [{ name: "Acme" }, "TENANT_NAME", "name", /DNS-1123/],
  [{ name: "acme.eu" }, "TENANT_NAME", "name", /got "acme\.eu"/],
  [{ name: "default" }, "TENANT_NAME_RESERVED", "name", /reserved/],
  [{ name: "kube-system" }, "TENANT_NAME_RESERVED", "name", /reserved/],
  [{ name: "guardrails-acme" }, "TENANT_NAME_RESERVED", "name", /reserved/],
  [
    { quota: { ...quota, limits: { memory: "12 GB" } } },
    "TENANT_QUANTITY",
    "quota.limits.memory",
    /got "12 GB"/,
  ],
  [{ quota: { ...quota, limits: { memory: "0" } } }, "TENANT_QUANTITY", "quota.limits.memory", /above zero/],
  [
    { quota: { ...quota, limits: { memory: "4Gi" } } },
    "TENANT_LIMIT",
    "quota.limits.memory",
    /8Gi, got '4Gi'/,
  ],
  [
    { container: { requests: { memory: "1Gi" }, limits: { memory: "256Mi" } } },
    "TENANT_LIMIT",
    "container.limits.memory",
    /1Gi, got '256Mi'/,
  ],
  [{ api: { via: "gateway" } }, "TENANT_API", "api.hostname", /got nothing/],
  [{ api: { hostname: "not a host" } }, "TENANT_TYPE", "api.hostname", /got "not a host"/],
  [{ egress: [{ cidr: "203.0.113.0/24", ports: [] }] }, "TENANT_TYPE", "egress.0.ports", /got \[\]/],
  [{ egress: [{ cidr: "203.0.113.0/24", ports: [70000] }] }, "TENANT_TYPE", "egress.0.ports.0", /got 70000/],
])("%j fails with %s at %s", (change, code, path, words) => {
  const { spec, problems } = parseTenantSpec({ ...tenantInput(), ...change });
  expect(spec).toBeUndefined();
  expect(problems.map((p) => [p.code, p.path.join(".")])).toEqual([[code, path]]);
  expect(problems[0]!.text).toMatch(words);
});

test.each([
  ["*.example.com", /without a wildcard/],
  ["*", /without a wildcard/],
  ["shop.default.svc.cluster.local", /not in cluster\.local/],
  ["shop.default.svc", /not in svc/],
  ["metadata.google.internal", /not in internal/],
  ["ip-10-42-0-10.eu-west-1.compute.internal", /not in internal/],
  ["localhost", /not in localhost/],
  ["10.113.0.203.in-addr.arpa", /not in arpa/],
  ["node-1.nodes.vcluster.com", /not in nodes\.vcluster\.com/],
  ["2001:db8::1", /not an address \(and IPv6 has no way out\)/],
  ["::/0", /not an address/],
  ["203.0.113.7", /not an address/],
  ["203.0.113.0/24", /not an address/],
  ["example", /whole DNS name/],
  ["API.example.com", /lower case/],
  ["api.example.com.", /whole DNS name/],
  ["https://api.example.com", /not an address|whole DNS name/],
  [`${"a".repeat(64)}.example.com`, /whole DNS name/],
])("egress by the name %s is refused", (fqdn, words) => {
  const { problems } = parseTenantSpec({ ...tenantInput(), egress: [{ fqdn, ports: [443] }] });
  expect(problems).toEqual([
    { code: "TENANT_FQDN", path: ["egress", 0, "fqdn"], text: expect.stringMatching(words) as string },
  ]);
});

test.each([
  [{ cidr: "203.0.113.0/24", fqdn: "api.example.com", ports: [443] }, /got '203\.0\.113\.0\/24' and 'api/],
  [{ ports: [443] }, /got neither/],
])("one way out has one kind of end: %j", (way, words) => {
  const { problems } = parseTenantSpec({ ...tenantInput(), egress: [way] });
  expect(problems).toEqual([
    { code: "TENANT_EGRESS", path: ["egress", 0], text: expect.stringMatching(words) as string },
  ]);
});

test("ranges and names stand side by side", () => {
  const egress = [
    { cidr: "203.0.113.0/24", ports: [443] },
    { fqdn: "api.example.com", ports: [443] },
    { fqdn: "xn--bcher-kva.example", ports: [443] },
  ];
  expect(parseTenantSpec({ ...tenantInput(), egress }).problems).toEqual([]);
});

test.each([
  ["0.0.0.0/0", /everything/],
  ["0.0.0.0/1", /everything/],
  ["*", /not a name or '\*'/],
  ["example.com", /not a name/],
  ["::/0", /IPv4/],
  ["203.0.113.7", /IPv4 range/],
  ["203.0.113.7/24", /host bits/],
  ["169.254.169.254/32", /metadata/],
  ["169.254.0.0/16", /metadata/],
  ["168.63.129.16/32", /wire server/],
  ["168.0.0.0/8", /wire server/],
  ["100.100.100.200/32", /metadata/],
  ["127.0.0.1/32", /loopback/],
  ["224.0.0.0/8", /multicast/],
])("egress to %s is refused", (cidr, words) => {
  const { problems } = parseTenantSpec({ ...tenantInput(), egress: [{ cidr, ports: [443] }] });
  expect(problems).toEqual([
    { code: "TENANT_EGRESS", path: ["egress", 0, "cidr"], text: expect.stringMatching(words) as string },
  ]);
});

test("everything in pieces is everything", () => {
  const egress = ["20.0.0.0/9", "20.128.0.0/9"].map((cidr) => ({ cidr, ports: [443] }));
  expect(parseTenantSpec({ ...tenantInput(), egress }).problems).toEqual([]);
  const more = [...egress, { cidr: "30.0.0.0/32", ports: [443] }];
  expect(parseTenantSpec({ ...tenantInput(), egress: more }).problems).toEqual([
    {
      code: "TENANT_EGRESS",
      path: ["egress"],
      text: expect.stringMatching(/16777217 addresses in 3 ranges/) as string,
    },
  ]);
  const twice = [...egress, { cidr: "20.0.0.0/9", ports: [53] }];
  expect(parseTenantSpec({ ...tenantInput(), egress: twice }).problems).toEqual([]);
});

test("one container's default fits the quota", () => {
  const container = { requests: { cpu: "3", memory: "9Gi" }, limits: { memory: "13Gi" } };
  expect(
    parseTenantSpec({ ...tenantInput(), container }).problems.map((p) => [p.code, p.path.join(".")]),
  ).toEqual([
    ["TENANT_LIMIT", "container.requests.cpu"],
    ["TENANT_LIMIT", "container.requests.memory"],
    ["TENANT_LIMIT", "container.limits.memory"],
  ]);
});

test("everything wrong with a file is reported at once", () => {
  const { problems } = parseTenantSpec({ ...tenantInput(), name: "Acme", pool: 7, colour: "red" });
  expect(problems.map((p) => p.code).sort()).toEqual(["TENANT_KEY", "TENANT_NAME", "TENANT_TYPE"]);
});

test.each([
  ["500m", 0.5],
  ["2", 2],
  ["1.5", 1.5],
  ["1k", 1000],
  ["16Gi", 16 * 2 ** 30],
  ["1M", 1e6],
  ["", undefined],
  ["Gi", undefined],
  ["1gi", undefined],
  ["-1", undefined],
  ["1e3", undefined],
  ["0", undefined],
  ["9Pi", undefined],
  ["7Pi", 7 * 2 ** 50],
  ["1constructor", undefined],
])("quantity %j is %s", (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

test.each([
  ["1m", 1e-3],
  ["1k", 1e3],
  ["1M", 1e6],
  ["1G", 1e9],
  ["1T", 1e12],
  ["1P", 1e15],
  ["1Ki", 2 ** 10],
  ["1Mi", 2 ** 20],
  ["1Gi", 2 ** 30],
  ["1Ti", 2 ** 40],
  ["1Pi", 2 ** 50],
])("%s is %d", (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

test("CPU is counted in millicores, memory in MiB, rounded up", () => {
  expect([milliCpu("1.5"), milliCpu("20m"), mebibytes("1Gi"), mebibytes("1M")]).toEqual([1500, 20, 1024, 1]);
  expect(() => milliCpu("x")).toThrow(RangeError);
});
