// The RuntimeClass puts a pod on its tenant's pool, into its sandbox where it has one.
import { parameter } from "../parameters";
import { PODS, Requesters, RuleScope, type AdmissionRule } from "../rule";

export const RUNTIME_CLASS: AdmissionRule = {
  id: "runtime-class",
  refuses: "a pod without the tenant's RuntimeClass",
  family: "placement",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [PODS],
  variables: [parameter("runtimeClass")],
  validations: [
    {
      expression:
        "has(object.spec.runtimeClassName) && object.spec.runtimeClassName == variables.runtimeClass",
      message: "pods must run under the tenant's own RuntimeClass; leave spec.runtimeClassName out",
    },
  ],
  source: "Kubernetes documentation, Runtime Class, 2026",
};
