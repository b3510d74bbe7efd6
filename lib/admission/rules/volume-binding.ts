// A claim that names its volume gets one that was somebody else's, with what is on it.
import { SAME_SPEC } from "../cel";
import { CLAIMS } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const VOLUME_BINDING: AdmissionRule = {
  id: "volume-binding",
  refuses: "claims that choose an existing volume by name or label",
  family: "storage",
  scope: RuleScope.TENANT_NAMESPACES,
  // The volume controller writes the name of the volume it made.
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [CLAIMS],
  validations: [
    {
      expression:
        "dyn(object).spec.?volumeName.orValue('') == (oldObject == null ? '' : dyn(oldObject).spec.?volumeName.orValue(''))",
      message: "claims must leave spec.volumeName to Kubernetes; remove it",
    },
    {
      expression: `!has(object.spec.selector) || ${SAME_SPEC}`,
      message: "claims must not select existing volumes; remove spec.selector",
    },
  ],
  source:
    "Kubernetes 1.34, validation of claims: the volume's name may be written once after the claim is made",
};
