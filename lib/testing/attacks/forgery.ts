// Objects that pretend: labels, annotations, finalizers, owners and names of somebody else.
import { Attacker, type Attack, type AttackContext, type AttackRequest } from "../attack";
import {
  apply,
  create,
  get,
  patch,
  pod,
  podOf,
  standingPod,
  strategicPatch,
  synced,
  type Manifest,
} from "../requests";

const standing = { setup: (context: AttackContext): Manifest[] => [standingPod(context)] } as const;

/** A ConfigMap that says it belongs to something, by a uid nobody has. */
function ownedBy(context: AttackContext, kind: string, name: string): AttackRequest {
  const uid = "00000000-0000-4000-8000-000000000000";
  const ownerReferences = [{ apiVersion: "v1", kind, name, uid, blockOwnerDeletion: true }];
  return create(synced(context, "v1", "ConfigMap", "forged", {}, { ownerReferences }));
}

/** Labels that mean something to the fence, and the rule that keeps them. */
const LABELS: readonly (readonly [
  id: string,
  does: string,
  why: string,
  labels: (context: AttackContext) => Record<string, string>,
  rule: `rule:${string}`,
])[] = [
  [
    "release",
    "labels a pod as its control plane's",
    "the fence lets the control plane out to the host's API server",
    ({ tenant }) => ({ release: tenant.name }),
    "rule:control-plane-pod",
  ],
  [
    "release-of-neighbour",
    "labels a pod as another tenant's control plane",
    "a policy that forgets the namespace lets it in",
    ({ neighbour }) => ({ release: neighbour.name }),
    "rule:control-plane-pod",
  ],
  [
    "managed-by-neighbour",
    "labels a pod as another tenant's",
    "a policy that forgets the namespace lets it in",
    ({ neighbour }) => ({ "vcluster.loft.sh/managed-by": neighbour.name }),
    "rule:pod-labels",
  ],
  [
    "managed-by-lookalike",
    "labels a pod as a tenant's with a confusable name",
    "a policy that compares beginnings lets it in",
    ({ lookalike }) => ({ "vcluster.loft.sh/managed-by": lookalike.name }),
    "rule:pod-labels",
  ],
  [
    "dns",
    "labels a pod as its DNS server",
    "the fence lets the DNS server out to the host's resolver",
    () => ({ "k8s-app": "vcluster-kube-dns" }),
    "rule:pod-labels",
  ],
  [
    "platform",
    "labels a pod with the platform's own prefix",
    "selectors of the platform take it in",
    ({ tenant }) => ({ "tenclave.dev/tenant": tenant.name }),
    "rule:pod-labels",
  ],
];

/** The three ways a label arrives: with the pod, later, and through status, which takes metadata, too. */
const LABEL_ATTACKS = LABELS.flatMap(([id, does, why, labels, rule]): Attack[] => [
  {
    id: `forge-label-${id}`,
    as: Attacker.SYNCER,
    does,
    why,
    expect: "refused",
    stoppedBy: [rule],
    request: (context) => create(pod(context, "forged", { labels: labels(context) })),
  },
  {
    id: `forge-label-${id}-later`,
    as: Attacker.SYNCER,
    does: `${does}, after it was accepted`,
    why,
    expect: "refused",
    stoppedBy: [rule],
    ...standing,
    request: (context) => patch(standingPod(context), { metadata: { labels: labels(context) } }),
  },
]);

const OTHERS: readonly Attack[] = [
  {
    id: "forge-label-status",
    as: Attacker.SYNCER,
    does: "labels a pod as its control plane's through pods/status",
    why: "a subresource that policies forget carries labels, too",
    expect: "refused",
    stoppedBy: ["rule:control-plane-pod"],
    ...standing,
    request: (context) =>
      patch(standingPod(context), { metadata: { labels: { release: context.tenant.name } } }, "status"),
  },
  {
    id: "forge-label-apply",
    as: Attacker.SYNCER,
    does: "labels a pod as its control plane's by server-side apply",
    why: "the fence lets the control plane out to the host's API server",
    expect: "refused",
    stoppedBy: ["rule:control-plane-pod"],
    ...standing,
    request: (context) => {
      const { apiVersion, kind, metadata } = standingPod(context);
      return apply({
        apiVersion,
        kind,
        metadata: {
          name: metadata.name,
          namespace: metadata.namespace,
          labels: { release: context.tenant.name },
        },
      });
    },
  },
  {
    id: "forge-label-strategic",
    as: Attacker.SYNCER,
    does: "labels a pod as its control plane's by a strategic merge patch",
    why: "the fence lets the control plane out to the host's API server",
    expect: "refused",
    stoppedBy: ["rule:control-plane-pod"],
    ...standing,
    request: (context) =>
      strategicPatch(standingPod(context), { metadata: { labels: { release: context.tenant.name } } }),
  },
  ...(["pods", "configmaps", "secrets", "services"] as const).map((plural): Attack => ({
    id: `forge-finalizer-${plural}`,
    as: Attacker.SYNCER,
    does: `puts a finalizer on one of its ${plural}`,
    why: "its namespace never ends; whoever removes the tenant waits for ever",
    expect: "refused",
    stoppedBy: ["rule:finalizers"],
    request: (context) => {
      const finalizers = ["own.example.com/stay"];
      if (plural === "pods") return create(pod(context, "forged", { metadata: { finalizers } }));
      const kind = { configmaps: "ConfigMap", secrets: "Secret", services: "Service" }[plural];
      const spec = plural === "services" ? { spec: { clusterIP: "None", ports: [{ port: 80 }] } } : {};
      return create(synced(context, "v1", kind, "forged", spec, { finalizers }));
    },
  })),
  {
    id: "forge-finalizer-protection",
    as: Attacker.SYNCER,
    does: "puts the finalizer of claims on a ConfigMap",
    why: "Kubernetes takes it off claims only: the namespace never ends",
    expect: "refused",
    stoppedBy: ["rule:finalizers"],
    request: (context) =>
      create(
        synced(context, "v1", "ConfigMap", "forged", {}, { finalizers: ["kubernetes.io/pvc-protection"] }),
      ),
  },
  {
    id: "forge-finalizer-event",
    as: Attacker.SYNCER,
    does: "puts a finalizer on an event",
    why: "its namespace does not end while the host keeps the event",
    expect: "refused",
    stoppedBy: ["rule:finalizers"],
    request: (context) =>
      create(
        synced(
          context,
          "v1",
          "Event",
          "forged",
          { involvedObject: { kind: "Pod", name: "x", namespace: context.tenant.namespace }, reason: "x" },
          { finalizers: ["own.example.com/stay"] },
        ),
      ),
  },
  {
    id: "forge-finalizer-later",
    as: Attacker.SYNCER,
    does: "puts a finalizer on a pod that runs",
    why: "its namespace never ends",
    expect: "refused",
    stoppedBy: ["rule:finalizers"],
    ...standing,
    request: (context) => patch(standingPod(context), { metadata: { finalizers: ["own.example.com/stay"] } }),
  },
  {
    id: "forge-owner-neighbour",
    as: Attacker.SYNCER,
    does: "names an object of another tenant as the owner of its ConfigMap",
    why: "the garbage collector deletes what belongs together",
    expect: {
      harmless:
        "owners stand in the same namespace or nowhere: the collector finds none and deletes the forger's own object",
      shows: noUnderling,
    },
    stoppedBy: [],
    request: (context) => ownedBy(context, "Secret", `vc-config-${context.neighbour.name}`),
  },
  {
    id: "forge-owner-cluster",
    as: Attacker.SYNCER,
    does: "names the host's Namespace kube-system as the owner of its ConfigMap, and blocks its deletion",
    why: "the deletion of an owner waits for those it owns",
    expect: {
      harmless: "the wait is for a ConfigMap without finalizers, which the collector deletes first",
      shows: noUnderling,
    },
    stoppedBy: [],
    request: (context) => ownedBy(context, "Namespace", "kube-system"),
  },
  {
    id: "forge-controller",
    as: Attacker.SYNCER,
    does: "makes a pod that says the control plane's StatefulSet controls it",
    why: "the StatefulSet's controller takes it for the control plane",
    expect: "refused",
    stoppedBy: ["rule:control-plane-pod", "rule:pod-labels"],
    request: (context) =>
      create(
        pod(context, "forged", {
          metadata: {
            name: `${context.tenant.name}-7`,
            ownerReferences: [
              {
                apiVersion: "apps/v1",
                kind: "StatefulSet",
                name: context.tenant.name,
                uid: "00000000-0000-4000-8000-000000000000",
                controller: true,
              },
            ],
          },
          labels: {
            app: "vcluster",
            release: context.tenant.name,
            "vcluster.loft.sh/managed-by": "",
          },
        }),
      ),
  },
  {
    id: "collide-pod",
    as: Attacker.SYNCER,
    does: "makes pod 'a' of namespace 'b-x-c' where pod 'a-x-b' of namespace 'c' stands",
    why: "both have one name on the host: one takes the other's place",
    expect: "refused",
    stoppedBy: ["api-server"],
    says: /already exists/,
    setup: (context) => [collision(context)],
    request: (context) => create(collision(context)),
  },
  {
    id: "collide-tenant",
    as: Attacker.SYNCER,
    does: "gives a Secret the name that another tenant's Secret has on the host",
    why: "whoever looks by name alone takes one for the other",
    expect: {
      harmless:
        "it stands in the tenant's own namespace; nothing of the host looks by name across namespaces",
      shows: (answer, { tenant }) => {
        const { metadata } = answer.body as Manifest;
        return metadata.namespace === tenant.namespace ? [] : [`it stands in ${metadata.namespace ?? ""}`];
      },
    },
    stoppedBy: [],
    request: (context) =>
      create(
        synced(
          context,
          "v1",
          "Secret",
          "x",
          { stringData: { a: "b" } },
          { name: `db-x-default-x-${context.neighbour.name}` },
        ),
      ),
  },
  {
    id: "lookalike-secrets",
    as: Attacker.LOOKALIKE,
    does: "lists the Secrets of the tenant whose name its own begins with",
    why: "a binding by prefix would let it",
    expect: "refused",
    stoppedBy: ["rbac"],
    request: ({ tenant }) => get(`/api/v1/namespaces/${tenant.namespace}/secrets`),
  },
  {
    id: "lookalike-create",
    as: Attacker.LOOKALIKE,
    does: "makes a pod in the namespace of the tenant whose name its own begins with",
    why: "a rule by prefix would let it",
    expect: "refused",
    stoppedBy: ["rbac", "rule:own-namespace"],
    request: (context) => create(pod(context, "forged")),
  },
  {
    id: "lookalike-target",
    as: Attacker.SYNCER,
    does: "makes a pod in the namespace of a tenant whose name begins with its own",
    why: "a rule by prefix would let it",
    expect: "refused",
    stoppedBy: ["rbac", "rule:own-namespace"],
    request: ({ lookalike }) => create(podOf(lookalike, "forged")),
  },
  {
    id: "forge-configuration",
    as: Attacker.SYNCER,
    does: "changes its control plane's configuration",
    why: "it says what is synced to the host, and how",
    expect: "refused",
    stoppedBy: ["rule:platform-secrets"],
    setup: ({ tenant, helm }) => (helm ? [] : [configuration(tenant.namespace, tenant.name)]),
    request: ({ tenant }) =>
      patch(configuration(tenant.namespace, tenant.name), { data: { "config.yaml": "e30=" } }),
  },
];

function configuration(namespace: string, name: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `vc-config-${name}`, namespace },
    type: "Opaque",
    stringData: { "config.yaml": "sync: {}" },
  };
}

function collision(context: AttackContext): Manifest {
  return pod(context, "x", { metadata: { name: `a-x-b-x-c-x-${context.tenant.name}` } });
}

/** The object must not hold others back: no finalizer came with it. */
function noUnderling({ body }: { readonly body: unknown }): string[] {
  const { metadata } = body as { metadata: { finalizers?: string[] } };
  return (metadata.finalizers ?? []).map((name) => `it carries finalizer ${name}`);
}

/** All of them. */
export const FORGERY_ATTACKS: readonly Attack[] = [...LABEL_ATTACKS, ...OTHERS];
