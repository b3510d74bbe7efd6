// A tenant against the objects of its own control plane, which the chart's Role lets it write.
import { Attacker, type Attack, type AttackContext } from "../attack";
import { create, patch, remove, type Manifest } from "../requests";
import { refused, allowed, own, PORTS, type More } from "./object-attack";

/** The chart's own objects; where Helm installed them, they are there. */
function chart(make: (context: AttackContext) => Manifest): More {
  return { setup: (context) => (context.helm ? [] : [make(context)]) };
}

const CONFIGURATION = (context: AttackContext): Manifest =>
  own(context, "v1", "Secret", `vc-config-${context.tenant.name}`, {
    stringData: { "config.yaml": "sync: {}" },
  });
const API_SERVICE = (context: AttackContext): Manifest =>
  own(context, "v1", "Service", context.tenant.name, {
    spec: {
      ports: [{ name: "https", port: 443, targetPort: 8443, protocol: "TCP" }],
      selector: controlPlane(context),
    },
  });
const CONTROL_PLANE = (context: AttackContext): Manifest =>
  own(context, "apps/v1", "StatefulSet", context.tenant.name, {
    spec: {
      replicas: 0,
      serviceName: `${context.tenant.name}-headless`,
      selector: { matchLabels: controlPlane(context) },
      template: {
        metadata: { labels: controlPlane(context) },
        spec: { containers: [{ name: "syncer", image: "registry.example.com/vcluster" }] },
      },
    },
  });

function controlPlane({ tenant }: AttackContext): Record<string, string> {
  return { app: "vcluster", release: tenant.name };
}

const OWN_CONFIGURATION = ["rule:platform-secrets"] as const;
const WORKLOADS = ["rule:control-plane-workloads"] as const;
const OWN_SERVICES = ["rule:chart-services"] as const;

/** The chart's own objects. */
export const CONTROL_PLANE_ATTACKS: readonly Attack[] = [
  refused(
    "config-change",
    OWN_CONFIGURATION,
    "changes its control plane's configuration",
    "chart values by another way: read when the control plane starts",
    (c) =>
      patch(CONFIGURATION(c), {
        stringData: { "config.yaml": "sync: {fromHost: {nodes: {enabled: true}}}" },
      }),
    chart(CONFIGURATION),
  ),
  refused(
    "config-immutable",
    OWN_CONFIGURATION,
    "makes its control plane's configuration immutable",
    "the next upgrade cannot change it, and fails",
    (c) => patch(CONFIGURATION(c), { immutable: true }),
    chart(CONFIGURATION),
  ),
  refused(
    "config-delete",
    OWN_CONFIGURATION,
    "deletes its control plane's configuration",
    "then makes another",
    (c) => remove(CONFIGURATION(c)),
    chart(CONFIGURATION),
  ),
  refused(
    "config-annotation",
    OWN_CONFIGURATION,
    "says another release of Helm owns the configuration",
    "the next upgrade stops",
    (c) => patch(CONFIGURATION(c), { metadata: { annotations: { "meta.helm.sh/release-name": "other" } } }),
    chart(CONFIGURATION),
  ),
  allowed(
    "config-store",
    "notes its kind of store at its configuration",
    "vCluster, when it starts",
    (c) =>
      patch(CONFIGURATION(c), {
        metadata: { annotations: { "vcluster.loft.sh/store": "embedded-database" } },
      }),
    chart(CONFIGURATION),
  ),
  refused(
    "workload-image",
    WORKLOADS,
    "patches the image of its control plane",
    "any pod, made by a controller",
    (c) =>
      patch(CONTROL_PLANE(c), {
        spec: {
          template: { spec: { containers: [{ name: "syncer", image: "registry.example.com/evil" }] } },
        },
      }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-account",
    WORKLOADS,
    "patches the service account of its control plane",
    "any account of the namespace",
    (c) => patch(CONTROL_PLANE(c), { spec: { template: { spec: { serviceAccountName: "default" } } } }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-replicas",
    WORKLOADS,
    "changes how many control planes run",
    "pods that its own quota pays, started by a controller",
    (c) => patch(CONTROL_PLANE(c), { spec: { replicas: 20 } }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-template-annotation",
    WORKLOADS,
    "annotates the pods of its control plane",
    "annotations that the runtime obeys",
    (c) =>
      patch(CONTROL_PLANE(c), {
        spec: {
          template: { metadata: { annotations: { "io.katacontainers.config.hypervisor.kernel": "/x" } } },
        },
      }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-template-label",
    WORKLOADS,
    "labels the pods of its control plane",
    "labels that policies select on",
    (c) => patch(CONTROL_PLANE(c), { spec: { template: { metadata: { labels: { role: "gateway" } } } } }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-label",
    WORKLOADS,
    "labels the StatefulSet of its control plane",
    "tools of the platform select on labels",
    (c) => patch(CONTROL_PLANE(c), { metadata: { labels: { "app.kubernetes.io/instance": "other" } } }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-delete",
    WORKLOADS,
    "deletes a tenant's control plane",
    "edit in the namespace is enough by RBAC",
    (c) => remove(CONTROL_PLANE(c)),
    { ...chart(CONTROL_PLANE), as: Attacker.DEVELOPER },
  ),
  refused(
    "workload-scale",
    WORKLOADS,
    "scales a tenant's control plane to nothing",
    "edit in the namespace is enough by RBAC",
    (c) => patch(CONTROL_PLANE(c), { spec: { replicas: 3 } }, "scale"),
    { ...chart(CONTROL_PLANE), as: Attacker.DEVELOPER },
  ),
  ...(
    [
      [
        "deployment",
        "apps/v1",
        "Deployment",
        (c: AttackContext): unknown => ({ ...CONTROL_PLANE(c).spec, serviceName: undefined }),
      ],
      [
        "daemonset",
        "apps/v1",
        "DaemonSet",
        (c: AttackContext): unknown => ({
          ...CONTROL_PLANE(c).spec,
          serviceName: undefined,
          replicas: undefined,
        }),
      ],
      [
        "job",
        "batch/v1",
        "Job",
        (c: AttackContext): unknown => {
          const { template } = CONTROL_PLANE(c).spec as { template: { spec: object } };
          return { template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } };
        },
      ],
      [
        "replication-controller",
        "v1",
        "ReplicationController",
        (c: AttackContext): unknown => ({
          selector: controlPlane(c),
          template: CONTROL_PLANE(c).spec?.template,
        }),
      ],
    ] as const
  ).map(([id, version, kind, spec]) =>
    refused(
      `workload-${id}`,
      WORKLOADS,
      `makes a ${kind} in a tenant's namespace`,
      "pods with the labels of the control plane",
      (c) => create(own(c, version, kind, "extra", { spec: spec(c) })),
      { as: Attacker.DEVELOPER },
    ),
  ),
  refused(
    "workload-autoscaler",
    WORKLOADS,
    "has the autoscaler scale a tenant's control plane",
    "Kubernetes' own controller writes the replicas then",
    (c) =>
      create(
        own(c, "autoscaling/v2", "HorizontalPodAutoscaler", "extra", {
          spec: {
            minReplicas: 5,
            maxReplicas: 9,
            scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: c.tenant.name },
          },
        }),
      ),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "workload-disruption-budget",
    WORKLOADS,
    "forbids to evict any pod of a tenant",
    "no node is emptied any more",
    (c) =>
      create(
        own(c, "policy/v1", "PodDisruptionBudget", "extra", { spec: { minAvailable: "100%", selector: {} } }),
      ),
    { as: Attacker.DEVELOPER },
  ),
  allowed(
    "workload-rotation",
    "notes at its pod template that certificates are new",
    "vCluster, before its certificates end",
    (c) =>
      patch(CONTROL_PLANE(c), {
        spec: {
          template: {
            metadata: { annotations: { "vcluster.loft.sh/cert-rotation-at": "2026-11-21T00:00:00Z" } },
          },
        },
      }),
    chart(CONTROL_PLANE),
  ),
  allowed(
    "workload-upgrade",
    "patches the image of a control plane",
    "Helm, run by the platform",
    (c) => patch(CONTROL_PLANE(c), { spec: { replicas: 1 } }),
    { ...chart(CONTROL_PLANE), as: Attacker.ADMINISTRATOR },
  ),
  refused(
    "api-service-selector",
    OWN_SERVICES,
    "points its control plane's Service at its workloads",
    "the gateway goes where the Service says",
    (c) => patch(API_SERVICE(c), { spec: { selector: { app: "web" } } }),
    chart(API_SERVICE),
  ),
  refused(
    "api-service-delete",
    OWN_SERVICES,
    "deletes its control plane's Service",
    "then makes another",
    (c) => remove(API_SERVICE(c)),
    chart(API_SERVICE),
  ),
  refused(
    "api-service-label",
    OWN_SERVICES,
    "labels its control plane's Service",
    "gateways and scrapers select on labels",
    (c) => patch(API_SERVICE(c), { metadata: { labels: { expose: "yes" } } }),
    chart(API_SERVICE),
  ),
  refused(
    "service-loft",
    OWN_SERVICES,
    "makes a Service named loft",
    "the chart looks for it and refuses every upgrade while it is there",
    (c) => create(own(c, "v1", "Service", "loft", { spec: { ports: PORTS } })),
  ),
  refused(
    "api-service-headless",
    OWN_SERVICES,
    "makes the control plane's headless Service",
    "before the chart does",
    (c) => create(own(c, "v1", "Service", `${c.tenant.name}-headless`, { spec: { ports: PORTS } })),
    { when: ({ helm }) => !helm },
  ),
  allowed(
    "api-service-range",
    "notes the range of Services at its control plane's Service",
    "vCluster, when it starts first",
    (c) =>
      patch(API_SERVICE(c), {
        metadata: { annotations: { "vcluster.loft.sh/service-cidr": "172.20.0.0/16" } },
      }),
    chart(API_SERVICE),
  ),
];
