// Pods that leave their tenant's pool, or keep neighbours off theirs; and those that may choose.
import type { KubernetesObject } from "../../core/manifest-release";
import { LABELS } from "../../core/names";
import { type Attack } from "../attack";
import { standingPod } from "../requests";
import {
  allowed,
  antiAffinity,
  refused,
  toleration,
  tolerating,
  update,
  type Passing,
  type Row,
  type Update,
} from "./pod-attack";

/** A pool of nobody's. */
const ELSEWHERE = "tenclave-attack-elsewhere";

export const POD_PLACEMENT: readonly Attack[] = [
  ...(
    [
      [
        "node-name",
        "rule:node-name",
        "names its node",
        "goes there past the scheduler: a neighbour's node, the host's own",
        { spec: { nodeName: "node-of-a-neighbour" } },
      ],
      [
        "no-class",
        "rule:runtime-class",
        "leaves the RuntimeClass out",
        "runs outside its sandbox",
        { spec: { runtimeClassName: undefined } },
      ],
      [
        "no-class-no-selector",
        ["rule:runtime-class", "rule:node-selector"],
        "leaves class and selector out",
        "runs on any node without taints",
        { spec: { runtimeClassName: undefined, nodeSelector: undefined } },
      ],
      [
        "forged-overhead",
        "runtime-class",
        "claims an overhead of its own",
        "a negative one would make the quota larger",
        { spec: { overhead: { cpu: "1m", memory: "1Mi" } } },
      ],
      [
        "other-selector",
        "runtime-class",
        "selects nodes of another pool",
        "takes a neighbour's nodes",
        ({ tenant }) => ({
          spec: { nodeSelector: { ...tenant.nodeSelector, "tenclave.dev/pool": "elsewhere" } },
        }),
      ],
      [
        "tolerate-all",
        "rule:tolerations",
        "tolerates every taint",
        "opens every pool, and nodes before their network is up",
        toleration({ operator: "Exists" }),
      ],
      [
        "tolerate-any-pool",
        "rule:tolerations",
        "tolerates the pool taint whatever its value",
        "opens every pool",
        toleration({ key: "tenclave.dev/pool", operator: "Exists", effect: "NoSchedule" }),
      ],
      [
        "tolerate-other-pool",
        "rule:tolerations",
        "tolerates another pool's taint",
        "opens that pool",
        toleration({ key: "tenclave.dev/pool", operator: "Equal", value: "elsewhere", effect: "NoSchedule" }),
      ],
      [
        "tolerate-no-network",
        "rule:tolerations",
        "tolerates a node without Cilium's agent",
        "runs before any policy does",
        toleration({ key: "node.cilium.io/agent-not-ready", operator: "Exists" }),
      ],
      [
        "tolerate-cordoned",
        "rule:tolerations",
        "tolerates cordoned nodes",
        "keeps nodes from being emptied",
        toleration({ key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" }),
      ],
      [
        "tolerate-disk-pressure",
        "rule:tolerations",
        "tolerates a full disk, as DaemonSets do",
        "fills a neighbour's node",
        toleration({ key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" }),
      ],
      [
        "other-scheduler",
        "rule:scheduler",
        "names another scheduler",
        "is bound by other rules",
        { spec: { schedulerName: "mine" } },
      ],
      [
        "anti-affinity-all",
        "rule:pod-affinity",
        "keeps away from pods of all namespaces",
        "no neighbour is scheduled beside it: one pod blocks a node, or a pool",
        antiAffinity({ namespaceSelector: {} }),
      ],
      [
        "anti-affinity-neighbour",
        "rule:pod-affinity",
        "keeps away from a neighbour's pods",
        "blocks the neighbour's nodes",
        ({ neighbour }) => antiAffinity({ namespaces: [neighbour.namespace] }),
      ],
      [
        "affinity-neighbour",
        "rule:pod-affinity",
        "wants to be beside a neighbour's pods",
        "learns where they run",
        ({ neighbour }) => antiAffinity({ namespaces: [neighbour.namespace] }, "podAffinity"),
      ],
      [
        "prefer-neighbour",
        "rule:pod-affinity",
        "would like to be beside pods of all namespaces",
        "learns where they run",
        {
          spec: {
            affinity: {
              podAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  {
                    weight: 1,
                    podAffinityTerm: {
                      labelSelector: {},
                      namespaceSelector: {},
                      topologyKey: "kubernetes.io/hostname",
                    },
                  },
                ],
              },
            },
          },
        },
      ],
      [
        "priority",
        "rule:priority-class",
        "takes the host's highest priority",
        "evicts neighbours",
        { spec: { priorityClassName: "system-node-critical" } },
      ],
      [
        "forged-priority",
        "priority-class",
        "writes the priority without its class",
        "evicts neighbours",
        { spec: { priority: 1000 } },
      ],
    ] satisfies Row[]
  ).map(refused),
  {
    ...refused([
      "other-class",
      ["rule:runtime-class", "rule:node-selector", "rule:tolerations"],
      "takes the RuntimeClass of another pool",
      "runs on a neighbour's nodes",
      { spec: { runtimeClassName: ELSEWHERE, nodeSelector: undefined, tolerations: undefined } },
    ]),
    setup: () => [
      {
        apiVersion: "node.k8s.io/v1",
        kind: "RuntimeClass",
        metadata: { name: ELSEWHERE },
        handler: "runc",
        scheduling: {
          nodeSelector: { [LABELS.pool]: "elsewhere" },
          tolerations: [{ key: LABELS.pool, operator: "Equal", value: "elsewhere", effect: "NoSchedule" }],
        },
      } as KubernetesObject,
    ],
  },
  ...(
    [
      [
        "tolerate-not-ready",
        "tolerates a node that is not ready, for a while",
        "Kubernetes writes it into every pod",
        toleration({
          key: "node.kubernetes.io/not-ready",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 30,
        }),
      ],
      [
        "tolerate-memory-pressure",
        "tolerates memory pressure",
        "Kubernetes' own plug-in adds it",
        toleration({ key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" }),
      ],
      [
        "only-class",
        "names the class alone",
        "admission adds selector and tolerations of the class",
        { spec: { nodeSelector: undefined, tolerations: undefined } },
      ],
      [
        "narrower",
        "narrows its nodes by label and affinity",
        "zones, sizes",
        ({ tenant }) => ({
          spec: {
            nodeSelector: { ...tenant.nodeSelector, "topology.kubernetes.io/zone": "a" },
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    {
                      matchFields: [
                        { key: "metadata.name", operator: "In", values: ["node-of-a-neighbour"] },
                      ],
                    },
                  ],
                },
              },
            },
          },
        }),
      ],
      [
        "gated",
        "waits behind a scheduling gate",
        "queues such as Kueue",
        { spec: { schedulingGates: [{ name: "example.com/queue" }] } },
      ],
      [
        "anti-affinity-own",
        "spreads over nodes",
        "availability",
        ({ tenant }) => antiAffinity({ namespaces: [tenant.namespace] }),
      ],
      [
        "spread",
        "spreads over zones",
        "availability",
        {
          spec: {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "DoNotSchedule",
                labelSelector: { matchLabels: { app: "web" } },
              },
            ],
          },
        },
      ],
    ] satisfies Passing[]
  ).map(allowed),
  ...(
    [
      [
        "update-tolerations",
        "rule:tolerations",
        "adds a toleration to a running pod",
        "the real syncer sends later ones so",
        (context) => tolerating(context, { operator: "Exists" }),
      ],
      [
        "update-node-name",
        "api-server",
        "names a node by an update",
        "goes there past the scheduler",
        () => ({ spec: { nodeName: "node-of-a-neighbour" } }),
      ],
    ] satisfies Update[]
  ).map(update("refused")),
  update("allowed")([
    "update-not-ready",
    "api-server",
    "adds Kubernetes' own toleration to a running pod",
    "the syncer does so",
    (context) =>
      tolerating(context, {
        key: "node.kubernetes.io/unreachable",
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 5,
      }),
  ]),
  {
    ...refused(["binding", "rbac", "binds a pod to a node itself", "past the scheduler", {}]),
    setup: (context) => [standingPod(context)],
    request: (context) => ({
      method: "POST",
      path: `/api/v1/namespaces/${context.tenant.namespace}/pods/${standingPod(context).metadata.name}/binding`,
      body: {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name: standingPod(context).metadata.name },
        target: { kind: "Node", name: "node-of-a-neighbour" },
      },
    }),
  },
];
