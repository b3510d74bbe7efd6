// What RBAC alone keeps from a tenant: subresources, other namespaces, the cluster, other people's names.
import { createHmac } from "node:crypto";
import { Attacker, type Attack, type AttackContext, type AttackRequest, type Control } from "../attack";
import { create, get, patch, pod, podOf, standingPod, type Manifest } from "../requests";

/** An attack that RBAC refuses, by the syncer unless said otherwise. */
function denied(
  id: string,
  does: string,
  why: string,
  request: (context: AttackContext) => AttackRequest,
  more: Partial<Attack> = {},
): Attack {
  return {
    id: `access-${id}`,
    as: Attacker.SYNCER,
    does,
    why,
    expect: "refused",
    stoppedBy: ["rbac", ...(BEHIND_RBAC[id] ?? [])],
    request,
    ...more,
  };
}

const OWN_NAMESPACE = "rule:own-namespace";
const GUARDRAILS = "rule:platform-guardrails";
const GRANTS = "rule:tenant-grants";
const WORKLOADS_RULE = "rule:control-plane-workloads";

/** What would still refuse, were RBAC to fail. Reads have nothing behind it. */
const BEHIND_RBAC: Readonly<Record<string, readonly Control[]>> = {
  "statefulset-scale": [WORKLOADS_RULE],
  "statefulset-status": [WORKLOADS_RULE],
  "node-proxy": [OWN_NAMESPACE],
  "neighbour-token": [OWN_NAMESPACE],
  "controller-token": [OWN_NAMESPACE],
  "from-neighbour-delete": [OWN_NAMESPACE],
  "account-create": [GUARDRAILS],
  "account-annotate": [GUARDRAILS],
  "role-create": [GUARDRAILS],
  "role-widen": [GUARDRAILS],
  "binding-create": [GUARDRAILS, GRANTS],
  "cluster-binding-create": [OWN_NAMESPACE, GRANTS],
  "neighbour-create": [OWN_NAMESPACE],
  "from-neighbour-create": [OWN_NAMESPACE],
  "volume-create": [OWN_NAMESPACE],
  "cluster-webhook": [OWN_NAMESPACE],
  "cluster-priority-class": [OWN_NAMESPACE],
  "cluster-namespace": [OWN_NAMESPACE],
};

const STANDING = { setup: (context: AttackContext): Manifest[] => [standingPod(context)] };

const RBAC = "rbac.authorization.k8s.io";

/** Subresources of what the syncer may write. */
const SUBRESOURCES: readonly Attack[] = [
  denied(
    "pods-binding",
    "binds its pod to a node through pods/binding",
    "past the scheduler, past every check of nodeName",
    (context) => {
      const { metadata } = standingPod(context);
      return {
        ...create({ apiVersion: "v1", kind: "Binding", metadata }),
        path: `${get(`/api/v1/namespaces/${metadata.namespace!}/pods/${metadata.name}/binding`).path}`,
        body: {
          apiVersion: "v1",
          kind: "Binding",
          metadata: { name: metadata.name },
          target: { apiVersion: "v1", kind: "Node", name: "control-plane-1" },
        },
      };
    },
    STANDING,
  ),
  denied(
    "bindings",
    "binds its pod to a node through bindings",
    "the older path of the same",
    (context) => {
      const { metadata } = standingPod(context);
      return create({
        apiVersion: "v1",
        kind: "Binding",
        metadata,
        target: { apiVersion: "v1", kind: "Node", name: "control-plane-1" },
      });
    },
    STANDING,
  ),
  denied(
    "pods-eviction",
    "evicts a pod",
    "a way to remove pods that DELETE rules do not see",
    (context) => ({
      method: "POST",
      path: `/api/v1/namespaces/${context.tenant.namespace}/pods/${standingPod(context).metadata.name}/eviction`,
      body: {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: standingPod(context).metadata.name, namespace: context.tenant.namespace },
      },
    }),
    STANDING,
  ),
  denied(
    "pods-resize",
    "resizes a running pod",
    "more CPU and memory than it was admitted with",
    (context) => patch(standingPod(context), { spec: { containers: [] } }, "resize"),
    // From 1.35 the chart grants it; quota and limits then see the change.
    STANDING,
  ),
  denied(
    "statefulset-scale",
    "scales its control plane's StatefulSet",
    "several control planes on one database, or none",
    ({ tenant }) => ({
      method: "PATCH",
      path: `/apis/apps/v1/namespaces/${tenant.namespace}/statefulsets/${tenant.name}/scale`,
      body: { spec: { replicas: 50 } },
    }),
  ),
  denied("deployment-scale", "scales a Deployment", "pods that nobody asked for", ({ tenant }) => ({
    method: "PATCH",
    path: `/apis/apps/v1/namespaces/${tenant.namespace}/deployments/${tenant.name}/scale`,
    body: { spec: { replicas: 50 } },
  })),
  denied(
    "statefulset-status",
    "writes its StatefulSet's status",
    "controllers act on a lie",
    ({ tenant }) => ({
      method: "PATCH",
      path: `/apis/apps/v1/namespaces/${tenant.namespace}/statefulsets/${tenant.name}/status`,
      body: { status: { replicas: 0 } },
    }),
  ),
  denied(
    "statefulset-create",
    "makes a StatefulSet",
    "Kubernetes' own controller then makes pods in its name",
    ({ tenant }) => ({
      method: "POST",
      path: `/apis/apps/v1/namespaces/${tenant.namespace}/statefulsets`,
      body: {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: "own" },
        spec: { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } } } },
      },
    }),
  ),
  ...["daemonsets", "deployments"].map((plural) =>
    denied(`${plural}-create`, `makes one of ${plural}`, "pods that another account makes", ({ tenant }) => ({
      method: "POST",
      path: `/apis/apps/v1/namespaces/${tenant.namespace}/${plural}`,
      body: { apiVersion: "apps/v1", kind: plural === "daemonsets" ? "DaemonSet" : "Deployment" },
    })),
  ),
  denied("job-create", "makes a Job", "pods that another account makes", ({ tenant }) => ({
    method: "POST",
    path: `/apis/batch/v1/namespaces/${tenant.namespace}/jobs`,
    body: { apiVersion: "batch/v1", kind: "Job", metadata: { name: "own" } },
  })),
  denied(
    "service-proxy",
    "reaches a Service through the API server",
    "from the API server's address, past the fence",
    ({ tenant }) => get(`/api/v1/namespaces/${tenant.namespace}/services/https:${tenant.name}:443/proxy/`),
  ),
  denied(
    "pod-proxy",
    "reaches a pod through the API server",
    "from the API server's address, past the fence",
    (context) =>
      get(`/api/v1/namespaces/${context.tenant.namespace}/pods/${standingPod(context).metadata.name}/proxy/`),
    STANDING,
  ),
  denied(
    "node-proxy",
    "talks to a kubelet through the API server",
    "runs commands in any pod of the node, without audit",
    () => get("/api/v1/nodes/control-plane-1/proxy/run/kube-system/x/y"),
  ),
  denied(
    "service-status",
    "writes a load balancer's address into a Service's status",
    "traffic to that address ends in its pods (CVE-2020-8554)",
    ({ tenant }) => ({
      method: "PATCH",
      path: `/api/v1/namespaces/${tenant.namespace}/services/${tenant.name}/status`,
      body: { status: { loadBalancer: { ingress: [{ ip: "203.0.113.1" }] } } },
    }),
  ),
  denied(
    "claim-status",
    "writes a volume claim's status",
    "a larger volume than quota counted",
    ({ tenant }) => ({
      method: "PATCH",
      path: `/api/v1/namespaces/${tenant.namespace}/persistentvolumeclaims/data-${tenant.name}-0/status`,
      body: { status: { capacity: { storage: "1Pi" } } },
    }),
  ),
];

/** Accounts and tokens. */
const ACCOUNTS: readonly Attack[] = [
  denied(
    "own-token",
    "asks for a token of its own account that lives for years",
    "a credential that outlives the tenant",
    ({ tenant }) => ({
      method: "POST",
      path: `/api/v1/namespaces/${tenant.namespace}/serviceaccounts/vc-${tenant.name}/token`,
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds: 315360000 },
      },
    }),
  ),
  denied(
    "neighbour-token",
    "asks for a token of another tenant's syncer",
    "becomes that tenant",
    ({ neighbour }) => ({
      method: "POST",
      path: `/api/v1/namespaces/${neighbour.namespace}/serviceaccounts/vc-${neighbour.name}/token`,
      body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    }),
  ),
  denied(
    "controller-token",
    "asks for a token of a controller in kube-system",
    "rights in every namespace",
    () => ({
      method: "POST",
      path: "/api/v1/namespaces/kube-system/serviceaccounts/default/token",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    }),
  ),
  denied(
    "account-create",
    "makes a service account",
    "accounts that cloud identities may be bound to",
    ({ tenant }) =>
      create({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "own", namespace: tenant.namespace },
      }),
  ),
  denied(
    "account-annotate",
    "annotates its workload account with a cloud role",
    "the pods' cloud identity becomes another",
    ({ tenant }) =>
      patch(
        {
          apiVersion: "v1",
          kind: "ServiceAccount",
          metadata: { name: `vc-workload-${tenant.name}`, namespace: tenant.namespace },
        },
        {
          metadata: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/admin" } },
        },
      ),
  ),
  denied(
    "role-create",
    "makes a Role",
    "rights it does not have",
    ({ tenant }) =>
      create({
        apiVersion: `${RBAC}/v1`,
        kind: "Role",
        metadata: { name: "own", namespace: tenant.namespace },
        rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
      }),
    { mtb: ["MTB-PL2-CC-TI-1"] },
  ),
  denied(
    "role-widen",
    "widens its own Role",
    "rights it does not have",
    ({ tenant }) =>
      patch(
        {
          apiVersion: `${RBAC}/v1`,
          kind: "Role",
          metadata: { name: `vc-${tenant.name}`, namespace: tenant.namespace },
        },
        { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] },
      ),
    { mtb: ["MTB-PL2-CC-TI-1"] },
  ),
  denied(
    "binding-create",
    "binds its account to cluster-admin in its namespace",
    "rights it does not have",
    ({ tenant }) =>
      create({
        apiVersion: `${RBAC}/v1`,
        kind: "RoleBinding",
        metadata: { name: "own", namespace: tenant.namespace },
        roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: `vc-${tenant.name}`, namespace: tenant.namespace }],
      }),
    { mtb: ["MTB-PL2-CC-TI-1"] },
  ),
  denied(
    "cluster-binding-create",
    "binds its account to cluster-admin",
    "the host is its own",
    ({ tenant }) =>
      create({
        apiVersion: `${RBAC}/v1`,
        kind: "ClusterRoleBinding",
        metadata: { name: "own" },
        roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: `vc-${tenant.name}`, namespace: tenant.namespace }],
      }),
    { mtb: ["MTB-PL2-CC-TI-1"] },
  ),
  denied(
    "certificate",
    "asks for a client certificate of system:masters",
    "a name that no authorizer stops",
    () =>
      create({
        apiVersion: "certificates.k8s.io/v1",
        kind: "CertificateSigningRequest",
        metadata: { name: "own" },
        spec: {
          request: "",
          signerName: "kubernetes.io/kube-apiserver-client",
          usages: ["client auth"],
        },
      }),
  ),
];

/** Somebody else's name in a header. */
const IMPERSONATION: readonly Attack[] = (
  [
    ["administrator", { "Impersonate-User": "system:admin" }, "an administrator's rights"],
    [
      "masters",
      { "Impersonate-User": "x", "Impersonate-Group": "system:masters" },
      "a group that no authorizer stops and every rule leaves alone",
    ],
    [
      "controller",
      { "Impersonate-User": "system:serviceaccount:kube-system:statefulset-controller" },
      "an account that the rules leave alone",
    ],
    ["uid", { "Impersonate-User": "x", "Impersonate-Uid": "0" }, "an identity of its choice"],
    [
      "extra",
      { "Impersonate-User": "x", "Impersonate-Extra-scopes": "all" },
      "claims that an authorizer reads",
    ],
  ] as const
).map(([id, headers, why]) =>
  denied(
    `impersonate-${id}`,
    `sends impersonation headers: ${Object.keys(headers).join(", ")}`,
    why,
    (context) => ({
      ...create(pod(context, "impersonated")),
      headers,
    }),
  ),
);

const IMPERSONATE_NEIGHBOUR: readonly Attack[] = [
  denied(
    "impersonate-neighbour",
    "impersonates another tenant's syncer",
    "reads that tenant's Secrets",
    ({ neighbour }) => ({
      ...get(`/api/v1/namespaces/${neighbour.namespace}/secrets`),
      headers: { "Impersonate-User": `system:serviceaccount:${neighbour.namespace}:vc-${neighbour.name}` },
    }),
  ),
  denied(
    "impersonate-platform",
    "impersonates the platform's group",
    "the rules leave that group alone",
    ({ administrators, tenant }) => ({
      ...patch({ apiVersion: "v1", kind: "Namespace", metadata: { name: tenant.namespace } }, {}),
      headers: {
        "Impersonate-User": administrators.users[0] ?? "x",
        "Impersonate-Group": administrators.groups[0] ?? "tenclave:platform",
      },
    }),
  ),
];

/** Namespaces of others. */
const OTHERS: readonly Attack[] = [
  ...(["secrets", "configmaps", "pods", "services", "events", "endpoints"] as const).map((plural) =>
    denied(
      `neighbour-${plural}`,
      `lists another tenant's ${plural}`,
      "what that tenant runs and knows",
      ({ neighbour }) => get(`/api/v1/namespaces/${neighbour.namespace}/${plural}`),
      { mtb: ["MTB-PL1-CC-TI-2"] },
    ),
  ),
  denied(
    "neighbour-create",
    "makes a pod in another tenant's namespace",
    "inside that tenant's fence",
    ({ neighbour }) => create(podOf(neighbour, "intruder")),
    { mtb: ["MTB-PL1-CC-TI-2"] },
  ),
  denied(
    "neighbour-exec",
    "runs a command in another tenant's pod",
    "that tenant's memory and files",
    ({ neighbour }) => ({
      method: "POST",
      path: `/api/v1/namespaces/${neighbour.namespace}/pods/${neighbour.name}-0/exec?command=sh&stdin=true`,
    }),
  ),
  denied("neighbour-log", "reads another tenant's logs", "what that tenant's pods print", ({ neighbour }) =>
    get(`/api/v1/namespaces/${neighbour.namespace}/pods/${neighbour.name}-0/log`),
  ),
  denied(
    "from-neighbour-secrets",
    "another tenant's syncer lists this tenant's Secrets",
    "tokens and configuration",
    ({ tenant }) => get(`/api/v1/namespaces/${tenant.namespace}/secrets`),
    { as: Attacker.NEIGHBOUR, mtb: ["MTB-PL1-CC-TI-2"] },
  ),
  denied(
    "from-neighbour-create",
    "another tenant's syncer makes a pod here",
    "inside this tenant's fence",
    (context) => create(pod(context, "intruder")),
    { as: Attacker.NEIGHBOUR },
  ),
  denied(
    "from-neighbour-delete",
    "another tenant's syncer deletes the control plane's pod",
    "the tenant is down",
    ({ tenant }) => ({
      method: "DELETE",
      path: `/api/v1/namespaces/${tenant.namespace}/pods/${tenant.name}-0`,
    }),
    { as: Attacker.NEIGHBOUR },
  ),
  denied("all-secrets", "lists the Secrets of all namespaces", "every tenant's keys", () =>
    get("/api/v1/secrets"),
  ),
  denied(
    "all-pods",
    "lists the pods of all namespaces",
    "who else is on the host",
    () => get("/api/v1/pods"),
    {
      mtb: ["MTB-PL1-CC-CPI-1"],
    },
  ),
  denied("watch-secrets", "watches the Secrets of all namespaces", "every tenant's keys, as they come", () =>
    get("/api/v1/secrets?watch=true&timeoutSeconds=1"),
  ),
  denied("system-secrets", "lists the Secrets of kube-system", "credentials of the host", () =>
    get("/api/v1/namespaces/kube-system/secrets"),
  ),
  denied("nodes", "lists nodes", "machines of others, with their labels", () => get("/api/v1/nodes"), {
    mtb: ["MTB-PL1-CC-CPI-1"],
  }),
  denied("namespaces", "lists namespaces", "names of all tenants", () => get("/api/v1/namespaces"), {
    mtb: ["MTB-PL1-CC-CPI-1"],
  }),
  denied("own-namespace", "reads its own Namespace", "the parameters of its own rules", ({ tenant }) =>
    get(`/api/v1/namespaces/${tenant.namespace}`),
  ),
  ...(
    [
      ["persistent-volumes", "/api/v1/persistentvolumes", "volumes of others"],
      ["storage-classes", "/apis/storage.k8s.io/v1/storageclasses", "other tenants' keys, by name"],
      ["runtime-classes", "/apis/node.k8s.io/v1/runtimeclasses", "pools of others"],
      [
        "policies",
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
        "what the rules look at, and what not",
      ],
      ["cluster-roles", `/apis/${RBAC}/v1/clusterrolebindings`, "whom to become"],
      ["leases", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", "names of nodes and leaders"],
    ] as const
  ).map(([id, path, why]) => denied(id, `lists ${id.replace("-", " ")}`, why, () => get(path))),
  denied(
    "volume-create",
    "makes a PersistentVolume on a host path",
    "Pod Security does not look behind a claim",
    () =>
      create({
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "own" },
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce"],
          hostPath: { path: "/" },
        },
      }),
    { mtb: ["MTB-PL1-BC-HI-1"] },
  ),
  denied("metrics", "reads the API server's metrics", "names and load of every tenant", () =>
    get("/metrics"),
  ),
];

/** A client without credentials, or with wrong ones. */
const STRANGERS: readonly Attack[] = [
  ...(
    [
      ["secrets", "/api/v1/secrets", "every tenant's keys"],
      ["pods", "/api/v1/pods", "who is on the host"],
      ["metrics", "/metrics", "names and load of every tenant"],
      [
        "policies",
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
        "what the rules look at",
      ],
    ] as const
  ).map(([id, path, why]) =>
    denied(`nobody-${id}`, `reads ${path}`, why, () => get(path), {
      as: Attacker.NOBODY,
      stoppedBy: ["authentication"],
    }),
  ),
  denied(
    "nobody-create",
    "makes a pod",
    "runs on the tenant's pool",
    (context) => create(pod(context, "stranger")),
    {
      as: Attacker.NOBODY,
      stoppedBy: ["authentication"],
    },
  ),
  denied(
    "nobody-impersonate",
    "impersonates an administrator without credentials",
    "an administrator's rights",
    () => ({ ...get("/api/v1/secrets"), headers: { "Impersonate-User": "system:admin" } }),
    { as: Attacker.NOBODY, stoppedBy: ["authentication"] },
  ),
  denied(
    "forged-token",
    "signs a service account's token with a key of its own",
    "any account's rights",
    ({ tenant }) => ({
      ...get(`/api/v1/namespaces/${tenant.namespace}/secrets`),
      headers: { authorization: `Bearer ${forgedToken()}` },
    }),
    { as: Attacker.NOBODY, stoppedBy: ["authentication"] },
  ),
];

/** A pod of the tenant, with the token of its account if it had one. */
const WORKLOADS: readonly Attack[] = [
  denied(
    "workload-secrets",
    "a pod's account lists the tenant's Secrets",
    "every workload's tokens",
    ({ tenant }) => get(`/api/v1/namespaces/${tenant.namespace}/secrets`),
    { as: Attacker.WORKLOAD },
  ),
  denied(
    "workload-create",
    "a pod's account makes a pod",
    "past the virtual cluster",
    (context) => create(pod(context, "sibling")),
    { as: Attacker.WORKLOAD },
  ),
  denied(
    "workload-control-plane",
    "a pod's account runs a command in the control plane",
    "the tenant's whole cluster",
    ({ tenant }) => ({
      method: "POST",
      path: `/api/v1/namespaces/${tenant.namespace}/pods/${tenant.name}-0/exec?command=sh`,
    }),
    { as: Attacker.WORKLOAD },
  ),
];

/** A platform developer with `edit` in the tenant's namespace. */
const DEVELOPERS: readonly Attack[] = [
  denied(
    "developer-platform-secrets",
    "reads the guardrails' Helm records",
    "every tenant's fence, to be tampered with",
    ({ platformNamespace }) => get(`/api/v1/namespaces/${platformNamespace}/secrets`),
    { as: Attacker.DEVELOPER },
  ),
  denied(
    "developer-other-namespace",
    "makes a pod in kube-system",
    "a namespace without rules",
    ({ tenant }) => create({ ...podOf({ ...tenant, namespace: "kube-system" }, "own") }),
    { as: Attacker.DEVELOPER },
  ),
  denied(
    "developer-impersonate-masters",
    "impersonates system:masters",
    "a group that no authorizer stops",
    () => ({
      ...get("/api/v1/secrets"),
      headers: { "Impersonate-User": "x", "Impersonate-Group": "system:masters" },
    }),
    { as: Attacker.DEVELOPER },
  ),
  denied(
    "developer-impersonate-controller",
    "impersonates a controller of kube-system",
    "an account that the rules leave alone",
    () => ({
      ...get("/api/v1/secrets"),
      headers: { "Impersonate-User": "system:serviceaccount:kube-system:statefulset-controller" },
    }),
    { as: Attacker.DEVELOPER },
  ),
  denied(
    "developer-policy",
    "removes a rule's binding",
    "the rule no longer binds anybody",
    () => ({
      method: "DELETE",
      path: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/tenclave-node-name",
    }),
    { as: Attacker.DEVELOPER },
  ),
];

/** The whole cluster. */
const CLUSTER: readonly Attack[] = (
  [
    [
      "webhook",
      "admissionregistration.k8s.io/v1",
      "MutatingWebhookConfiguration",
      "registers a webhook",
      "sees and changes every tenant's objects",
    ],
    [
      "policy",
      "admissionregistration.k8s.io/v1",
      "ValidatingAdmissionPolicy",
      "makes an admission policy",
      "refuses what other tenants do",
    ],
    [
      "policy-binding",
      "admissionregistration.k8s.io/v1",
      "ValidatingAdmissionPolicyBinding",
      "binds an admission policy",
      "refuses what other tenants do",
    ],
    [
      "definition",
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      "makes a custom resource definition",
      "a kind that a controller acts on",
    ],
    [
      "priority-level",
      "flowcontrol.apiserver.k8s.io/v1",
      "FlowSchema",
      "gives itself a FlowSchema of its own",
      "past the seats a tenant has",
    ],
    [
      "priority-class",
      "scheduling.k8s.io/v1",
      "PriorityClass",
      "makes a priority class",
      "drives other tenants' pods away",
    ],
    ["namespace", "v1", "Namespace", "makes a namespace", "a namespace without rules, quota and fence"],
  ] as const
).map(([id, apiVersion, kind, does, why]) =>
  denied(`cluster-${id}`, does, why, () => create({ apiVersion, kind, metadata: { name: "own" } })),
);

/** All attacks that RBAC, or nothing but a login, stops. */
export const ACCESS_ATTACKS: readonly Attack[] = [
  ...SUBRESOURCES,
  ...ACCOUNTS,
  ...IMPERSONATION,
  ...IMPERSONATE_NEIGHBOUR,
  ...OTHERS,
  ...STRANGERS,
  ...WORKLOADS,
  ...DEVELOPERS,
  ...CLUSTER,
];

/** A token that would be an administrator's, had the server signed it. */
function forgedToken(): string {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString("base64url");
  const text = `${part({ alg: "HS256" })}.${part({
    iss: "https://kubernetes.default.svc.cluster.local",
    sub: "system:serviceaccount:kube-system:statefulset-controller",
    aud: ["https://kubernetes.default.svc.cluster.local"],
    exp: 4102444800,
  })}`;
  return `${text}.${createHmac("sha256", "own key").update(text).digest("base64url")}`;
}
