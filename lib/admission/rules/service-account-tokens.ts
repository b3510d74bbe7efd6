// A Secret of this type is answered with a token that never expires.
import { either } from "../cel";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const TOKEN_SECRETS: AdmissionRule = {
  id: "service-account-tokens",
  refuses: "Secrets that ask for a service account's token, and bootstrap tokens",
  family: "platform",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [
    { apiGroups: [""], apiVersions: ["v1"], resources: ["secrets"], operations: ["CREATE", "UPDATE"] },
  ],
  validations: [
    {
      expression: `!${either("has(o.type) && o.type in ['kubernetes.io/service-account-token', 'bootstrap.kubernetes.io/token']")}`,
      message:
        "Secrets must not ask for a token of a service account; use type Opaque, or a projected token volume",
    },
  ],
  source:
    "Kubernetes documentation, Managing Service Accounts, 2026; vCluster 0.36.1 writes tokens as Opaque",
};
