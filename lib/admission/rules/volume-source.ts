// A claim filled from elsewhere: a snapshot, a populator, another namespace.
import { Requesters, RuleScope, type AdmissionRule } from "../rule";
import { CLAIMS } from "../kinds";

const source = (field: string): string =>
  `!has(object.spec.${field}) || (object.spec.${field}.kind == 'PersistentVolumeClaim' && ` +
  `(!has(object.spec.${field}.apiGroup) || object.spec.${field}.apiGroup == '')` +
  (field === "dataSourceRef"
    ? " && (!has(object.spec.dataSourceRef.namespace) || object.spec.dataSourceRef.namespace in ['', request.namespace])"
    : "") +
  ")";

export const VOLUME_SOURCE: AdmissionRule = {
  id: "volume-source",
  refuses: "claims filled from anything but another claim of the tenant",
  family: "storage",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [CLAIMS],
  validations: [
    {
      expression: `(${source("dataSource")}) && (${source("dataSourceRef")})`,
      message:
        "claims must be empty, or copied from another claim of the same tenant; remove spec.dataSource and spec.dataSourceRef",
    },
  ],
  source: "Kubernetes documentation, Volume Populators and Data Sources, 2026",
};
