// The runtime's AppArmor profile keeps containers from parts of their node; other profiles there were made for other pods.
import { everyContainer, podRule } from "../pod-rule";

const DEFAULT = "?securityContext.?appArmorProfile.?type.orValue('RuntimeDefault') == 'RuntimeDefault'";

export const APP_ARMOR = podRule({
  id: "app-armor",
  refuses: "AppArmor profiles other than the runtime's",
  family: "pod",
  validations: [
    {
      expression: `object.spec.${DEFAULT}`,
      message: "pods must keep the runtime's AppArmor profile; remove spec.securityContext.appArmorProfile",
    },
    // Annotations of old manifests are fields by the time a rule is asked.
    everyContainer(
      `c.${DEFAULT}`,
      "containers must keep the runtime's AppArmor profile; remove appArmorProfile and AppArmor annotations",
    ),
  ],
  source: "Kubernetes documentation, Pod Security Standards (baseline, AppArmor), 2026",
});
