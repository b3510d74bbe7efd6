// A shell in a confidential workload reads what the workload reads; who may open one is the host, too.
import { Requesters, RuleScope, type AdmissionRule } from "../rule";
import { ASKED_FOR } from "../confidential";

const MESSAGE = "confidential pods take no exec, attach, or ephemeral containers; debug a copy without data";

export const CONFIDENTIAL_ACCESS: AdmissionRule = {
  id: "confidential-access",
  refuses: "exec, attach and ephemeral containers, where the tenant asks for confidential pods",
  family: "confidential",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      resources: ["pods/exec", "pods/attach"],
      operations: ["CONNECT"],
    },
    { apiGroups: [""], apiVersions: ["v1"], resources: ["pods/ephemeralcontainers"], operations: ["UPDATE"] },
  ],
  variables: [ASKED_FOR],
  validations: [{ expression: "!variables.prerequisites", message: MESSAGE }],
  exception: "whoever may exec reads the workload's memory and files",
  source: "Confidential Containers documentation, agent policy (ExecProcessRequest), 2026",
};
