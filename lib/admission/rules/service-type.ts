// A Service that opens nodes or makes a cloud load balancer stands outside the fence, for neighbours, too.
import { SAME_SPEC } from "../cel";
import { SERVICES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const SERVICE_TYPE: AdmissionRule = {
  id: "service-type",
  refuses: "Services of type NodePort and LoadBalancer",
  family: "service",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.EVERYBODY,
  matches: [SERVICES],
  validations: [
    {
      // API defaulting comes first: a Service without a type is ClusterIP here.
      expression: `object.spec.type in ['ClusterIP', 'ExternalName'] || ${SAME_SPEC}`,
      message: "Services must be of type ClusterIP; use the platform's gateway to be reached from outside",
      messageExpression:
        "'Services must be of type ClusterIP, got ' + object.spec.type + '; use the gateway of the platform to be reached from outside'",
    },
  ],
  source: "Multi-Tenancy Benchmarks, MTB-PL1-BC-HI-1, 2021",
};
