// The guardrails' own records: who forges one, forges the next upgrade of every tenant's fence.
import { PLATFORM_NAMESPACE } from "../../core/names";
import { WRITES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const PLATFORM_RECORDS: AdmissionRule = {
  id: "platform-records",
  refuses:
    "Secrets, accounts, roles and workloads of the platform's namespace, written by anybody but the platform",
  family: "platform",
  scope: RuleScope.CLUSTER,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [
    { apiGroups: [""], apiVersions: ["v1"], resources: ["secrets", "serviceaccounts"], operations: WRITES },
    {
      apiGroups: ["rbac.authorization.k8s.io"],
      apiVersions: ["*"],
      resources: ["roles", "rolebindings"],
      operations: WRITES,
    },
    {
      apiGroups: ["apps"],
      apiVersions: ["v1"],
      resources: ["deployments", "statefulsets", "daemonsets", "replicasets"],
      operations: WRITES,
    },
  ],
  conditions: [
    {
      name: "platform-namespace",
      expression: `has(request.namespace) && request.namespace == '${PLATFORM_NAMESPACE}'`,
    },
    {
      name: "not-its-own",
      expression: `!('system:serviceaccounts:${PLATFORM_NAMESPACE}' in request.userInfo.groups)`,
    },
  ],
  validations: [
    {
      expression: "false",
      message: `objects of namespace ${PLATFORM_NAMESPACE} are the platform's to change`,
    },
  ],
  source: "Helm 3.19: an upgrade deletes what the last record lists and the new one does not",
};
