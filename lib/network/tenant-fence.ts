// A tenant's own fence: nothing in, nothing out, but for the rows of `tenantFence`.
import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicySpec,
} from "kubernetes-types/networking/v1";
import type { KubernetesObject } from "../core/manifest-release";
import type { HostReference } from "../host-cluster/host-cluster";
import { guardrailMetadata } from "../tenant/guardrail-metadata";
import type { CheckedTenant } from "../tenant/tenant-checks";
import type { TenantSpec } from "../tenant/tenant-spec";
import {
  ciliumPorts,
  hasClusterwidePolicies,
  hasNamespacedPolicies,
  type CiliumPolicy,
  type CiliumPolicySpec,
  type CiliumRule,
  type LabelSelector,
} from "./cilium-policy";
import { API_SERVER_PORTS } from "./cluster-fence";
import { API_PORT, CORE_DNS_APP, CORE_DNS_PORT, HOST_DNS } from "./fence-selectors";
import { internetPolicy, namesOf, rangesOf, type EgressName, type EgressRange } from "./tenant-egress";

/**
 * The policies of a tenant, as docs/network.md lists them. Whatever selects lies in the tenant's namespace; a pod's node
 * makes no difference. Kinds that the host's network does not serve are left out.
 */
export function tenantFence({ spec }: CheckedTenant, host: HostReference): KubernetesObject[] {
  const { network } = host;
  const ranges = rangesOf(spec);
  const names = namesOf(spec);
  return [
    defaultDeny(spec),
    workloadsPolicy(spec, host),
    ...(hasNamespacedPolicies(network) ? [dnsPolicy(spec)] : []),
    coreDnsPolicy(spec, host),
    controlPlanePolicy(spec, host),
    apiServerPolicy(spec, host),
    ...(issuerOf(spec) && hasNamespacedPolicies(network) ? [loginPolicy(spec)] : []),
    ...(ranges.length > 0 ? [egressPolicy(spec, ranges)] : []),
    ...(names.length > 0 ? [egressByNamePolicy(spec, names)] : []),
    ...(hasClusterwidePolicies(network) ? [internetPolicy(spec, host)] : []),
  ];
}

/** Nothing comes in and nothing goes out, unless another policy of the list says so. */
export function defaultDeny(spec: TenantSpec): NetworkPolicy {
  return networkPolicy(spec, "default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
}

/** Workloads talk to each other, to their API server and, where `dnsPolicy` does not say so, to their DNS. */
export function workloadsPolicy(spec: TenantSpec, { network }: HostReference): NetworkPolicy {
  return networkPolicy(spec, "workloads", {
    podSelector: plainWorkloads(spec),
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: plainWorkloads(spec) }, { podSelector: controlPlane(spec) }] }],
    egress: [
      { to: [{ podSelector: plainWorkloads(spec) }] },
      { to: [{ podSelector: controlPlane(spec) }], ports: tcp(API_PORT) },
      ...(hasNamespacedPolicies(network)
        ? []
        : [{ to: [{ podSelector: coreDns(spec) }], ports: dns(CORE_DNS_PORT) }]),
    ],
  });
}

/**
 * Workloads ask their CoreDNS through Cilium's DNS proxy, which learns from the answers what the names of
 * `egressByNamePolicy` stand for. A policy beside it that allows the port without DNS rules would go around the proxy.
 */
export function dnsPolicy(spec: TenantSpec): CiliumPolicy {
  return ciliumPolicy(spec, "dns", {
    description: "Workloads ask the tenant's CoreDNS; the answers teach Cilium addresses of names.",
    endpointSelector: plainWorkloads(spec),
    egress: [throughDnsProxy(coreDns(spec), CORE_DNS_PORT)],
  });
}

/**
 * The tenant's CoreDNS answers on 1053. Its pod has `dnsPolicy: Default`, so it forwards to the node's own resolver,
 * not to the host's kube-dns: neighbours' Service names stay unknown to it.
 */
export function coreDnsPolicy(spec: TenantSpec, host: HostReference): NetworkPolicy {
  const resolvers = host.network.nodeResolvers.map((ip): NetworkPolicyPeer => ({
    ipBlock: { cidr: `${ip}/32` },
  }));
  return networkPolicy(spec, "core-dns", {
    podSelector: coreDns(spec),
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [{ podSelector: managed(spec) }, { podSelector: controlPlane(spec) }],
        ports: dns(CORE_DNS_PORT),
      },
    ],
    egress: [
      { to: [{ podSelector: controlPlane(spec) }], ports: tcp(API_PORT) },
      { to: resolvers, ports: dns(53) },
    ],
  });
}

/** The control plane serves its own pods (and the gateway, when asked for), and asks the host's DNS. */
export function controlPlanePolicy(spec: TenantSpec, host: HostReference): NetworkPolicy {
  const gateway: NetworkPolicyIngressRule[] =
    spec.api?.via === "gateway" && host.gatewayNamespace
      ? [{ from: [namespace(host.gatewayNamespace)], ports: tcp(API_PORT) }]
      : [];
  const egress: NetworkPolicyEgressRule[] = [
    { to: [{ podSelector: managed(spec) }] },
    // With log-in by an identity provider `loginPolicy` says so, by the DNS proxy.
    ...(issuerOf(spec) && hasNamespacedPolicies(host.network)
      ? []
      : [
          {
            to: [{ ...namespace("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
            ports: dns(53),
          },
        ]),
  ];
  return networkPolicy(spec, "control-plane", {
    podSelector: controlPlane(spec),
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: managed(spec) }], ports: tcp(API_PORT) }, ...gateway],
    egress,
  });
}

/**
 * Only the control plane reaches the host's API server: whatever address that has, or, where the CNI is the cloud's own
 * and serves no CiliumNetworkPolicy, in the range the cloud keeps it in.
 */
export function apiServerPolicy(spec: TenantSpec, host: HostReference): KubernetesObject {
  const { apiServerCidr } = host.network;
  if (apiServerCidr !== undefined)
    return networkPolicy(spec, "api-server", {
      podSelector: controlPlane(spec),
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: apiServerCidr } }], ports: tcp(443) }],
    });
  return ciliumPolicy(spec, "api-server", {
    description: "The virtual control plane reaches the host's API server.",
    endpointSelector: controlPlane(spec),
    egress: [
      {
        toEntities: ["kube-apiserver"],
        toPorts: [{ ports: ciliumPorts(API_SERVER_PORTS) }],
      },
    ],
  });
}

/**
 * The control plane reads the keys of the identity provider, whose addresses Cilium learns from the host's DNS: no tenant
 * can forge these answers.
 */
export function loginPolicy(spec: TenantSpec): CiliumPolicy {
  return ciliumPolicy(spec, "login", {
    description: "The virtual control plane reaches the identity provider of the tenant's file.",
    endpointSelector: controlPlane(spec),
    egress: [
      throughDnsProxy(HOST_DNS, 53),
      {
        toFQDNs: [{ matchName: issuerOf(spec)! }],
        toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
      },
    ],
  });
}

/** Host name of the identity provider the tenant's people log in with. */
function issuerOf({ api }: TenantSpec): string | undefined {
  return api?.oidc && new URL(api.oidc.issuer).hostname;
}

/** The ranges the tenant's file names, for workloads only. */
export function egressPolicy(spec: TenantSpec, ranges: readonly EgressRange[]): NetworkPolicy {
  return networkPolicy(spec, "egress", {
    podSelector: plainWorkloads(spec),
    policyTypes: ["Egress"],
    egress: ranges.map(({ cidr, ports, protocol }) => ({
      to: [{ ipBlock: { cidr } }],
      ports: ports.map((port) => ({ port, protocol })),
    })),
  });
}

/**
 * The names the tenant's file names, for workloads only: whatever address the tenant's CoreDNS gave for them. The tenant
 * administers that CoreDNS, so this holds against mistakes and not against the tenant.
 */
export function egressByNamePolicy(spec: TenantSpec, names: readonly EgressName[]): CiliumPolicy {
  return ciliumPolicy(spec, "egress-names", {
    description: "Workloads reach the names of the tenant's file.",
    endpointSelector: plainWorkloads(spec),
    egress: names.map(({ fqdn, ports, protocol }) => ({
      toFQDNs: [{ matchName: fqdn }],
      toPorts: [{ ports: ciliumPorts(ports.map((port) => ({ port, protocol }))) }],
    })),
  });
}

/** Readable by both kinds of policy. */
interface Selector {
  readonly matchLabels: { readonly [key: string]: string };
  readonly matchExpressions?: { key: string; operator: "NotIn"; values: string[] }[];
}

/** Pods the syncer made. It renames a forged copy of this label. */
function managed(spec: TenantSpec): Selector {
  return { matchLabels: { "vcluster.loft.sh/managed-by": spec.name } };
}

/** The tenant's CoreDNS. A pod that forges `k8s-app` gains a path to the resolver, and loses its way to its peers. */
function coreDns(spec: TenantSpec): Selector {
  return { matchLabels: { ...managed(spec).matchLabels, "k8s-app": CORE_DNS_APP } };
}

/** Pods the syncer made, but for CoreDNS. */
function plainWorkloads(spec: TenantSpec): Selector {
  return {
    ...managed(spec),
    matchExpressions: [{ key: "k8s-app", operator: "NotIn", values: [CORE_DNS_APP] }],
  };
}

/** The virtual control plane. The syncer renames a forged `release` label. */
function controlPlane(spec: TenantSpec): Selector {
  return { matchLabels: { release: spec.name } };
}

function namespace(name: string): NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

function tcp(port: number): { port: number; protocol: "TCP" }[] {
  return [{ port, protocol: "TCP" }];
}

function dns(port: number): { port: number; protocol: "TCP" | "UDP" }[] {
  return [
    { port, protocol: "UDP" },
    { port, protocol: "TCP" },
  ];
}

/** A DNS server that is asked through Cilium's proxy, which learns addresses of names from the answers. */
function throughDnsProxy(server: LabelSelector, port: number): CiliumRule {
  return {
    toEndpoints: [server],
    toPorts: [{ ports: ciliumPorts(dns(port)), rules: { dns: [{ matchPattern: "*" }] } }],
  };
}

function networkPolicy(spec: TenantSpec, name: string, policy: NetworkPolicySpec): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: guardrailMetadata(spec, name),
    spec: policy,
  };
}

function ciliumPolicy(spec: TenantSpec, name: string, policy: CiliumPolicySpec): CiliumPolicy {
  return {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: guardrailMetadata(spec, name),
    spec: policy,
  };
}
