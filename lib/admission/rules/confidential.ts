// What the two rules of confidential prerequisites share: whose pods they mean, and the annotations that ask for them.
import { PARAMETERS } from "../parameters";
import { text, type Variable } from "../rule";

const ANNOTATIONS = "namespaceObject.metadata.?annotations.orValue({})";

/** Asked for by the tenant's Namespace alone. */
export const ASKED_FOR: Variable = {
  name: "prerequisites",
  expression: `${ANNOTATIONS}[?${text(PARAMETERS.confidentialPrerequisites)}].orValue('') == 'required'`,
};

/** Annotation with the initialisation data of a confidential pod VM: base64 of compressed TOML. */
export const INIT_DATA = "io.katacontainers.config.hypervisor.cc_init_data";
