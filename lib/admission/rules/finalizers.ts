// An object with a finalizer nobody answers keeps its namespace from ending.
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

const OLD = "(oldObject == null ? [] : dyn(oldObject).metadata.?finalizers.orValue([]))";

export const FINALIZERS: AdmissionRule = {
  id: "finalizers",
  refuses: "finalizers a tenant adds to objects of its namespace",
  family: "platform",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.TENANTS,
  matches: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      // The metadata of a pod changes through its status, too.
      resources: [
        "pods",
        "pods/status",
        "services",
        "secrets",
        "configmaps",
        "persistentvolumeclaims",
        "endpoints",
        "events",
      ],
      operations: ["CREATE", "UPDATE"],
    },
    {
      apiGroups: ["events.k8s.io"],
      apiVersions: ["v1"],
      resources: ["events"],
      operations: ["CREATE", "UPDATE"],
    },
    {
      apiGroups: ["discovery.k8s.io"],
      apiVersions: ["v1"],
      resources: ["endpointslices"],
      operations: ["CREATE", "UPDATE"],
    },
  ],
  validations: [
    {
      // Kubernetes itself puts this one on a claim, in the same request; from anything else nobody would take it away.
      expression:
        "dyn(object).metadata.?finalizers.orValue([]).all(f, " +
        `(f == 'kubernetes.io/pvc-protection' && request.resource.resource == 'persistentvolumeclaims') || f in ${OLD})`,
      message: "objects of a tenant must not carry finalizers on the host; remove metadata.finalizers",
    },
  ],
  source:
    "vCluster 0.36.1 takes finalizers away before it writes to the host: only a taken-over one adds them",
};
