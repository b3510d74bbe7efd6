// A toleration opens other pools, and nodes that are not ready for pods: before the network's agent runs, say.
import { parameterList } from "../parameters";
import { podRule } from "../pod-rule";
import { list } from "../cel";

/** Kubernetes adds these by itself: DefaultTolerationSeconds the first two, PodTolerationRestriction the last. */
const NODE_CONDITIONS = [
  "node.kubernetes.io/not-ready:NoExecute",
  "node.kubernetes.io/unreachable:NoExecute",
  "node.kubernetes.io/memory-pressure:NoSchedule",
];

const KEY = "t.?key.orValue('')";
const EFFECT = "t.?effect.orValue('')";
const OPERATOR = "t.?operator.orValue('Equal')";
const ALLOWED =
  `(${OPERATOR} == 'Equal' && ${KEY} + '=' + t.?value.orValue('') + ':' + ${EFFECT} in variables.tolerations || ` +
  `${OPERATOR} == 'Exists' && ${KEY} + ':' + ${EFFECT} in ${list(NODE_CONDITIONS)})`;
const TOLERATIONS = "object.spec.?tolerations.orValue([])";

export const POD_TOLERATIONS = podRule({
  id: "tolerations",
  refuses: "tolerations of other taints than the tenant's pool has",
  family: "placement",
  variables: [parameterList("tolerations")],
  validations: [
    {
      expression: `${TOLERATIONS}.all(t, ${ALLOWED})`,
      message:
        "pods must not tolerate other taints than those of the tenant's pool; remove the toleration (DaemonSets add some of their own and do not run here)",
      messageExpression:
        "'pods must not tolerate other taints than those of the tenant\\'s pool; remove the toleration of ' + " +
        `${TOLERATIONS}.filter(t, !${ALLOWED}).map(t, ${KEY} == '' ? 'every taint' : ${KEY}).join(', ') + ` +
        "' (DaemonSets add some of their own and do not run here)'",
    },
  ],
  source: "vCluster 0.36.1 on a live API server, 2026: tolerations are kept, later ones by update",
});
