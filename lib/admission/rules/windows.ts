// A HostProcess container of Windows runs on its node as it likes; no pool of ours has Windows.
import { everyContainer, podRule } from "../pod-rule";

export const WINDOWS = podRule({
  id: "windows",
  refuses: "Windows pods, host processes among them",
  family: "pod",
  validations: [
    {
      expression:
        "object.spec.?os.?name.orValue('linux') == 'linux' && " +
        "!object.spec.?securityContext.?windowsOptions.hasValue()",
      message: "pods must be Linux pods; remove spec.os and securityContext.windowsOptions",
    },
    everyContainer(
      "!c.?securityContext.?windowsOptions.hasValue()",
      "containers must be Linux containers; remove securityContext.windowsOptions",
    ),
  ],
  source: "Kubernetes documentation, Pod Security Standards (baseline, HostProcess), 2026",
});
