// Everybody who sends or receives on a host: pods with the labels they really carry, nodes, and addresses.
import { IDENTITY_LABELS } from "../../../lib/network/cilium-values";
import type { KubernetesObject } from "../../../lib/core/manifest-release";
import type { FenceAddress, FenceCluster, FenceNode, FencePod } from "../../../lib/testing/fence-cluster";

/** A host's network, as far as it makes a difference. */
export interface Place {
  readonly cni: "cilium" | "gke-dataplane-v2";
  readonly resolver: string;
  /** Where the host's API server is: outside, or on a node. */
  readonly apiServer: "outside" | "remote node" | "own node";
  /** Its address when it is outside. @default 10.42.7.7 */
  readonly apiServerAddress?: string;
}

/** A tenant: its name, and the labels of its namespace. */
export interface Resident {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Roles of a tenant's pods. */
export const PODS = ["workload", "CoreDNS", "control plane", "stray"] as const;
export type PodRole = (typeof PODS)[number];

export function podId(tenant: string, role: PodRole): string {
  return `${tenant}: ${role}`;
}

/** SOURCE: vCluster 0.36.1, run: labels of synced pods, of its CoreDNS, and of the chart's StatefulSet. */
function podsOf(tenant: string): FencePod[] {
  const namespace = `tenant-${tenant}`;
  const synced = { "vcluster.loft.sh/managed-by": tenant, "vcluster.loft.sh/namespace": "default" };
  const labels: Readonly<Record<PodRole, Record<string, string>>> = {
    // A tenant's own labels come along; the syncer renames a forged `release`.
    workload: {
      app: "vcluster",
      "tenclave.dev/tenant": "somebody",
      "vcluster.loft.sh/release": "x",
      ...synced,
    },
    CoreDNS: { "k8s-app": "vcluster-kube-dns", "pod-template-hash": "5d4b9c", ...synced },
    "control plane": {
      app: "vcluster",
      release: tenant,
      "apps.kubernetes.io/pod-index": "0",
      "controller-revision-hash": `${tenant}-7d9f`,
      "statefulset.kubernetes.io/pod-name": `${tenant}-0`,
    },
    // Made with a stolen token, past the syncer.
    stray: { app: "found" },
  };
  const accounts: Readonly<Record<PodRole, string>> = {
    workload: `vc-workload-${tenant}`,
    CoreDNS: `vc-workload-${tenant}`,
    "control plane": `vc-${tenant}`,
    stray: "default",
  };
  return PODS.map((role) => ({
    id: podId(tenant, role),
    namespace,
    labels: labels[role],
    serviceAccount: accounts[role],
  }));
}

/** Pods of the platform. */
const PLATFORM: readonly FencePod[] = [
  { id: "host DNS", namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, serviceAccount: "coredns" },
  { id: "metrics server", namespace: "kube-system", labels: { "k8s-app": "metrics-server" } },
  { id: "gateway", namespace: "gateway", labels: { app: "gateway" } },
  { id: "platform pod", namespace: "tenclave-system", labels: { app: "guard" } },
];

/** Addresses that mean something somewhere. The resolver's own name wins where a host's resolver is one of them. */
const ADDRESSES: readonly FenceAddress[] = [
  { id: "metadata", ip: "169.254.169.254" },
  { id: "GKE metadata", ip: "169.254.169.252" },
  { id: "ECS credentials", ip: "169.254.170.2" },
  { id: "EKS Pod Identity", ip: "169.254.170.23" },
  { id: "wire server", ip: "168.63.129.16" },
  { id: "internet", ip: "8.8.8.8" },
  { id: "egress range", ip: "203.0.113.10" },
  // Overlaps with it: a longer range with other ports.
  { id: "egress part", ip: "203.0.113.200" },
  { id: "egress name", ip: "198.51.100.7", names: ["api.example.com"] },
  { id: "identity provider", ip: "198.51.100.99", names: ["login.example.com"] },
  // A database in the cluster's network, and one elsewhere.
  { id: "database", ip: "10.42.9.9", names: ["api.example.com"] },
  // Of the cluster's own ranges, and nobody's.
  { id: "address of no pod", ip: "10.244.9.9", names: ["api.example.com"] },
  { id: "address of no Service", ip: "172.20.0.77", names: ["api.example.com"] },
  { id: "intranet", ip: "10.99.9.9" },
  // What the tenant's own CoreDNS may claim.
  { id: "claimed by name", ip: "192.0.2.66", names: ["api.example.com"] },
];

/** An address that a tenant's DNS claims for an allowed name, although it is the metadata service's. */
export const FORGED: FenceAddress = { id: "metadata", ip: "169.254.169.254", names: ["api.example.com"] };

/** The same on IPv6. */
export const IPV6: readonly FenceAddress[] = [
  { id: "metadata, IPv6", ip: "fd00:ec2::254" },
  { id: "EKS Pod Identity, IPv6", ip: "fd00:ec2::23" },
  { id: "Google metadata, IPv6", ip: "fd20:ce::254" },
  { id: "link-local, IPv6", ip: "fe80::1" },
  { id: "internet, IPv6", ip: "2001:db8::1" },
];

/** Ports that are asked about: DNS, CoreDNS' own, HTTPS, the API servers', the kubelet's, HTTP, and one of nobody. */
export const PORTS = [53, 1053, 443, 8443, 6443, 10250, 80, 30080] as const;
export const PROTOCOLS = ["TCP", "UDP"] as const;

/** A host with its tenants. */
export function cluster(
  place: Place,
  residents: readonly Resident[],
  objects: readonly KubernetesObject[],
): FenceCluster {
  const nodes: FenceNode[] = [
    { id: "node", ip: "10.42.0.10", local: true, apiServer: place.apiServer === "own node" },
    { id: "other node", ip: "10.42.0.11", apiServer: place.apiServer === "remote node" },
  ];
  const resolver = { id: "resolver", ip: place.resolver };
  const outside = {
    id: "API server",
    ip: place.apiServerAddress ?? "10.42.7.7",
    apiServer: place.cni === "cilium",
  };
  return {
    objects,
    namespaces: [
      ...residents.map(({ name, labels }) => ({ name: `tenant-${name}`, labels })),
      ...[...new Set(PLATFORM.map(({ namespace }) => namespace))].map((name) => ({ name, labels: {} })),
    ],
    pods: [...residents.flatMap(({ name }) => podsOf(name)), ...PLATFORM],
    nodes,
    addresses: [
      resolver,
      ...ADDRESSES.filter(({ ip }) => ip !== place.resolver),
      ...(place.apiServer === "outside" ? [outside] : []),
    ],
    // Google's Cilium has its own labels, which we do not know: with all of them, no policy of ours may change.
    identityLabels: place.cni === "cilium" ? IDENTITY_LABELS : undefined,
  };
}
