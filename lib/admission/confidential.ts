// What the two rules of confidential prerequisites share: the tenant's Namespace asks for them.
import { PARAMETERS } from "./parameters";
import { text } from "./cel";
import type { Variable } from "./rule";

const ANNOTATIONS = "namespaceObject.metadata.?annotations.orValue({})";

export const ASKED_FOR: Variable = {
  name: "prerequisites",
  expression: `${ANNOTATIONS}[?${text(PARAMETERS.confidentialPrerequisites)}].orValue('') == 'required'`,
};
