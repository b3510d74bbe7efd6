// The kubelet says where a pod runs and what it uses. Controllers, the scheduler and every node's Cilium believe it: with a
// forged address a tenant moves others' traffic.
import { unchangedBut } from "../cel";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

export const POD_STATUS: AdmissionRule = {
  id: "pod-status",
  refuses: "addresses, phase and resources that a tenant writes into a pod's status",
  family: "pod",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.TENANTS,
  matches: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["pods/status"], operations: ["UPDATE"] }],
  validations: [
    {
      // Conditions answer readiness gates; the syncer passes them on and writes nothing else.
      expression: unchangedBut("status", ["conditions"]),
      message: "the status of pods is the node's to write; change conditions only",
    },
  ],
  source:
    "Kubernetes 1.34 on a live API server, 2026: EndpointSlices take status.podIP, quotas leave out finished pods; Cilium 1.20, pod watcher: so does each node's map of addresses",
};
