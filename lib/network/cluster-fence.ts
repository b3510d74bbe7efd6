// What no tenant reaches whatever a policy of its own allows: denies over all tenants' namespaces, once per host.
import type { KubernetesObject } from "../core/manifest-release";
import type { HostReference } from "../host-cluster/host-cluster";
import {
  allPortsBut,
  clusterwidePolicy,
  hasClusterwidePolicies,
  type CiliumPolicySpec,
  type CiliumRule,
  type Port,
} from "./cilium-policy";
import {
  HOST_DNS,
  NODES_BUT_API_SERVER,
  PLATFORM_BUT_DNS,
  PLATFORM_PODS,
  TENANTS,
  WORLD_BUT_API_SERVER,
} from "./fence-selectors";

/**
 * Ranges in which clouds keep metadata, credentials and agents. All clouds' on every host: a host is moved, or lies
 * behind another cloud's gateway.
 * SOURCE: Amazon EC2, ECS and EKS user guides; Azure, "What is IP address 168.63.129.16"; Compute Engine, metadata server; 2026.
 */
const METADATA: readonly { readonly cidr: string; readonly holdsIdentity?: boolean }[] = [
  // Instance metadata of AWS, Azure and Google (.169.254), GKE's (.169.252), ECS tasks (.170.2), EKS Pod Identity (.170.23).
  { cidr: "169.254.0.0/16", holdsIdentity: true },
  // Azure's wire server.
  { cidr: "168.63.129.16/32" },
  // The same of AWS on IPv6: metadata (::254), EKS Pod Identity (::23).
  { cidr: "fd00:ec2::/32", holdsIdentity: true },
  // Google's metadata server on IPv6.
  { cidr: "fd20:ce::254/128" },
  // Link-local addresses on IPv6.
  { cidr: "fe80::/10" },
];

/** Where a cloud hands out identities of workloads. */
interface IdentityService {
  readonly addresses: readonly string[];
  readonly ports: readonly Port[];
  /** True where the agent listens on an address of the node itself: Cilium then sees the node, and no range matches. */
  readonly onNode: boolean;
}

/**
 * By `HostReference.cloud`. Azure has none: its pods exchange a token with Entra, over the internet.
 * SOURCE: EKS Pod Identity agent (its address lies on a dummy link, which Cilium 1.20 counts as the node's); GKE, workload identity, 2026.
 */
const IDENTITY: Readonly<Record<string, IdentityService>> = {
  aws: { addresses: ["169.254.170.23/32", "fd00:ec2::23/128"], ports: tcp(80), onNode: true },
  google: { addresses: ["169.254.169.252/32", "169.254.169.254/32"], ports: tcp(80, 988), onNode: false },
};

const NOBODY: IdentityService = { addresses: [], ports: [], onNode: false };

/** Ranges of a cloud's identity service; a namespace's label decides about them. */
export function identityAddresses(host: HostReference): readonly string[] {
  return (IDENTITY[host.cloud] ?? NOBODY).addresses;
}

/** Ports of the host's API server, wherever it runs. */
export const API_SERVER_PORTS: readonly Port[] = tcp(443, 6443);

/** Port of identity providers. */
const LOGIN: readonly Port[] = tcp(443);

const DNS: readonly Port[] = [
  { port: 53, protocol: "TCP" },
  { port: 53, protocol: "UDP" },
];

/** All of the internet. */
export const EVERYWHERE = ["0.0.0.0/0", "::/0"] as const;

/** Kubelets (10250, 10255), node ports, agents: on this node and on the others. */
const NODES = ["host", "remote-node"] as const;

/** A range without those of some parts that are of its family. */
function without(cidr: string, parts: readonly string[]): { cidr: string; except?: readonly string[] } {
  const except = parts.filter((part) => part.includes(":") === cidr.includes(":"));
  return except.length > 0 ? { cidr, except } : { cidr };
}

/** The internet without some ranges. */
export function internetBut(except: readonly string[]): { cidr: string; except?: readonly string[] }[] {
  return EVERYWHERE.map((cidr) => without(cidr, except));
}

/**
 * The denies of a host, empty where clusterwide policies take no effect. Each also closes what it selects in its
 * direction: a namespace with a tenant's label is shut before its guardrails are there.
 */
export function clusterFence(host: HostReference): KubernetesObject[] {
  if (!hasClusterwidePolicies(host.network)) return [];
  const identity = IDENTITY[host.cloud] ?? NOBODY;
  return Object.entries(parts(host, identity)).map(([name, spec]) =>
    clusterwidePolicy(`tenclave-${name}`, {}, spec),
  );
}

function parts(host: HostReference, identity: IdentityService): Record<string, CiliumPolicySpec> {
  const { nodeResolvers, apiServerCidr } = host.network;
  const resolvers = nodeResolvers.map((ip) => `${ip}/32`);
  return {
    metadata: {
      description: "Workloads reach no metadata service.",
      endpointSelector: TENANTS.workloads,
      egressDeny: [
        {
          toCIDRSet: METADATA.map(({ cidr, holdsIdentity }) =>
            without(cidr, holdsIdentity ? identity.addresses : []),
          ),
        },
        // Of these, tenclave-identity decides about the ports that hand out identities.
        ...(identity.addresses.length > 0
          ? [
              {
                toCIDRSet: identity.addresses.map((cidr) => ({ cidr })),
                toPorts: allPortsBut(identity.ports),
              },
            ]
          : []),
      ],
    },
    network: {
      description: "Workloads reach nothing else in the cluster's network, the node's resolver among it.",
      endpointSelector: TENANTS.workloads,
      egressDeny: [{ toCIDRSet: clusterRanges(host).map((cidr) => ({ cidr })) }],
    },
    nodes: {
      description: "Workloads reach no node, kubelet, node port or API server of the host.",
      endpointSelector: TENANTS.workloads,
      egressDeny: [
        { toEntities: ["remote-node", "kube-apiserver"] },
        // The port of an agent on the node is left to tenclave-identity.
        identity.onNode
          ? { toEntities: ["host"], toPorts: allPortsBut(identity.ports) }
          : { toEntities: ["host"] },
      ],
    },
    platform: {
      description: "Workloads reach no pod of the platform.",
      endpointSelector: TENANTS.workloads,
      egressDeny: [{ toEndpoints: [PLATFORM_PODS] }],
    },
    "core-dns": {
      description:
        "Tenants' CoreDNS, and whoever forges its label, reaches the node's resolver on 53 and nothing else outside.",
      endpointSelector: TENANTS.coreDns,
      egressDeny: [
        { toEntities: [...NODES] },
        { toEndpoints: [PLATFORM_PODS] },
        { toCIDRSet: internetBut(resolvers) },
        { toCIDRSet: resolvers.map((cidr) => ({ cidr })), toPorts: allPortsBut(DNS) },
      ],
    },
    "control-planes": {
      description: "Virtual control planes reach the host's API server and DNS, and nothing else outside.",
      endpointSelector: TENANTS.controlPlanes,
      egressDeny: [
        { toEndpoints: PLATFORM_BUT_DNS },
        { toEndpoints: [HOST_DNS], toPorts: allPortsBut(DNS) },
        ...(apiServerCidr === undefined
          ? [
              { toEndpoints: NODES_BUT_API_SERVER },
              { toEntities: ["kube-apiserver"], toPorts: allPortsBut(API_SERVER_PORTS) },
            ]
          : [
              { toEntities: [...NODES] },
              { toCIDRSet: internetBut([apiServerCidr]) },
              { toCIDRSet: [{ cidr: apiServerCidr }], toPorts: allPortsBut(tcp(443)) },
            ]),
      ],
    },
    ...(apiServerCidr === undefined ? loginParts() : {}),
    inbound: {
      description:
        "Nothing outside the cluster and no other node reaches a tenant's pod. Kubelets' probes come from the own node.",
      endpointSelector: TENANTS.all,
      ingressDeny: [{ fromEntities: ["world", "remote-node"] }],
    },
    ...identityParts(identity),
  };
}

/**
 * Who reaches identity providers: control planes of namespaces that carry the platform's label, on 443. Which provider is
 * the tenant's own policy's to say: a deny cannot tell a name.
 */
function loginParts(): Record<string, CiliumPolicySpec> {
  return {
    "control-planes-outside": {
      description: "Without the platform's label on their namespace, control planes reach nothing outside.",
      endpointSelector: TENANTS.withoutLogin,
      egressDeny: [{ toEndpoints: WORLD_BUT_API_SERVER }],
    },
    "control-planes-login": {
      description: "With it, nothing outside but 443, where identity providers are, and no metadata service.",
      endpointSelector: TENANTS.withLogin,
      egressDeny: [
        { toEndpoints: WORLD_BUT_API_SERVER, toPorts: allPortsBut(LOGIN) },
        { toCIDRSet: METADATA.map(({ cidr }) => ({ cidr })) },
      ],
    },
  };
}

/** Who gets cloud identities: workloads of namespaces that carry the platform's label, and nobody else. */
function identityParts(identity: IdentityService): Record<string, CiliumPolicySpec> {
  if (identity.addresses.length === 0) return {};
  const addresses = { toCIDRSet: identity.addresses.map((cidr) => ({ cidr })) };
  const toPorts = [{ ports: identity.ports.map(({ port, protocol }) => ({ port: `${port}`, protocol })) }];
  const onNode: CiliumRule[] = identity.onNode ? [{ toEntities: ["host"], toPorts }] : [];
  return {
    identity: {
      description: "Without the platform's label on their namespace, workloads reach no identity service.",
      endpointSelector: TENANTS.withoutIdentity,
      egressDeny: [addresses, ...onNode],
    },
    "identity-grant": {
      description:
        "With the platform's label on their namespace, workloads reach the identity service, on its ports.",
      endpointSelector: TENANTS.withIdentity,
      egress: [{ ...addresses, toPorts }, ...onNode],
    },
  };
}

/** The cluster's own ranges. No tenant's file may name a part of them, and no name may lead there. */
function clusterRanges({ network }: HostReference): string[] {
  const { podCidr, serviceCidr, nodeCidr, apiServerCidr } = network;
  return [podCidr, serviceCidr, nodeCidr, ...(apiServerCidr === undefined ? [] : [apiServerCidr])];
}

function tcp(...ports: number[]): Port[] {
  return ports.map((port) => ({ port, protocol: "TCP" }));
}
