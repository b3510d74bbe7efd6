// The chart lets the syncer patch workloads of its namespace, its own StatefulSet among them: any pod, made by a controller.
import { unchanged, unchangedBut } from "../cel";
import { WRITES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

/** What the control plane writes when its certificates are about to end, so that its pod starts anew. */
const ROTATION = ["vcluster.loft.sh/cert-rotation-at"];

export const CONTROL_PLANE_WORKLOADS: AdmissionRule = {
  id: "control-plane-workloads",
  refuses: "changes of StatefulSets and other workloads of a tenant's namespace by anybody but the platform",
  family: "platform",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      resources: ["replicationcontrollers", "replicationcontrollers/scale", "replicationcontrollers/status"],
      operations: WRITES,
    },
    {
      // Their controllers change other workloads, or keep them where they are, as Kubernetes itself.
      apiGroups: ["autoscaling", "autoscaling.k8s.io", "policy"],
      apiVersions: ["*"],
      resources: ["horizontalpodautoscalers", "verticalpodautoscalers", "poddisruptionbudgets"],
      operations: WRITES,
    },
    {
      apiGroups: ["apps"],
      apiVersions: ["v1"],
      resources: [
        "statefulsets",
        "statefulsets/scale",
        "statefulsets/status",
        "deployments",
        "deployments/scale",
        "deployments/status",
        "replicasets",
        "replicasets/scale",
        "replicasets/status",
        "daemonsets",
        "daemonsets/status",
        "controllerrevisions",
      ],
      operations: WRITES,
    },
    {
      apiGroups: ["batch"],
      apiVersions: ["v1"],
      resources: ["jobs", "cronjobs"],
      operations: WRITES,
    },
  ],
  validations: [
    {
      expression:
        "request.operation == 'UPDATE' && request.resource.resource in ['statefulsets', 'deployments'] && " +
        "(!has(request.subResource) || request.subResource == '') && " +
        [
          unchanged("metadata.labels"),
          unchanged("metadata.annotations"),
          unchanged("metadata.ownerReferences", "[]"),
          unchanged("metadata.finalizers", "[]"),
          unchangedBut("spec", ["template"]),
          unchangedBut("spec.template", ["metadata"]),
          unchangedBut("spec.template.metadata", ["annotations"]),
          unchangedBut("spec.template.metadata.annotations", ROTATION),
        ].join(" && "),
      message: "workloads of the control plane are the platform's to change; change the tenant's file",
    },
  ],
  source:
    "vCluster 0.36.1, chart's Role and certificate watcher: one annotation of the pod template is written",
};
