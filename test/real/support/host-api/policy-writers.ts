// Who may write admission policies and their bindings, read from all roles and bindings of a live host.
import type { HostClient, KubeObject } from "./client";

const GROUP = "admissionregistration.k8s.io";
const RESOURCES = ["validatingadmissionpolicies", "validatingadmissionpolicybindings"];
const WRITE = ["create", "update", "patch", "delete", "deletecollection"];

/** Kubernetes' own, and why each of them has it. SOURCE: Kubernetes 1.34, RBAC bootstrap policy. */
export const KUBERNETES_WRITERS: Readonly<Record<string, string>> = {
  "Group system:masters": "administrators",
  "ServiceAccount kube-system/generic-garbage-collector":
    "deletes any object whose owner is gone; a tenant sets no owner on a policy",
  "ServiceAccount kube-system/namespace-controller": "empties namespaces; policies are in none",
};

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Subjects by kind and name, once each: `Group system:masters`. */
export async function policyWriters(client: HostClient): Promise<string[]> {
  const list = async (resource: string): Promise<KubeObject[]> =>
    (await client.must({ path: `/apis/rbac.authorization.k8s.io/v1/${resource}` })).items ?? [];
  // Policies belong to no namespace, so that only roles and bindings of the cluster count.
  const writing = new Set(
    (await list("clusterroles"))
      .filter(({ rules }) => ((rules ?? []) as Rule[]).some(writesPolicies))
      .map(({ metadata }) => metadata!.name),
  );
  const subjects = (await list("clusterrolebindings"))
    .filter(({ roleRef }) => writing.has((roleRef as { name: string }).name))
    .flatMap(({ subjects: bound }) => (bound ?? []) as Subject[]);
  return [
    ...new Set(
      subjects.map(({ kind, name, namespace }) => `${kind} ${namespace ? `${namespace}/` : ""}${name}`),
    ),
  ].sort();
}

function writesPolicies({ apiGroups = [], resources = [], verbs }: Rule): boolean {
  const any = (given: readonly string[], wanted: readonly string[]): boolean =>
    given.includes("*") || wanted.some((name) => given.includes(name));
  return any(apiGroups, [GROUP]) && any(resources, RESOURCES) && any(verbs, WRITE);
}
