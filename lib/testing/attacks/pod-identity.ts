// Pods that pass for somebody else, to the host, the fence, or the container runtime.
import { type Attack } from "../attack";
import {
  allowed,
  annotations,
  labels,
  refused,
  update,
  volume,
  type Passing,
  type Row,
  type Update,
} from "./pod-attack";

export const POD_IDENTITY: readonly Attack[] = [
  ...(
    [
      [
        "other-account",
        "rule:service-account",
        "runs as the namespace's default service account",
        "acts on the host with its rights",
        { spec: { serviceAccountName: "default" } },
      ],
      [
        "control-plane-account",
        "rule:control-plane-pod",
        "runs as the control plane's service account",
        "hands the syncer's rights on the host to a workload",
        ({ tenant }) => ({ spec: { serviceAccountName: `vc-${tenant.name}` } }),
      ],
      [
        "token-automount",
        "rule:service-account-token",
        "mounts the host's token",
        "is somebody on the host's API server",
        { spec: { automountServiceAccountToken: true } },
      ],
      [
        "token-unsaid",
        "rule:service-account-token",
        "does not say that it mounts no token",
        "the default is that it does",
        { spec: { automountServiceAccountToken: undefined } },
      ],
      [
        "token-projected",
        "rule:service-account-token",
        "projects the host's token",
        "is somebody on the host's API server",
        volume({ projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }),
      ],
      [
        "token-audience",
        "rule:service-account-token",
        "projects a token for a cloud",
        "takes a role nobody gave it",
        volume({
          projected: { sources: [{ serviceAccountToken: { path: "token", audience: "sts.example.com" } }] },
        }),
      ],
      [
        "release-label",
        "rule:control-plane-pod",
        "carries the label of the control plane",
        "the fence opens the host's API server to it",
        ({ tenant }) => ({ labels: { release: tenant.name } }),
      ],
      [
        "managed-by-neighbour",
        "rule:pod-labels",
        "says a neighbour made it",
        "the neighbour's policies and tools take it for theirs",
        ({ neighbour }) => ({ labels: { "vcluster.loft.sh/managed-by": neighbour.name } }),
      ],
      [
        "managed-by-nobody",
        "rule:pod-labels",
        "does not say whose it is",
        "escapes policies that select by it",
        { metadata: {}, labels: { "vcluster.loft.sh/managed-by": "" } },
      ],
      [
        "dns-label",
        "rule:pod-labels",
        "passes for the DNS server",
        "the fence opens the node's resolver to it",
        { labels: { "k8s-app": "vcluster-kube-dns" } },
      ],
      [
        "platform-label",
        "rule:pod-labels",
        "carries a label of the platform",
        "the platform's selectors take it for theirs",
        { labels: { "tenclave.dev/gateway": "true" } },
      ],
      [
        "kata-annotation",
        "rule:runtime-annotations",
        "gives its sandbox kernel parameters",
        "opens a debug console in it",
        { annotations: { "io.katacontainers.config.hypervisor.kernel_params": "agent.debug_console" } },
      ],
      [
        "cdi-annotation",
        "rule:runtime-annotations",
        "asks the runtime for a device",
        "no quota counts it",
        { annotations: { "cdi.k8s.io/device": "vendor.com/device=all" } },
      ],
      [
        "nri-annotation",
        "rule:runtime-annotations",
        "orders a plug-in of the runtime",
        "injects devices of the node",
        { annotations: { "devices.device-injector.nri.io/container.main": "- path: /dev/mem" } },
      ],
      [
        "cri-annotation",
        "rule:runtime-annotations",
        "orders CRI-O",
        "its devices and user namespaces",
        { annotations: { "io.kubernetes.cri-o.Devices": "/dev/mem" } },
      ],
      [
        "cilium-annotation",
        "rule:host-annotations",
        "chooses its address pool",
        "takes addresses that others trust",
        { annotations: { "ipam.cilium.io/ip-pool": "other" } },
      ],
      [
        "multus-annotation",
        "rule:host-annotations",
        "attaches a second network",
        "leaves the fence",
        { annotations: { "k8s.v1.cni.cncf.io/networks": "kube-system/other" } },
      ],
    ] satisfies Row[]
  ).map(refused),
  ...(
    [
      [
        "update-release",
        "rule:control-plane-pod",
        "adds the control plane's label later",
        "a check of new pods alone would miss it",
        labels({ release: "x" }),
      ],
      [
        "status-release",
        "rule:control-plane-pod",
        "adds it through the status",
        "labels change there, too",
        labels({ release: "x" }),
        "status",
      ],
      [
        "update-managed-by",
        "rule:pod-labels",
        "turns itself into a neighbour's",
        "its policies take it for theirs",
        ({ neighbour }) => ({ metadata: { labels: { "vcluster.loft.sh/managed-by": neighbour.name } } }),
      ],
      [
        "status-managed-by",
        "rule:pod-labels",
        "turns itself into a neighbour's through the status",
        "labels change there, too",
        ({ neighbour }) => ({ metadata: { labels: { "vcluster.loft.sh/managed-by": neighbour.name } } }),
        "status",
      ],
      [
        "update-kata-annotation",
        "rule:runtime-annotations",
        "adds an order for the runtime later",
        "the real syncer sends later ones so",
        annotations({ "io.katacontainers.config.agent.policy": "x" }),
      ],
      [
        "status-kata-annotation",
        "rule:runtime-annotations",
        "adds it through the status",
        "annotations change there, too",
        annotations({ "io.katacontainers.config.agent.policy": "x" }),
        "status",
      ],
      [
        "update-cilium-annotation",
        "rule:host-annotations",
        "takes its ports out of connection tracking later",
        "Cilium obeys at once",
        annotations({ "policy.cilium.io/no-track-port": "53" }),
      ],
      [
        "status-cilium-annotation",
        "rule:host-annotations",
        "does so through the status",
        "annotations change there, too",
        annotations({ "policy.cilium.io/no-track-port": "53" }),
        "status",
      ],
    ] satisfies Update[]
  ).map(update("refused")),
  ...(
    [
      [
        "update-labels",
        "api-server",
        "changes its own labels and annotations",
        "rollouts do",
        () => ({ metadata: { labels: { track: "canary" }, annotations: { "example.com/note": "x" } } }),
      ],
      [
        "status-condition",
        "api-server",
        "sets a condition",
        "readiness gates",
        () => ({ status: { conditions: [{ type: "example.com/ready", status: "True" }] } }),
        "status",
      ],
    ] satisfies Update[]
  ).map(update("allowed")),
  ...(
    [
      [
        "own-annotations",
        "carries annotations of its own",
        "every application",
        {
          annotations: {
            "prometheus.io/scrape": "true",
            "sidecar.istio.io/inject": "false",
            "kubernetes.io/egress-bandwidth": "10M",
          },
        },
      ],
      [
        "app-vcluster",
        "is labelled app=vcluster",
        "a virtual cluster in the virtual cluster",
        { labels: { app: "vcluster" } },
      ],
    ] satisfies Passing[]
  ).map(allowed),
];
