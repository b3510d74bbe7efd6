// What holds a tenant in, or lets somebody out: kinds that no tenant's account may change, and where.
import { PLATFORM_NAMESPACE, tenantNamespace } from "../../../../lib/core/names";

/** One kind, the verbs that would open it, and the namespaces to ask about; undefined stands for the whole cluster. */
export interface GuardrailKind {
  readonly group: string;
  /** With sub-resource after a slash. */
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly namespaces: (tenant: string | undefined) => readonly (string | undefined)[];
}

const WRITE = ["create", "update", "patch", "delete", "deletecollection"];

const CLUSTER: GuardrailKind["namespaces"] = () => [undefined];
/** The tenant's own namespace: there, too. */
const OWN: GuardrailKind["namespaces"] = (tenant) => (tenant === undefined ? [] : [tenantNamespace(tenant)]);
const PLATFORM: GuardrailKind["namespaces"] = () => [PLATFORM_NAMESPACE, "kube-system"];

const rows = (
  namespaces: GuardrailKind["namespaces"],
  group: string,
  resources: readonly string[],
  verbs: readonly string[] = WRITE,
): GuardrailKind[] => resources.map((resource) => ({ group, resource, verbs, namespaces }));

export const GUARDRAILS: readonly GuardrailKind[] = [
  ...rows(CLUSTER, "admissionregistration.k8s.io", [
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
    "mutatingadmissionpolicies",
    "mutatingadmissionpolicybindings",
    "validatingwebhookconfigurations",
    "mutatingwebhookconfigurations",
  ]),
  ...rows(CLUSTER, "flowcontrol.apiserver.k8s.io", ["flowschemas", "prioritylevelconfigurations"]),
  ...rows(CLUSTER, "", ["namespaces", "namespaces/finalize", "nodes", "nodes/status", "persistentvolumes"]),
  ...rows(CLUSTER, "", ["nodes/proxy"], ["get", "create"]),
  ...rows(CLUSTER, "", ["users", "groups", "serviceaccounts"], ["impersonate"]),
  ...rows(CLUSTER, "node.k8s.io", ["runtimeclasses"]),
  ...rows(CLUSTER, "storage.k8s.io", ["storageclasses", "volumeattachments", "csidrivers"]),
  ...rows(CLUSTER, "scheduling.k8s.io", ["priorityclasses"]),
  ...rows(CLUSTER, "apiextensions.k8s.io", ["customresourcedefinitions"]),
  ...rows(CLUSTER, "apiregistration.k8s.io", ["apiservices"]),
  ...rows(CLUSTER, "certificates.k8s.io", [
    "certificatesigningrequests",
    "certificatesigningrequests/approval",
  ]),
  ...rows(CLUSTER, "cilium.io", ["ciliumclusterwidenetworkpolicies", "ciliumidentities", "ciliumnodes"]),
  ...rows(
    CLUSTER,
    "rbac.authorization.k8s.io",
    ["clusterroles", "clusterrolebindings"],
    [...WRITE, "bind", "escalate"],
  ),
  ...rows(OWN, "rbac.authorization.k8s.io", ["roles", "rolebindings"], [...WRITE, "bind", "escalate"]),
  ...rows(OWN, "", ["resourcequotas", "resourcequotas/status", "limitranges", "serviceaccounts"]),
  ...rows(OWN, "", ["serviceaccounts/token", "pods/binding", "pods/eviction", "bindings"], ["create"]),
  ...rows(OWN, "", ["services/proxy", "pods/proxy"], ["get", "create"]),
  ...rows(OWN, "networking.k8s.io", ["networkpolicies", "ingresses"]),
  ...rows(OWN, "cilium.io", ["ciliumnetworkpolicies", "ciliumendpoints", "ciliumlocalredirectpolicies"]),
  ...rows(OWN, "apps", ["daemonsets"]),
  ...rows(
    OWN,
    "apps",
    ["deployments", "statefulsets", "replicasets"],
    ["create", "delete", "deletecollection"],
  ),
  ...rows(OWN, "apps", ["deployments/scale", "statefulsets/scale"], ["update", "patch"]),
  ...rows(OWN, "batch", ["jobs", "cronjobs"]),
  ...rows(OWN, "coordination.k8s.io", ["leases"]),
  ...rows(PLATFORM, "", ["secrets", "configmaps", "pods"], ["get", "list", ...WRITE]),
];
