// The fence knows pods by their labels: each says whose it is, and none says it is the platform's.
import { PREFIX } from "../../core/names";
import { TENANT } from "../parameters";
import { podMetadataRule } from "../pod-rule";
import { text } from "../cel";
import { Requesters } from "../rule";

const CONTROL_PLANE = `object.spec.?serviceAccountName.orValue('') == 'vc-' + ${TENANT}`;

export const POD_LABELS = podMetadataRule({
  id: "pod-labels",
  refuses: "labels that pass for another tenant, its DNS, or the platform",
  family: "pod",
  binds: Requesters.ALL_BUT_PLATFORM,
  variables: [{ name: "labels", expression: "object.metadata.?labels.orValue({})" }],
  validations: [
    {
      // The chart gives the control plane no such label.
      expression: `variables.labels[?'vcluster.loft.sh/managed-by'].orValue(${CONTROL_PLANE} ? ${TENANT} : '') == ${TENANT}`,
      message:
        "pods must carry the tenant's own name in label 'vcluster.loft.sh/managed-by'; the syncer sets it, make the pod in the virtual cluster",
    },
    {
      expression:
        "variables.labels[?'k8s-app'].orValue('') != 'vcluster-kube-dns' || " +
        "variables.labels[?'vcluster.loft.sh/namespace'].orValue('') == 'kube-system'",
      message:
        "the label 'k8s-app: vcluster-kube-dns' belongs to the DNS server in kube-system; use another value",
    },
    {
      expression: `variables.labels.all(key, !key.startsWith(${text(PREFIX)}))`,
      message: `labels that begin with '${PREFIX}' belong to the platform; remove them from the pod`,
    },
  ],
  source: "vCluster 0.36.1 on a live API server, 2026: labels are copied, later ones by update",
});
