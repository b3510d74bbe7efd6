// A privileged container is root on its node; one that may escalate becomes more than it was admitted as.
import { everyContainer, podRule } from "../pod-rule";

export const PRIVILEGED = podRule({
  id: "privileged",
  refuses: "privileged containers, and those that may gain privileges",
  family: "pod",
  validations: [
    everyContainer(
      "!c.?securityContext.?privileged.orValue(false)",
      "containers must not be privileged; remove securityContext.privileged",
    ),
    everyContainer(
      "!c.?securityContext.?allowPrivilegeEscalation.orValue(true)",
      "containers must not gain privileges; set securityContext.allowPrivilegeEscalation to false",
    ),
  ],
  source: "Kubernetes documentation, Pod Security Standards (restricted, Privilege Escalation), 2026",
});
