// A tenant, or a developer who may edit in its namespace, against its own fence, quota and namespace.
import { Attacker, type Attack, type AttackContext, type AttackRequest, type Control } from "../attack";
import { create, patch, remove, type Manifest } from "../requests";

function own(
  { tenant }: AttackContext,
  apiVersion: string,
  kind: string,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
): Manifest {
  return { apiVersion, kind, metadata: { name, namespace: tenant.namespace }, ...fields };
}

function namespaceOf({ tenant }: AttackContext): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: tenant.namespace } };
}

const QUOTA = (context: AttackContext): Manifest => own(context, "v1", "ResourceQuota", "tenclave-tenant");
const LIMITS = (context: AttackContext): Manifest => own(context, "v1", "LimitRange", "tenclave-tenant");
const FENCE = (context: AttackContext): Manifest =>
  own(context, "networking.k8s.io/v1", "NetworkPolicy", "tenclave-default-deny");
/** Lets everything in and out. */
const OPEN = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] };

type Row = readonly [
  id: string,
  does: string,
  why: string,
  request: (context: AttackContext) => AttackRequest,
  mtb?: readonly string[],
];

/** What both try; RBAC refuses both unless a row says otherwise. */
const ROWS: readonly Row[] = [
  [
    "quota-delete",
    "deletes its ResourceQuota",
    "then takes the whole host",
    (c) => remove(QUOTA(c)),
    ["MTB-PL1-CC-TI-1"],
  ],
  [
    "quota-raise",
    "raises its ResourceQuota",
    "then takes the whole host",
    (c) => patch(QUOTA(c), { spec: { hard: { pods: "10000" } } }),
    ["MTB-PL1-CC-TI-1"],
  ],
  [
    "quota-status",
    "writes how much of its quota is used",
    "the quota counts from nothing again",
    (c) => patch(QUOTA(c), { status: { used: { pods: "0" } } }, "status"),
    ["MTB-PL1-CC-TI-1"],
  ],
  ["limits-delete", "deletes its LimitRange", "containers without limits", (c) => remove(LIMITS(c))],
  [
    "limits-create",
    "makes a LimitRange of its own",
    "defaults that break the control plane",
    (c) => create(own(c, "v1", "LimitRange", "own", { spec: { limits: [] } })),
  ],
  [
    "namespace-pod-security",
    "sets its namespace to Pod Security privileged",
    "privileged pods",
    (c) =>
      patch(namespaceOf(c), {
        metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
      }),
  ],
  [
    "namespace-tenant-label",
    "takes the tenant label off its namespace",
    "no rule binds it any more",
    (c) => patch(namespaceOf(c), { metadata: { labels: { "tenclave.dev/tenant": null } } }),
  ],
  [
    "namespace-other-tenant",
    "labels its namespace as another tenant's",
    "the fence takes it for that tenant",
    (c) => patch(namespaceOf(c), { metadata: { labels: { "tenclave.dev/tenant": c.neighbour.name } } }),
  ],
  [
    "namespace-parameter",
    "changes the RuntimeClass its rules ask for",
    "pods on another tenant's pool",
    (c) => patch(namespaceOf(c), { metadata: { annotations: { "tenclave.dev/runtime-class": "runc" } } }),
  ],
  [
    "namespace-exception",
    "grants itself exceptions",
    "rules that take exceptions no longer bind it",
    (c) => patch(namespaceOf(c), { metadata: { annotations: { "tenclave.dev/exceptions": "images" } } }),
  ],
  [
    "namespace-delete",
    "deletes its namespace",
    "with it the quota and the fence, for whoever makes it anew",
    (c) => remove(namespaceOf(c)),
  ],
  [
    "namespace-finalize",
    "finalizes its namespace",
    "it vanishes while pods still run in it",
    (c) => ({
      method: "PUT",
      path: `/api/v1/namespaces/${c.tenant.namespace}/finalize`,
      body: { ...namespaceOf(c), spec: { finalizers: [] } },
    }),
  ],
];

/** What would still refuse, were RBAC to fail. A rule's own objects have nothing behind it: no rule sees those. */
const BEHIND_RBAC: readonly (readonly [begins: string, rule: Control])[] = [
  ["namespace-", "rule:platform-namespaces"],
  ["quota-delete", "rule:platform-guardrails"],
  ["quota-raise", "rule:platform-guardrails"],
  ["limits-delete", "rule:platform-guardrails"],
  ["fence-", "rule:platform-guardrails"],
];

/** The same for cluster-wide objects, which a tenant's accounts never write. */
const CLUSTER_WIDE = ["namespace-", "runtime-class", "storage-class"];

function behind(id: string, as: Attacker): Control[] {
  const rules = BEHIND_RBAC.filter(([begins]) => id.startsWith(begins)).map(([, rule]) => rule);
  const own = as === Attacker.SYNCER && CLUSTER_WIDE.some((begins) => id.startsWith(begins));
  return [
    ...rules,
    ...(own ? (["rule:own-namespace"] as const) : []),
    ...(id === "runtime-class" ? (["rule:platform-objects"] as const) : []),
  ];
}

const byBoth = ROWS.flatMap(([id, does, why, request, mtb]): Attack[] =>
  [Attacker.SYNCER, Attacker.DEVELOPER].map((as) => ({
    id: as === Attacker.SYNCER ? `guardrail-${id}` : `guardrail-${id}-developer`,
    as,
    does,
    why,
    ...(mtb ? { mtb } : {}),
    expect: "refused",
    stoppedBy: ["rbac", ...behind(id, as)],
    request,
  })),
);

/** What the syncer's Role does not hold, and `edit` does: there a rule refuses. Both are in objects.ts for the developer. */
const FENCE_ROWS: readonly Row[] = [
  [
    "fence-delete",
    "deletes its default deny",
    "everything reaches it, it reaches everything",
    (c) => remove(FENCE(c)),
    ["MTB-PL1-BC-CPI-2"],
  ],
  [
    "fence-open",
    "opens its default deny",
    "everything reaches it, it reaches everything",
    (c) => patch(FENCE(c), { spec: OPEN }),
    ["MTB-PL1-BC-CPI-2"],
  ],
  [
    "fence-add",
    "adds a policy that allows everything",
    "policies add up: one that allows wins",
    (c) => create(own(c, "networking.k8s.io/v1", "NetworkPolicy", "own", { spec: OPEN })),
    ["MTB-PL2-BC-OPS-4"],
  ],
  [
    "fence-delete-all",
    "deletes all policies of its namespace at once",
    "no fence at all",
    (c) => ({
      method: "DELETE",
      path: `/apis/networking.k8s.io/v1/namespaces/${c.tenant.namespace}/networkpolicies`,
    }),
  ],
];

const CLUSTER_ROWS: readonly Row[] = [
  [
    "runtime-class",
    "changes where its RuntimeClass puts pods",
    "pods on any node",
    (c) =>
      patch(
        { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: c.tenant.runtimeClass } },
        { scheduling: null },
      ),
  ],
  [
    "runtime-class-create",
    "makes a RuntimeClass",
    "a class that puts pods on any node",
    () =>
      create({
        apiVersion: "node.k8s.io/v1",
        kind: "RuntimeClass",
        metadata: { name: "own" },
        handler: "runc",
      }),
  ],
  [
    "storage-class",
    "makes a StorageClass",
    "volumes without encryption",
    () =>
      create({
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "own" },
        provisioner: "own.example.com",
      }),
  ],
  [
    "binding-delete",
    "removes a rule's binding",
    "the rule no longer binds anybody",
    () =>
      remove({
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicyBinding",
        metadata: { name: "tenclave-node-name" },
      }),
  ],
  [
    "policy-change",
    "makes a rule fail open",
    "the rule no longer binds anybody",
    () =>
      patch(
        {
          apiVersion: "admissionregistration.k8s.io/v1",
          kind: "ValidatingAdmissionPolicy",
          metadata: { name: "tenclave-node-name" },
        },
        { spec: { failurePolicy: "Ignore" } },
      ),
  ],
];

/** All of the syncer's, and those of a developer that RBAC refuses. */
export const GUARDRAIL_ATTACKS: readonly Attack[] = [
  ...byBoth,
  ...[...FENCE_ROWS, ...CLUSTER_ROWS].map(([id, does, why, request, mtb]): Attack => ({
    id: `guardrail-${id}`,
    as: Attacker.SYNCER,
    does,
    why,
    ...(mtb ? { mtb } : {}),
    expect: "refused",
    stoppedBy: ["rbac", ...behind(id, Attacker.SYNCER)],
    request,
  })),
];
