// What a tenant does all day inside its virtual cluster, and what of it has to arrive on the host.
import type { KubeObject } from "../support/host-api/client";
import { claim, goodPod, type Inside } from "./inside";

/** A legitimate use. Everything it makes lies in namespace `default` inside. */
export interface Workload {
  readonly id: string;
  readonly does: string;
  readonly makes: (inside: Inside) => readonly KubeObject[];
  /** What arrives: kind, and a name or, where a controller makes it up, its beginning. */
  readonly arrives: readonly {
    readonly kind: "Pod" | "Service" | "PersistentVolumeClaim" | "Secret" | "ConfigMap";
    readonly name: string;
  }[];
  /** What must be so of the first that arrives. */
  readonly holds?: (host: KubeObject) => string | undefined;
}

/** A pod template: a legitimate pod without its name. */
function template(inside: Inside, spec: Readonly<Record<string, unknown>> = {}): object {
  const { spec: pod } = goodPod(inside, "", { spec });
  return { metadata: { labels: { app: "web" } }, spec: pod as object };
}

const SELECTOR = { matchLabels: { app: "web" } };

function meta(name: string): { name: string; namespace: string } {
  return { name, namespace: "default" };
}

export const WORKLOADS: readonly Workload[] = [
  {
    id: "deployment",
    does: "a Deployment, whose pods the controllers inside make",
    makes: (inside) => [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: meta("web"),
        spec: { replicas: 2, selector: SELECTOR, template: template(inside) },
      },
    ],
    arrives: [{ kind: "Pod", name: "web-" }],
  },
  {
    id: "stateful-set",
    does: "a StatefulSet with a headless Service and a volume each: its pods get the init container that writes /etc/hosts",
    makes: (inside) => [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: meta("db"),
        spec: { clusterIP: "None", selector: { app: "web" }, ports: [{ port: 5432 }] },
      },
      {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: meta("db"),
        spec: {
          serviceName: "db",
          replicas: 1,
          selector: SELECTOR,
          template: template(inside),
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: {
                storageClassName: inside.storageClass,
                accessModes: ["ReadWriteOnce"],
                resources: { requests: { storage: "1Gi" } },
              },
            },
          ],
        },
      },
    ],
    arrives: [
      { kind: "Pod", name: "db-0" },
      { kind: "Service", name: "db" },
      { kind: "PersistentVolumeClaim", name: "data-db-0" },
    ],
    holds: ({ spec }) =>
      JSON.stringify(spec.initContainers ?? []).includes("/hosts/hosts")
        ? undefined
        : `init containers: ${JSON.stringify(spec.initContainers)}`,
  },
  {
    id: "job",
    does: "a Job",
    makes: (inside) => [
      {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: meta("import"),
        spec: { template: template(inside, { restartPolicy: "Never" }) },
      },
    ],
    arrives: [{ kind: "Pod", name: "import-" }],
  },
  {
    id: "claim",
    does: "a volume of the host's class",
    makes: ({ storageClass }) => [claim("named", { storageClassName: storageClass })],
    arrives: [{ kind: "PersistentVolumeClaim", name: "named" }],
  },
  {
    id: "configuration",
    does: "a ConfigMap and a Secret that a pod uses",
    makes: (inside) => [
      { apiVersion: "v1", kind: "ConfigMap", metadata: meta("settings"), data: { a: "b" } },
      { apiVersion: "v1", kind: "Secret", metadata: meta("password"), stringData: { a: "b" } },
      goodPod(inside, "reader", {
        spec: {
          volumes: [
            { name: "settings", configMap: { name: "settings" } },
            { name: "password", secret: { secretName: "password" } },
          ],
        },
      }),
    ],
    arrives: [
      { kind: "Pod", name: "reader" },
      { kind: "ConfigMap", name: "settings" },
      { kind: "Secret", name: "password" },
    ],
  },
  {
    id: "service",
    does: "a Service",
    makes: () => [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: meta("front"),
        spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
      },
    ],
    arrives: [{ kind: "Service", name: "front" }],
  },
  {
    id: "tolerations",
    does: "a pod that tolerates a node that is not ready for a while",
    makes: (inside) => [
      goodPod(inside, "patient", {
        spec: {
          tolerations: [
            {
              key: "node.kubernetes.io/not-ready",
              operator: "Exists",
              effect: "NoExecute",
              tolerationSeconds: 30,
            },
          ],
        },
      }),
    ],
    arrives: [{ kind: "Pod", name: "patient" }],
  },
];
