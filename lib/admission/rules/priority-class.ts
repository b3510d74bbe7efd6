// A pod of higher priority evicts its neighbours' when nodes are full.
import { podRule } from "../pod-rule";
import { Requesters } from "../rule";

export const PRIORITY_CLASS = podRule({
  id: "priority-class",
  refuses: "a priority above 0",
  family: "placement",
  binds: Requesters.ALL_BUT_PLATFORM,
  validations: [
    {
      // Kubernetes writes the class' number into the pod, and refuses one that is not the class'.
      expression: "object.spec.?priority.orValue(0) <= 0",
      message: "pods must not be more important than their neighbours'; remove spec.priorityClassName",
    },
  ],
  source: "Kubernetes documentation, Pod Priority and Preemption, 2026",
});
