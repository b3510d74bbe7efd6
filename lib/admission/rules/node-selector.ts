// The labels of the tenant's pool, in the selector: affinity and further labels can then only narrow it.
import { parameter } from "../parameters";
import { podRule } from "../pod-rule";

export const NODE_SELECTOR = podRule({
  id: "node-selector",
  refuses: "a node selector without the labels of the tenant's pool",
  family: "placement",
  variables: [
    parameter("nodeSelector"),
    { name: "selector", expression: "object.spec.?nodeSelector.orValue({})" },
  ],
  validations: [
    {
      expression:
        "variables.nodeSelector.split(',').all(pair, pair.split('=')[0] in variables.selector && " +
        "variables.selector[pair.split('=')[0]] == pair.split('=')[1])",
      message:
        "pods must select the nodes of the tenant's pool; leave its labels out of spec.nodeSelector, admission adds them",
    },
  ],
  source: "Kubernetes documentation, Runtime Class (scheduling) and Assigning Pods to Nodes, 2026",
});
