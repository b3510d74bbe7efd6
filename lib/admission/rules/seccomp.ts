// Without a system-call filter the whole kernel of the node is open to a container.
import { everyContainer, podRule } from "../pod-rule";
import { parameterList } from "../parameters";

const ALLOWED =
  "p.type == 'RuntimeDefault' || " +
  "p.type == 'Localhost' && p.?localhostProfile.orValue('') in variables.seccompProfiles";

export const SECCOMP = podRule({
  id: "seccomp",
  refuses: "containers without the runtime's system-call filter",
  family: "pod",
  variables: [
    parameterList("seccompProfiles"),
    {
      name: "podProfile",
      expression: "object.spec.?securityContext.?seccompProfile.orValue({'type': 'none'})",
    },
  ],
  validations: [
    everyContainer(
      `[c.?securityContext.?seccompProfile.orValue(variables.podProfile)].all(p, ${ALLOWED})`,
      "containers must run under seccompProfile RuntimeDefault, or the Localhost profile of the tenant's pool; set spec.securityContext.seccompProfile",
    ),
    {
      expression: `[variables.podProfile].all(p, p.type == 'none' || ${ALLOWED})`,
      message:
        "spec.securityContext.seccompProfile must be RuntimeDefault, or the Localhost profile of the tenant's pool; change it",
    },
  ],
  source: "Kubernetes documentation, Pod Security Standards (restricted, Seccomp), 2026",
});
