// Who is who in a tenant's namespace, by labels: what a policy can tell apart, and who can write it.
import { LABELS, tenantNamespace } from "../core/names";
import type { LabelRequirement, LabelSelector } from "./cilium-policy";

/** Port of the virtual API server on its pod. */
export const API_PORT = 8443;
/** Port of the tenant's CoreDNS on its pod: policies see the pod's port, not the Service's 53. */
export const CORE_DNS_PORT = 1053;

/** A label of the namespace, as Cilium shows it on pods. The tenant cannot write it. */
export const namespaceLabel = (label: string): string => `k8s:io.cilium.k8s.namespace.labels.${label}`;

/** The chart's label on the control plane's pod. The syncer renames a tenant's copy of it. */
const RELEASE = "k8s:release";
/** The syncer's label on what it made. It renames a tenant's copy of it. */
const MANAGED_BY = "k8s:vcluster.loft.sh/managed-by";
/** **Writable by the tenant**: a pod with this label and CoreDNS' value gets CoreDNS' rights, which are DNS only. */
const K8S_APP = "k8s:k8s-app";
export const CORE_DNS_APP = "vcluster-kube-dns";

const has = (key: string): LabelRequirement => ({ key, operator: "Exists" });
const lacks = (key: string): LabelRequirement => ({ key, operator: "DoesNotExist" });
const isCoreDns: LabelRequirement = { key: K8S_APP, operator: "In", values: [CORE_DNS_APP] };
/** True for pods without the label, too. */
const notCoreDns: LabelRequirement = { key: K8S_APP, operator: "NotIn", values: [CORE_DNS_APP] };

const ofTenants = has(namespaceLabel(LABELS.tenant));
const select = (...matchExpressions: LabelRequirement[]): LabelSelector => ({ matchExpressions });

/** Pods of all tenants, by role. Whatever is neither control plane nor CoreDNS counts as a workload. */
export const TENANTS = {
  all: select(ofTenants),
  workloads: select(ofTenants, lacks(RELEASE), notCoreDns),
  coreDns: select(ofTenants, lacks(RELEASE), isCoreDns),
  controlPlanes: select(ofTenants, has(RELEASE)),
  /** Control planes of namespaces whose people log in by an identity provider, and of the others. */
  withLogin: select(ofTenants, has(namespaceLabel(LABELS.login)), has(RELEASE)),
  withoutLogin: select(ofTenants, lacks(namespaceLabel(LABELS.login)), has(RELEASE)),
  /** Workloads of namespaces that the platform lets have cloud identities, and of those it does not. */
  withIdentity: select(
    ofTenants,
    has(namespaceLabel(LABELS.identity)),
    has(MANAGED_BY),
    lacks(RELEASE),
    notCoreDns,
  ),
  withoutIdentity: select(ofTenants, lacks(namespaceLabel(LABELS.identity)), lacks(RELEASE), notCoreDns),
} as const satisfies Record<string, LabelSelector>;

/** Workloads of one tenant, from outside its namespace. */
export function workloadsOf(tenant: string): LabelSelector {
  return {
    matchLabels: { "k8s:io.kubernetes.pod.namespace": tenantNamespace(tenant) },
    matchExpressions: [lacks(RELEASE), notCoreDns],
  };
}

/** Pods that are no tenant's: a number of identities that the platform decides, not a tenant. */
export const PLATFORM_PODS = select(
  has("k8s:io.kubernetes.pod.namespace"),
  lacks(namespaceLabel(LABELS.tenant)),
);

/** The host's own DNS. */
export const HOST_DNS: LabelSelector = {
  matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" },
};

/** Platform pods that are not the host's DNS: outside kube-system, or inside with another `k8s-app`. */
export const PLATFORM_BUT_DNS: readonly LabelSelector[] = [
  select(
    { key: "k8s:io.kubernetes.pod.namespace", operator: "NotIn", values: ["kube-system"] },
    has("k8s:io.kubernetes.pod.namespace"),
    lacks(namespaceLabel(LABELS.tenant)),
  ),
  {
    matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system" },
    matchExpressions: [{ key: K8S_APP, operator: "NotIn", values: ["kube-dns"] }],
  },
];

const butApiServer = (...entities: string[]): LabelSelector[] =>
  entities.map((entity) => select(has(`reserved:${entity}`), lacks("reserved:kube-apiserver")));

/** Outside the cluster, but not the host's API server, which may lie there as well. One each, as Cilium names them. */
export const WORLD_BUT_API_SERVER: readonly LabelSelector[] = butApiServer(
  "world",
  "world-ipv4",
  "world-ipv6",
);

/** Nodes, but not one that serves the host's API. */
export const NODES_BUT_API_SERVER: readonly LabelSelector[] = butApiServer("host", "remote-node");
