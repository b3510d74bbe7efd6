// An unmasked /proc shows and changes what belongs to the node.
import { everyContainer, podRule } from "../pod-rule";

export const PROC_MOUNT = podRule({
  id: "proc-mount",
  refuses: "an unmasked /proc",
  family: "pod",
  validations: [
    everyContainer(
      "c.?securityContext.?procMount.orValue('Default') == 'Default'",
      "containers must keep the runtime's masks on /proc; remove securityContext.procMount",
    ),
  ],
  source: "Kubernetes documentation, Pod Security Standards (baseline, /proc Mount Type), 2026",
});
