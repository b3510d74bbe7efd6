// A tenant's accounts write in the tenant's namespace and nowhere else, whatever RBAC somebody grants them.
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const OWN_NAMESPACE: AdmissionRule = {
  id: "own-namespace",
  refuses: "writes of a tenant's service accounts outside its own namespace, cluster-wide objects among them",
  family: "platform",
  scope: RuleScope.CLUSTER,
  binds: Requesters.TENANTS,
  matches: [
    {
      apiGroups: ["*"],
      apiVersions: ["*"],
      resources: ["*/*"],
      operations: ["CREATE", "UPDATE", "DELETE", "CONNECT"],
    },
  ],
  validations: [
    {
      // A Namespace object says its own name as its namespace.
      expression:
        "has(request.namespace) && request.namespace != '' && request.resource.resource != 'namespaces' && " +
        "('system:serviceaccounts:' + request.namespace) in request.userInfo.groups",
      message: "service accounts of a tenant write in the tenant's own namespace only",
    },
  ],
  source: "Kubernetes documentation, Multi-tenancy, 2026: RBAC is one mistake away from a neighbour",
};
