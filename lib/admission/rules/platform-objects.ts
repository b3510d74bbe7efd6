// Cluster-wide objects the fence rests on: classes, cluster-wide network policies, fair shares of the API server.
import { either, named } from "../cel";
import { WRITES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

/** Kinds of which every object counts: rules of all of them add up. */
const ADDING = [
  "ciliumclusterwidenetworkpolicies",
  "ciliumclusterwideenvoyconfigs",
  "ciliumegressgatewaypolicies",
  "ciliumcidrgroups",
];

export const PLATFORM_OBJECTS: AdmissionRule = {
  id: "platform-objects",
  refuses:
    "the platform's classes, flow schemas and any cluster-wide network policy, written by anybody but the platform",
  family: "platform",
  scope: RuleScope.CLUSTER,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [
    { apiGroups: ["node.k8s.io"], apiVersions: ["*"], resources: ["runtimeclasses"], operations: WRITES },
    { apiGroups: ["storage.k8s.io"], apiVersions: ["*"], resources: ["storageclasses"], operations: WRITES },
    {
      apiGroups: ["flowcontrol.apiserver.k8s.io"],
      apiVersions: ["*"],
      resources: ["flowschemas", "prioritylevelconfigurations"],
      operations: WRITES,
    },
    { apiGroups: ["cilium.io"], apiVersions: ["*"], resources: ADDING, operations: WRITES },
  ],
  validations: [
    {
      expression: `!(request.resource.resource in [${ADDING.map((r) => `'${r}'`).join(", ")}]) && !${either(named("tenclave-"))}`,
      message: "cluster-wide network policies and objects named tenclave-* are the platform's to change",
    },
  ],
  source: "Cilium documentation, CiliumClusterwideNetworkPolicy, 2026: allow rules of all policies add up",
};
