// A host port answers on the node's address, past the fence, and takes the port from neighbours.
import { everyContainer, podRule } from "../pod-rule";

export const HOST_PORTS = podRule({
  id: "host-ports",
  refuses: "a port of the node",
  family: "pod",
  validations: [
    everyContainer(
      "c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0)",
      "containers must not take ports of the node; remove hostPort and use a Service",
    ),
  ],
  source: "Kubernetes documentation, Pod Security Standards (baseline, Host Ports), 2026",
});
