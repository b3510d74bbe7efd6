// Images of a pod, spelt out as the container runtime does: registry, path, no tag, no digest.
import type { Variable } from "./rule";

/** `registry.example.com:5000/team/app:1@sha256:…` → `registry.example.com:5000/team/app:1`. */
const NAMED = "image.split('@')[0]";
/** The part before the first slash is a registry when it has a dot, a colon, or is localhost; Docker Hub has no name. */
const FULL =
  `(${NAMED}.matches('^([^/]*[.:][^/]*|localhost)/') ? ${NAMED} : ` +
  `${NAMED}.contains('/') ? 'docker.io/' + ${NAMED} : 'docker.io/library/' + ${NAMED})`;
/** Without a tag, which follows the last slash; a colon before it is the registry's port. */
const UNTAGGED = `${FULL}.find('^[^/]+(/[^/:]+)+')`;
const WITHIN = "(name == prefix || name.startsWith(prefix + '/'))";

/** `images`: all of the pod but the platform's own. `foreign`: those off the list in `imageRegistries`. */
export const IMAGES: readonly Variable[] = [
  {
    name: "images",
    expression:
      "variables.containers.map(c, c.?image.orValue('')).filter(image, !(image in variables.systemImages))",
  },
  {
    name: "foreign",
    expression:
      `variables.images.filter(image, ![${UNTAGGED}].exists(name, ` +
      `variables.imageRegistries.exists(prefix, ${WITHIN})))`,
  },
];
