// A digest is the image; a tag is whatever somebody pushed last. Opt-in, by the tenant's file.
import { parameterList } from "../parameters";
import { podRule } from "../pod-rule";
import { IMAGES } from "../image-names";

/** CEL: the image is named by a digest. */
export const BY_DIGEST = "image.matches('@sha256:[a-f0-9]{64}$')";

export const IMAGE_DIGESTS = podRule({
  id: "image-digests",
  refuses: "images by tag alone, where the tenant's file wants digests",
  family: "image",
  variables: [
    parameterList("imageDigests"),
    parameterList("systemImages"),
    IMAGES[0]!,
    { name: "tagged", expression: `variables.images.filter(image, !${BY_DIGEST})` },
  ],
  validations: [
    {
      expression: "variables.imageDigests.size() == 0 || variables.tagged.size() == 0",
      message: "images must be named by digest; write name@sha256:…",
      messageExpression:
        "'images must be named by digest; write name@sha256:… for ' + variables.tagged.join(', ')",
    },
  ],
  exception: "a tag that moves changes what runs with the tenant's data",
  source: "Kubernetes documentation, Images (image digests), 2026",
});
