// Values of the Cilium chart, as a pure function of the host's network facts.
import { ConfigurationError } from "../core/errors";
import type { HostReference } from "../host-cluster/host-cluster";

/** What the values depend on. */
export interface CiliumInput {
  readonly reference: HostReference;
  /** API server host without https://, when it is known at synth. Else it is set at plan. */
  readonly apiServerHost?: string;
  /** Mirror of all images. */
  readonly imageRegistry?: string;
}

/** Bytes VXLAN adds. SOURCE: Cilium 1.20, pkg/mtu. */
export const VXLAN_OVERHEAD = 50;
/** Bytes WireGuard adds. SOURCE: Cilium 1.20, pkg/mtu (95, not the 80 that older pages say). */
export const WIREGUARD_OVERHEAD = 95;

/** Bytes a pod's packet to another node may have. Cilium computes the same from `MTU`. */
export function podMtu(networkMtu: number): number {
  return networkMtu - VXLAN_OVERHEAD - WIREGUARD_OVERHEAD;
}

/**
 * Labels that make a Cilium identity, as patterns on the key; a leading `!` takes one out.
 *
 * Tenants choose their pods' labels, and each distinct set costs an identity of a pool that all tenants share: only
 * labels that policies select on count. Cilium keeps its defaults (namespace, namespace labels, service account)
 * beside these; `app.kubernetes.io` is among them and is taken out. `k8s-app` stays writable by tenants.
 */
export const IDENTITY_LABELS: readonly string[] = [
  "k8s:io\\.kubernetes\\.pod\\.namespace",
  "k8s:io\\.cilium\\.k8s\\.namespace\\.labels",
  "k8s:release$",
  "k8s:k8s-app$",
  "k8s:vcluster\\.loft\\.sh/managed-by$",
  "k8s:!app\\.kubernetes\\.io",
];

/** What a cloud's cluster has beside the CNI, and Cilium must go around. */
interface CloudValues {
  /** Chart's own switch for the cloud. */
  readonly platform: Record<string, unknown>;
  /** False where kube-proxy stays: then the API server is found by its Service, and needs no address. */
  readonly replacesKubeProxy: boolean;
  readonly bpf: Record<string, unknown>;
  readonly operator: Record<string, unknown>;
}

/**
 * The chart's own list leaves out the taint of AKS' system nodes, and a value replaces the list. The chart adds Cilium's
 * startup taint by itself. SOURCE: Cilium chart 1.20.0, operator deployment.
 */
const AKS_OPERATOR_TOLERATIONS = [
  "CriticalAddonsOnly",
  "node.kubernetes.io/not-ready",
  "node.cloudprovider.kubernetes.io/uninitialized",
].map((key) => ({ key, operator: "Exists" }));

/** By `HostReference.cloud`. */
const CLOUDS: Readonly<Record<string, CloudValues>> = {
  aws: { platform: {}, replacesKubeProxy: true, bpf: { masquerade: true }, operator: {} },
  azure: {
    platform: { aksbyocni: { enabled: true } },
    // AKS takes kube-proxy out only by a preview setting that azurerm lacks (azure-aks-docs, configure-kube-proxy.md,
    // 2026-01-28). Masquerading by eBPF depends on its replacement (Cilium 1.20, daemon.go).
    replacesKubeProxy: false,
    // eBPF host routing does not work on confidential VMs (azure-aks-docs,
    // container-network-performance-ebpf-host-routing.md, 2025-09-23).
    bpf: { masquerade: false, hostLegacyRouting: true },
    operator: { tolerations: AKS_OPERATOR_TOLERATIONS },
  },
};

/** What Cilium must go around on a host. Fails with HOST_NETWORK where the CNI is the cloud's own. */
function cloudValues({ cloud, name, network }: HostReference): CloudValues {
  const values = CLOUDS[cloud];
  if (values && network.cni === "cilium") return values;
  throw new ConfigurationError(
    "HOST_NETWORK",
    `host.${name}`,
    `Cilium goes where the host has no CNI of its own, got '${network.cni}' on '${cloud}'; leave the cni stack out`,
  );
}

/** False where Cilium finds the API server by its Service. */
export function needsApiServerHost(reference: HostReference): boolean {
  return cloudValues(reference).replacesKubeProxy;
}

/**
 * Chart values: VXLAN overlay with addresses from Cilium's own pool, WireGuard between nodes, strict egress, and no
 * kube-proxy where the cloud can do without. Written for chart 1.20: its schema is open, so a key of an older chart would
 * be silently ignored. Fails with HOST_NETWORK where the CNI is the cloud's own.
 */
export function ciliumValues({
  reference,
  apiServerHost,
  imageRegistry,
}: CiliumInput): Record<string, unknown> {
  const { podCidr, mtu } = reference.network;
  const cloud = cloudValues(reference);
  return {
    cluster: { name: reference.name },
    ...cloud.platform,
    routingMode: "tunnel",
    tunnelProtocol: "vxlan",
    ipv4: { enabled: true },
    ipv6: { enabled: false },
    ipam: {
      mode: "cluster-pool",
      operator: { clusterPoolIPv4PodCIDRList: [podCidr], clusterPoolIPv4MaskSize: 24 },
    },
    encryption: {
      enabled: true,
      type: "wireguard",
      // Beta, and it would take the control plane's traffic with it.
      nodeEncryption: false,
      strictMode: {
        // With a tunnel Cilium demands allowRemoteNodeIdentities: traffic of node identities may pass in clear.
        egress: { enabled: true, cidr: podCidr, allowRemoteNodeIdentities: true },
        ingress: { enabled: true },
      },
    },
    ...(cloud.replacesKubeProxy
      ? {
          kubeProxyReplacement: "true",
          k8sServicePort: "443",
          ...(apiServerHost ? { k8sServiceHost: apiServerHost } : {}),
        }
      : { kubeProxyReplacement: "false" }),
    MTU: mtu,
    labels: IDENTITY_LABELS.join(" "),
    bpf: cloud.bpf,
    operator: { replicas: 2, ...cloud.operator, ...image(imageRegistry, "operator") },
    hubble: { enabled: true, relay: { enabled: false }, ui: { enabled: false } },
    ...image(imageRegistry, "cilium"),
    ...(imageRegistry ? { envoy: image(imageRegistry, "cilium-envoy") } : {}),
  };
}

/** A mirror keeps Cilium's image names, and their digests, under one prefix. */
function image(registry: string | undefined, name: string): Record<string, unknown> {
  return registry ? { image: { repository: `${registry}/cilium/${name}` } } : {};
}
