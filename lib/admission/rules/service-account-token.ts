// A token of the host's API server is worth something even without rights: it is a name on the host.
import { parameterList, TENANT } from "../parameters";
import { podRule } from "../pod-rule";

/** The control plane talks to the host; it alone. */
const CONTROL_PLANE = `object.spec.?serviceAccountName.orValue('') == 'vc-' + ${TENANT}`;

export const SERVICE_ACCOUNT_TOKEN = podRule({
  id: "service-account-token",
  refuses: "the host's service-account tokens in tenants' pods",
  family: "pod",
  variables: [parameterList("tokenAudiences")],
  validations: [
    {
      expression: `${CONTROL_PLANE} || !object.spec.?automountServiceAccountToken.orValue(true)`,
      message:
        "pods must not mount a token of the host's API server; set spec.automountServiceAccountToken to false on the host's pod",
    },
    {
      expression:
        `${CONTROL_PLANE} || object.spec.?volumes.orValue([]).all(v, v.?projected.?sources.orValue([]).all(s, ` +
        "!has(s.serviceAccountToken) || s.serviceAccountToken.?audience.orValue('') in variables.tokenAudiences))",
      message:
        "pods must not project a token of the host's API server; the syncer puts the virtual cluster's token there",
    },
  ],
  source: "vCluster 0.36.1, pod translator: automount is off, and tokens arrive as Secrets",
});
