// What a tenant's admin tries from inside its virtual cluster, judged by what arrives on the host.
import type { KubeObject } from "../support/host-api/client";

/**
 * Which control plane carries the attack to the host. Whoever took over its control plane is held by the host alone.
 */
export type Syncer =
  /** With the values our stacks hold. */
  | "ours"
  /** Its own Pod Security, forced class, tolerations and selector switched off by the tenant. */
  | "taken-over";

export const SYNCERS: readonly Syncer[] = ["ours", "taken-over"];

/** What an attack meets. */
export interface Inside {
  readonly tenant: string;
  readonly neighbour: string;
  /** RuntimeClass, pool and toleration of the tenant. */
  readonly runtimeClass: string;
  readonly pool: string;
  /** A pool of the host that is not the tenant's. */
  readonly otherPool: string;
  readonly storageClass: string;
}

/** What holds an attack back. `rule:<id>` is an admission rule of the host. */
export type Control =
  | `rule:${string}`
  | "pod-security"
  | "quota"
  | "runtime-class"
  /** Kubernetes' own validation, inside or on the host. */
  | "api-server"
  /** Pod Security inside: labels that the syncer puts on namespaces, and its own check. Only with our values. */
  | "pod-security-inside"
  /** What the syncer translates away, whatever its values. */
  | "translation"
  /** What the syncer forces: only with our values. */
  | "forced-class"
  /** The class' own scheduling part, merged by the host's API server. */
  | "class-scheduling"
  /** The syncer keeps it back for good, and tells nobody. */
  | "never-synced";

export type Verdict =
  /** Nothing of it arrives, and the tenant reads why. */
  | "refused"
  /** Something arrives; `harm` says what of it would be one. */
  | "harmless";

export interface InsideAttack {
  /** DNS-1123 label, unique. Names the object as well. */
  readonly id: string;
  readonly does: string;
  readonly why: string;
  readonly on: "CREATE" | "UPDATE";
  /** What the tenant's admin makes first. Equal objects are made once. */
  readonly setup?: (inside: Inside) => readonly KubeObject[];
  /** The object that carries the attack; of an UPDATE, the legitimate one it starts from. */
  readonly object: (inside: Inside) => KubeObject;
  /** The change of an UPDATE, a strategic merge. */
  readonly change?: (inside: Inside) => Readonly<Record<string, unknown>>;
  /** Where the change goes. @default - the object itself */
  readonly subresource?: string;
  readonly expect: Readonly<Record<Syncer, Expectation>>;
  /** What of the arrived object would be harm; undefined when it is harmless. */
  readonly harm?: (arrived: KubeObject, inside: Inside) => string | undefined;
}

export interface Expectation {
  readonly verdict: Verdict;
  /** Whoever of these refuses first; of a harmless one, why it is. */
  readonly stoppedBy: readonly Control[];
}

/** Marks what carries an attack: it has arrived when its mark has. */
export const MARK = "attack.example.com/mark";

const IMAGE = "registry.k8s.io/pause:3.10";

/** What Pod Security `restricted` wants of a pod, and of a container. */
const RUNS_AS = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };
const RESTRICTED = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** A legitimate pod, whose class is named because a syncer that is taken over forces none. */
export function goodPod(inside: Inside, name: string, change: PodChange = {}): KubeObject {
  const { spec = {}, container = {}, security = {}, labels, annotations } = change;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels, annotations },
    spec: {
      runtimeClassName: inside.runtimeClass,
      securityContext: RUNS_AS,
      containers: [
        { name: "main", image: IMAGE, securityContext: { ...RESTRICTED, ...security }, ...container },
      ],
      ...spec,
    },
  };
}

interface PodChange {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly container?: Readonly<Record<string, unknown>>;
  readonly security?: Readonly<Record<string, unknown>>;
}

function both(verdict: Verdict, ...stoppedBy: Control[]): Readonly<Record<Syncer, Expectation>> {
  return { ours: { verdict, stoppedBy }, "taken-over": { verdict, stoppedBy } };
}

function refused(...stoppedBy: Control[]): Readonly<Record<Syncer, Expectation>> {
  return both("refused", ...stoppedBy);
}

function harmless(...stoppedBy: Control[]): Readonly<Record<Syncer, Expectation>> {
  return both("harmless", ...stoppedBy);
}

/** Pod Security refuses on the host; with our values it has refused inside. */
function byPodSecurity(...also: Control[]): Readonly<Record<Syncer, Expectation>> {
  return {
    ours: { verdict: "refused", stoppedBy: ["pod-security-inside"] },
    "taken-over": { verdict: "refused", stoppedBy: ["pod-security", ...also] },
  };
}

/** A pod that differs from a legitimate one in the spec. */
function podAttack(
  id: string,
  does: string,
  why: string,
  change: (inside: Inside) => PodChange,
  expect: InsideAttack["expect"],
  more: Partial<InsideAttack> = {},
): InsideAttack {
  return {
    id,
    does,
    why,
    on: "CREATE",
    object: (inside) => goodPod(inside, id, change(inside)),
    expect,
    ...more,
  };
}

/** A legitimate pod that is changed once it runs. */
function podUpdate(
  id: string,
  does: string,
  why: string,
  change: (inside: Inside) => Readonly<Record<string, unknown>>,
  expect: InsideAttack["expect"],
  more: Partial<InsideAttack> = {},
): InsideAttack {
  return { id, does, why, on: "UPDATE", object: (inside) => goodPod(inside, id), change, expect, ...more };
}

function runtimeClass(name: string, fields: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name },
    handler: "runc",
    ...fields,
  };
}

/** The pod must go where the tenant's class puts it. */
function offPool({ spec }: KubeObject, { runtimeClass: name, pool }: Inside): string | undefined {
  const selector = (spec.nodeSelector ?? {}) as Record<string, string>;
  if (spec.runtimeClassName !== name) return `class ${String(spec.runtimeClassName)}`;
  if (selector["tenclave.dev/pool"] !== pool) return `selector ${JSON.stringify(selector)}`;
  return spec.nodeName ? `node ${String(spec.nodeName)}` : undefined;
}

/** What every pod gets from Kubernetes: a change may add to it, not replace it. */
const GIVEN = ["not-ready", "unreachable"].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

/** A pod without the tenant's class lacks its selector, too, and has what another class adds: any of these speaks. */
const OFF_POOL: readonly Control[] = ["rule:runtime-class", "rule:node-selector", "rule:tolerations"];

const NEEDS_NAME = "a node name skips the scheduler, and with it every selector and taint";

const PLACEMENT: readonly InsideAttack[] = [
  podAttack(
    "class-none",
    "names no RuntimeClass",
    "the class puts a pod on the tenant's machines",
    () => ({ spec: { runtimeClassName: undefined } }),
    {
      ours: { verdict: "harmless", stoppedBy: ["forced-class"] },
      "taken-over": { verdict: "refused", stoppedBy: OFF_POOL },
    },
    { harm: offPool },
  ),
  podAttack(
    "class-other",
    "names the class of another pool, after making one of that name inside",
    "runs on machines whose memory the provider reads, or beside a neighbour",
    ({ otherPool }) => ({ spec: { runtimeClassName: `tenclave-${otherPool}` } }),
    {
      ours: { verdict: "harmless", stoppedBy: ["forced-class"] },
      "taken-over": { verdict: "refused", stoppedBy: OFF_POOL },
    },
    { setup: ({ otherPool }) => [runtimeClass(`tenclave-${otherPool}`)], harm: offPool },
  ),
  podAttack(
    "class-overhead",
    "names a class of its own making with overhead",
    "overhead counts towards the quota of the host",
    () => ({ spec: { runtimeClassName: "heavy" } }),
    refused("runtime-class", "rule:runtime-class"),
    { setup: () => [runtimeClass("heavy", { overhead: { podFixed: { memory: "1Mi" } } })] },
  ),
  podAttack(
    "node-name-own",
    "names a node of its own pool",
    NEEDS_NAME,
    () => ({ spec: { nodeName: "node-own" } }),
    refused("rule:node-name"),
  ),
  podAttack(
    "node-name-other",
    "names a node of another pool",
    NEEDS_NAME,
    () => ({ spec: { nodeName: "node-other" } }),
    refused("rule:node-name", "runtime-class"),
  ),
  podAttack(
    "node-name-forged",
    "names the control plane's node, after making a Node of that name with a finalizer inside",
    "the syncer asks only whether its own cluster knows the node",
    () => ({ spec: { nodeName: "node-control-plane" } }),
    refused("rule:node-name"),
    {
      setup: () => [
        {
          apiVersion: "v1",
          kind: "Node",
          metadata: { name: "node-control-plane", finalizers: ["attack.example.com/stay"] },
        },
      ],
    },
  ),
  podUpdate(
    "node-name-bind",
    "binds a waiting pod to a node through the virtual API",
    NEEDS_NAME,
    () => ({ target: { apiVersion: "v1", kind: "Node", name: "node-other" } }),
    harmless("translation"),
    { subresource: "binding", harm: offPool },
  ),
  podAttack(
    "selector-other",
    "selects another pool",
    "runs beside a neighbour",
    ({ otherPool }) => ({ spec: { nodeSelector: { "tenclave.dev/pool": otherPool } } }),
    {
      ours: { verdict: "harmless", stoppedBy: ["forced-class"] },
      "taken-over": { verdict: "refused", stoppedBy: ["runtime-class", "rule:node-selector"] },
    },
    { harm: offPool },
  ),
  podAttack(
    "affinity-other",
    "wants a node of another pool by affinity",
    "runs beside a neighbour",
    ({ otherPool }) => ({
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [{ key: "tenclave.dev/pool", operator: "In", values: [otherPool] }],
                },
              ],
            },
          },
        },
      },
    }),
    harmless("class-scheduling"),
    { harm: offPool },
  ),
  podAttack(
    "scheduler-own",
    "names a scheduler of its own",
    "a scheduler binds pods to any node",
    () => ({ spec: { schedulerName: "mine" } }),
    refused("rule:scheduler"),
  ),
  podAttack(
    "keep-off",
    "wants no pod of any namespace on its node",
    "takes whole nodes, pools or zones from its neighbours",
    () => ({
      spec: {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: "topology.kubernetes.io/zone", labelSelector: {}, namespaceSelector: {} },
            ],
          },
        },
      },
    }),
    // The syncer drops namespaceSelector, and means the tenant's own namespace on the host.
    harmless("translation"),
    {
      harm: ({ spec, metadata }) => {
        const terms = JSON.stringify(spec.affinity);
        const foreign = [...terms.matchAll(/"namespaces":\[([^\]]*)\]/g)].filter(
          (match) => match[1] !== `"${metadata?.namespace}"`,
        );
        return terms.includes("namespaceSelector") || foreign.length > 0 ? terms : undefined;
      },
    },
  ),
  podAttack(
    "priority-system",
    "takes a priority of the system",
    "pushes neighbours' pods and the platform's off their nodes",
    () => ({ spec: { priorityClassName: "system-node-critical" } }),
    harmless("translation"),
    {
      harm: ({ spec }) =>
        spec.priorityClassName || spec.priority > 0
          ? `priority ${String(spec.priorityClassName)}`
          : undefined,
    },
  ),
  podAttack(
    "tolerate-all",
    "tolerates every taint",
    "taints keep pods off other tenants' and the platform's nodes",
    () => ({ spec: { tolerations: [{ operator: "Exists" }] } }),
    refused("rule:tolerations"),
  ),
  podUpdate(
    "tolerate-all-later",
    "adds a toleration of every taint to a running pod",
    "the syncer passes it on as an update",
    () => ({ spec: { tolerations: [...GIVEN, { operator: "Exists" }] } }),
    refused("rule:tolerations"),
  ),
  podAttack(
    "tolerate-other",
    "tolerates the taint of another pool",
    "taints keep pods off other tenants' nodes",
    ({ otherPool }) => ({ spec: { tolerations: [toleration(otherPool)] } }),
    refused("rule:tolerations"),
  ),
  podUpdate(
    "tolerate-other-later",
    "adds a toleration of another pool's taint to a running pod",
    "the syncer passes it on as an update",
    ({ otherPool }) => ({ spec: { tolerations: [...GIVEN, toleration(otherPool)] } }),
    refused("rule:tolerations"),
  ),
];

function toleration(pool: string): object {
  return { key: "tenclave.dev/pool", operator: "Equal", value: pool, effect: "NoSchedule" };
}

const KATA = { "io.katacontainers.config.hypervisor.kernel_params": "agent.debug_console" };

const METADATA: readonly InsideAttack[] = [
  podAttack(
    "kata-annotation",
    "gives the guest's kernel a parameter by annotation",
    "Kata takes its configuration from annotations",
    () => ({ annotations: KATA }),
    refused("rule:runtime-annotations"),
  ),
  podUpdate(
    "kata-annotation-later",
    "adds the annotation to a running pod",
    "annotations arrive as an update",
    () => ({ metadata: { annotations: KATA } }),
    refused("rule:runtime-annotations"),
  ),
  podAttack(
    "label-neighbour",
    "carries the label of another tenant",
    "a policy that selects pods by label would take it for the neighbour's",
    ({ neighbour }) => ({ labels: { "tenclave.dev/tenant": neighbour } }),
    refused("rule:pod-labels"),
  ),
  podUpdate(
    "label-neighbour-later",
    "adds that label to a running pod",
    "labels arrive as an update",
    ({ neighbour }) => ({ metadata: { labels: { "tenclave.dev/tenant": neighbour } } }),
    refused("rule:pod-labels"),
  ),
  podAttack(
    "label-dns",
    "carries the label of the tenant's DNS server",
    "the fence lets that one reach the resolver",
    () => ({ labels: { "k8s-app": "vcluster-kube-dns" } }),
    refused("rule:pod-labels"),
  ),
  podUpdate(
    "label-dns-later",
    "adds that label to a running pod",
    "labels arrive as an update",
    () => ({ metadata: { labels: { "k8s-app": "vcluster-kube-dns" } } }),
    refused("rule:pod-labels"),
  ),
  podAttack(
    "label-managed-by",
    "claims to be made by another virtual cluster",
    "fences select by this label",
    ({ neighbour }) => ({ labels: { "vcluster.loft.sh/managed-by": neighbour } }),
    harmless("translation"),
    { harm: forgedManager },
  ),
  podUpdate(
    "label-managed-by-later",
    "changes that label on a running pod",
    "labels arrive as an update",
    ({ neighbour }) => ({ metadata: { labels: { "vcluster.loft.sh/managed-by": neighbour } } }),
    harmless("translation"),
    { harm: forgedManager },
  ),
  podAttack(
    "label-control-plane",
    "carries the labels of the control plane's pod",
    "the API server's Service sends clients there, and the fence lets it reach the host's API",
    ({ tenant }) => ({ labels: { app: "vcluster", release: tenant } }),
    harmless("translation"),
    { harm: controlPlaneLabels },
  ),
  podUpdate(
    "label-control-plane-later",
    "adds those labels to a running pod",
    "labels arrive as an update",
    ({ tenant }) => ({ metadata: { labels: { app: "vcluster", release: tenant } } }),
    harmless("translation"),
    { harm: controlPlaneLabels },
  ),
];

function forgedManager({ metadata }: KubeObject, { tenant }: Inside): string | undefined {
  const manager = metadata?.labels?.["vcluster.loft.sh/managed-by"];
  return manager === tenant ? undefined : `managed by ${manager}`;
}

function controlPlaneLabels({ metadata }: KubeObject): string | undefined {
  return metadata?.labels?.release === undefined ? undefined : `release=${metadata.labels.release}`;
}

/** Fields of a pod, by what Pod Security says of them. */
const HOST_ACCESS: readonly InsideAttack[] = [
  podAttack(
    "host-network",
    "takes the node's network",
    "reaches the kubelet, the metadata service and everybody's traffic",
    () => ({ spec: { hostNetwork: true } }),
    byPodSecurity("rule:host-namespaces"),
  ),
  podAttack(
    "host-network-loose",
    "does so in a namespace inside whose Pod Security label it changed",
    "the namespaces inside are the tenant's own",
    () => ({ spec: { hostNetwork: true } }),
    byPodSecurity("rule:host-namespaces"),
    {
      setup: () => [
        {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "loose", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
        },
      ],
      object: (inside) => {
        const { metadata, ...pod } = goodPod(inside, "host-network-loose", { spec: { hostNetwork: true } });
        return { ...pod, metadata: { ...metadata, namespace: "loose" } };
      },
    },
  ),
  podAttack(
    "host-pid",
    "takes the node's processes",
    "reads their memory and secrets",
    () => ({ spec: { hostPID: true } }),
    byPodSecurity("rule:host-namespaces"),
  ),
  podAttack(
    "host-ipc",
    "takes the node's shared memory",
    "reads what others share there",
    () => ({ spec: { hostIPC: true } }),
    byPodSecurity("rule:host-namespaces"),
  ),
  podAttack(
    "host-path",
    "mounts a folder of the node",
    "reads the kubelet's credentials and all volumes",
    () => ({ spec: { volumes: [{ name: "root", hostPath: { path: "/" } }] } }),
    byPodSecurity("rule:volumes"),
  ),
  podAttack(
    "host-port",
    "listens on a port of the node",
    "a fence by pod does not see it",
    () => ({ container: { ports: [{ containerPort: 80, hostPort: 80 }] } }),
    byPodSecurity("rule:host-ports"),
  ),
  podAttack(
    "privileged",
    "is privileged",
    "owns the node",
    () => ({ security: { privileged: true, allowPrivilegeEscalation: true } }),
    byPodSecurity("rule:privileged"),
  ),
  podAttack(
    "escalation",
    "may gain privileges",
    "a set-uid program makes it root",
    () => ({ security: { allowPrivilegeEscalation: true } }),
    byPodSecurity("rule:privileged"),
  ),
  podAttack(
    "capability",
    "adds SYS_ADMIN",
    "as good as privileged",
    () => ({ security: { capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } } }),
    byPodSecurity("rule:capabilities"),
  ),
  podAttack(
    "sysctl",
    "sets an unsafe sysctl",
    "changes the node for all",
    () => ({
      spec: { securityContext: { ...RUNS_AS, sysctls: [{ name: "kernel.msgmax", value: "65536" }] } },
    }),
    byPodSecurity("rule:sysctls"),
  ),
  podAttack(
    "seccomp",
    "runs without a system-call filter",
    "meets more of the kernel",
    () => ({ security: { seccompProfile: { type: "Unconfined" } } }),
    byPodSecurity("rule:seccomp"),
  ),
  podAttack(
    "root",
    "runs as root",
    "root in the container is root in the kernel",
    () => ({ security: { runAsUser: 0, runAsNonRoot: false } }),
    byPodSecurity("rule:run-as-non-root"),
  ),
  {
    id: "ephemeral-privileged",
    does: "adds a privileged ephemeral container to a running pod",
    why: "it comes through a subresource of its own",
    on: "UPDATE",
    subresource: "ephemeralcontainers",
    object: (inside) => goodPod(inside, "ephemeral-privileged"),
    change: () => ({
      spec: {
        ephemeralContainers: [{ name: "debug", image: IMAGE, securityContext: { privileged: true } }],
      },
    }),
    expect: byPodSecurity("rule:privileged"),
  },
];

/** A Secret of the host, read by its name from inside. */
function secretAttack(id: string, does: string, change: (inside: Inside) => PodChange): InsideAttack {
  return podAttack(id, does, "it holds the keys of the control plane", change, harmless("translation"), {
    harm: ({ spec }, { tenant }) => {
      const suffix = `-x-default-x-${tenant}`;
      const names = [...JSON.stringify(spec).matchAll(/"(?:secretName|name)":"([^"]*(?:vc-|certs)[^"]*)"/g)];
      const bare = names.map((match) => match[1]!).filter((name) => !name.endsWith(suffix));
      return bare.length > 0 ? `names ${bare.join(", ")}` : undefined;
    },
  });
}

const SECRETS: readonly InsideAttack[] = [
  secretAttack("secret-volume", "mounts the control plane's configuration", ({ tenant }) => ({
    spec: { volumes: [{ name: "stolen", secret: { secretName: `vc-config-${tenant}`, optional: true } }] },
  })),
  secretAttack("secret-projected", "mounts the control plane's keys in a projected volume", ({ tenant }) => ({
    spec: {
      volumes: [
        {
          name: "stolen",
          projected: { sources: [{ secret: { name: `${tenant}-certs`, optional: true } }] },
        },
      ],
    },
  })),
  secretAttack("secret-env", "reads the kubeconfig into its environment", ({ tenant }) => ({
    container: { envFrom: [{ secretRef: { name: `vc-${tenant}`, optional: true } }] },
  })),
  {
    id: "helm-record",
    does: "makes a Secret that Helm takes for a record of its own, and lets a pod use it",
    why: "the next upgrade deletes, with the deployer's rights, whatever the record lists",
    on: "CREATE",
    setup: (inside) => [usesSecret(inside, "helm-record")],
    object: () => secret("helm-record", { owner: "helm", name: "guardrails", status: "deployed" }),
    expect: refused("rule:helm-records"),
  },
  {
    id: "helm-record-later",
    does: "adds Helm's label to a Secret that is already there",
    why: "labels arrive as an update",
    on: "UPDATE",
    setup: (inside) => [usesSecret(inside, "helm-record-later")],
    object: () => secret("helm-record-later"),
    change: () => ({ metadata: { labels: { owner: "helm" } } }),
    expect: refused("rule:helm-records"),
  },
];

function secret(name: string, labels?: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "default", labels },
    stringData: { release: "x" },
  };
}

/** The syncer copies what pods use. */
function usesSecret(inside: Inside, name: string): KubeObject {
  return goodPod(inside, `${name}-user`, {
    spec: { volumes: [{ name: "used", secret: { secretName: name } }] },
  });
}

const PORTS = [{ port: 80, targetPort: 8080 }];

function service(name: string, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { selector: { app: "web" }, ports: PORTS, ...spec },
  };
}

/** The same fields on a new Service and on one that is there. */
function serviceAttacks(
  id: string,
  does: string,
  why: string,
  spec: Readonly<Record<string, unknown>>,
  ...stoppedBy: Control[]
): InsideAttack[] {
  return [
    {
      id,
      does: `makes a Service ${does}`,
      why,
      on: "CREATE",
      object: () => service(id, spec),
      expect: refused(...stoppedBy),
    },
    {
      id: `${id}-later`,
      does: `changes a Service to one ${does}`,
      why,
      on: "UPDATE",
      object: () => service(`${id}-later`),
      change: () => ({ spec }),
      expect: refused(...stoppedBy),
    },
  ];
}

const SERVICES: readonly InsideAttack[] = [
  ...serviceAttacks(
    "node-port",
    "of type NodePort",
    "opens a port on every node",
    { type: "NodePort" },
    "rule:service-type",
    "quota",
  ),
  ...serviceAttacks(
    "load-balancer",
    "of type LoadBalancer",
    "opens the tenant to the internet",
    { type: "LoadBalancer" },
    "rule:service-type",
    "quota",
  ),
  ...serviceAttacks(
    "external-ip",
    "with an external address",
    "takes the traffic of everybody to that address (CVE-2020-8554)",
    { externalIPs: ["203.0.113.7"] },
    "rule:external-ips",
  ),
  ...serviceAttacks(
    "external-name",
    "that is another name of a neighbour's",
    "an ingress or gateway that follows it crosses the fence",
    { type: "ExternalName", externalName: "api.tenant-globex.svc.cluster.local" },
    "rule:external-name",
    // A change of type to this one waits in the syncer.
    "never-synced",
  ),
];

const STORAGE: readonly InsideAttack[] = [
  {
    id: "claim-other-class",
    does: "claims a volume of another class",
    why: "its disks are not encrypted with the tenant's key",
    on: "CREATE",
    object: () => claim("claim-other-class", { storageClassName: "other" }),
    expect: refused("rule:storage-class"),
  },
  {
    id: "claim-volume",
    does: "claims a volume of the host by name",
    why: "it may be a neighbour's",
    on: "CREATE",
    object: ({ storageClass }) =>
      claim("claim-volume", { storageClassName: storageClass, volumeName: "neighbours" }),
    expect: refused("rule:storage-class", "rule:volume-binding"),
  },
];

export function claim(name: string, spec: Readonly<Record<string, unknown>>): KubeObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
  };
}

/** Every attack from inside. Both syncers carry each. */
export const INSIDE_ATTACKS: readonly InsideAttack[] = [
  ...PLACEMENT,
  ...METADATA,
  ...HOST_ACCESS,
  ...SECRETS,
  ...SERVICES,
  ...STORAGE,
];
