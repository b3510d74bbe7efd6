// What a pod that runs an enclave must ask for, as typed data.
import type { PodSpec } from "kubernetes-types/core/v1";
import type * as z from "../core/zod";
import { isName } from "../core/names";
import { assertShape, shape } from "../core/option-shape";
import { parseQuantity } from "../tenant/quantity";
import type { PoolReference } from "./node-pool";
import { refusal, type Refusal } from "./refusal";

/** What the pod wants. */
export interface EnclavePodOptions {
  /** Image of the program that starts the enclave: it holds the enclave image file and `nitro-cli`. Fails with POOL_ENCLAVES when empty. */
  readonly image: string;
  /** Huge pages for all the pod's enclaves, MiB, whole pages of the pool's size, at least 64 for each. Fails with POOL_ENCLAVES. */
  readonly memoryMiB: number;
  /** Enclaves the pod runs. Fails with POOL_ENCLAVES when a node runs fewer. @default 1 */
  readonly enclaves?: number;
  /**
   * True for a pod of a virtual cluster: the tenant's RuntimeClass is put on by the syncer, and a class of the host is
   * unknown inside. False names the pool's RuntimeClass.
   * @default false
   */
  readonly inVirtualCluster?: boolean;
  /** Container name, DNS-1123. Fails with POOL_ENCLAVES. @default enclave */
  readonly name?: string;
  /** CPU the program outside the enclave gets, Kubernetes quantity. Fails with POOL_ENCLAVES. @default 250m */
  readonly cpu?: string;
  /** Memory the program outside the enclave gets, Kubernetes quantity. Fails with POOL_ENCLAVES. @default 256Mi */
  readonly memory?: string;
}

const SHAPE = shape.object({
  image: shape.text,
  memoryMiB: shape.number,
  enclaves: shape.number.optional(),
  inVirtualCluster: shape.flag.optional(),
  name: shape.text.optional(),
  cpu: shape.text.optional(),
  memory: shape.text.optional(),
} satisfies Record<keyof EnclavePodOptions, z.ZodType>);

/** MiB the driver wants at least to start an enclave: NE_MIN_ENCLAVE_MEM_SIZE. */
export const LEAST_ENCLAVE_MIB = 64;
export const ENCLAVE_DRIVER = "aws/aws-nitro-enclaves-cli, drivers/virt/nitro_enclaves, 2026-08-13";

const QUANTITIES = "Kubernetes documentation, Resource Management for Pods and Containers, 2026";

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

/** MiB of a huge page, by the name Kubernetes gives it. */
export const HUGE_PAGE_MIB: Readonly<Record<string, number>> = { "2Mi": 2, "1Gi": 1024 };

/**
 * The spec of a pod that runs an enclave on a pool: the enclave resource, huge pages with their volume, the pool's
 * RuntimeClass, and a security context that Pod Security `restricted` takes. The pod itself is outside the enclave.
 *
 * Fails with POOL_ENCLAVES when it does not fit a node of the pool. In a virtual cluster the tenant's file must allow it:
 * `quota.enclaves` is 0 unless it says more. Enclaves' CPUs are not counted by Kubernetes: what
 * `nitro-cli` takes must add up to the pool's own on each node.
 */
export function enclavePod(pool: PoolReference, options: EnclavePodOptions): PodSpec {
  const scope = `pools.${pool.name}`;
  assertShape(scope, SHAPE, options);
  const { image, memoryMiB, enclaves = 1, name = "enclave", cpu = "250m", memory = "256Mi" } = options;
  const room = pool.capacity.enclaves;
  const source = "AWS Nitro Enclaves User Guide, Using Nitro Enclaves with Amazon EKS, 2026";
  if (!room)
    throw refusal("POOL_ENCLAVES", scope, {
      rule: "a pod with an enclave needs a pool whose nodes set CPUs and memory aside",
      got: `a pool without enclaves (tee '${pool.tee}', ${pool.machineType})`,
      source,
      use: "name a pool with tee: Tee.NITRO_ENCLAVES and enclaves, like one of m6i.xlarge",
    });
  const size = room.hugePages.replace("hugepages-", "");
  const pageMiB = HUGE_PAGE_MIB[size]!;
  const milliCores = times(parseQuantity(cpu), 1000);
  const mebibytes = times(parseQuantity(memory), 2 ** -20);
  const rules: readonly (readonly [boolean, Refusal])[] = [
    [
      !Number.isInteger(enclaves) || enclaves < 1 || enclaves > room.nodeEnclaves,
      {
        rule: `a pod's enclaves must be a whole number from 1 to the ${room.nodeEnclaves} a node of the pool runs`,
        got: `${enclaves}`,
        source,
        use: "ask for fewer, or raise the pool's enclaves.maxEnclaves",
      },
    ],
    [
      !Number.isInteger(memoryMiB) || memoryMiB < 1 || memoryMiB % pageMiB !== 0,
      {
        rule: `memoryMiB must be whole pages of ${room.hugePages}, ${pageMiB} MiB each`,
        got: `${memoryMiB}`,
        source,
        use: `round it up to a multiple of ${pageMiB}`,
      },
    ],
    [
      memoryMiB > room.nodeMemoryMiB,
      {
        rule: `memoryMiB must fit the ${room.nodeMemoryMiB} MiB a node of the pool sets aside`,
        got: `${memoryMiB}`,
        source,
        use: "ask for less, or raise the pool's enclaves.memoryMiB",
      },
    ],
    [
      memoryMiB < LEAST_ENCLAVE_MIB * enclaves,
      {
        rule: `memoryMiB must hold ${LEAST_ENCLAVE_MIB} MiB for each of ${enclaves} enclaves: the driver starts none with less`,
        got: `${memoryMiB}`,
        source: ENCLAVE_DRIVER,
        use: `ask for at least ${LEAST_ENCLAVE_MIB * enclaves}`,
      },
    ],
    [
      image.trim() === "" || !isName(name, 63),
      {
        rule: "image must name an image, and name must be a DNS-1123 label",
        got: `image '${image}' and name '${name}'`,
        source: "Kubernetes documentation, Object Names and IDs, 2026",
        use: "write an image like registry.example.com/signer:1, and leave name out for enclave",
      },
    ],
    [
      milliCores === undefined || mebibytes === undefined,
      {
        rule: "cpu and memory must be Kubernetes quantities",
        got: `cpu '${cpu}' and memory '${memory}'`,
        source: QUANTITIES,
        use: "write them like 250m and 256Mi",
      },
    ],
    [
      milliCores! > pool.capacity.nodeMilliCpu || mebibytes! > pool.capacity.nodeMemoryMiB,
      {
        rule: `cpu and memory must fit the ${pool.capacity.nodeMilliCpu}m and ${pool.capacity.nodeMemoryMiB} MiB a node of the pool has left`,
        got: `cpu '${cpu}' and memory '${memory}'`,
        source: QUANTITIES,
        use: "ask for less, or take a larger machine",
      },
    ],
  ];
  const broken = rules.find(([fails]) => fails);
  if (broken) throw refusal("POOL_ENCLAVES", scope, broken[1]);

  const resources = { cpu, memory, [room.hugePages]: `${memoryMiB}Mi`, [room.resource]: `${enclaves}` };
  return {
    ...(options.inVirtualCluster ? {} : { runtimeClassName: pool.runtimeClassName }),
    securityContext: {
      runAsNonRoot: true,
      ...(room.deviceGroup === undefined ? {} : { supplementalGroups: [room.deviceGroup] }),
      seccompProfile:
        room.seccompProfile === undefined
          ? { type: "RuntimeDefault" }
          : { type: "Localhost", localhostProfile: room.seccompProfile },
    },
    containers: [
      {
        name,
        image,
        resources: { requests: { ...resources }, limits: { ...resources } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        volumeMounts: [{ name: "hugepages", mountPath: `/hugepages-${size}` }],
      },
    ],
    volumes: [{ name: "hugepages", emptyDir: { medium: `HugePages-${size}` } }],
  };
}
