import { ChartSource, CiliumEncryption, ciliumValues, podMtu } from "../../lib";
import { EksHost, EksNetwork } from "../../lib/aws";
import { Release } from "../../lib/core/bindings/helm";
import { address, overlaps, parseCidr, subnet } from "../../lib/network/cidr";
import { IDENTITY_LABELS } from "../../lib/network/cilium-values";
import { Template } from "../../lib/testing";
import { CniStack } from "../../stacks/aws";
import { exampleHost } from "../support/host";
import { app, ATTRIBUTES, stack } from "../support/scope";

const reference = exampleHost();
const values = ciliumValues({ reference, apiServerHost: "api.example.com" });

test("pod traffic between nodes is encrypted by WireGuard, strictly both ways", () => {
  expect(values.encryption).toEqual({
    enabled: true,
    type: "wireguard",
    nodeEncryption: false,
    strictMode: {
      egress: { enabled: true, cidr: "10.244.0.0/16", allowRemoteNodeIdentities: true },
      ingress: { enabled: true },
    },
  });
});

test("the network is an IPv4 overlay with Cilium's own addresses", () => {
  expect(values).toMatchObject({
    routingMode: "tunnel",
    tunnelProtocol: "vxlan",
    ipv4: { enabled: true },
    ipv6: { enabled: false },
    ipam: {
      mode: "cluster-pool",
      operator: { clusterPoolIPv4PodCIDRList: ["10.244.0.0/16"], clusterPoolIPv4MaskSize: 24 },
    },
  });
});

test("kube-proxy is replaced, and the API server found without it", () => {
  expect(values).toMatchObject({
    kubeProxyReplacement: "true",
    k8sServiceHost: "api.example.com",
    k8sServicePort: "443",
  });
});

test("the MTU is set, and pods get what tunnel and WireGuard leave", () => {
  expect(values.MTU).toBe(9001);
  expect(podMtu(9001)).toBe(8856);
});

test("identities come from few labels", () => {
  expect(values.labels).toBe(IDENTITY_LABELS.join(" "));
  expect(values.cluster).toEqual({ name: "prod" });
});

function cni(connection = EksHost.byAttributes(reference, ATTRIBUTES)): Record<string, unknown> {
  return Template.of(new CniStack(app(), "cni", { host: connection })).only(Release);
}

test("the release waits for nothing: there are no nodes yet", () => {
  expect(cni()).toMatchObject({
    name: "cilium",
    namespace: "kube-system",
    chart: "cilium",
    version: "1.20.0",
    wait: false,
  });
});

test("an endpoint known at synth stands in the values, without https://", () => {
  const release = cni();
  expect(JSON.parse((release.values as [string])[0])).toMatchObject({ k8sServiceHost: "api.example.com" });
  expect(release).not.toHaveProperty("set");
});

test("an endpoint known at plan is set beside the values, without https://", () => {
  const release = cni(EksHost.byLookup(reference));
  expect(release.set).toEqual([
    { name: "k8sServiceHost", value: '${replace(data.aws_eks_cluster.Host.endpoint, "https://", "")}' },
  ]);
  expect(JSON.parse((release.values as [string])[0])).not.toHaveProperty("k8sServiceHost");
});

test("nodes without a way out need a mirror for every image", () => {
  const isolated = exampleHost({ network: EksNetwork.owned({ cidr: "10.42.0.0/16", nat: false }) });
  const make = (imageRegistry?: string): unknown => {
    const scope = stack();
    const host = EksHost.fromAttributes(scope, "Host", isolated, ATTRIBUTES);
    return new CiliumEncryption(scope, "Cilium", {
      host,
      charts: { imageRegistry, cilium: ChartSource.oci("oci://registry.example.com/charts") },
    });
  };
  expect(() => make()).toThrow(/\[IMAGES_UNREACHABLE\].*quay\.io/);
  expect(() => make("registry.example.com")).not.toThrow();
});

test.each([
  ["10.0.0.0/8", { start: 10 * 2 ** 24, prefix: 8 }],
  ["255.255.255.255/32", { start: 2 ** 32 - 1, prefix: 32 }],
  ["0.0.0.0/0", { start: 0, prefix: 0 }],
  ["10.0.0.1/8", undefined],
  ["10.0.0.0/33", undefined],
  ["10.0.0.256/32", undefined],
  ["10.0.0.0", undefined],
  ["010.0.0.0/8", undefined],
  ["10.0.0.0/08", undefined],
  ["10.00.0.0/8", undefined],
  ["::/0", undefined],
])("%s is parsed", (text, range) => {
  expect(parseCidr(text)).toEqual(range);
});

test.each([
  ["10.0.0.0/8", "10.255.0.0/16", true],
  ["10.0.0.0/16", "10.1.0.0/16", false],
  ["10.1.0.0/16", "10.0.0.0/16", false],
  ["0.0.0.0/0", "203.0.113.7/32", true],
])("%s and %s share an address: %s", (one, other, share) => {
  expect(overlaps(parseCidr(one)!, parseCidr(other)!)).toBe(share);
});

test("ranges are cut and addresses counted", () => {
  const range = parseCidr("10.42.0.0/16")!;
  expect(subnet(range, 2, 3)).toBe("10.42.192.0/18");
  expect(subnet(range, 8, 194)).toBe("10.42.194.0/24");
  expect(address(range, 2)).toBe("10.42.0.2");
});
