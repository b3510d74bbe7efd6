// What the vCluster chart gives a tenant on the host: accounts, Role and the objects attacks aim at. As data.
import type { TenantView } from "./tenant-view";
import type { Manifest } from "./requests";

const ALL = ["create", "delete", "patch", "update", "get", "list", "watch"];
const READ = ["get", "list", "watch"];

/** Rules of the syncer's Role. SOURCE: chart vcluster 0.36.1, rendered; lane `api-server` compares. */
export const SYNCER_RULES = [
  {
    apiGroups: [""],
    resources: [
      "configmaps",
      "secrets",
      "services",
      "pods",
      "pods/attach",
      "pods/portforward",
      "pods/exec",
      "persistentvolumeclaims",
    ],
    verbs: ALL,
  },
  { apiGroups: [""], resources: ["pods/status", "pods/ephemeralcontainers"], verbs: ["patch", "update"] },
  {
    apiGroups: ["apps"],
    resources: ["statefulsets", "replicasets", "deployments"],
    verbs: [...READ, "patch", "update"],
  },
  { apiGroups: [""], resources: ["endpoints", "pods/log"], verbs: READ },
  { apiGroups: [""], resources: ["events"], verbs: ["create", ...READ] },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", ...READ] },
  { apiGroups: [""], resources: ["endpoints"], verbs: ["create", "delete", "patch", "update"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ALL },
] as const;

/** Accounts, Role and binding of a tenant. */
export function vclusterAccess({ name, namespace }: TenantView): Manifest[] {
  const metadata = { name: `vc-${name}`, namespace };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: `vc-workload-${name}`, namespace } },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules: SYNCER_RULES },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: `vc-${name}` },
      subjects: [{ kind: "ServiceAccount", name: `vc-${name}`, namespace }],
    },
  ];
}
