// The control plane's configuration says what is synced and how: chart values by another way.
import { either, unchanged, unchangedBut } from "../cel";
import { WRITES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";
import { TENANT } from "../parameters";

export const PLATFORM_SECRETS: AdmissionRule = {
  id: "platform-secrets",
  refuses: "changes of the control plane's configuration by anybody but the platform",
  family: "platform",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      resources: ["secrets"],
      operations: WRITES,
    },
  ],
  variables: [
    { name: "tenant", expression: TENANT },
    {
      name: "configuration",
      expression: either("has(o.metadata.name) && o.metadata.name == 'vc-config-' + variables.tenant"),
    },
  ],
  validations: [
    {
      // The control plane notes its kind of store there when it starts.
      expression:
        "!variables.configuration || (request.operation == 'UPDATE' && " +
        [
          unchanged("data"),
          unchanged("immutable"),
          unchanged("metadata.labels"),
          unchanged("metadata.ownerReferences", "[]"),
          unchanged("metadata.finalizers", "[]"),
          unchangedBut("metadata.annotations", ["vcluster.loft.sh/store"]),
        ].join(" && ") +
        ")",
      message: "the control plane's configuration is the platform's to change; change the tenant's file",
    },
  ],
  source: "vCluster 0.36.1, setup of its configuration: reads Secret vc-config-<name>, writes one annotation",
};
