import { clusterFence } from "../../lib/network/cluster-fence";
import { allPortsBut, type CiliumPolicy, type CiliumPolicySpec } from "../../lib/network/cilium-policy";
import { LABELS } from "../../lib/core/names";
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import { platformObjects } from "../../lib/host-cluster/platform-objects";
import { exampleAks } from "../support/aks";
import { exampleGkeHost } from "../support/gke-host";
import { exampleHost } from "../support/host";

function fence(host: HostReference): Map<string, CiliumPolicySpec> {
  return new Map(clusterFence(host).map((object) => [object.metadata!.name!, (object as CiliumPolicy).spec]));
}

const NAMESPACE = (label: string): string => `k8s:io.cilium.k8s.namespace.labels.${label}`;

/** Every range that a policy denies, without its exceptions. */
function denied(spec: CiliumPolicySpec): string[] {
  return (spec.egressDeny ?? []).flatMap(({ toCIDRSet = [] }) => toCIDRSet.map(({ cidr }) => cidr));
}

test.each([
  ["aws", exampleHost()],
  ["azure", exampleAks()],
  ["google", exampleGkeHost()],
])("workloads on %s reach no metadata service of any cloud", (_cloud, host) => {
  expect(denied(fence(host).get("tenclave-metadata")!)).toEqual(
    expect.arrayContaining([
      "169.254.0.0/16",
      "168.63.129.16/32",
      "fd00:ec2::/32",
      "fd20:ce::254/128",
      "fe80::/10",
    ]),
  );
});

test("every deny selects tenants by a label of their namespace, which they cannot write", () => {
  for (const host of [exampleHost(), exampleAks(), exampleGkeHost()])
    for (const [, { endpointSelector }] of fence(host))
      expect(endpointSelector.matchExpressions).toContainEqual({
        key: NAMESPACE(LABELS.tenant),
        operator: "Exists",
      });
});

test("the fence is the platform's, once a host", () => {
  const host = exampleHost();
  expect(platformObjects(host)).toEqual(expect.arrayContaining(clusterFence(host)));
  expect(fence(host).size).toBe(clusterFence(host).length);
});

test("an identity service opens by a label of the namespace, and its agent on the node as well", () => {
  const parts = fence(exampleHost());
  const without = parts.get("tenclave-identity")!;
  expect(without.endpointSelector.matchExpressions).toContainEqual({
    key: NAMESPACE("tenclave.dev/identity"),
    operator: "DoesNotExist",
  });
  expect(without.egressDeny).toEqual([
    { toCIDRSet: [{ cidr: "169.254.170.23/32" }, { cidr: "fd00:ec2::23/128" }] },
    { toEntities: ["host"], toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }] },
  ]);
  const granted = parts.get("tenclave-identity-grant")!;
  expect(granted.endpointSelector.matchExpressions).toContainEqual({
    key: NAMESPACE("tenclave.dev/identity"),
    operator: "Exists",
  });
  expect(granted.egress).toEqual(
    without.egressDeny!.map((rule) => ({
      ...rule,
      toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }],
    })),
  );
});

test("Azure hands out identities over the internet: there is nothing to grant", () => {
  expect([...fence(exampleAks()).keys()].filter((name) => /identity/.test(name))).toEqual([]);
});

test("CoreDNS keeps the node's resolver, also where that is the metadata service, on 53 alone", () => {
  const { egressDeny } = fence(exampleGkeHost()).get("tenclave-core-dns")!;
  expect(egressDeny).toContainEqual({
    toCIDRSet: [{ cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] }, { cidr: "::/0" }],
  });
  expect(egressDeny).toContainEqual({
    toCIDRSet: [{ cidr: "169.254.169.254/32" }],
    toPorts: allPortsBut([
      { port: 53, protocol: "TCP" },
      { port: 53, protocol: "UDP" },
    ]),
  });
});

test("a control plane keeps the API server: by entity, or by its range on Dataplane V2", () => {
  const own = fence(exampleHost()).get("tenclave-control-planes")!;
  expect(JSON.stringify(own.egressDeny)).toContain(
    '{"key":"reserved:kube-apiserver","operator":"DoesNotExist"}',
  );
  expect(denied(own)).toEqual([]);
  const google = fence(exampleGkeHost()).get("tenclave-control-planes")!;
  expect(google.egressDeny).toContainEqual({
    toCIDRSet: [{ cidr: "0.0.0.0/0", except: ["172.16.0.0/28"] }, { cidr: "::/0" }],
  });
});

test("no selector says only what is not there: Cilium's aggregates carry no labels, and it would take everything", () => {
  for (const host of [exampleHost(), exampleAks(), exampleGkeHost()])
    for (const [, spec] of fence(host))
      for (const { toEndpoints = [] } of spec.egressDeny ?? [])
        for (const { matchLabels, matchExpressions = [] } of toEndpoints)
          expect(
            matchLabels !== undefined || matchExpressions.some(({ operator }) => operator === "Exists"),
          ).toBe(true);
});

test("no deny names the own node's way in: kubelets probe from there", () => {
  for (const [, { ingressDeny = [] }] of fence(exampleHost()))
    for (const { fromEntities = [] } of ingressDeny)
      expect(
        ["host", "all", "cluster", "kube-apiserver"].filter((one) => fromEntities.includes(one)),
      ).toEqual([]);
});

test("where clusterwide policies take no effect there are none", () => {
  expect(clusterFence(exampleGkeHost({ clusterwidePolicies: false }))).toEqual([]);
  const { network } = exampleGkeHost();
  const old = { ...exampleGkeHost(), network: { ...network, clusterwidePolicies: undefined } };
  expect(clusterFence(old)).toEqual([]);
});

describe("all ports but some", () => {
  test("leave gaps", () => {
    expect(
      allPortsBut([
        { port: 443, protocol: "TCP" },
        { port: 444, protocol: "TCP" },
        { port: 446, protocol: "TCP" },
      ]),
    ).toEqual([
      {
        ports: [
          { port: "1", endPort: 442, protocol: "TCP" },
          { port: "445", protocol: "TCP" },
          { port: "447", endPort: 65535, protocol: "TCP" },
          { port: "0", protocol: "UDP" },
        ],
      },
    ]);
  });

  test("reach to the ends", () => {
    expect(
      allPortsBut([
        { port: 1, protocol: "UDP" },
        { port: 65535, protocol: "UDP" },
      ]),
    ).toEqual([
      {
        ports: [
          { port: "0", protocol: "TCP" },
          { port: "2", endPort: 65534, protocol: "UDP" },
        ],
      },
    ]);
  });

  test("fit the lists that the CRD takes, 40 each", () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      port: 1000 + 2 * index,
      protocol: "TCP" as const,
    }));
    const lists = allPortsBut(many).map(({ ports }) => ports.length);
    expect(Math.max(...lists)).toBe(40);
    expect(lists.reduce((total, one) => total + one, 0)).toBe(102);
  });
});
