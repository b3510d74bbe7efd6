// A claim filled from elsewhere: a snapshot, a populator.
import { SAME_SPEC } from "../cel";
import { CLAIMS } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const VOLUME_SOURCE: AdmissionRule = {
  id: "volume-source",
  refuses: "claims filled from anything but another claim of the tenant",
  family: "storage",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [CLAIMS],
  validations: ["dataSource", "dataSourceRef"].map((field) => ({
    expression:
      `${SAME_SPEC} || !has(object.spec.${field}) || (object.spec.${field}.kind == 'PersistentVolumeClaim' && ` +
      // The core group is absent, empty, or null.
      `dyn(object).spec.${field}.?apiGroup.orValue('') in [dyn(''), dyn(null)])`,
    message: `claims must be empty, or copied from another claim of the same tenant; remove spec.${field}`,
  })),
  // The source stands in its own namespace: others take an alpha feature of the API server.
  exception: "its volumes are filled from snapshots and the like that somebody else put into its namespace",
  source: "Kubernetes documentation, Volume Populators and Data Sources, 2026",
};
