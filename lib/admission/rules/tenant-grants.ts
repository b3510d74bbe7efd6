// A role given to a tenant's accounts, or to everybody, is a hole in every fence.
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

const WIDE = ["system:serviceaccounts", "system:authenticated", "system:unauthenticated"];

export const TENANT_GRANTS: AdmissionRule = {
  id: "tenant-grants",
  refuses: "roles bound to tenants' service accounts, or to everybody, by anybody but the platform",
  family: "platform",
  scope: RuleScope.CLUSTER,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [
    {
      apiGroups: ["rbac.authorization.k8s.io"],
      apiVersions: ["*"],
      resources: ["rolebindings", "clusterrolebindings"],
      operations: ["CREATE", "UPDATE"],
    },
  ],
  validations: [
    {
      expression:
        "dyn(object).?subjects.orValue([]).all(s, " +
        "s.kind == 'ServiceAccount' ? !s.?namespace.orValue('').startsWith('tenant-') : " +
        "s.kind == 'Group' ? !(s.name in " +
        `[${WIDE.map((g) => `'${g}'`).join(", ")}]` +
        " || s.name.startsWith('system:serviceaccounts:tenant-')) : " +
        "!s.name.startsWith('system:serviceaccount:tenant-') && s.name != 'system:anonymous')",
      message:
        "roles must not be bound to tenants' service accounts or to everybody; name the accounts that need them",
    },
  ],
  source: "Kubernetes documentation, RBAC Good Practices, 2026",
};
