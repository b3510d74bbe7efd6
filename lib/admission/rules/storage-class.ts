// The class decides which key and which storage a volume has.
import { SAME_SPEC } from "../cel";
import { CLAIMS } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";
import { parameterList } from "../parameters";

export const STORAGE_CLASS_RULE: AdmissionRule = {
  id: "storage-class",
  refuses: "claims of another StorageClass than the tenant's, or of none",
  family: "storage",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [CLAIMS],
  variables: [parameterList("storageClasses")],
  validations: [
    {
      // A claim that names no class has the host's default by now; '' means a volume somebody made by hand.
      expression: `(has(object.spec.storageClassName) && object.spec.storageClassName in variables.storageClasses) || ${SAME_SPEC}`,
      message: "claims must name the tenant's StorageClass; set spec.storageClassName",
      messageExpression:
        "'claims must name one of the StorageClasses ' + variables.storageClasses.join(', ') + '; set spec.storageClassName'",
    },
    {
      expression:
        `${SAME_SPEC} || ` +
        "!has(object.metadata.annotations) || !('volume.beta.kubernetes.io/storage-class' in object.metadata.annotations) || " +
        "object.metadata.annotations['volume.beta.kubernetes.io/storage-class'] in variables.storageClasses",
      message:
        "the annotation volume.beta.kubernetes.io/storage-class stands before spec.storageClassName; remove it",
    },
    {
      expression:
        "!has(object.spec.volumeAttributesClassName) || object.spec.volumeAttributesClassName == ''",
      message: "claims must not name a VolumeAttributesClass; remove spec.volumeAttributesClassName",
    },
  ],
  source: "Kubernetes documentation, Persistent Volumes, 2026: the older annotation wins over the field",
};
