// The nineteen Multi-Tenancy Benchmarks by id, each with what was expected before it was run.
//
// Two checks carry the id MTB-PL1-BC-HI-1. A tenant's identity on the host is its syncer's.
import { Attacker, type Answer, type Attack } from "../attack";
import { create, get, patch, pod, synced, type Manifest } from "../requests";
import { refused } from "./object-attack";

/** A benchmark, and what this library says to it. */
export interface Benchmark {
  readonly id: string;
  readonly title: string;
  /** Written before the first run. */
  readonly expected: "met" | "met on the host, offered inside" | "met by another means";
  /** Of `ATTACKS`. */
  readonly attack: string;
}

function benchmark(
  id: string,
  does: string,
  why: string,
  stoppedBy: Attack["stoppedBy"],
  request: Attack["request"],
  more: Partial<Attack> = {},
): Attack {
  return { ...refused(id, stoppedBy, does, why, request, more), id: `mtb-${id}` };
}

/** What the answer to a list lacks. */
function missing(
  what: string,
  holds: (items: readonly { readonly spec?: Readonly<Record<string, unknown>> }[]) => boolean,
): (answer: Answer) => string[] {
  return ({ body }) => {
    const { items = [] } = body as { items?: { spec?: Record<string, unknown> }[] };
    return holds(items) ? [] : [`no ${what}`];
  };
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  "block-cluster-resources": benchmark(
    "block-cluster-resources",
    "reads cluster-wide resources",
    "names of neighbours and of the host's machines",
    ["rbac"],
    () => get("/api/v1/nodes"),
    { mtb: ["MTB-PL1-CC-CPI-1"] },
  ),
  "block-platform-objects": benchmark(
    "block-platform-objects",
    "changes an object of its namespace that the platform made",
    "its fence",
    ["rbac", "rule:platform-guardrails"],
    ({ tenant }) =>
      patch(
        {
          apiVersion: "networking.k8s.io/v1",
          kind: "NetworkPolicy",
          metadata: { name: "tenclave-default-deny", namespace: tenant.namespace },
        },
        { metadata: { labels: { own: "true" } } },
      ),
    { mtb: ["MTB-PL1-BC-CPI-2"] },
  ),
  "block-capabilities": benchmark(
    "block-capabilities",
    "adds capability SYS_ADMIN",
    "root's powers on the node",
    ["pod-security", "rule:capabilities"],
    (context) =>
      create(pod(context, "mtb", { security: { capabilities: { add: ["SYS_ADMIN"], drop: ["ALL"] } } })),
    { mtb: ["MTB-PL1-BC-CPI-3"] },
  ),
  "require-non-root": benchmark(
    "require-non-root",
    "runs as root",
    "root to every hole in the kernel",
    ["pod-security", "rule:run-as-non-root"],
    (context) => create(pod(context, "mtb", { security: { runAsNonRoot: false, runAsUser: 0 } })),
    { mtb: ["MTB-PL1-BC-CPI-4"] },
  ),
  "block-privileged": benchmark(
    "block-privileged",
    "runs privileged",
    "the node",
    ["pod-security", "rule:privileged"],
    (context) =>
      create(pod(context, "mtb", { security: { privileged: true, allowPrivilegeEscalation: true } })),
    { mtb: ["MTB-PL1-BC-CPI-5"] },
  ),
  "block-escalation": benchmark(
    "block-escalation",
    "lets processes gain more privileges",
    "root by a set-user-id program",
    ["pod-security", "rule:privileged"],
    (context) => create(pod(context, "mtb", { security: { allowPrivilegeEscalation: true } })),
    { mtb: ["MTB-PL1-BC-CPI-6"] },
  ),
  "block-quota-change": benchmark(
    "block-quota-change",
    "changes its quota",
    "the whole host",
    ["rbac", "rule:platform-guardrails"],
    ({ tenant }) =>
      patch(
        {
          apiVersion: "v1",
          kind: "ResourceQuota",
          metadata: { name: "tenclave-tenant", namespace: tenant.namespace },
        },
        { spec: { hard: { pods: "10000" } } },
      ),
    { mtb: ["MTB-PL1-CC-TI-1"] },
  ),
  "block-other-tenants": benchmark(
    "block-other-tenants",
    "lists another tenant's Secrets",
    "that tenant's keys",
    ["rbac"],
    ({ neighbour }) => get(`/api/v1/namespaces/${neighbour.namespace}/secrets`),
    { mtb: ["MTB-PL1-CC-TI-2"] },
  ),
  "block-role-escalation": benchmark(
    "block-role-escalation",
    "makes a RoleBinding to cluster-admin",
    "rights it does not have",
    ["rbac", "rule:platform-guardrails", "rule:tenant-grants"],
    ({ tenant }) =>
      create({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "mtb", namespace: tenant.namespace },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: `vc-${tenant.name}`, namespace: tenant.namespace }],
      }),
    { mtb: ["MTB-PL2-CC-TI-1"] },
  ),
  "block-host-path": benchmark(
    "block-host-path",
    "mounts a path of the node",
    "keys and pods of everybody on the node",
    ["pod-security", "rule:volumes"],
    (context) =>
      create(pod(context, "mtb", { spec: { volumes: [{ name: "host", hostPath: { path: "/etc" } }] } })),
    { mtb: ["MTB-PL1-BC-HI-1"] },
  ),
  "block-node-ports": benchmark(
    "block-node-ports",
    "opens a port on every node",
    "a way in past the fence",
    ["rule:service-type", "quota"],
    (context) =>
      create(synced(context, "v1", "Service", "mtb", { spec: { type: "NodePort", ports: [{ port: 80 }] } })),
    { mtb: ["MTB-PL1-BC-HI-1"] },
  ),
  "block-host-network": benchmark(
    "block-host-network",
    "takes the node's network and a port of it",
    "the node's address, past the fence",
    ["pod-security", "rule:host-namespaces", "rule:host-ports"],
    (context) =>
      create(
        pod(context, "mtb", {
          spec: { hostNetwork: true },
          container: { ports: [{ containerPort: 8080, hostPort: 8080 }] },
        }),
      ),
    { mtb: ["MTB-PL1-BC-HI-3"] },
  ),
  "block-host-pid": benchmark(
    "block-host-pid",
    "takes the node's process ids",
    "processes of everybody on the node",
    ["pod-security", "rule:host-namespaces"],
    (context) => create(pod(context, "mtb", { spec: { hostPID: true } })),
    { mtb: ["MTB-PL1-BC-HI-4"] },
  ),
  "block-host-ipc": benchmark(
    "block-host-ipc",
    "takes the node's shared memory",
    "shared memory of everybody on the node",
    ["pod-security", "rule:host-namespaces"],
    (context) => create(pod(context, "mtb", { spec: { hostIPC: true } })),
    { mtb: ["MTB-PL1-BC-HI-5"] },
  ),
  "have-quotas": benchmark(
    "have-quotas",
    "looks whether its namespace has resource quotas",
    "without, one tenant takes all",
    [],
    ({ tenant }) => get(`/api/v1/namespaces/${tenant.namespace}/resourcequotas`),
    {
      as: Attacker.ADMINISTRATOR,
      mtb: ["MTB-PL1-CC-FNS-1"],
      expect: {
        harmless: "CPU, memory, storage and scratch are limited",
        shows: missing("quota of CPU, memory, storage and scratch", (items) =>
          items.some(({ spec }) =>
            ["requests.cpu", "limits.memory", "requests.storage", "limits.ephemeral-storage"].every(
              (key) => key in ((spec?.hard ?? {}) as object),
            ),
          ),
        ),
      },
    },
  ),
  "have-object-limits": benchmark(
    "have-object-limits",
    "looks whether its namespace has object quotas",
    "without, one tenant fills the store",
    [],
    ({ tenant }) => get(`/api/v1/namespaces/${tenant.namespace}/resourcequotas`),
    {
      as: Attacker.ADMINISTRATOR,
      mtb: ["MTB-PL1-CC-FNS-2"],
      expect: {
        harmless: "every kind that the syncer makes is counted",
        shows: missing("quota of pods, Services, Secrets, ConfigMaps, claims and endpoints", (items) => {
          const keys = items.flatMap(({ spec }) => Object.keys((spec?.hard ?? {}) as object));
          return [
            "pods",
            "count/pods",
            "services",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "count/endpoints",
            "count/endpointslices.discovery.k8s.io",
          ].every((key) => keys.includes(key));
        }),
      },
    },
  ),
  "pull-policy": benchmark(
    "pull-policy",
    "runs an image with pull policy IfNotPresent",
    "an image that a neighbour pulled, without its credentials",
    [],
    (context) => create(pod(context, "mtb", { container: { imagePullPolicy: "IfNotPresent" } })),
    {
      mtb: ["MTB-PL1-CC-DI-1"],
      expect: {
        harmless:
          "on an own pool no neighbour's image is there, and kubelets of 1.35 ask the registry anyway; on a shared pool of 1.34 a private image of a neighbour can be started by who knows its name",
        shows: ({ body }) => ((body as Manifest).kind === "Pod" ? [] : ["no pod"]),
      },
    },
  ),
  "role-bindings-inside": benchmark(
    "role-bindings-inside",
    "makes a RoleBinding of its own on the host",
    "self-service belongs inside the virtual cluster, where it passes",
    ["rbac", "rule:platform-guardrails"],
    ({ tenant }) =>
      create({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "mtb", namespace: tenant.namespace },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "colleague@example.com" }],
      }),
    { mtb: ["MTB-PL2-BC-OPS-3"] },
  ),
  "network-policies-inside": benchmark(
    "network-policies-inside",
    "makes a NetworkPolicy of its own on the host",
    "a policy that allows opens the fence, because policies add up",
    ["rbac", "rule:platform-guardrails"],
    ({ tenant }) =>
      create({
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "mtb", namespace: tenant.namespace },
        spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] },
      }),
    { mtb: ["MTB-PL2-BC-OPS-4"] },
  ),
};

/** All nineteen, as attacks. */
export const BENCHMARK_ATTACKS: readonly Attack[] = Object.values(ATTACKS);

const row = (
  id: string,
  title: string,
  attack: keyof typeof ATTACKS,
  expected: Benchmark["expected"] = "met",
): Benchmark => ({ id, title, expected, attack: `mtb-${attack}` });

/** The nineteen checks in the order of the project. SOURCE: kubectl-mtb, test/benchmarks, 2021. */
export const BENCHMARKS: readonly Benchmark[] = [
  row("MTB-PL1-CC-CPI-1", "Block access to cluster resources", "block-cluster-resources"),
  row("MTB-PL1-BC-CPI-2", "Block Multitenant Resources", "block-platform-objects"),
  row("MTB-PL1-BC-CPI-3", "Block add capabilities", "block-capabilities"),
  row("MTB-PL1-BC-CPI-4", "Require run as non-root user", "require-non-root"),
  row("MTB-PL1-BC-CPI-5", "Block privileged containers", "block-privileged"),
  row("MTB-PL1-BC-CPI-6", "Block privilege escalation", "block-escalation"),
  row("MTB-PL1-CC-TI-1", "Block modification of resource quotas", "block-quota-change"),
  row("MTB-PL1-CC-TI-2", "Block access to other tenant resources", "block-other-tenants"),
  row("MTB-PL2-CC-TI-1", "Block role privilege escalation", "block-role-escalation"),
  row("MTB-PL1-BC-HI-1", "Block use of host path volumes", "block-host-path"),
  row("MTB-PL1-BC-HI-1", "Block use of NodePort services", "block-node-ports"),
  row("MTB-PL1-BC-HI-3", "Block use of host networking and ports", "block-host-network"),
  row("MTB-PL1-BC-HI-4", "Block use of host PID", "block-host-pid"),
  row("MTB-PL1-BC-HI-5", "Block use of host IPC", "block-host-ipc"),
  row("MTB-PL1-CC-FNS-1", "Configure namespace resource quotas", "have-quotas"),
  row("MTB-PL1-CC-FNS-2", "Configure namespace object limits", "have-object-limits"),
  row("MTB-PL1-CC-DI-1", "Require always imagePullPolicy", "pull-policy", "met by another means"),
  row("MTB-PL2-BC-OPS-3", "Create Role Bindings", "role-bindings-inside", "met on the host, offered inside"),
  row(
    "MTB-PL2-BC-OPS-4",
    "Create Network Policies",
    "network-policies-inside",
    "met on the host, offered inside",
  ),
];
