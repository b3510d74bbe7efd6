// Capabilities are root's powers one by one; NET_BIND_SERVICE is the one that stays inside a pod, and CoreDNS has it.
import { everyContainer, podRule } from "../pod-rule";

export const CAPABILITIES = podRule({
  id: "capabilities",
  refuses: "capabilities other than NET_BIND_SERVICE",
  family: "pod",
  validations: [
    everyContainer(
      "'ALL' in c.?securityContext.?capabilities.?drop.orValue([]) && " +
        "c.?securityContext.?capabilities.?add.orValue([]).all(a, a == 'NET_BIND_SERVICE')",
      "containers must drop ALL capabilities and add none but NET_BIND_SERVICE; set securityContext.capabilities",
    ),
  ],
  source: "Kubernetes documentation, Pod Security Standards (restricted, Capabilities), 2026",
});
