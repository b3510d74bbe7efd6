// Whoever names addresses in a Service draws traffic to them to itself, on every node.
import { SAME_SPEC } from "../cel";
import { SERVICES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const EXTERNAL_IPS: AdmissionRule = {
  id: "external-ips",
  refuses: "Services that name external or load balancer addresses",
  family: "service",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [SERVICES],
  validations: [
    {
      expression: `!has(object.spec.externalIPs) || size(object.spec.externalIPs) == 0 || ${SAME_SPEC}`,
      message: "Services must not name spec.externalIPs; remove them",
    },
    {
      expression:
        "(!has(object.spec.loadBalancerIP) || object.spec.loadBalancerIP == '') && " +
        "(!has(object.spec.loadBalancerSourceRanges) || size(object.spec.loadBalancerSourceRanges) == 0) && " +
        `!has(object.spec.loadBalancerClass) || ${SAME_SPEC}`,
      message:
        "Services must not ask for a load balancer; remove spec.loadBalancerIP, loadBalancerSourceRanges and loadBalancerClass",
    },
  ],
  source: "CVE-2020-8554: a Service with external addresses takes others' traffic",
};
