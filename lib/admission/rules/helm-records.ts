// Helm believes its records: a forged one makes the next upgrade delete what the forger lists, with the deployer's rights.
import { either, labelled, named } from "../cel";
import { WRITES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const HELM_RECORDS: AdmissionRule = {
  id: "helm-records",
  refuses: "Helm's records, made, changed or deleted by anybody but the platform",
  family: "platform",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      resources: ["secrets", "configmaps"],
      operations: WRITES,
    },
  ],
  validations: [
    {
      // Helm lists by the label alone and gets by the name alone; the type is only written.
      expression: `!${either(
        [labelled("owner", "helm"), named("sh.helm.release."), "has(o.type) && o.type.startsWith('helm.sh/')"]
          .map((test) => `(${test})`)
          .join(" || "),
      )}`,
      message:
        "Secrets and ConfigMaps must not be Helm's records (label owner=helm, type helm.sh/*, name sh.helm.release.*); rename them",
    },
  ],
  source: "Helm 3.19, storage drivers: records are listed by label owner=helm, whatever their type",
};
