// A pod in a namespace of its node sees, or talks as, the node and every neighbour there.
import { podRule } from "../pod-rule";

export const HOST_NAMESPACES = podRule({
  id: "host-namespaces",
  refuses: "a pod in the network, process or IPC namespace of its node",
  family: "pod",
  validations: [
    {
      expression:
        "!object.spec.?hostNetwork.orValue(false) && !object.spec.?hostPID.orValue(false) && " +
        "!object.spec.?hostIPC.orValue(false)",
      message: "pods must not use namespaces of the node; remove spec.hostNetwork, hostPID and hostIPC",
    },
  ],
  source: "Kubernetes documentation, Pod Security Standards (baseline, Host Namespaces), 2026",
});
