import type { NetworkPolicy, NetworkPolicySpec } from "kubernetes-types/networking/v1";
import { IDENTITY_LABELS } from "../../lib/network/cilium-values";
import { allPortsBut, type CiliumPolicy, type CiliumPolicySpec } from "../../lib/network/cilium-policy";
import { clusterFence } from "../../lib/network/cluster-fence";
import { WORLD_BUT_API_SERVER } from "../../lib/network/fence-selectors";
import { tenantFence } from "../../lib/network/tenant-fence";
import { namespaceLabels } from "../../lib/tenant/guardrails";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { Tenant } from "../../lib";
import { EksHost } from "../../lib/aws";
import { warningsOf } from "../../lib/core/notes";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";
import { exampleGkeHost } from "../support/gke-host";
import { exampleHost, exampleTenant } from "../support/host";
import { ATTRIBUTES, stack } from "../support/scope";

const host = exampleHost({ gatewayNamespace: "gateway" });
const tenant = (change: Partial<TenantSpecInput> = {}): ReturnType<typeof checkTenant> =>
  checkTenant(exampleTenant(change), host);

function policies(
  change: Partial<TenantSpecInput> = {},
  kind = "NetworkPolicy",
): Map<string, NetworkPolicySpec> {
  return new Map(
    tenantFence(tenant(change), host)
      .filter((object) => object.kind === kind)
      .map((object) => [object.metadata!.name!, (object as NetworkPolicy).spec!]),
  );
}

function cilium(change: Partial<TenantSpecInput>, name: string): CiliumPolicySpec | undefined {
  const found = tenantFence(tenant(change), host).find(
    ({ kind, metadata }) => kind!.startsWith("Cilium") && metadata!.name === name,
  );
  return (found as CiliumPolicy | undefined)?.spec;
}

const MANAGED = { "vcluster.loft.sh/managed-by": "acme" };
const CONTROL_PLANE = { podSelector: { matchLabels: { release: "acme" } } };
const CORE_DNS = { podSelector: { matchLabels: { ...MANAGED, "k8s-app": "vcluster-kube-dns" } } };
const WORKLOADS = {
  podSelector: {
    matchLabels: MANAGED,
    matchExpressions: [{ key: "k8s-app", operator: "NotIn", values: ["vcluster-kube-dns"] }],
  },
};
const DNS = (port: number): object[] => [
  { port, protocol: "UDP" },
  { port, protocol: "TCP" },
];

test("nothing passes unless a policy says so", () => {
  expect(policies().get("tenclave-default-deny")).toEqual({
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
  });
});

test("workloads reach each other and their API server", () => {
  expect(policies().get("tenclave-workloads")).toEqual({
    ...WORKLOADS,
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [WORKLOADS, CONTROL_PLANE] }],
    egress: [{ to: [WORKLOADS] }, { to: [CONTROL_PLANE], ports: [{ port: 8443, protocol: "TCP" }] }],
  });
});

test("workloads ask CoreDNS on the pod's port 1053, through the proxy that learns names", () => {
  expect(cilium({}, "tenclave-dns")).toMatchObject({
    endpointSelector: WORKLOADS.podSelector,
    egress: [
      {
        toEndpoints: [CORE_DNS.podSelector],
        toPorts: [
          {
            ports: [
              { port: "1053", protocol: "UDP" },
              { port: "1053", protocol: "TCP" },
            ],
            rules: { dns: [{ matchPattern: "*" }] },
          },
        ],
      },
    ],
  });
});

test("CoreDNS answers on 1053 and forwards to the node's resolver alone", () => {
  expect(policies().get("tenclave-core-dns")).toEqual({
    ...CORE_DNS,
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: { matchLabels: MANAGED } }, CONTROL_PLANE], ports: DNS(1053) }],
    egress: [
      { to: [CONTROL_PLANE], ports: [{ port: 8443, protocol: "TCP" }] },
      { to: [{ ipBlock: { cidr: "10.42.0.2/32" } }], ports: DNS(53) },
    ],
  });
});

test("the control plane serves its own pods, and asks the host's DNS", () => {
  expect(policies().get("tenclave-control-plane")).toEqual({
    ...CONTROL_PLANE,
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [{ podSelector: { matchLabels: MANAGED } }], ports: [{ port: 8443, protocol: "TCP" }] },
    ],
    egress: [
      { to: [{ podSelector: { matchLabels: MANAGED } }] },
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: DNS(53),
      },
    ],
  });
});

test("the gateway reaches the API server on 8443 when the tenant asks for it, and not otherwise", () => {
  const api = { hostname: "acme.example.com", via: "gateway" as const };
  const gateway = {
    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } } }],
    ports: [{ port: 8443, protocol: "TCP" }],
  };
  expect(policies({ api }).get("tenclave-control-plane")!.ingress).toContainEqual(gateway);
  expect(
    policies({ api: { ...api, via: "portForward" } }).get("tenclave-control-plane")!.ingress,
  ).toHaveLength(1);
});

test("only the control plane reaches the host's API server", () => {
  expect(cilium({}, "tenclave-api-server")).toMatchObject({
    endpointSelector: { matchLabels: { release: "acme" } },
    egress: [
      {
        toEntities: ["kube-apiserver"],
        toPorts: [
          {
            ports: [
              { port: "443", protocol: "TCP" },
              { port: "6443", protocol: "TCP" },
            ],
          },
        ],
      },
    ],
  });
});

test("egress by range is what the file names, for workloads only; no range, no policy", () => {
  expect(policies().has("tenclave-egress")).toBe(false);
  const egress = [
    { cidr: "203.0.113.0/24", ports: [443, 8443] },
    { cidr: "198.51.100.7/32", ports: [53], protocol: "UDP" as const },
  ];
  expect(policies({ egress }).get("tenclave-egress")).toEqual({
    ...WORKLOADS,
    policyTypes: ["Egress"],
    egress: [
      {
        to: [{ ipBlock: { cidr: "203.0.113.0/24" } }],
        ports: [
          { port: 443, protocol: "TCP" },
          { port: 8443, protocol: "TCP" },
        ],
      },
      { to: [{ ipBlock: { cidr: "198.51.100.7/32" } }], ports: [{ port: 53, protocol: "UDP" }] },
    ],
  });
});

test("egress by name is what the file names, for workloads only; no name, no policy", () => {
  expect(cilium({}, "tenclave-egress-names")).toBeUndefined();
  const egress = [{ fqdn: "api.example.com", ports: [443, 8443] }];
  expect(cilium({ egress }, "tenclave-egress-names")).toMatchObject({
    endpointSelector: WORKLOADS.podSelector,
    egress: [
      {
        toFQDNs: [{ matchName: "api.example.com" }],
        toPorts: [
          {
            ports: [
              { port: "443", protocol: "TCP" },
              { port: "8443", protocol: "TCP" },
            ],
          },
        ],
      },
    ],
  });
  expect(policies({ egress }).has("tenclave-egress")).toBe(false);
});

describe("what a policy in the namespace cannot open", () => {
  const internet = (egress: TenantSpecInput["egress"]): CiliumPolicySpec["egressDeny"] =>
    cilium({ egress }, "tenclave-internet-acme")!.egressDeny;
  const EVERYWHERE = (...except: string[]): object => ({
    toCIDRSet: [
      { cidr: "0.0.0.0/0", except: [...except, "169.254.170.23/32"] },
      { cidr: "::/0", except: ["fd00:ec2::23/128"] },
    ],
  });
  const tcp = (...ports: number[]): { port: number; protocol: "TCP" }[] =>
    ports.map((port) => ({ port, protocol: "TCP" }));

  test("without egress it is everything outside; the identity service is the host's fence", () => {
    expect(internet([])).toEqual([EVERYWHERE()]);
  });

  test("with ranges it is everything else, and their other ports", () => {
    expect(internet([{ cidr: "203.0.113.0/24", ports: [443] }])).toEqual([
      EVERYWHERE("203.0.113.0/24"),
      { toCIDRSet: [{ cidr: "203.0.113.0/24" }], toPorts: allPortsBut(tcp(443)) },
    ]);
  });

  test("ranges that overlap leave each other's ports", () => {
    const [, whole, part] = internet([
      { cidr: "203.0.113.0/24", ports: [443] },
      { cidr: "203.0.113.128/25", ports: [8443] },
    ])!;
    expect(whole!.toPorts).toEqual(allPortsBut(tcp(443, 8443)));
    expect(part!.toPorts).toEqual(allPortsBut(tcp(443, 8443)));
  });

  test("with names it is every port but theirs: a deny cannot tell names", () => {
    expect(internet([{ fqdn: "api.example.com", ports: [443] }])).toEqual([
      { ...EVERYWHERE(), toPorts: allPortsBut(tcp(443)) },
    ]);
  });
});

test("egress by name shows at synth, with what it does not hold against", () => {
  const scope = stack();
  const named = tenant({ egress: [{ fqdn: "api.example.com", ports: [443] }] });
  new Tenant(scope, "named", {
    host: EksHost.fromAttributes(scope, "Host", host, ATTRIBUTES),
    tenant: named,
  });
  expect(warningsOf(scope).map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/api\.example\.com.*own CoreDNS says which address/),
  );
});

describe("on Dataplane V2", () => {
  const google = exampleGkeHost();
  const kinds = (reference: typeof google): string[] => [
    ...new Set(
      tenantFence(checkTenant(exampleTenant({ pool: "snp" }), reference), reference).map(({ kind }) => kind!),
    ),
  ];

  test("there are no policies that it does not serve", () => {
    expect(kinds(google)).toEqual(["NetworkPolicy", "CiliumClusterwideNetworkPolicy"]);
    expect(kinds(exampleGkeHost({ clusterwidePolicies: false }))).toEqual(["NetworkPolicy"]);
  });

  test("workloads ask CoreDNS without a proxy", () => {
    const [, workloads] = tenantFence(checkTenant(exampleTenant({ pool: "snp" }), google), google);
    expect((workloads as NetworkPolicy).spec!.egress).toContainEqual({ to: [CORE_DNS], ports: DNS(1053) });
  });

  test("names are refused", () => {
    const egress = [{ fqdn: "api.example.com", ports: [443] }];
    expect(() => checkTenant(exampleTenant({ pool: "snp", egress }), google)).toThrow(
      /\[TENANT_FQDN\] acme\.egress\.0\.fqdn: .*gke-dataplane-v2/,
    );
  });
});

test("every pod label a policy selects on makes an identity: else it would never match", () => {
  const egress = [
    { cidr: "203.0.113.0/24", ports: [443] },
    { fqdn: "api.example.com", ports: [443] },
  ];
  const objects = JSON.stringify(tenantFence(tenant({ egress }), host));
  const selected = new Set(
    [
      ...objects.matchAll(/"matchLabels":\{([^}]*)\}/g),
      ...objects.matchAll(/"matchExpressions":\[\{("key":"[^"]*)/g),
    ].flatMap(([, text]) => [
      ...[...text!.matchAll(/"key":"([^"]+)/g)].map((key) => key[1]!),
      ...[...text!.matchAll(/"([^"]+)":"/g)].map((key) => key[1]!),
    ]),
  );
  const labels = [...selected]
    .map((key) => key.replace(/^k8s:/, ""))
    .filter((key) => key !== "key" && key !== "kubernetes.io/metadata.name");
  expect([...new Set(labels)].sort()).toEqual([
    "io.kubernetes.pod.namespace",
    "k8s-app",
    "release",
    "vcluster.loft.sh/managed-by",
  ]);
  for (const label of labels)
    expect(IDENTITY_LABELS.some((pattern) => new RegExp(`^${pattern}`).test(`k8s:${label}`))).toBe(true);
});

describe("log-in by an identity provider", () => {
  const api = {
    oidc: {
      issuer: "https://login.example.com/acme",
      clientId: "acme",
      groups: { admin: ["ops"] },
    },
  };

  test("the control plane reaches it by its name, which the host's DNS answers through the proxy", () => {
    expect(cilium({ api }, "tenclave-login")).toMatchObject({
      endpointSelector: { matchLabels: { release: "acme" } },
      egress: [
        {
          toEndpoints: [
            { matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" } },
          ],
          toPorts: [{ rules: { dns: [{ matchPattern: "*" }] } }],
        },
        {
          toFQDNs: [{ matchName: "login.example.com" }],
          toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
        },
      ],
    });
    expect(cilium({}, "tenclave-login")).toBeUndefined();
  });

  test("no other policy goes around the proxy", () => {
    const egress = (change: Partial<TenantSpecInput>): string =>
      JSON.stringify(policies(change).get("tenclave-control-plane")!.egress);
    expect(egress({ api })).not.toContain("kube-dns");
    expect(egress({})).toContain("kube-dns");
  });

  test("the namespace's label opens 443 outside to its control plane, and to no other", () => {
    expect(namespaceLabels(tenant({ api }), host)).toMatchObject({ "tenclave.dev/login": "oidc" });
    expect(namespaceLabels(tenant(), host)).not.toHaveProperty(["tenclave.dev/login"]);
    const label = "k8s:io.cilium.k8s.namespace.labels.tenclave.dev/login";
    const parts = new Map(
      clusterFence(host).map(({ metadata, ...object }) => [
        metadata!.name,
        (object as unknown as CiliumPolicy).spec,
      ]),
    );
    const others = parts.get("tenclave-control-planes-outside")!;
    expect(others.endpointSelector.matchExpressions).toContainEqual({ key: label, operator: "DoesNotExist" });
    expect(others.egressDeny).toEqual([{ toEndpoints: WORLD_BUT_API_SERVER }]);
    const own = parts.get("tenclave-control-planes-login")!;
    expect(own.endpointSelector.matchExpressions).toContainEqual({ key: label, operator: "Exists" });
    expect(own.egressDeny![0]).toEqual({
      toEndpoints: WORLD_BUT_API_SERVER,
      toPorts: allPortsBut([{ port: 443, protocol: "TCP" }]),
    });
  });

  test("a host without names in policies refuses it", () => {
    expect(() => checkTenant(exampleTenant({ api }), exampleGkeHost())).toThrow(
      /\[TENANT_OIDC\].*needs a host with Cilium/,
    );
  });
});
