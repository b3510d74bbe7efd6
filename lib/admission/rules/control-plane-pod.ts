// What makes a pod the tenant's control plane: its service account, and the label the fence opens the API server to.
import { TENANT } from "../parameters";
import { podMetadataRule } from "../pod-rule";
import { Requesters, type AdmissionRule } from "../rule";

const unchanged = (value: (object: string) => string): string =>
  `(oldObject != null && ${value("object")} == ${value("oldObject")})`;
const spec = (object: string): string => `${object}.spec`;
const release = (object: string): string => `${object}.metadata.?labels[?'release'].orValue('')`;

/** Only Kubernetes' StatefulSet controller and the platform make such pods. */
export const CONTROL_PLANE_POD: AdmissionRule = {
  ...podMetadataRule({
    id: "control-plane-pod",
    refuses: "pods that pass for the tenant's control plane",
    family: "pod",
    binds: Requesters.ALL_BUT_PLATFORM,
    validations: [],
    source: "vCluster 0.36.1, chart: label release, service account vc-<release>",
  }),
  // Each is compared by itself: annotations of the control plane's pod are free.
  variables: [],
  validations: [
    {
      expression: `${unchanged(spec)} || object.spec.?serviceAccountName.orValue('') != 'vc-' + ${TENANT}`,
      message:
        "pods must not run as the service account of the control plane, nor change one that does; the syncer sets the workload account",
    },
    {
      expression: `${unchanged(release)} || ${release("object")} == ''`,
      message: "pods must not carry the label 'release', which names the control plane; remove it",
    },
  ],
};
