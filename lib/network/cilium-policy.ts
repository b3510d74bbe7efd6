// Cilium's own policy kinds, as far as we write them, and the arithmetic of ports that a deny needs.
import type { KubernetesObject } from "../core/manifest-release";
import type { PodNetwork } from "../host-cluster/host-cluster";

/** A label selector. Keys may carry a source, like `k8s:` or `reserved:`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

export interface CiliumPort {
  /** A number in quotes; `0` is every port. */
  readonly port: string;
  /** Last port of a range. */
  readonly endPort?: number;
  readonly protocol: "TCP" | "UDP" | "ANY";
}

export interface CiliumPorts {
  readonly ports: readonly CiliumPort[];
  /** Names that may be asked for; the answers go through Cilium's DNS proxy, which is how it learns addresses. */
  readonly rules?: { readonly dns: readonly { readonly matchPattern: string }[] };
}

/** One rule of a section: who, and on which ports. Exactly one kind of peer. */
export interface CiliumRule {
  readonly toEndpoints?: readonly LabelSelector[];
  readonly fromEndpoints?: readonly LabelSelector[];
  readonly toEntities?: readonly string[];
  readonly fromEntities?: readonly string[];
  readonly toCIDRSet?: readonly { readonly cidr: string; readonly except?: readonly string[] }[];
  readonly toFQDNs?: readonly { readonly matchName: string }[];
  readonly toPorts?: readonly CiliumPorts[];
}

export interface CiliumPolicySpec {
  readonly description: string;
  readonly endpointSelector: LabelSelector;
  readonly ingress?: readonly CiliumRule[];
  readonly ingressDeny?: readonly CiliumRule[];
  readonly egress?: readonly CiliumRule[];
  readonly egressDeny?: readonly CiliumRule[];
}

export interface CiliumPolicy extends KubernetesObject {
  readonly spec: CiliumPolicySpec;
}

/** A policy for pods of all namespaces. Nobody with rights in a namespace alone can change or delete it. */
export function clusterwidePolicy(
  name: string,
  labels: Readonly<Record<string, string>>,
  spec: CiliumPolicySpec,
): CiliumPolicy {
  const metadata = { name, ...(Object.keys(labels).length > 0 ? { labels } : {}) };
  return { apiVersion: "cilium.io/v2", kind: "CiliumClusterwideNetworkPolicy", metadata, spec };
}

/** True when clusterwide policies take effect on a host. */
export function hasClusterwidePolicies({ cni, clusterwidePolicies }: PodNetwork): boolean {
  return clusterwidePolicies ?? cni === "cilium";
}

/** True when CiliumNetworkPolicies in namespaces take effect, DNS and FQDN rules among them. */
export function hasNamespacedPolicies({ cni }: PodNetwork): boolean {
  return cni === "cilium";
}

/** A port that stays free. */
export interface Port {
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** Ports as Cilium writes them: numbers in quotes. */
export function ciliumPorts(ports: readonly Port[]): CiliumPort[] {
  return ports.map(({ port, protocol }) => ({ port: `${port}`, protocol }));
}

/** What the CRD takes in one list. SOURCE: Cilium 1.20, CRD of CiliumNetworkPolicy. */
const MOST_PORTS = 40;

/** All ports of TCP and UDP but these: what a deny names when something must stay possible. */
export function allPortsBut(free: readonly Port[]): CiliumPorts[] {
  const denied = (["TCP", "UDP"] as const).flatMap((protocol) => {
    const kept = [...new Set(free.filter((one) => one.protocol === protocol).map(({ port }) => port))];
    if (kept.length === 0) return [{ port: "0", protocol }];
    return gaps(kept).map(([first, last]) => ({
      port: `${first}`,
      ...(last > first ? { endPort: last } : {}),
      protocol,
    }));
  });
  return Array.from({ length: Math.ceil(denied.length / MOST_PORTS) }, (_, index) => ({
    ports: denied.slice(index * MOST_PORTS, (index + 1) * MOST_PORTS),
  }));
}

/** Ranges from 1 to 65535 between the ports given. */
function gaps(ports: readonly number[]): [number, number][] {
  const edges = [0, ...[...ports].sort((one, other) => one - other), 65536];
  return edges
    .slice(1)
    .map((edge, index): [number, number] => [edges[index]! + 1, edge - 1])
    .filter(([first, last]) => first <= last);
}
