// SELinux keeps containers of one node apart by their categories; who chooses them can choose a neighbour's.
import { everyContainer, podRule } from "../pod-rule";

export const SE_LINUX = podRule({
  id: "se-linux",
  refuses: "SELinux labels of one's own",
  family: "pod",
  validations: [
    {
      expression: "!object.spec.?securityContext.?seLinuxOptions.hasValue()",
      message: "pods must leave SELinux labels to the runtime; remove spec.securityContext.seLinuxOptions",
    },
    everyContainer(
      "!c.?securityContext.?seLinuxOptions.hasValue()",
      "containers must leave SELinux labels to the runtime; remove securityContext.seLinuxOptions",
    ),
  ],
  source: "Kubernetes documentation, Configure a Security Context (SELinux labels), 2026",
});
