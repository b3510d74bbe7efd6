// Images come from where the platform says: opt-in, by the tenant's file.
import { parameterList } from "../parameters";
import { podRule } from "../pod-rule";
import { IMAGES } from "../image-names";

export const IMAGE_REGISTRIES = podRule({
  id: "image-registries",
  refuses: "images from other registries than the tenant's list, where it has one",
  family: "image",
  variables: [parameterList("imageRegistries"), parameterList("systemImages"), ...IMAGES],
  validations: [
    {
      expression: "variables.imageRegistries.size() == 0 || variables.foreign.size() == 0",
      message: "images must come from a registry on the tenant's list; push them there",
      messageExpression:
        "'images must come from ' + variables.imageRegistries.join(', ') + '; push there: ' + variables.foreign.join(', ')",
    },
  ],
  exception: "an image from elsewhere runs with the tenant's data",
  source: "CNCF distribution, reference grammar; containerd 2 normalizes the same way",
});
