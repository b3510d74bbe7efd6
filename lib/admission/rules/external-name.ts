// Whoever follows a Service by name on the host, a gateway for one, would follow it into the cluster or to the node.
import { SAME_SPEC } from "../cel";
import { SERVICES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

/** Last labels of names that mean something inside: search domains, special-use names, addresses written as names. */
const INSIDE = "svc|local|localhost|internal|localdomain|lan|home|corp|default|kube-.*|tenant-.*|tenclave-.*";

export const EXTERNAL_NAME: AdmissionRule = {
  id: "external-name",
  refuses: "ExternalName Services that point into the cluster, at the node, or at an address",
  family: "service",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [SERVICES],
  validations: [
    {
      expression:
        `${SAME_SPEC} || ` +
        "!has(object.spec.externalName) || object.spec.externalName == '' || (" +
        "object.spec.externalName.matches('^([^.]+[.])+[^.]+[.]?$') && " +
        `!object.spec.externalName.matches('[.](${INSIDE})[.]?$') && ` +
        "!object.spec.externalName.matches('[.](0x[0-9a-f]*|[0-9]+)[.]?$'))",
      message:
        "spec.externalName must be a public DNS name outside the cluster, and no address; name one like db.example.com",
    },
  ],
  source: "Kubernetes documentation, Services of type ExternalName, 2026; CVE-2021-25740 has the same end",
};
