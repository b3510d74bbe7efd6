// A node is emptied, and a namespace ends, when its pods have: they may take as long as they say.
import { podRule } from "../pod-rule";

/** Seconds. Clouds wait for about an hour when they replace a node. */
const LONGEST = 3600;

export const GRACE_PERIOD = podRule({
  id: "grace-period",
  refuses: "pods that take longer than an hour to end",
  family: "pod",
  validations: [
    {
      expression: `object.spec.?terminationGracePeriodSeconds.orValue(30) <= ${LONGEST}`,
      message: `pods must end within an hour; set spec.terminationGracePeriodSeconds to ${LONGEST} or less`,
    },
  ],
  source: "Kubernetes documentation, Safely Drain a Node, 2026: a drain waits for each pod's grace period",
});
