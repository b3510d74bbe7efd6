// Labels of a Namespace decide which rules, which fence and which Pod Security bind what is in it.
import { LABELS, PLATFORM_NAMESPACE, PREFIX, tenantNamespace } from "../../core/names";
import { either, labelled, unchanged, unchangedBut } from "../cel";
import { WRITES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

const OURS = either(
  `(${labelled(LABELS.tenant)}) || o.metadata.?name.orValue('') == '${PLATFORM_NAMESPACE}' || ` +
    `o.metadata.?name.orValue('').startsWith('${tenantNamespace("")}') || ` +
    `o.metadata.?generateName.orValue('').startsWith('${tenantNamespace("")}')`,
);

/** The entries of ours in labels or annotations. */
const entries = (name: string, map: string): string =>
  `dyn(${name}).metadata.?${map}.orValue({}).all(k, !k.startsWith('${PREFIX}') || `;

const keeps = (map: string): string =>
  [
    ["object", "oldObject"],
    ["oldObject", "object"],
  ]
    .map(
      ([a, b]) =>
        `${entries(a!, map)}dyn(${b}).metadata.?${map}[?k].orValue('') == dyn(${a}).metadata.${map}[k])`,
    )
    .join(" && ");

const claims = (map: string): string =>
  `dyn(object).metadata.?${map}.orValue({}).exists(k, k.startsWith('${PREFIX}'))`;

export const PLATFORM_NAMESPACES: AdmissionRule = {
  id: "platform-namespaces",
  refuses: "tenants' and the platform's Namespaces, made, relabelled or deleted by anybody but the platform",
  family: "platform",
  // By its own conditions: a binding would look at the new labels, and who takes them away would not be asked.
  scope: RuleScope.CLUSTER,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      resources: ["namespaces", "namespaces/status", "namespaces/finalize"],
      operations: WRITES,
    },
  ],
  variables: [{ name: "ours", expression: OURS }],
  validations: [
    {
      expression: `request.operation != 'DELETE' || !variables.ours`,
      message: "namespaces of tenants and of the platform are the platform's to delete",
    },
    {
      expression: `request.operation != 'CREATE' || (!variables.ours && !${claims("labels")} && !${claims("annotations")})`,
      message: `namespaces named ${tenantNamespace("*")} or with labels or annotations of ${PREFIX} are the platform's to make`,
    },
    {
      expression:
        "request.operation != 'UPDATE' || (variables.ours ? " +
        [
          unchanged("metadata.labels"),
          unchangedBut("metadata.annotations", ["kubectl.kubernetes.io/last-applied-configuration"]),
          unchanged("metadata.finalizers", "[]"),
          unchanged("metadata.ownerReferences", "[]"),
          unchanged("spec"),
        ].join(" && ") +
        ` : ${keeps("labels")} && ${keeps("annotations")})`,
      message: "labels and annotations of tenants' namespaces are the platform's to change",
    },
  ],
  source: "Kubernetes documentation, Enforce Pod Security Standards with Namespace Labels, 2026",
};
