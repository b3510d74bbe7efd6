// What snippets of pods that get secrets on evidence share: images by digest, room, memory, and a tight security context.
import type { Container, EnvVar, PodSpec, Volume } from "kubernetes-types/core/v1";
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { isName } from "../core/names";
import { shape } from "../core/option-shape";
import type * as z from "../core/zod";
import { parseQuantity } from "../tenant/quantity";

/** A pod for a template of a Deployment, StatefulSet or Job. */
export interface WorkloadPod {
  /** Of the pod, beside your own. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

/** A container of yours. */
export interface WorkloadContainer {
  /** Image by digest, `name@sha256:…`: what a tag means, its registry decides. Fails with WORKLOAD_POD. */
  readonly image: string;
  /** @default - the image's entry point */
  readonly command?: readonly string[];
  /** @default - the image's */
  readonly args?: readonly string[];
  /** By name; none of it secret. @default - none but what the snippet adds */
  readonly env?: Readonly<Record<string, string>>;
  /** CPU request, Kubernetes quantity. Fails with WORKLOAD_POD. @default 100m */
  readonly cpu?: string;
  /** Memory request and limit, Kubernetes quantity: files in memory count, too. Fails with WORKLOAD_POD. @default 256Mi */
  readonly memory?: string;
}

/** Where the pod runs. */
export interface WorkloadPlacement {
  /** RuntimeClass of the host's pool. Leave it out in a virtual cluster: the tenant's is put on by the syncer. @default - none */
  readonly runtimeClassName?: string;
  /** User and group of all containers, which share files. Not 0. Fails with WORKLOAD_POD. @default 10001 */
  readonly user?: number;
}

export const CONTAINER_SHAPE = shape.object({
  image: shape.text,
  command: shape.texts.optional(),
  args: shape.texts.optional(),
  env: shape.open({}).optional(),
  cpu: shape.text.optional(),
  memory: shape.text.optional(),
} satisfies Record<keyof WorkloadContainer, z.ZodType>);

export const PLACEMENT_SHAPE = {
  runtimeClassName: shape.text.optional(),
  user: shape.number.optional(),
} satisfies Record<keyof WorkloadPlacement, z.ZodType>;

const USER = 10_001;
const BY_DIGEST = /^[^\s@]+@sha256:[0-9a-f]{64}$/;

/** A rule that an option breaks: `rule, got value; do this`. */
export interface Fault {
  readonly fails: boolean;
  readonly text: string;
}

/** Throws WORKLOAD_POD for the first rule that is broken. */
export function assertPod(scope: ErrorScope, faults: readonly Fault[]): void {
  const broken = faults.find(({ fails }) => fails);
  if (broken) throw new ConfigurationError("WORKLOAD_POD", scope, broken.text);
}

/** What can be wrong with a container. */
export function containerFaults(name: string, { image, cpu, memory, env }: WorkloadContainer): Fault[] {
  return [
    {
      fails: !isName(name, 63),
      text: `a container's name must be a DNS-1123 label, got '${name}'; choose another name`,
    },
    {
      fails: !BY_DIGEST.test(image),
      text: `an image must be named by digest, got '${image}'; write name@sha256:<64 hex digits>`,
    },
    {
      fails: [cpu ?? "1", memory ?? "1"].some((text) => parseQuantity(text) === undefined),
      text: `cpu and memory must be Kubernetes quantities, got '${cpu}' and '${memory}'; write them like 100m and 256Mi`,
    },
    {
      fails: !Object.entries(env ?? {}).every(
        ([key, value]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && typeof value === "string",
      ),
      text: `env must be texts by the name of a variable, got ${Object.keys(env ?? {}).join(", ")}; rename them`,
    },
  ];
}

/** What can be wrong with where it runs. */
export function placementFaults({ user }: WorkloadPlacement): Fault[] {
  return [
    {
      fails: user !== undefined && (!Number.isInteger(user) || user < 1),
      text: `user must be a whole number above 0, because 0 is root, got ${user}; leave it out for ${USER}`,
    },
  ];
}

/** The container as Pod Security `restricted` and a quota want it. */
export function containerOf(
  name: string,
  options: WorkloadContainer,
  added: {
    readonly env?: Readonly<Record<string, string>>;
    readonly mounts?: Container["volumeMounts"];
  } = {},
): Container {
  const { image, command, args, cpu = "100m", memory = "256Mi" } = options;
  const env = envOf({ ...options.env, ...added.env });
  return {
    name,
    image,
    ...(command ? { command: [...command] } : {}),
    ...(args ? { args: [...args] } : {}),
    ...(env.length > 0 ? { env } : {}),
    resources: { requests: { cpu, memory }, limits: { memory } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
    ...(added.mounts ? { volumeMounts: added.mounts } : {}),
  };
}

function envOf(env: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(env).map(([name, value]) => ({ name, value }));
}

/** What the pod itself says: no token of the API server, no root, one group for shared files. */
export function podOf(
  { runtimeClassName, user = USER }: WorkloadPlacement,
  parts: Pick<PodSpec, "containers" | "initContainers" | "volumes">,
): PodSpec {
  return {
    ...(runtimeClassName === undefined ? {} : { runtimeClassName }),
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...parts,
  };
}

/** A volume in memory: its pages are the pod's, so that they are inside the TEE, and count against its memory limit. */
export function memoryVolume(name: string, sizeLimit: string): Volume {
  return { name, emptyDir: { medium: "Memory", sizeLimit } };
}
