// Root in a container is root to every hole in the kernel.
import { everyContainer, podRule } from "../pod-rule";

export const RUN_AS_NON_ROOT = podRule({
  id: "run-as-non-root",
  refuses: "containers that run, or may run, as root",
  family: "pod",
  validations: [
    everyContainer(
      "c.?securityContext.?runAsNonRoot.orValue(object.spec.?securityContext.?runAsNonRoot.orValue(false))",
      "containers must run as another user than root; set securityContext.runAsNonRoot to true",
    ),
    everyContainer(
      "c.?securityContext.?runAsUser.orValue(1) != 0",
      "containers must run as another user than 0; change securityContext.runAsUser",
    ),
    {
      expression: "object.spec.?securityContext.?runAsUser.orValue(1) != 0",
      message: "pods must run as another user than 0; change spec.securityContext.runAsUser",
    },
  ],
  source: "Kubernetes documentation, Pod Security Standards (restricted, Running as Non-root), 2026",
});
