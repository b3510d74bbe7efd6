// What a tenant's service accounts may do on the host, as an allow-list: whoever takes over a control plane gets this.

/** A permission of RBAC, as far as the host grants any. */
export interface HostAccess {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Which control keeps what this opens inside the fence. */
  readonly heldBy: string;
}

const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "patch", "update"];

/**
 * The control plane's account `vc-<name>`, in its own namespace and nowhere else.
 * SOURCE: Role of the vCluster chart 0.36.1 with the values of `vclusterValues`.
 */
export const SYNCER_ACCESS: readonly HostAccess[] = [
  {
    apiGroup: "",
    resources: ["pods", "services", "configmaps", "secrets", "persistentvolumeclaims"],
    verbs: [...READ, ...WRITE],
    heldBy: "admission rules and the quota",
  },
  {
    apiGroup: "",
    resources: ["pods/attach", "pods/exec", "pods/portforward"],
    verbs: [...READ, ...WRITE],
    heldBy: "the namespace: its pods are all the tenant's",
  },
  {
    apiGroup: "",
    resources: ["pods/status", "pods/ephemeralcontainers"],
    verbs: ["patch", "update"],
    heldBy: "admission rules",
  },
  { apiGroup: "", resources: ["pods/log"], verbs: READ, heldBy: "the namespace" },
  {
    apiGroup: "apps",
    resources: ["statefulsets", "replicasets", "deployments"],
    verbs: [...READ, "patch", "update"],
    heldBy: "admission rules, for these and for the pods they make",
  },
  { apiGroup: "", resources: ["endpoints"], verbs: [...READ, ...WRITE], heldBy: "the quota and the fence" },
  {
    apiGroup: "discovery.k8s.io",
    resources: ["endpointslices"],
    verbs: [...READ, ...WRITE],
    heldBy: "the quota and the fence",
  },
  {
    // No quota counts events; the host forgets them after an hour.
    apiGroup: "",
    resources: ["events"],
    verbs: ["create", ...READ],
    heldBy: "the tenant's priority level",
  },
  {
    apiGroup: "events.k8s.io",
    resources: ["events"],
    verbs: ["create", ...READ],
    heldBy: "the tenant's priority level",
  },
];

/** The account of all the tenant's pods, `vc-workload-<name>`: nothing. */
export const WORKLOAD_ACCESS: readonly HostAccess[] = [];

/**
 * What Kubernetes grants every account that can log in, in every namespace: to ask about itself.
 * SOURCE: Kubernetes 1.34, RBAC bootstrap policy.
 */
export const EVERYBODYS_ACCESS: readonly HostAccess[] = [
  {
    apiGroup: "authorization.k8s.io",
    resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
    verbs: ["create"],
    heldBy: "answers about the one who asks",
  },
  {
    apiGroup: "authentication.k8s.io",
    resources: ["selfsubjectreviews"],
    verbs: ["create"],
    heldBy: "answers about the one who asks",
  },
];

/** Paths that every service account may read: versions, health, kinds, and the keys that tokens are signed with. */
export const EVERYBODYS_PATHS: readonly string[] = [
  "/.well-known/openid-configuration",
  "/.well-known/openid-configuration/",
  "/api",
  "/api/*",
  "/apis",
  "/apis/*",
  "/healthz",
  "/livez",
  "/openapi",
  "/openapi/*",
  "/openid/v1/jwks",
  "/openid/v1/jwks/",
  "/readyz",
  "/version",
  "/version/",
];

/** One line for each verb: `create pods`, `patch statefulsets.apps`. */
export function accessLines(
  access: readonly Pick<HostAccess, "apiGroup" | "resources" | "verbs">[],
): string[] {
  const lines = access.flatMap(({ apiGroup, resources, verbs }) =>
    resources.flatMap((resource) =>
      verbs.map((verb) => `${verb} ${resource}${apiGroup === "" ? "" : `.${apiGroup}`}`),
    ),
  );
  return [...new Set(lines)].sort();
}
