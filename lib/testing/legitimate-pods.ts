// Pods that a host must accept in a tenant's namespace, as they arrive there. SOURCE: vCluster 0.36.1, pod translator and chart.
import { PARAMETERS } from "../admission/parameters";
import { image, initData, managedLabels, RESTRICTED, type Manifest } from "./requests";
import type { TenantView } from "./tenant-view";

/** What the virtual pod asks for, on top of what the syncer writes. */
export interface SyncedPod {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** A pod as the real syncer writes it: names translated, token from a Secret, addresses of the virtual DNS and API. */
export function syncedPod(tenant: TenantView, name: string, pod: SyncedPod = {}): Manifest {
  const namespace = pod.namespace ?? "default";
  const host = (virtual: string): string => hostName(tenant, virtual, namespace);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: host(name),
      namespace: tenant.namespace,
      labels: {
        ...managedLabels(tenant),
        "vcluster.loft.sh/namespace": namespace,
        [`vcluster.loft.sh/ns-label-${tenant.name}-x-fe8b3b8a67`]: namespace,
        ...pod.labels,
      },
      annotations: {
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "true",
        "vcluster.loft.sh/labels": 'app="web"',
        "vcluster.loft.sh/name": name,
        "vcluster.loft.sh/namespace": namespace,
        "vcluster.loft.sh/object-host-name": host(name),
        "vcluster.loft.sh/object-host-namespace": tenant.namespace,
        "vcluster.loft.sh/object-kind": "/v1, Kind=Pod",
        "vcluster.loft.sh/object-name": name,
        "vcluster.loft.sh/object-namespace": namespace,
        "vcluster.loft.sh/object-uid": "5a7a1f6e-2f5e-4c4e-9a3b-0f6a54d3c1b2",
        "vcluster.loft.sh/service-account-name": "default",
        "vcluster.loft.sh/uid": "5a7a1f6e-2f5e-4c4e-9a3b-0f6a54d3c1b2",
        ...initData(tenant),
        ...pod.annotations,
      },
    },
    spec: {
      automountServiceAccountToken: false,
      containers: [container(tenant, "main")],
      dnsConfig: {
        nameservers: ["172.20.0.53"],
        options: [{ name: "ndots", value: "5" }],
        searches: [`${namespace}.svc.cluster.local`, "svc.cluster.local", "cluster.local"],
      },
      dnsPolicy: "None",
      enableServiceLinks: false,
      hostAliases: [{ hostnames: ["kubernetes", "kubernetes.default"], ip: "172.20.0.10" }],
      hostname: name,
      nodeSelector: tenant.nodeSelector,
      preemptionPolicy: "PreemptLowerPriority",
      restartPolicy: "Always",
      runtimeClassName: tenant.runtimeClass,
      schedulerName: "default-scheduler",
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      serviceAccountName: `vc-workload-${tenant.name}`,
      terminationGracePeriodSeconds: 30,
      tolerations: [...NODE_CONDITIONS, ...tenant.tolerations],
      volumes: [
        {
          name: "kube-api-access-x7k2p",
          projected: {
            defaultMode: 420,
            sources: [
              {
                secret: {
                  name: host(`${name}-sa-token`),
                  items: [{ key: "kube-api-access-x7k2p", path: "token", mode: 420 }],
                },
              },
              {
                configMap: { name: host("kube-root-ca.crt"), items: [{ key: "ca.crt", path: "ca.crt" }] },
              },
              {
                downwardAPI: {
                  items: [
                    {
                      path: "namespace",
                      fieldRef: { fieldPath: "metadata.annotations['vcluster.loft.sh/namespace']" },
                    },
                  ],
                },
              },
            ],
          },
        },
      ],
      ...pod.spec,
    },
  };
}

/** What DefaultTolerationSeconds adds to every pod, in the virtual cluster and on the host. */
const NODE_CONDITIONS = ["not-ready", "unreachable"].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

/** A container that Pod Security `restricted` takes. */
export function container(tenant: TenantView, name: string, fields: object = {}): Record<string, unknown> {
  return { name, image: image(tenant), securityContext: RESTRICTED, ...fields };
}

/** `<name>-x-<namespace>-x-<tenant>`, as long as nothing is cut. */
export function hostName(tenant: TenantView, name: string, namespace = "default"): string {
  return `${name}-x-${namespace}-x-${tenant.name}`;
}

/** Images vCluster brings itself, which come by tag. With a list of registries or digests the platform names them. */
function systemImage(tenant: TenantView, name: string, otherwise: string): string {
  const images = tenant.annotations[PARAMETERS.systemImages]?.split(",") ?? [];
  return images.find((candidate) => candidate.includes(name)) ?? otherwise;
}

/** The DNS server of the virtual cluster. It serves on 1053 and asks the node's resolver. */
export function coreDnsPod(tenant: TenantView): Manifest {
  const namespace = "kube-system";
  return syncedPod(tenant, "coredns-7bf6c4d8b9-x2v5k", {
    namespace,
    labels: { "k8s-app": "vcluster-kube-dns", "pod-template-hash": "7bf6c4d8b9" },
    spec: {
      dnsPolicy: "Default",
      dnsConfig: undefined,
      nodeSelector: { "kubernetes.io/os": "linux", ...tenant.nodeSelector },
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "coredns",
          image: systemImage(tenant, "coredns", "docker.io/coredns/coredns:1.12.1"),
          imagePullPolicy: "IfNotPresent",
          args: ["-conf", "/etc/coredns/Corefile"],
          resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "170Mi" } },
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 12345,
            runAsGroup: 12345,
            allowPrivilegeEscalation: false,
            capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
          livenessProbe: { httpGet: { path: "/health", port: 8080, scheme: "HTTP" } },
          readinessProbe: { httpGet: { path: "/ready", port: 8181, scheme: "HTTP" } },
          volumeMounts: [{ name: "config-volume", mountPath: "/etc/coredns", readOnly: true }],
        },
      ],
      volumes: [
        { name: "config-volume", configMap: { name: hostName(tenant, "coredns", namespace) } },
        {
          name: "custom-config-volume",
          configMap: { name: hostName(tenant, "coredns-custom", namespace), optional: true },
        },
      ],
    },
  });
}

/** A pod of a StatefulSet with a headless Service: the syncer adds an init container that rewrites /etc/hosts. */
export function statefulSetPod(tenant: TenantView): Manifest {
  const hosts = { name: "vcluster-rewrite-hosts", mountPath: "/etc/hosts", subPath: "hosts" };
  return syncedPod(tenant, "db-0", {
    annotations: {
      "vcluster.loft.sh/hosts-rewritten": "true",
      "vcluster.loft.sh/owner-set-kind": "StatefulSet",
    },
    labels: { "apps.kubernetes.io/pod-index": "0", "statefulset.kubernetes.io/pod-name": "db-0" },
    spec: {
      initContainers: [
        {
          name: "vcluster-rewrite-hosts",
          image: systemImage(tenant, "alpine", "mirror.gcr.io/library/alpine:3.20"),
          command: ["sh"],
          args: [
            "-c",
            "sed -E -e 's/^(\\d+.\\d+.\\d+.\\d+\\s+)db-0$/\\1 db-0.db/' /etc/hosts > /hosts/hosts",
          ],
          resources: { requests: { cpu: "30m", memory: "64Mi" }, limits: { cpu: "30m", memory: "64Mi" } },
          securityContext: {
            runAsUser: 12345,
            runAsGroup: 12345,
            runAsNonRoot: true,
            capabilities: { drop: ["ALL"] },
            allowPrivilegeEscalation: false,
            seccompProfile: { type: "RuntimeDefault" },
          },
          volumeMounts: [{ name: "vcluster-rewrite-hosts", mountPath: "/hosts" }],
        },
      ],
      containers: [
        container(tenant, "db", { volumeMounts: [{ name: "data", mountPath: "/var/lib/db" }, hosts] }),
      ],
      volumes: [
        { name: "vcluster-rewrite-hosts", emptyDir: {} },
        { name: "data", persistentVolumeClaim: { claimName: hostName(tenant, "data-db-0") } },
      ],
    },
  });
}

/** A pod of a Job: it ends, and has no token. */
export function jobPod(tenant: TenantView): Manifest {
  return syncedPod(tenant, "nightly-28912345-x7k2p", {
    annotations: { "vcluster.loft.sh/owner-set-kind": "Job" },
    labels: {
      "batch.kubernetes.io/job-name": "nightly-28912345",
      "batch.kubernetes.io/controller-uid": "0d9c1e2a-7b1d-4f7e-8a55-1b8f0e2f3c4d",
    },
    spec: { activeDeadlineSeconds: 600, restartPolicy: "Never", volumes: [{ name: "tmp", emptyDir: {} }] },
  });
}

/** The control plane's own pod, as the StatefulSet controller makes it from the chart with our values. */
export function controlPlanePod(tenant: TenantView): Manifest {
  const { name } = tenant;
  const restricted = { ...RESTRICTED, runAsUser: 12345, runAsGroup: 12345 };
  const probe = (path: string): object => ({ httpGet: { path, port: 8443, scheme: "HTTPS" } });
  const mounts = {
    data: "/data",
    binaries: "/binaries",
    certs: "/pki",
    "helm-cache": "/.cache/helm",
    "vcluster-config": "/var/lib/vcluster",
    tmp: "/tmp",
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-0`,
      namespace: tenant.namespace,
      annotations: { vClusterConfigHash: "89840d582071f910fde10bc0b8f88fa9ba240f5bc55059e9e3299642bf812039" },
      labels: {
        app: "vcluster",
        release: name,
        "apps.kubernetes.io/pod-index": "0",
        "controller-revision-hash": `${name}-7d9c5b8f6d`,
        "statefulset.kubernetes.io/pod-name": `${name}-0`,
      },
    },
    spec: {
      runtimeClassName: tenant.runtimeClass,
      serviceAccountName: `vc-${name}`,
      hostname: `${name}-0`,
      subdomain: `${name}-headless`,
      enableServiceLinks: true,
      terminationGracePeriodSeconds: 15,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 12345,
        runAsGroup: 12345,
        fsGroup: 12345,
        seccompProfile: { type: "RuntimeDefault" },
      },
      initContainers: [
        {
          name: "kubernetes",
          image: systemImage(tenant, "loft-sh/kubernetes", "ghcr.io/loft-sh/kubernetes:v1.34.0"),
          command: ["cp"],
          args: ["-r", "/kubernetes/.", "/binaries/"],
          resources: { requests: { cpu: "40m", memory: "64Mi" }, limits: { cpu: "100m", memory: "256Mi" } },
          securityContext: restricted,
          volumeMounts: [{ name: "binaries", mountPath: "/binaries" }],
        },
      ],
      containers: [
        {
          name: "syncer",
          image: systemImage(tenant, "loft-sh/vcluster", "ghcr.io/loft-sh/vcluster-oss:0.36.1"),
          env: [
            { name: "VCLUSTER_NAME", value: name },
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          ],
          livenessProbe: probe("/healthz"),
          readinessProbe: probe("/readyz"),
          startupProbe: probe("/readyz"),
          resources: {
            requests: { cpu: "200m", memory: "256Mi", "ephemeral-storage": "1Gi" },
            limits: { memory: "4Gi", "ephemeral-storage": "10Gi" },
          },
          securityContext: restricted,
          volumeMounts: Object.entries(mounts).map(([volume, mountPath]) => ({ name: volume, mountPath })),
        },
      ],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: `data-${name}-0` } },
        ...["helm-cache", "binaries", "tmp", "certs"].map((volume) => ({ name: volume, emptyDir: {} })),
        { name: "vcluster-config", secret: { secretName: `vc-config-${name}` } },
      ],
    },
  };
}
