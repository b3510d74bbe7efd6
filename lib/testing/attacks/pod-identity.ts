// Pods that pass for somebody else, to the host, the fence, or the container runtime.
import { PARAMETERS } from "../../admission/parameters";
import { type Attack } from "../attack";
import type { TenantView } from "../tenant-view";
import {
  allowed,
  annotations,
  changed,
  labels,
  refused,
  update,
  volume,
  type Change,
  type Passing,
  type Row,
  type Update,
} from "./pod-attack";

/** Audiences by which pods log in to a cloud, as its webhook puts them into pods. */
const CLOUD_AUDIENCES: readonly string[] = ["pods.eks.amazonaws.com", "api://AzureADTokenExchange"];

function audiencesOf({ annotations: parameters }: TenantView): readonly string[] {
  return (parameters[PARAMETERS.tokenAudiences] ?? "").split(",").filter((audience) => audience !== "");
}

/** The volume of a cloud's webhook. */
function tokenFor(audience: string): Change {
  return volume({
    projected: {
      sources: [{ serviceAccountToken: { path: "token", audience, expirationSeconds: 86_400 } }],
    },
  });
}

/** Tokens for a cloud: a tenant that has an identity there may carry its own, and nobody any other. */
const CLOUD_IDENTITY: readonly Attack[] = [
  ...CLOUD_AUDIENCES.map((audience): Attack => {
    const cloud = audience.replace(/[^a-z]+/gi, "-").toLowerCase();
    return {
      ...refused([
        `token-${cloud}`,
        "rule:service-account-token",
        `carries a token for ${audience} without an identity there`,
        "takes a role of the cloud that nobody gave it",
        tokenFor(audience),
      ]),
      when: ({ tenant }) => !audiencesOf(tenant).includes(audience),
    };
  }),
  {
    ...allowed([
      "cloud-identity",
      "carries the token that the cloud's webhook puts into pods of its service account",
      "a workload that logs in to the cloud for its own key",
      (context) => changed(tokenFor(audiencesOf(context.tenant)[0]!), context),
    ]),
    when: ({ tenant }) => audiencesOf(tenant).length > 0,
  },
];

export const POD_IDENTITY: readonly Attack[] = [
  ...CLOUD_IDENTITY,
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
        "token-api-audience",
        "rule:service-account-token",
        "projects a token for the host's API server, by the name of its audience",
        "is somebody on the host's API server",
        tokenFor("https://kubernetes.default.svc"),
      ],
      [
        "token-audience",
        "rule:service-account-token",
        "projects a token for a cloud",
        "takes a role nobody gave it",
        tokenFor("sts.example.com"),
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
        "cilium-alias-annotation",
        "rule:host-annotations",
        "takes its ports out of connection tracking by Cilium's older name",
        "Cilium obeys it like the newer one",
        { annotations: { "io.cilium.no-track-port": "53" } },
      ],
      [
        "systemd-annotation",
        "rule:runtime-annotations",
        "sets properties of its systemd unit on the node",
        "CVE-2024-3154: runc obeys",
        { annotations: { "org.systemd.property.MemoryMax": "1" } },
      ],
      [
        "criu-annotation",
        "rule:runtime-annotations",
        "names a configuration file for checkpoints",
        "runc reads it as root",
        { annotations: { "org.criu.config": "/tmp/criu.conf" } },
      ],
      [
        "crio-annotation",
        "rule:runtime-annotations",
        "takes its processors out of the node's interrupts and quotas",
        "CRI-O's hooks change settings of the node",
        { annotations: { "irq-load-balancing.crio.io": "disable", "cpu-quota.crio.io": "disable" } },
      ],
      [
        "ulimit-annotation",
        "rule:runtime-annotations",
        "lifts limits of its processes by a plug-in of the runtime",
        "limits are the node's protection",
        { annotations: { "ulimits.nri.containerd.io/container.main": "[]" } },
      ],
      [
        "crowd",
        ["rule:pod-labels", "rule:runtime-annotations", "rule:host-annotations"],
        "carries 9,000 annotations",
        "each is looked at by every rule, for seconds of the API server's time",
        {
          annotations: Object.fromEntries(Array.from({ length: 9000 }, (_, n) => [`a${n}`, "b"])),
        },
      ],
      [
        "grace-period",
        "rule:grace-period",
        "takes a year to end",
        "no node is emptied and no namespace ends before its pods do",
        { spec: { terminationGracePeriodSeconds: 31_536_000 } },
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
        "status-address",
        "rule:pod-status",
        "says in its status that its address is a metadata service's",
        "Kubernetes writes it into EndpointSlices, Cilium into every node's map of addresses, above what a CIDR says",
        () => ({ status: { podIP: "168.63.129.16", podIPs: [{ ip: "168.63.129.16" }] } }),
        "status",
      ],
      [
        "status-host",
        "rule:pod-status",
        "says in its status that it runs on another node",
        "Cilium sends what is for its address there",
        () => ({ status: { hostIP: "10.0.0.1", hostIPs: [{ ip: "10.0.0.1" }] } }),
        "status",
      ],
      [
        "status-phase",
        "rule:pod-status",
        "says in its status that it has ended",
        "ended pods count in no quota: the host's store fills with them",
        () => ({ status: { phase: "Succeeded" } }),
        "status",
      ],
      [
        "status-nominated",
        "rule:pod-status",
        "nominates itself for a neighbour's node",
        "the scheduler keeps room for it there",
        () => ({ status: { nominatedNodeName: "node-of-a-neighbour" } }),
        "status",
      ],
      [
        "status-resources",
        "rule:pod-status",
        "says in its status that it was given a thousand processors",
        "the scheduler counts them: a shared node is full",
        () => ({
          status: {
            containerStatuses: [
              {
                name: "main",
                image: "x",
                imageID: "",
                ready: true,
                restartCount: 0,
                allocatedResources: { cpu: "1000" },
                resources: { requests: { cpu: "1000" } },
              },
            ],
          },
        }),
        "status",
      ],
      [
        "status-finalizer",
        "rule:finalizers",
        "puts a finalizer on itself through the status",
        "its namespace never ends",
        () => ({ metadata: { finalizers: ["own.example.com/stay"] } }),
        "status",
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
        "grace-hour",
        "takes an hour to end",
        "databases, queues",
        { spec: { terminationGracePeriodSeconds: 3600 } },
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
