// The kind of object that admission sees for a resource. Gatekeeper's constraints match kinds, policies match resources.

/**
 * Kinds by `<group>/<resource>[/<subresource>]`; of a subresource, the kind that its request carries.
 * SOURCE: Kubernetes 1.34 API reference. The Gatekeeper judge compares them with client-go's own table.
 */
const KINDS: Readonly<Record<string, Kind>> = {
  "/configmaps": kind("", "ConfigMap"),
  "/endpoints": kind("", "Endpoints"),
  "/events": kind("", "Event"),
  "/limitranges": kind("", "LimitRange"),
  "/namespaces": kind("", "Namespace"),
  "/persistentvolumeclaims": kind("", "PersistentVolumeClaim"),
  "/pods": kind("", "Pod"),
  "/pods/attach": kind("", "PodAttachOptions"),
  "/pods/binding": kind("", "Binding"),
  "/pods/ephemeralcontainers": kind("", "Pod"),
  "/pods/eviction": kind("policy", "Eviction"),
  "/pods/exec": kind("", "PodExecOptions"),
  "/pods/portforward": kind("", "PodPortForwardOptions"),
  "/pods/proxy": kind("", "PodProxyOptions"),
  "/pods/resize": kind("", "Pod"),
  "/pods/status": kind("", "Pod"),
  "/replicationcontrollers": kind("", "ReplicationController"),
  "/resourcequotas": kind("", "ResourceQuota"),
  "/secrets": kind("", "Secret"),
  "/serviceaccounts": kind("", "ServiceAccount"),
  "/serviceaccounts/token": kind("authentication.k8s.io", "TokenRequest"),
  "/services": kind("", "Service"),
  "/services/proxy": kind("", "ServiceProxyOptions"),
  "/services/status": kind("", "Service"),
  "apps/daemonsets": kind("apps", "DaemonSet"),
  "apps/deployments": kind("apps", "Deployment"),
  "apps/deployments/scale": kind("autoscaling", "Scale"),
  "apps/replicasets": kind("apps", "ReplicaSet"),
  "apps/statefulsets": kind("apps", "StatefulSet"),
  "apps/statefulsets/scale": kind("autoscaling", "Scale"),
  "batch/cronjobs": kind("batch", "CronJob"),
  "batch/jobs": kind("batch", "Job"),
  "discovery.k8s.io/endpointslices": kind("discovery.k8s.io", "EndpointSlice"),
  "networking.k8s.io/ingresses": kind("networking.k8s.io", "Ingress"),
  "networking.k8s.io/networkpolicies": kind("networking.k8s.io", "NetworkPolicy"),
  "node.k8s.io/runtimeclasses": kind("node.k8s.io", "RuntimeClass"),
  "policy/poddisruptionbudgets": kind("policy", "PodDisruptionBudget"),
  "rbac.authorization.k8s.io/rolebindings": kind("rbac.authorization.k8s.io", "RoleBinding"),
  "rbac.authorization.k8s.io/roles": kind("rbac.authorization.k8s.io", "Role"),
  "scheduling.k8s.io/priorityclasses": kind("scheduling.k8s.io", "PriorityClass"),
  "storage.k8s.io/storageclasses": kind("storage.k8s.io", "StorageClass"),
};

/** Resources that the API server also serves in other groups: a policy sees both, Gatekeeper's webhook what was asked. */
const TWINS: readonly (readonly string[])[] = [["/events", "events.k8s.io/events"]];

/** A kind as a constraint matches it. */
export interface Kind {
  readonly group: string;
  readonly kind: string;
}

/** The resource and its twins in other groups, as `<group>/<resource>`. */
export function withTwins(resource: string): readonly string[] {
  return TWINS.find((twins) => twins.includes(resource)) ?? [resource];
}

/** The kind of a resource; undefined where the table has none: then a constraint must not narrow by kind. */
export function kindOf(resource: string): Kind | undefined {
  return KINDS[resource];
}

/** The whole table, for the judge. */
export function knownKinds(): readonly (Kind & { readonly resource: string })[] {
  return Object.entries(KINDS).map(([resource, known]) => ({ resource, ...known }));
}

function kind(group: string, name: string): Kind {
  return { group, kind: name };
}
