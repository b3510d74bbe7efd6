// Whoever is not the platform, against what the fences rest on.
import { Attacker, type Attack, type AttackContext } from "../attack";
import { create, patch, remove, type Manifest } from "../requests";
import { refused, allowed, own, cluster, type More } from "./object-attack";
import { secret } from "./object-secrets";

/** Finalizers. */
export const FINALIZER_ATTACKS: readonly Attack[] = [
  allowed(
    "finalizer-removed",
    "takes a finalizer off its Secret",
    "an end must always be possible",
    (c) => patch(secret(c, "held"), { metadata: { finalizers: null } }),
    { setup: (c) => [secret(c, "held", {}, { finalizers: ["example.com/held"] })] },
  ),
];

const LEASE = (namespace: string): Manifest => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "attack", namespace },
});

/** RBAC as it should not be: a tenant's pods may write elsewhere. */
function mistake({ tenant }: AttackContext): Manifest[] {
  const apiGroup = "rbac.authorization.k8s.io";
  const name = `tenclave-attack-mistake-${tenant.name}`;
  const rule = (group: string, resource: string): object => ({
    apiGroups: [group],
    resources: [resource],
    verbs: ["create", "patch", "delete", "get"],
  });
  return [
    cluster(`${apiGroup}/v1`, "ClusterRole", name, {
      rules: [
        rule("coordination.k8s.io", "leases"),
        rule("scheduling.k8s.io", "priorityclasses"),
        rule("", "pods/attach"),
      ],
    }),
    cluster(`${apiGroup}/v1`, "ClusterRoleBinding", name, {
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: `vc-workload-${tenant.name}`, namespace: tenant.namespace }],
    }),
  ];
}

const MISTAKE: More = { setup: mistake, as: Attacker.WORKLOAD };

/** Writes outside the tenant's namespace. */
export const ELSEWHERE_ATTACKS: readonly Attack[] = [
  refused(
    "elsewhere-neighbour",
    ["rule:own-namespace"],
    "writes in a neighbour's namespace, where RBAC let it",
    "RBAC is one mistake away",
    (c) => create(LEASE(c.neighbour.namespace)),
    MISTAKE,
  ),
  refused(
    "elsewhere-default",
    ["rule:own-namespace"],
    "writes in namespace default, where RBAC let it",
    "leader election of others",
    () => create(LEASE("default")),
    MISTAKE,
  ),
  refused(
    "elsewhere-cluster",
    ["rule:own-namespace"],
    "writes a cluster-wide object, where RBAC let it",
    "no object of a tenant is cluster-wide",
    () => create(cluster("scheduling.k8s.io/v1", "PriorityClass", "first-of-all", { value: 1000000 })),
    MISTAKE,
  ),
  refused(
    "elsewhere-attach",
    ["rule:own-namespace"],
    "attaches to a neighbour's pod, where RBAC let it",
    "a shell in it",
    (c) => ({
      method: "GET",
      path: `/api/v1/namespaces/${c.neighbour.namespace}/pods/web/attach?stdout=true`,
    }),
    MISTAKE,
  ),
  allowed(
    "elsewhere-own",
    "writes in its own namespace, where RBAC let it",
    "the rule is about elsewhere",
    (c) => create(LEASE(c.tenant.namespace)),
    MISTAKE,
  ),
];

const NAMESPACE = ({ tenant }: AttackContext): Manifest => cluster("v1", "Namespace", tenant.namespace);
const RELABEL = ["rule:platform-namespaces"] as const;
const OPERATOR: More = { as: Attacker.OPERATOR };

/** Namespaces of tenants, and what claims to be one. */
export const NAMESPACE_ATTACKS: readonly Attack[] = [
  refused(
    "namespace-pod-security",
    RELABEL,
    "takes Pod Security off a tenant's namespace",
    "privileged pods",
    (c) =>
      patch(NAMESPACE(c), { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } }),
    OPERATOR,
  ),
  refused(
    "namespace-unlabel",
    RELABEL,
    "takes the tenant label off a namespace",
    "then no rule binds there",
    (c) => patch(NAMESPACE(c), { metadata: { labels: { "tenclave.dev/tenant": null } } }),
    OPERATOR,
  ),
  refused(
    "namespace-parameter",
    RELABEL,
    "changes a parameter of a tenant's rules",
    "another RuntimeClass",
    (c) => patch(NAMESPACE(c), { metadata: { annotations: { "tenclave.dev/runtime-class": "runc" } } }),
    OPERATOR,
  ),
  refused(
    "namespace-exception",
    RELABEL,
    "writes an exception for a tenant",
    "past the tenant's file",
    (c) => patch(NAMESPACE(c), { metadata: { annotations: { "tenclave.dev/exceptions": "volume-source" } } }),
    OPERATOR,
  ),
  refused(
    "namespace-status",
    RELABEL,
    "relabels a tenant's namespace through its status",
    "metadata goes along",
    (c) =>
      patch(
        NAMESPACE(c),
        { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
        "status",
      ),
    OPERATOR,
  ),
  refused(
    "namespace-finalize",
    RELABEL,
    "takes the finalizer off a tenant's namespace",
    "what is in it stays behind, and comes back with the name",
    (c) => ({
      method: "PUT",
      path: `/api/v1/namespaces/${c.tenant.namespace}/finalize`,
      body: { ...NAMESPACE(c), spec: { finalizers: [] } },
    }),
    OPERATOR,
  ),
  refused(
    "namespace-delete",
    RELABEL,
    "deletes a tenant's namespace",
    "everything in it",
    (c) => remove(NAMESPACE(c)),
    OPERATOR,
  ),
  refused(
    "namespace-platform-delete",
    RELABEL,
    "deletes the platform's namespace",
    "the record of every fence",
    (c) => remove(cluster("v1", "Namespace", c.platformNamespace)),
    OPERATOR,
  ),
  refused(
    "namespace-new-name",
    RELABEL,
    "makes a namespace with a tenant's kind of name",
    "its accounts count as a tenant's",
    () => create(cluster("v1", "Namespace", "tenant-made-up")),
    OPERATOR,
  ),
  refused(
    "namespace-generated-name",
    RELABEL,
    "lets such a name be generated",
    "the name comes after the request",
    () =>
      create({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { generateName: "tenant-" } as unknown as Manifest["metadata"],
      }),
    OPERATOR,
  ),
  refused(
    "namespace-new-label",
    RELABEL,
    "makes a namespace with a tenant's label",
    "policies that open to that tenant open to it",
    (c) =>
      create(cluster("v1", "Namespace", "made-up", {}, { labels: { "tenclave.dev/tenant": c.tenant.name } })),
    OPERATOR,
  ),
  refused(
    "namespace-claim",
    RELABEL,
    "puts a tenant's label on namespace default",
    "the same",
    (c) =>
      patch(cluster("v1", "Namespace", "default"), {
        metadata: { labels: { "tenclave.dev/tenant": c.tenant.name } },
      }),
    OPERATOR,
  ),
  allowed(
    "namespace-other",
    "makes and labels a namespace of its own",
    "hosts have other users",
    () => create(cluster("v1", "Namespace", "made-up", {}, { labels: { team: "red" } })),
    OPERATOR,
  ),
  allowed(
    "namespace-other-label",
    "labels a namespace that is no tenant's",
    "hosts have other users",
    () => patch(cluster("v1", "Namespace", "default"), { metadata: { labels: { team: "red" } } }),
    OPERATOR,
  ),
  allowed(
    "namespace-platform",
    "changes a parameter of a tenant's rules",
    "Terraform, run by the platform",
    (c) => patch(NAMESPACE(c), { metadata: { annotations: { "tenclave.dev/exceptions": "volume-source" } } }),
    { as: Attacker.ADMINISTRATOR },
  ),
  allowed(
    "namespace-finish",
    "deletes a tenant's namespace",
    "off-boarding, by the platform",
    (c) => remove(NAMESPACE(c)),
    {
      as: Attacker.ADMINISTRATOR,
    },
  ),
];

const GUARDRAILS = ["rule:platform-guardrails"] as const;
const PLATFORM = ["rule:platform-objects"] as const;
const GRANTS = ["rule:tenant-grants"] as const;
const RBAC = "rbac.authorization.k8s.io";
const OPEN = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] };

function binding(subject: Readonly<Record<string, unknown>>): Manifest {
  return cluster(`${RBAC}/v1`, "ClusterRoleBinding", "gift", {
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "view" },
    subjects: [subject],
  });
}

/** Guardrails, classes, roles. */
export const PLATFORM_ATTACKS: readonly Attack[] = [
  refused(
    "policy-create",
    GUARDRAILS,
    "makes a NetworkPolicy that opens a tenant's namespace",
    "policies add up; edit is enough by RBAC",
    (c) => create(own(c, "networking.k8s.io/v1", "NetworkPolicy", "open", { spec: OPEN })),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "policy-change",
    GUARDRAILS,
    "opens the default deny of a tenant",
    "edit is enough by RBAC",
    (c) => patch(own(c, "networking.k8s.io/v1", "NetworkPolicy", "tenclave-default-deny"), { spec: OPEN }),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "policy-delete",
    GUARDRAILS,
    "deletes the default deny of a tenant",
    "edit is enough by RBAC",
    (c) => remove(own(c, "networking.k8s.io/v1", "NetworkPolicy", "tenclave-default-deny")),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "ingress-create",
    GUARDRAILS,
    "makes an Ingress in a tenant's namespace",
    "a host name of somebody else's",
    (c) =>
      create(
        own(c, "networking.k8s.io/v1", "Ingress", "open", {
          spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
        }),
      ),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "ingress-syncer",
    ["rbac", "rule:platform-guardrails"],
    "makes an Ingress",
    "Ingresses are not synced: the Role has no verbs",
    (c) =>
      create(
        own(c, "networking.k8s.io/v1", "Ingress", "open", {
          spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
        }),
      ),
  ),
  refused(
    "quota-change",
    GUARDRAILS,
    "raises a tenant's quota",
    "others' room",
    (c) => patch(own(c, "v1", "ResourceQuota", "tenclave-tenant"), { spec: { hard: { pods: "10000" } } }),
    OPERATOR,
  ),
  refused(
    "limits-remove",
    GUARDRAILS,
    "deletes a tenant's limits",
    "others' room",
    (c) => remove(own(c, "v1", "LimitRange", "tenclave-tenant")),
    OPERATOR,
  ),
  refused(
    "account-annotate",
    GUARDRAILS,
    "annotates a tenant's account with a cloud identity",
    "edit is enough by RBAC",
    (c) =>
      patch(own(c, "v1", "ServiceAccount", `vc-workload-${c.tenant.name}`), {
        metadata: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/x" } },
      }),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "role-change",
    GUARDRAILS,
    "widens the Role of a tenant's syncer",
    "every right in the namespace",
    (c) =>
      patch(own(c, `${RBAC}/v1`, "Role", `vc-${c.tenant.name}`), {
        rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
      }),
    OPERATOR,
  ),
  allowed(
    "quota-cloud",
    "makes a further ResourceQuota",
    "GKE does in every namespace; it only takes away",
    (c) => create(own(c, "v1", "ResourceQuota", "gke-resource-quotas", { spec: { hard: { pods: "1500" } } })),
    OPERATOR,
  ),
  allowed(
    "policy-platform",
    "changes a guardrail",
    "Helm, run by the platform",
    (c) =>
      patch(own(c, "networking.k8s.io/v1", "NetworkPolicy", "tenclave-default-deny"), {
        metadata: { labels: { x: "y" } },
      }),
    { as: Attacker.ADMINISTRATOR },
  ),
  refused(
    "class-change",
    PLATFORM,
    "changes the RuntimeClass of a pool",
    "other nodes, another sandbox",
    (c) =>
      patch(cluster("node.k8s.io/v1", "RuntimeClass", c.tenant.runtimeClass), {
        metadata: { labels: { x: "y" } },
      }),
    OPERATOR,
  ),
  refused(
    "class-create",
    PLATFORM,
    "makes a RuntimeClass with a pool's kind of name",
    "for a pool that comes",
    () => create(cluster("node.k8s.io/v1", "RuntimeClass", "tenclave-new", { handler: "runc" })),
    OPERATOR,
  ),
  refused(
    "storage-class-delete",
    PLATFORM,
    "deletes the encrypted StorageClass",
    "then makes another without a key",
    (c) => remove(cluster("storage.k8s.io/v1", "StorageClass", c.tenant.storageClasses[0] ?? "")),
    OPERATOR,
  ),
  refused(
    "flow-schema",
    PLATFORM,
    "makes a FlowSchema with the platform's kind of name",
    "a share of the API server",
    () =>
      create(
        cluster("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", "tenclave-mine", {
          spec: { matchingPrecedence: 500, priorityLevelConfiguration: { name: "exempt" } },
        }),
      ),
    OPERATOR,
  ),
  allowed(
    "class-other",
    "makes a RuntimeClass of its own",
    "hosts have other users; rule runtime-class keeps tenants off",
    () => create(cluster("node.k8s.io/v1", "RuntimeClass", "gvisor", { handler: "runsc" })),
    OPERATOR,
  ),
  refused(
    "grant-account",
    GRANTS,
    "gives a tenant's syncer rights on the cluster",
    "reads of every namespace",
    (c) =>
      create(binding({ kind: "ServiceAccount", name: `vc-${c.tenant.name}`, namespace: c.tenant.namespace })),
    OPERATOR,
  ),
  refused(
    "grant-group",
    GRANTS,
    "gives all accounts of a tenant rights on the cluster",
    "the same",
    (c) =>
      create(
        binding({ apiGroup: RBAC, kind: "Group", name: `system:serviceaccounts:${c.tenant.namespace}` }),
      ),
    OPERATOR,
  ),
  refused(
    "grant-user",
    GRANTS,
    "gives a tenant's syncer rights by its user name",
    "the same",
    (c) =>
      create(
        binding({
          apiGroup: RBAC,
          kind: "User",
          name: `system:serviceaccount:${c.tenant.namespace}:vc-${c.tenant.name}`,
        }),
      ),
    OPERATOR,
  ),
  ...["system:serviceaccounts", "system:authenticated", "system:unauthenticated"].map((group) =>
    refused(
      `grant-${group.split(":")[1]!}`,
      GRANTS,
      `gives ${group} rights on the cluster`,
      "tenants are among them",
      () => create(binding({ apiGroup: RBAC, kind: "Group", name: group })),
      OPERATOR,
    ),
  ),
  allowed(
    "grant-other",
    "gives another account rights on the cluster",
    "hosts have other users",
    () => create(binding({ kind: "ServiceAccount", name: "scraper", namespace: "monitoring" })),
    OPERATOR,
  ),
  refused(
    "platform-account",
    ["rule:platform-records"],
    "makes an account in the platform's namespace",
    "pods there get it",
    (c) =>
      create({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "mine", namespace: c.platformNamespace },
      }),
    OPERATOR,
  ),
  allowed(
    "platform-configmap",
    "publishes a CA in the platform's namespace",
    "meshes do in every namespace",
    (c) =>
      create({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "istio-ca-root-cert", namespace: c.platformNamespace },
      }),
    OPERATOR,
  ),
];
