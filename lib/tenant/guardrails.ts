// The objects on the host side that a tenant cannot touch, as pure functions of its spec and the host's facts.
import type { LimitRange, ResourceQuota } from "kubernetes-types/core/v1";
import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicySpec,
} from "kubernetes-types/networking/v1";
import { parameterAnnotations } from "../admission/parameters";
import { LABELS, tenantNamespace } from "../core/names";
import type { KubernetesObject } from "../core/manifest-release";
import type { HostReference } from "../host-cluster/host-cluster";
import type { PoolReference } from "../node-pool/node-pool";
import { Tee } from "../tee/tee";
import { containerDefaults } from "./container-defaults";
import { CONTROL_PLANE_SIZES } from "./control-plane-size";
import { hostShare, SCRATCH } from "./host-share";
import { cpuQuantity, mebibytes, memoryQuantity } from "./quantity";
import type { CheckedTenant } from "./tenant-checks";
import type { TenantSpec } from "./tenant-spec";

/** Port of the virtual API server on its pod. */
const API_PORT = 8443;
/** Port of the tenant's CoreDNS on its pod: policies see the pod's port, not the Service's 53. */
const CORE_DNS_PORT = 1053;

/** Labels of the Namespace: Pod Security `restricted`, and whose it is. */
export function namespaceLabels({ spec, pool }: CheckedTenant, host: HostReference): Record<string, string> {
  const version = `v${host.kubernetesVersion}`;
  return {
    [LABELS.tenant]: spec.name,
    [LABELS.host]: host.name,
    [LABELS.pool]: pool.name,
    ...Object.fromEntries(
      ["enforce", "audit", "warn"].flatMap((mode) => [
        [`pod-security.kubernetes.io/${mode}`, "restricted"],
        [`pod-security.kubernetes.io/${mode}-version`, version],
      ]),
    ),
  };
}

/** Annotations of the Namespace: parameters of the admission rules, and the tenant's sensitivity for readers. */
export function namespaceAnnotations(
  { spec, pool }: CheckedTenant,
  host: HostReference,
): Record<string, string> {
  return {
    [`${LABELS.tenant}-sensitivity`]: spec.sensitivity,
    ...parameterAnnotations({ pool, storageClass: host.storageClass.name }),
  };
}

/** All guardrails of a tenant, in the order they are listed in docs/tenant.md. */
export function guardrails(tenant: CheckedTenant, host: HostReference): KubernetesObject[] {
  const { spec } = tenant;
  return [
    resourceQuota(tenant, host),
    limitRange(spec),
    defaultDeny(spec),
    workloadsPolicy(spec),
    coreDnsPolicy(spec, host),
    controlPlanePolicy(spec, host),
    apiServerPolicy(spec, host),
    ...(spec.egress.length > 0 ? [egressPolicy(spec)] : []),
  ];
}

/**
 * The tenant's own quota plus what its control plane and CoreDNS take. There is no `limits.cpu`: the chart's control
 * plane sets no CPU limit and would be refused.
 */
export function resourceQuota({ spec, pool }: CheckedTenant, host: HostReference): ResourceQuota {
  const share = hostShare(spec, pool);
  const refused = host.storageClass.refused.map((name) => [
    `${name}.storageclass.storage.k8s.io/persistentvolumeclaims`,
    "0",
  ]);
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: metadata(spec, "tenant"),
    spec: {
      hard: {
        "requests.cpu": cpuQuantity(share.requestsMilliCpu),
        "requests.memory": memoryQuantity(share.requestsMemoryMiB),
        "limits.memory": memoryQuantity(share.limitsMemoryMiB),
        "requests.storage": memoryQuantity(share.storageMiB),
        "requests.ephemeral-storage": memoryQuantity(share.requestsEphemeralMiB),
        "limits.ephemeral-storage": memoryQuantity(share.limitsEphemeralMiB),
        pods: `${share.pods}`,
        services: `${share.services}`,
        "services.loadbalancers": "0",
        "services.nodeports": "0",
        secrets: `${share.secrets}`,
        configmaps: `${share.configMaps}`,
        persistentvolumeclaims: `${share.persistentVolumeClaims}`,
        // The syncer writes both; Kubernetes' own controllers make one or two for each Service.
        "count/endpoints": `${share.services * 4}`,
        "count/endpointslices.discovery.k8s.io": `${share.services * 4}`,
        ...(Object.fromEntries(refused) as Record<string, string>),
        ...deviceQuota(spec, pool, host),
      },
    },
  };
}

/**
 * Devices that hand out evidence of the whole node, by cloud. Evidence does not name the pod that asked for it: whoever
 * holds the device can have any key attested, so tenants get none.
 * SOURCE: google/cc-device-plugin, 2026; Azure documentation of the confidential computing add-on, 2021.
 */
const DEVICES: Readonly<Record<string, readonly { readonly resource: string; readonly allowedOn?: Tee }[]>> =
  {
    aws: [],
    azure: [{ resource: "kubernetes.azure.com/sgx_epc_mem_in_MiB", allowedOn: Tee.SGX }],
    google: [{ resource: "google.com/cc" }, { resource: "amd.com/sev-snp" }, { resource: "intel.com/tdx" }],
  };

/** Devices a tenant may use: none that speak for the node, and as many enclaves as its file says. */
function deviceQuota(spec: TenantSpec, pool: PoolReference, host: HostReference): Record<string, string> {
  const none = (DEVICES[host.cloud] ?? [])
    .filter(({ allowedOn }) => allowedOn?.id !== pool.tee)
    .map(({ resource }) => [`requests.${resource}`, "0"]);
  // Also on pools without: the selector that keeps the tenant there is no boundary.
  const others = host.pools.flatMap(({ capacity: { enclaves } }) =>
    enclaves
      ? [`requests.${enclaves.resource}`, `requests.${enclaves.hugePages}`].map((name) => [name, "0"])
      : [],
  );
  const { enclaves } = pool.capacity;
  const own = enclaves
    ? [
        [`requests.${enclaves.resource}`, `${spec.quota.enclaves}`],
        [`requests.${enclaves.hugePages}`, memoryQuantity(hostShare(spec, pool).enclaveMemoryMiB)],
      ]
    : [];
  return Object.fromEntries([...none, ...others, ...own]) as Record<string, string>;
}

/**
 * Defaults for containers that say nothing, and an upper bound that still admits the control plane. No lower bound:
 * the chart's init containers ask for as little as 30m and 64Mi.
 */
export function limitRange(spec: TenantSpec): LimitRange {
  const defaults = containerDefaults(spec);
  const controlPlane = CONTROL_PLANE_SIZES[spec.size]!;
  const largest = Math.max(mebibytes(spec.quota.limits.memory), controlPlane.memoryLimitMiB);
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: metadata(spec, "tenant"),
    spec: {
      limits: [
        {
          type: "Container",
          defaultRequest: {
            ...defaults.requests,
            "ephemeral-storage": memoryQuantity(SCRATCH.container.requestMiB),
          },
          default: { ...defaults.limits, "ephemeral-storage": memoryQuantity(SCRATCH.container.limitMiB) },
          max: {
            memory: memoryQuantity(largest),
            "ephemeral-storage": memoryQuantity(SCRATCH.controlPlane.limitMiB),
          },
        },
      ],
    },
  };
}

/** Nothing comes in and nothing goes out, unless another policy of the list says so. */
export function defaultDeny(spec: TenantSpec): NetworkPolicy {
  return networkPolicy(spec, "default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
}

/** Workloads talk to each other, to their API server and to their DNS. */
export function workloadsPolicy(spec: TenantSpec): NetworkPolicy {
  return networkPolicy(spec, "workloads", {
    podSelector: plainWorkloads(spec),
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: plainWorkloads(spec) }, { podSelector: controlPlane(spec) }] }],
    egress: [
      { to: [{ podSelector: plainWorkloads(spec) }] },
      { to: [{ podSelector: controlPlane(spec) }], ports: tcp(API_PORT) },
      { to: [{ podSelector: coreDns(spec) }], ports: dns(CORE_DNS_PORT) },
    ],
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
    {
      to: [{ ...namespace("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
      ports: dns(53),
    },
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
  const policy = {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: metadata(spec, "api-server"),
    spec: {
      endpointSelector: controlPlane(spec),
      egress: [
        {
          toEntities: ["kube-apiserver"],
          toPorts: [{ ports: [443, 6443].map((port) => ({ port: `${port}`, protocol: "TCP" })) }],
        },
      ],
    },
  };
  return policy;
}

/** The ranges the tenant's file names, for workloads only. */
export function egressPolicy(spec: TenantSpec): NetworkPolicy {
  return networkPolicy(spec, "egress", {
    podSelector: plainWorkloads(spec),
    policyTypes: ["Egress"],
    egress: spec.egress.map(({ cidr, ports, protocol }) => ({
      to: [{ ipBlock: { cidr } }],
      ports: ports.map((port) => ({ port, protocol })),
    })),
  });
}

type Selector = NonNullable<NetworkPolicySpec["podSelector"]>;

/** Pods the syncer made. It renames a forged copy of this label. */
function managed(spec: TenantSpec): Selector {
  return { matchLabels: { "vcluster.loft.sh/managed-by": spec.name } };
}

/** The tenant's CoreDNS. A pod that forges `k8s-app` gains a path to the resolver, and loses its way to its peers. */
function coreDns(spec: TenantSpec): Selector {
  return { matchLabels: { ...managed(spec).matchLabels, "k8s-app": "vcluster-kube-dns" } };
}

/** Pods the syncer made, but for CoreDNS. */
function plainWorkloads(spec: TenantSpec): Selector {
  return {
    ...managed(spec),
    matchExpressions: [{ key: "k8s-app", operator: "NotIn", values: ["vcluster-kube-dns"] }],
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

function networkPolicy(spec: TenantSpec, name: string, policy: NetworkPolicySpec): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadata(spec, name),
    spec: policy,
  };
}

function metadata(
  spec: TenantSpec,
  name: string,
): { name: string; namespace: string; labels: Record<string, string> } {
  return {
    name: `tenclave-${name}`,
    namespace: tenantNamespace(spec.name),
    labels: { [LABELS.tenant]: spec.name },
  };
}
