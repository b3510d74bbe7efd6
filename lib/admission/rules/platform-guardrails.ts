// What makes the fence: network policies, quotas, roles and accounts of tenants' namespaces.
import { either, named } from "../cel";
import { WRITES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const PLATFORM_GUARDRAILS: AdmissionRule = {
  id: "platform-guardrails",
  refuses:
    "network policies, quotas, roles and service accounts of tenants, written by anybody but the platform",
  family: "platform",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      resources: ["resourcequotas", "limitranges", "serviceaccounts"],
      operations: WRITES,
    },
    {
      apiGroups: ["networking.k8s.io"],
      apiVersions: ["*"],
      resources: ["networkpolicies", "ingresses"],
      operations: WRITES,
    },
    {
      apiGroups: ["rbac.authorization.k8s.io"],
      apiVersions: ["*"],
      resources: ["roles", "rolebindings"],
      operations: WRITES,
    },
    {
      apiGroups: ["cilium.io"],
      apiVersions: ["*"],
      resources: ["ciliumnetworkpolicies", "ciliumlocalredirectpolicies", "ciliumenvoyconfigs"],
      operations: WRITES,
    },
    {
      apiGroups: ["networking.gke.io"],
      apiVersions: ["*"],
      resources: ["fqdnnetworkpolicies"],
      operations: WRITES,
    },
    {
      apiGroups: ["gateway.networking.k8s.io"],
      apiVersions: ["*"],
      resources: [
        "gateways",
        "httproutes",
        "grpcroutes",
        "tlsroutes",
        "tcproutes",
        "udproutes",
        "referencegrants",
      ],
      operations: WRITES,
    },
  ],
  validations: [
    {
      // Another quota or limit range only takes away: clouds make their own. Everything else adds up.
      expression:
        "request.resource.resource in ['resourcequotas', 'limitranges'] && " +
        `!${either(named("tenclave-"))}`,
      message: "guardrails of tenants are the platform's to change; change the tenant's file",
    },
  ],
  source: "Multi-Tenancy Benchmarks, MTB-PL1-BC-CPI-2 and MTB-PL1-CC-TI-1, 2021",
};
