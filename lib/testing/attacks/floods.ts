// Too large, too many: what the host's store, its API server and its nodes would have to hold.
import { Attacker, type Attack, type AttackContext, type AttackRequest } from "../attack";
import { create, pod, synced } from "../requests";

const MIB = 1024 * 1024;

/** Everything a quota asks for, so that no default is needed. */
const MODEST = { cpu: "1m", memory: "1Mi", "ephemeral-storage": "1Mi" };

/** Objects that no store should see. */
const HUGE: readonly Attack[] = [
  {
    id: "huge-configmap",
    as: Attacker.SYNCER,
    does: "makes a ConfigMap of 1.5 MiB",
    why: "a few hundred of them fill the host's store",
    expect: "refused",
    stoppedBy: ["api-server"],
    says: /Too long/,
    request: (context) =>
      create(synced(context, "v1", "ConfigMap", "huge", { data: { a: "x".repeat(1.5 * MIB) } })),
  },
  {
    id: "huge-secret",
    as: Attacker.SYNCER,
    does: "makes a Secret of 1.5 MiB",
    why: "a few hundred of them fill the host's store",
    expect: "refused",
    stoppedBy: ["api-server"],
    says: /Too long/,
    request: (context) =>
      create(synced(context, "v1", "Secret", "huge", { stringData: { a: "x".repeat(1.5 * MIB) } })),
  },
  {
    id: "huge-annotation",
    as: Attacker.SYNCER,
    does: "puts 300 KiB of annotations on a pod",
    why: "every controller that watches pods holds them in memory",
    expect: "refused",
    stoppedBy: ["api-server"],
    says: /annotations: Too long/,
    request: (context) => create(pod(context, "huge", { annotations: { a: "x".repeat(300 * 1024) } })),
  },
  {
    id: "huge-request",
    as: Attacker.SYNCER,
    does: "sends a request of 4 MiB",
    why: "the API server holds it in memory",
    expect: "refused",
    stoppedBy: ["api-server"],
    says: /too large/,
    request: (context) =>
      create(synced(context, "v1", "ConfigMap", "huge", { data: { a: "x".repeat(4 * MIB) } })),
  },
  {
    id: "yaml-bomb",
    as: Attacker.SYNCER,
    does: "sends YAML whose aliases expand to a billion entries",
    why: "the API server's memory",
    expect: "refused",
    stoppedBy: ["api-server"],
    says: /excessive aliasing/,
    request: ({ tenant }) => ({
      method: "POST",
      path: `/api/v1/namespaces/${tenant.namespace}/configmaps`,
      contentType: "application/yaml",
      body: yamlBomb(),
    }),
  },
];

/** More of the nodes than the tenant's file says. */
const GREED: readonly Attack[] = [
  greedy("cpu", "a thousand cores", { requests: { cpu: "1000" } }, ["quota"]),
  greedy("memory", "a pebibyte of memory", { limits: { memory: "1Pi" } }, ["limits", "quota"]),
  greedy(
    "scratch",
    "11 GiB of the node's disk for one container",
    { limits: { "ephemeral-storage": "11Gi" } },
    ["limits"],
  ),
  {
    id: "greedy-storage",
    as: Attacker.SYNCER,
    does: "claims a volume of 100 TiB",
    why: "paid by the platform, and kept after the tenant is gone",
    expect: "refused",
    stoppedBy: ["quota"],
    request: (context) => create(claim(context, "greedy", "100Ti")),
  },
  {
    id: "greedy-device",
    as: Attacker.SYNCER,
    does: "asks for a device that hands out evidence of the whole node",
    why: "whoever holds it can have any key attested",
    expect: "refused",
    stoppedBy: ["quota"],
    when: (context) => device(context) !== undefined,
    request: (context) => {
      const name = device(context)!;
      return create(
        pod(context, "device", {
          container: { resources: { limits: { [name]: "1" }, requests: { [name]: "1" } } },
        }),
      );
    },
  },
];

interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

function greedy(
  id: string,
  what: string,
  { requests, limits }: Resources,
  stoppedBy: Attack["stoppedBy"],
): Attack {
  return {
    id: `greedy-${id}`,
    as: Attacker.SYNCER,
    does: `asks for ${what}`,
    why: "neighbours' pods find no room",
    expect: "refused",
    stoppedBy,
    request: (context) =>
      create(
        pod(context, `greedy-${id}`, {
          container: {
            resources: {
              requests: { ...MODEST, ...requests },
              limits: { memory: MODEST.memory, "ephemeral-storage": MODEST["ephemeral-storage"], ...limits },
            },
          },
        }),
      ),
  };
}

/** An extended resource of which the tenant has none. */
function device({ quota }: AttackContext): string | undefined {
  const key = Object.keys(quota).find(
    (name) => name.startsWith("requests.") && name.includes("/") && quota[name] === "0",
  );
  return key?.slice("requests.".length);
}

/** One object after the other until the quota is full, and the quota's key. */
const FLOODS: readonly (readonly [
  id: string,
  key: string,
  why: string,
  request: (context: AttackContext, index: number) => AttackRequest,
])[] = [
  [
    "configmaps",
    "configmaps",
    "the host's store",
    (context, n) => create(synced(context, "v1", "ConfigMap", `flood-${n}`)),
  ],
  [
    "secrets",
    "secrets",
    "the host's store",
    (context, n) => create(synced(context, "v1", "Secret", `flood-${n}`)),
  ],
  [
    "services",
    "services",
    "rules on every node, addresses of the Service range",
    (context, n) =>
      create(
        synced(context, "v1", "Service", `flood-${n}`, {
          spec: { clusterIP: "None", ports: [{ port: 80 }] },
        }),
      ),
  ],
  [
    "pods",
    "pods",
    "the scheduler, and identities of Cilium",
    (context, n) =>
      create(
        pod(context, `flood-${n}`, {
          labels: { n: `${n}` },
          container: {
            resources: {
              requests: { cpu: "1m", memory: "1Mi", "ephemeral-storage": "1Mi" },
              limits: { memory: "1Mi", "ephemeral-storage": "1Mi" },
            },
          },
        }),
      ),
  ],
  [
    "claims",
    "persistentvolumeclaims",
    "volumes of the cloud, which has limits of its own",
    (context, n) => create(claim(context, `flood-${n}`, "1Mi")),
  ],
  [
    "endpoints",
    "count/endpoints",
    "rules on every node",
    (context, n) => create(synced(context, "v1", "Endpoints", `flood-${n}`)),
  ],
  [
    "endpointslices",
    "count/endpointslices.discovery.k8s.io",
    "rules on every node",
    (context, n) =>
      create(
        synced(context, "discovery.k8s.io/v1", "EndpointSlice", `flood-${n}`, {
          addressType: "IPv4",
          endpoints: [],
        }),
      ),
  ],
  [
    "events",
    "count/events.events.k8s.io",
    "the host's store, for an hour each",
    (context, n) =>
      create(
        synced(context, "v1", "Event", `flood-${n}`, {
          involvedObject: { kind: "Pod", namespace: context.tenant.namespace, name: "x" },
          reason: "Flood",
          type: "Normal",
        }),
      ),
  ],
];

function claim(context: AttackContext, name: string, storage: string): ReturnType<typeof synced> {
  return synced(context, "v1", "PersistentVolumeClaim", name, {
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: context.tenant.storageClasses[0],
      resources: { requests: { storage } },
    },
  });
}

/** All of them. */
export const FLOOD_ATTACKS: readonly Attack[] = [
  ...HUGE,
  ...GREED,
  ...FLOODS.map(([id, key, why, request]): Attack => ({
    id: `flood-${id}`,
    as: Attacker.SYNCER,
    does: `makes ${id} until something refuses`,
    why,
    expect: "refused",
    stoppedBy: ["quota"],
    when: ({ quota }) => Number(quota[key]) >= 1,
    times: ({ quota }) => Number(quota[key]) + 1,
    request,
  })),
];

function yamlBomb(): string {
  const levels = "abcdefghi";
  const lines = [...levels].map((name, level) =>
    level === 0
      ? `${name}: &${name} [x, x, x, x, x, x, x, x, x, x]`
      : `${name}: &${name} [${Array.from({ length: 10 }, () => `*${levels[level - 1]!}`).join(", ")}]`,
  );
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bomb\ndata:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}
