// The RuntimeClass puts a pod on its tenant's pool, into its sandbox where it has one. Kubernetes itself refuses a forged overhead.
import { parameter } from "../parameters";
import { podRule } from "../pod-rule";

export const RUNTIME_CLASS = podRule({
  id: "runtime-class",
  refuses: "a pod without the tenant's RuntimeClass",
  family: "placement",
  variables: [parameter("runtimeClass")],
  validations: [
    {
      expression: "object.spec.?runtimeClassName.orValue('') == variables.runtimeClass",
      message: "pods must run under the tenant's own RuntimeClass; leave spec.runtimeClassName out",
    },
  ],
  source: "Kubernetes documentation, Runtime Class, 2026",
});
