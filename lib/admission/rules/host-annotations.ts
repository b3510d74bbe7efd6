// The host's network plug-in and its agents take orders from annotations of pods, too.
import { podMetadataRule } from "../pod-rule";
import { literally } from "../cel";

/**
 * Domains, with all below them: Cilium, further interfaces, the clouds' networks, roles by annotation. Cilium obeys its
 * older names, too, which have no slash: `io.cilium.no-track-port`.
 */
const DOMAINS = [
  "cilium.io",
  "cni.cncf.io",
  "cni.projectcalico.org",
  "iam.amazonaws.com",
  "multus-cni.io",
  "networking.gke.io",
  "vpc.amazonaws.com",
];

export const HOST_ANNOTATIONS = podMetadataRule({
  id: "host-annotations",
  refuses: "annotations that the host's network and its agents obey",
  family: "pod",
  variables: [
    {
      name: "hostOrders",
      expression:
        "object.metadata.?annotations.orValue({})" +
        `.filter(key, key.matches('^(io[.]cilium|([^/]*[.])?(${DOMAINS.map(literally).join("|")})/)'))`,
    },
  ],
  validations: [
    {
      expression: "variables.hostOrders.size() == 0",
      message: "annotations that the host's network obeys are for the platform; remove them from the pod",
      messageExpression:
        "'annotations that the host\\'s network obeys are for the platform; remove ' + variables.hostOrders.join(', ') + ' from the pod'",
    },
  ],
  source: "Cilium 1.20 documentation, annotations of pods (address pools, MAC address, untracked ports)",
});
