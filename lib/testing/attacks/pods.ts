// Pods, made and changed by whoever took over a tenant's control plane; and, just beside each refusal, what must pass.
import { PARAMETERS } from "../../admission/parameters";
import { Attacker, type Attack, type AttackContext, type Control } from "../attack";
import { controlPlanePod, coreDnsPod, jobPod, statefulSetPod, syncedPod } from "../legitimate-pods";
import {
  create,
  patch,
  pod,
  RESTRICTED,
  standingPod,
  strategicPatch,
  type Manifest,
  type PodChange,
} from "../requests";

type Change = PodChange | ((context: AttackContext) => PodChange);
type Row = readonly [
  id: string,
  controls: readonly Control[] | Control,
  does: string,
  why: string,
  change: Change,
];

const PSA = "pod-security";
const changed = (change: Change, context: AttackContext): PodChange =>
  typeof change === "function" ? change(context) : change;

/** A pod that is legitimate but for the change. */
const refused = ([id, controls, does, why, change]: Row): Attack => ({
  id: `pod-${id}`,
  as: Attacker.SYNCER,
  does,
  why,
  expect: "refused",
  stoppedBy: [controls].flat(),
  request: (context) => create(pod(context, id, changed(change, context))),
});

type Passing = readonly [id: string, does: string, why: string, change: Change];

/** A pod just on the allowed side of a rule. */
const allowed = ([id, does, why, change]: Passing): Attack => ({
  id: `pod-${id}`,
  as: Attacker.SYNCER,
  does,
  why,
  expect: "allowed",
  stoppedBy: [],
  request: (context) => create(pod(context, id, changed(change, context))),
});

type Update = readonly [
  id: string,
  control: Control,
  does: string,
  why: string,
  change: (context: AttackContext) => unknown,
  subresource?: string,
];

/** A change of a pod that stands there; a strategic merge, as kubectl sends it. */
const update =
  (expect: "refused" | "allowed") =>
  ([id, control, does, why, change, subresource]: Update): Attack => ({
    id: `pod-${id}`,
    as: Attacker.SYNCER,
    does,
    why,
    expect,
    stoppedBy: expect === "refused" ? [control] : [],
    setup: (context) => [standingPod(context)],
    request: (context) => strategicPatch(standingPod(context), change(context), subresource),
  });

const security = (fields: object): PodChange => ({ security: fields as Record<string, unknown> });
const podSecurity = (fields: object): PodChange => ({ spec: { securityContext: fields } });
const toleration =
  (fields: object) =>
  ({ tenant }: AttackContext): PodChange => ({
    spec: { tolerations: [...tenant.tolerations, fields] },
  });
const volume = (source: object): PodChange => ({ spec: { volumes: [{ name: "v", ...source }] } });
const antiAffinity = (term: object, kind = "podAntiAffinity"): PodChange => ({
  spec: {
    affinity: {
      [kind]: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: {}, topologyKey: "kubernetes.io/hostname", ...term },
        ],
      },
    },
  },
});
const ephemeral = (fields: object) => () => ({
  spec: {
    ephemeralContainers: [
      { name: "debug", image: "registry.example.com/debug:1", securityContext: { ...RESTRICTED, ...fields } },
    ],
  },
});
const labels = (fields: object) => () => ({ metadata: { labels: fields } });
const annotations = (fields: object) => () => ({ metadata: { annotations: fields } });

const PLACEMENT: readonly Attack[] = [
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
      ({ tenant, runtimeClasses }) => ({
        spec: {
          runtimeClassName: runtimeClasses.find((name) => name !== tenant.runtimeClass),
          nodeSelector: undefined,
          tolerations: undefined,
        },
      }),
    ]),
    when: ({ runtimeClasses }) => runtimeClasses.length > 1,
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
        () => ({ spec: { tolerations: [{ operator: "Exists" }] } }),
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
    () => ({
      spec: {
        tolerations: [
          {
            key: "node.kubernetes.io/unreachable",
            operator: "Exists",
            effect: "NoExecute",
            tolerationSeconds: 5,
          },
        ],
      },
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

const HOST: readonly Attack[] = (
  [
    [
      "host-network",
      ["rule:host-namespaces", PSA],
      "uses the node's network",
      "talks as the node, past every fence",
      { spec: { hostNetwork: true } },
    ],
    [
      "host-pid",
      ["rule:host-namespaces", PSA],
      "sees the node's processes",
      "reads neighbours' memory and environment",
      { spec: { hostPID: true } },
    ],
    [
      "host-ipc",
      ["rule:host-namespaces", PSA],
      "shares the node's IPC",
      "reads neighbours' shared memory",
      { spec: { hostIPC: true } },
    ],
    [
      "host-port",
      ["rule:host-ports", PSA],
      "takes a port of the node",
      "is reached past the fence",
      { container: { ports: [{ containerPort: 8080, hostPort: 8080 }] } },
    ],
    [
      "probe-host",
      ["rule:host-probes", PSA],
      "has the kubelet probe the metadata service",
      "the kubelet's requests pass every fence",
      { container: { livenessProbe: { httpGet: { host: "169.254.169.254", path: "/", port: 80 } } } },
    ],
    [
      "probe-host-tcp",
      ["rule:host-probes", PSA],
      "has the kubelet scan ports of the node",
      "finds what listens there",
      { container: { readinessProbe: { tcpSocket: { host: "127.0.0.1", port: 10250 } } } },
    ],
    [
      "hook-host",
      ["rule:host-probes", PSA],
      "has the kubelet call a neighbour after start",
      "the kubelet's requests pass every fence",
      { container: { lifecycle: { postStart: { httpGet: { host: "10.0.0.1", path: "/", port: 80 } } } } },
    ],
    [
      "host-process",
      ["rule:windows", "rule:host-namespaces", PSA],
      "asks for a Windows host process",
      "runs as the node",
      {
        spec: {
          hostNetwork: true,
          securityContext: { windowsOptions: { hostProcess: true, runAsUserName: "NT AUTHORITY\\SYSTEM" } },
        },
      },
    ],
    [
      "windows-user",
      "rule:windows",
      "names a Windows user",
      "no pool has Windows",
      podSecurity({ windowsOptions: { runAsUserName: "ContainerUser" } }),
    ],
    [
      "windows",
      ["rule:windows", "rule:privileged", "rule:capabilities", "rule:seccomp"],
      "says it is a Windows pod",
      "Pod Security asks less of those",
      { spec: { os: { name: "windows" } }, container: { securityContext: { runAsNonRoot: true } } },
    ],
    [
      "privileged",
      ["rule:privileged", PSA],
      "is privileged",
      "is root on the node",
      security({ privileged: true, allowPrivilegeEscalation: true }),
    ],
    [
      "escalation",
      ["rule:privileged", PSA],
      "may gain privileges",
      "setuid programs become root",
      security({ allowPrivilegeEscalation: true }),
    ],
    [
      "escalation-unsaid",
      ["rule:privileged", PSA],
      "does not say that it gains no privileges",
      "the default is that it may",
      security({ allowPrivilegeEscalation: undefined }),
    ],
    [
      "privileged-init",
      ["rule:privileged", PSA],
      "hides a privileged init container",
      "is root on the node for a moment",
      ({ tenant }) => ({
        spec: {
          initContainers: [
            {
              name: "init",
              image: `${tenant.name}:1`,
              securityContext: { ...RESTRICTED, privileged: true, allowPrivilegeEscalation: true },
            },
          ],
        },
      }),
    ],
    [
      "capability",
      ["rule:capabilities", PSA],
      "adds NET_ADMIN",
      "changes its own network, and what the CNI set there",
      security({ capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } }),
    ],
    [
      "capability-all",
      ["rule:capabilities", PSA],
      "adds ALL",
      "has all of root's powers",
      security({ capabilities: { drop: ["ALL"], add: ["ALL"] } }),
    ],
    [
      "capability-kept",
      ["rule:capabilities", PSA],
      "drops some capabilities only",
      "keeps NET_RAW: forges packets",
      security({ capabilities: { drop: ["CHOWN"] } }),
    ],
    [
      "proc-mount",
      ["rule:proc-mount", PSA],
      "asks for an unmasked /proc",
      "reads and writes what the runtime hides",
      { spec: { hostUsers: false }, security: { procMount: "Unmasked" } },
    ],
    [
      "sysctl",
      ["rule:sysctls", PSA],
      "sets a kernel parameter",
      "it holds for the whole node",
      podSecurity({ sysctls: [{ name: "kernel.msgmax", value: "65536" }] }),
    ],
    [
      "seccomp-unconfined",
      ["rule:seccomp", PSA],
      "switches the system-call filter off",
      "the whole kernel is open",
      security({ seccompProfile: { type: "Unconfined" } }),
    ],
    [
      "seccomp-unsaid",
      ["rule:seccomp", PSA],
      "names no system-call filter",
      "the default is none",
      security({ seccompProfile: undefined }),
    ],
    [
      "seccomp-unconfined-pod",
      ["rule:seccomp", PSA],
      "switches the filter off for the pod",
      "the whole kernel is open",
      podSecurity({ seccompProfile: { type: "Unconfined" } }),
    ],
    [
      "seccomp-other",
      "rule:seccomp",
      "names a filter that lies on the node",
      "made for somebody else, and wider",
      security({ seccompProfile: { type: "Localhost", localhostProfile: "profiles/somebody-else.json" } }),
    ],
    [
      "app-armor",
      ["rule:app-armor", PSA],
      "switches AppArmor off",
      "reaches files of the node",
      security({ appArmorProfile: { type: "Unconfined" } }),
    ],
    [
      "app-armor-other",
      "rule:app-armor",
      "names a profile that lies on the node",
      "made for somebody else, and wider",
      podSecurity({ appArmorProfile: { type: "Localhost", localhostProfile: "somebody-else" } }),
    ],
    [
      "app-armor-annotation",
      "rule:app-armor",
      "names it by the old annotation",
      "Kubernetes makes it a field",
      { annotations: { "container.apparmor.security.beta.kubernetes.io/main": "localhost/somebody-else" } },
    ],
    [
      "se-linux-level",
      "rule:se-linux",
      "takes SELinux categories of its choice",
      "a neighbour's open its files",
      security({ seLinuxOptions: { level: "s0:c123,c456" } }),
    ],
    [
      "se-linux-type",
      ["rule:se-linux", PSA],
      "takes the type that SELinux does not confine",
      "reaches files of the node",
      podSecurity({ seLinuxOptions: { type: "spc_t" } }),
    ],
    [
      "root",
      ["rule:run-as-non-root", PSA],
      "may run as root",
      "root is closer to every hole in the kernel",
      security({ runAsNonRoot: false }),
    ],
    [
      "root-user",
      ["rule:run-as-non-root", PSA],
      "runs as user 0",
      "root is closer to every hole in the kernel",
      security({ runAsUser: 0 }),
    ],
    [
      "root-user-pod",
      ["rule:run-as-non-root", PSA],
      "runs as user 0 by the pod's word",
      "containers that say nothing follow it",
      podSecurity({ runAsUser: 0 }),
    ],
    [
      "host-path",
      ["rule:volumes", PSA],
      "mounts a folder of the node",
      "reads the kubelet's credentials",
      volume({ hostPath: { path: "/var/lib/kubelet" } }),
    ],
    [
      "nfs",
      ["rule:volumes", PSA],
      "mounts NFS",
      "the node connects, past the fence",
      volume({ nfs: { server: "10.0.0.1", path: "/" } }),
    ],
    [
      "iscsi",
      ["rule:volumes", PSA],
      "mounts iSCSI",
      "the node connects, past the fence",
      volume({ iscsi: { targetPortal: "10.0.0.1", iqn: "iqn.2001-04.com.example:x", lun: 0 } }),
    ],
    [
      "git-repo",
      ["rule:volumes", PSA],
      "has the node clone a repository",
      "hooks run on the node",
      volume({ gitRepo: { repository: "https://example.com/x.git" } }),
    ],
    [
      "csi",
      "rule:volumes",
      "has a storage driver mount inline",
      "the driver trusts what the pod says",
      volume({ csi: { driver: "secrets-store.csi.k8s.io", readOnly: true } }),
    ],
    [
      "ephemeral-volume",
      "rule:volumes",
      "has the host make a volume",
      "the syncer makes them itself; a controller of the host asks with more rights",
      volume({
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: "other",
              resources: { requests: { storage: "1Gi" } },
            },
          },
        },
      }),
    ],
    [
      "resource-claim",
      "rule:resource-claims",
      "claims a device",
      "evidence of the whole node may come that way, and no quota counts it",
      { spec: { resourceClaims: [{ name: "tee", resourceClaimName: "tee" }] } },
    ],
  ] satisfies Row[]
).map(refused);

const HOST_NEIGHBOURS: readonly Attack[] = (
  [
    [
      "capability-bind",
      "adds NET_BIND_SERVICE",
      "servers below port 1024, CoreDNS",
      security({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }),
    ],
    [
      "sysctl-safe",
      "sets a safe kernel parameter",
      "it is the pod's own",
      podSecurity({ sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }] }),
    ],
    [
      "probe",
      "is probed itself",
      "every server",
      {
        container: {
          ports: [{ containerPort: 8080 }],
          livenessProbe: { httpGet: { path: "/", port: 8080 } },
          readinessProbe: { tcpSocket: { port: 8080 } },
        },
      },
    ],
    [
      "seccomp-pod",
      "names the filter for the pod",
      "the usual place",
      {
        spec: { securityContext: { seccompProfile: { type: "RuntimeDefault" } } },
        security: { seccompProfile: undefined },
      },
    ],
    [
      "app-armor-default",
      "names the runtime's AppArmor profile",
      "hardened manifests do",
      security({ appArmorProfile: { type: "RuntimeDefault" } }),
    ],
    [
      "non-root-pod",
      "says for the pod that it is not root",
      "the usual place",
      {
        spec: { securityContext: { runAsNonRoot: true, runAsUser: 1000 } },
        security: { runAsNonRoot: undefined, runAsUser: undefined },
      },
    ],
    ["user-namespace", "runs in a user namespace", "safer", { spec: { hostUsers: false } }],
    [
      "shared-processes",
      "shares processes among its containers",
      "debuggers, sidecars",
      { spec: { shareProcessNamespace: true } },
    ],
    [
      "volume-types",
      "mounts what tenants may",
      "every application",
      {
        spec: {
          volumes: [
            { name: "a", configMap: { name: "c" } },
            { name: "b", secret: { secretName: "s" } },
            { name: "c", emptyDir: { medium: "Memory" } },
            {
              name: "d",
              downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] },
            },
            { name: "e", persistentVolumeClaim: { claimName: "p" } },
            { name: "f", projected: { sources: [{ configMap: { name: "c" } }, { secret: { name: "s" } }] } },
          ],
        },
      },
    ],
    ["volume-untyped", "leaves a volume's type out", "it is an emptyDir then", volume({})],
  ] satisfies Passing[]
).map(allowed);

const IDENTITY: readonly Attack[] = [
  ...(
    [
      [
        "other-account",
        "rule:service-account",
        "runs as another service account",
        "acts on the host with its rights",
        { spec: { serviceAccountName: "other" } },
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

const EPHEMERAL: readonly Attack[] = [
  ...(
    [
      [
        "debug-privileged",
        ["rule:privileged", PSA],
        "is privileged",
        { privileged: true, allowPrivilegeEscalation: true },
      ],
      [
        "debug-capability",
        ["rule:capabilities", PSA],
        "adds SYS_PTRACE",
        { capabilities: { drop: ["ALL"], add: ["SYS_PTRACE"] } },
      ],
      ["debug-root", ["rule:run-as-non-root", PSA], "runs as root", { runAsUser: 0 }],
      [
        "debug-unconfined",
        ["rule:seccomp", PSA],
        "switches the system-call filter off",
        { seccompProfile: { type: "Unconfined" } },
      ],
      [
        "debug-seccomp-other",
        ["rule:seccomp"],
        "names a filter that lies on the node",
        { seccompProfile: { type: "Localhost", localhostProfile: "other.json" } },
      ],
      [
        "debug-se-linux",
        ["rule:se-linux"],
        "takes SELinux categories of its choice",
        { seLinuxOptions: { level: "s0:c1,c2" } },
      ],
    ] as const
  ).map(([id, controls, does, fields]): Attack => ({
    ...update("refused")([
      id,
      controls[0],
      `adds an ephemeral container that ${does}`,
      "another way into a running pod",
      ephemeral(fields),
      "ephemeralcontainers",
    ]),
    stoppedBy: controls,
  })),
  update("allowed")([
    "debug",
    "api-server",
    "adds an ephemeral container",
    "kubectl debug",
    ephemeral({}),
    "ephemeralcontainers",
  ]),
];

const LEGITIMATE: readonly Attack[] = (
  [
    ["plain", "makes a plain pod", (tenant) => syncedPod(tenant, "web-5d9c7b8f6d-x7k2p")],
    ["core-dns", "makes the virtual cluster's DNS server", coreDnsPod],
    ["stateful-set", "makes a pod of a StatefulSet with a headless Service", statefulSetPod],
    ["job", "makes a pod of a Job", jobPod],
  ] satisfies [string, string, (tenant: AttackContext["tenant"]) => Manifest][]
).map(([id, does, make]) => ({
  id: `legitimate-${id}`,
  as: Attacker.SYNCER,
  does,
  why: "every virtual cluster does",
  expect: "allowed",
  stoppedBy: [],
  request: ({ tenant }) => create(make(tenant)),
}));

const CONTROL_PLANE: readonly Attack[] = [
  {
    id: "legitimate-control-plane",
    as: Attacker.CONTROLLER,
    does: "makes the pod of the virtual control plane",
    why: "the chart's StatefulSet says so",
    expect: "allowed",
    stoppedBy: [],
    request: ({ tenant }) => create(controlPlanePod(tenant)),
  },
  {
    id: "control-plane-by-syncer",
    as: Attacker.SYNCER,
    does: "makes a pod like that of the control plane itself",
    why: "its own program beside the real one, with all the fence opens to it",
    expect: "refused",
    stoppedBy: ["rule:control-plane-pod"],
    request: ({ tenant }) => create(controlPlanePod(tenant)),
  },
  {
    id: "control-plane-by-developer",
    as: Attacker.DEVELOPER,
    does: "makes a pod that runs as a tenant's control plane",
    why: "reads all of the tenant's Secrets on the host",
    expect: "refused",
    stoppedBy: ["rule:control-plane-pod"],
    request: ({ tenant }) => create(controlPlanePod(tenant)),
  },
];

/** Only where the tenant's file names registries. */
const withRegistries = ({ tenant }: AttackContext): boolean =>
  PARAMETERS.imageRegistries in tenant.annotations;
const withDigests = ({ tenant }: AttackContext): boolean => PARAMETERS.imageDigests in tenant.annotations;
const DIGEST = `@sha256:${"0123456789abcdef".repeat(4)}`;

const registry = ({ tenant }: AttackContext): string =>
  tenant.annotations[PARAMETERS.imageRegistries]!.split(",")[0]!;
const imageOf =
  (image: (context: AttackContext) => string) =>
  (context: AttackContext): PodChange => ({
    container: { image: image(context) },
  });

const IMAGES: readonly Attack[] = [
  ...(
    [
      [
        "image-elsewhere",
        "rule:image-registries",
        "takes an image from elsewhere",
        "whoever owns that registry runs code here",
        imageOf(() => `registry.elsewhere.example/app${DIGEST}`),
      ],
      [
        "image-lookalike-host",
        "rule:image-registries",
        "takes a registry whose name begins alike",
        "a prefix is no host name",
        imageOf((c) => `${registry(c).split("/")[0]!}.evil.example/app${DIGEST}`),
      ],
      [
        "image-lookalike-port",
        "rule:image-registries",
        "takes another port of the registry",
        "another server may listen there",
        imageOf((c) => `${registry(c).split("/")[0]!}:5001/app${DIGEST}`),
      ],
      [
        "image-lookalike-path",
        "rule:image-registries",
        "takes a path that begins alike",
        "somebody else's project",
        imageOf((c) => `${registry(c)}-evil/app${DIGEST}`),
      ],
      [
        "image-docker-hub",
        "rule:image-registries",
        "names no registry",
        "that is Docker Hub",
        imageOf(() => `library/alpine${DIGEST}`),
      ],
      [
        "image-registry-as-path",
        "rule:image-registries",
        "hides the registry in a path of Docker Hub",
        "the first part is no host without a dot",
        imageOf((c) => `evil/${registry(c)}/app${DIGEST}`),
      ],
      [
        "image-init",
        "rule:image-registries",
        "hides it in an init container",
        "it runs first",
        () => ({
          spec: {
            initContainers: [
              { name: "init", image: `registry.elsewhere.example/app${DIGEST}`, securityContext: RESTRICTED },
            ],
          },
        }),
      ],
    ] satisfies Row[]
  ).map((row) => ({ ...refused(row), when: withRegistries })),
  {
    ...update("refused")([
      "debug-image-elsewhere",
      "rule:image-registries",
      "debugs with an image from elsewhere",
      "another way into a running pod",
      () => ({
        spec: {
          ephemeralContainers: [
            { name: "debug", image: `registry.elsewhere.example/app${DIGEST}`, securityContext: RESTRICTED },
          ],
        },
      }),
      "ephemeralcontainers",
    ]),
    when: withRegistries,
  },
  {
    ...update("refused")([
      "update-image-elsewhere",
      "rule:image-registries",
      "changes a running pod's image",
      "the real syncer sends it so",
      () => ({ spec: { containers: [{ name: "main", image: `registry.elsewhere.example/app${DIGEST}` }] } }),
    ]),
    when: withRegistries,
  },
  ...(
    [
      [
        "image-tag",
        "rule:image-digests",
        "names an image by tag",
        "tags move",
        imageOf((c) => `${image(c)}:1`),
      ],
      [
        "image-untagged",
        "rule:image-digests",
        "names an image alone",
        "that is whatever was pushed last",
        imageOf((c) => image(c)),
      ],
      [
        "image-short-digest",
        "api-server",
        "writes a digest that is none",
        "cuts the comparison short",
        imageOf((c) => `${image(c)}@sha256:abc `),
      ],
      [
        "image-digest-in-tag",
        "rule:image-digests",
        "writes a digest where the tag stands",
        "it is a tag then",
        imageOf((c) => `${image(c)}:sha256-${"a".repeat(64)}`),
      ],
    ] satisfies Row[]
  ).map((row) => ({ ...refused(row), when: withDigests })),
  ...(
    [
      [
        "image-path",
        "takes a deeper path of the registry",
        "projects",
        imageOf((c) => `${image(c)}/deeper/app${DIGEST}`),
      ],
      [
        "image-tag-digest",
        "names tag and digest",
        "tools write both",
        imageOf((c) => `${image(c)}:1${DIGEST}`),
      ],
    ] satisfies Passing[]
  ).map(allowed),
];

/** An image of the tenant's registries without tag and digest. */
function image({ tenant }: AttackContext): string {
  return `${tenant.annotations[PARAMETERS.imageRegistries]?.split(",")[0] ?? "registry.example.com"}/app`;
}

const confidential = ({ tenant }: AttackContext): boolean =>
  PARAMETERS.confidentialPrerequisites in tenant.annotations;

const CONFIDENTIAL: readonly Attack[] = [
  ...(
    [
      [
        "confidential-secret-volume",
        "rule:confidential-prerequisites",
        "mounts a plain Secret",
        "the host reads it",
        volume({ secret: { secretName: "db-x-default-x-acme" } }),
      ],
      [
        "confidential-secret-projected",
        "rule:confidential-prerequisites",
        "projects a plain Secret",
        "the host reads it",
        volume({ projected: { sources: [{ secret: { name: "db-x-default-x-acme" } }] } }),
      ],
      [
        "confidential-secret-env",
        "rule:confidential-prerequisites",
        "takes a variable from a plain Secret",
        "the host reads it",
        {
          container: {
            env: [{ name: "A", valueFrom: { secretKeyRef: { name: "db-x-default-x-acme", key: "k" } } }],
          },
        },
      ],
      [
        "confidential-secret-env-from",
        "rule:confidential-prerequisites",
        "takes variables from a plain Secret",
        "the host reads it",
        { container: { envFrom: [{ secretRef: { name: "db-x-default-x-acme" } }] } },
      ],
      [
        "confidential-shared-processes",
        "rule:confidential-prerequisites",
        "shares processes among its containers",
        "a sidecar reads the others' memory",
        { spec: { shareProcessNamespace: true } },
      ],
    ] satisfies Row[]
  ).map((row) => ({ ...refused(row), when: confidential })),
  {
    ...refused([
      "confidential-exec",
      "rule:confidential-access",
      "opens a shell",
      "reads what the workload reads",
      {},
    ]),
    when: confidential,
    setup: (context) => [standingPod(context)],
    request: (context) => ({ method: "POST", path: `${standingPath(context)}/exec?command=sh&stdout=true` }),
  },
];

function standingPath(context: AttackContext): string {
  return `/api/v1/namespaces/${context.tenant.namespace}/pods/${standingPod(context).metadata.name}`;
}

export const POD_ATTACKS: readonly Attack[] = [
  ...PLACEMENT,
  ...HOST,
  ...HOST_NEIGHBOURS,
  ...IDENTITY,
  ...EPHEMERAL,
  ...LEGITIMATE,
  ...CONTROL_PLANE,
  ...IMAGES,
  ...CONFIDENTIAL,
];
void patch;
