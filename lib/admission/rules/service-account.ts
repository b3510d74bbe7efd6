// A pod acts on the host as its service account: a tenant's pods as the one without rights.
import { TENANT } from "../parameters";
import { podRule } from "../pod-rule";

export const SERVICE_ACCOUNT = podRule({
  id: "service-account",
  refuses: "service accounts other than the tenant's two",
  family: "pod",
  validations: [
    {
      // Who may take the second is another rule's business: control-plane-pod.
      expression:
        `object.spec.?serviceAccountName.orValue('') in ` + `['vc-workload-' + ${TENANT}, 'vc-' + ${TENANT}]`,
      message:
        "pods must run as the tenant's workload service account of the host; the syncer sets it, remove it from what you apply",
    },
  ],
  source: "vCluster 0.36.1, chart (workload service account) and pod translator",
});
