// Whoever names addresses in a Service draws traffic to them to itself, on every node.
import { Requesters, RuleScope, type AdmissionRule } from "../rule";
import { SERVICES } from "../kinds";

const LOAD_BALANCER = "object.?status.?loadBalancer.?ingress";

export const EXTERNAL_IPS: AdmissionRule = {
  id: "external-ips",
  refuses: "Services that name external or load balancer addresses, in their status, too",
  family: "service",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [{ ...SERVICES, resources: ["services", "services/status"] }],
  validations: [
    {
      expression: "!has(object.spec.externalIPs) || size(object.spec.externalIPs) == 0",
      message: "Services must not name spec.externalIPs; remove them",
    },
    {
      expression:
        "(!has(object.spec.loadBalancerIP) || object.spec.loadBalancerIP == '') && " +
        "(!has(object.spec.loadBalancerSourceRanges) || size(object.spec.loadBalancerSourceRanges) == 0) && " +
        "!has(object.spec.loadBalancerClass)",
      message:
        "Services must not ask for a load balancer; remove spec.loadBalancerIP, loadBalancerSourceRanges and loadBalancerClass",
    },
    {
      expression: `!${LOAD_BALANCER}.hasValue() || size(${LOAD_BALANCER}.value()) == 0`,
      message: "the status of a Service must not name load balancer addresses; remove them",
    },
  ],
  source: "CVE-2020-8554: a Service with external addresses takes others' traffic",
};
