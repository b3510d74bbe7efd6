// A pod that names its node goes there without the scheduler: past selector, taints and the pool of its tenant.
import { podRule } from "../pod-rule";

export const NODE_NAME = podRule({
  id: "node-name",
  refuses: "a pod that names its node",
  family: "placement",
  validations: [
    {
      // The scheduler binds through a subresource, which this rule does not match.
      expression:
        "object.spec.?nodeName.orValue('') == (oldObject == null ? '' : oldObject.spec.?nodeName.orValue(''))",
      message: "pods must leave spec.nodeName to the scheduler; remove it",
    },
  ],
  source: "vCluster 0.36.1 on a live API server, 2026: nodeName takes the selector away",
});
