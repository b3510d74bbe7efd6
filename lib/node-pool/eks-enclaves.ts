// What a node can set aside for Nitro Enclaves: whole cores, huge pages, and what the parent must keep.
import type { ErrorScope } from "../core/errors";
import { eksNodeCapacity, type EksInstanceType } from "./eks-instance-type";
import { ENCLAVE_DRIVER, HUGE_PAGE_MIB, LEAST_ENCLAVE_MIB } from "./enclave-pod";
import type { EnclaveCapacity } from "./node-pool";
import { refusal, type Refusal } from "./refusal";

/** What a pool sets aside for enclaves on each of its nodes. A change recycles nodes. */
export interface EksEnclaveOptions {
  /**
   * Memory of all enclaves of a node together, MiB, a multiple of the huge page size, at least 64 for each enclave. Pods
   * lose it. An enclave needs at least four times its image file. Fails with POOL_ENCLAVES.
   */
  readonly memoryMiB: number;
  /**
   * vCPUs of all enclaves of a node together, whole cores: even on Intel and on AMD up to the 6a line, any number on the
   * 7a and 8a lines and Graviton. The node keeps one core. Fails with POOL_ENCLAVES.
   */
  readonly vcpus: number;
  /**
   * Enclaves a node runs at most, 1 to 4. Each takes a core. Fails with POOL_ENCLAVES.
   * @default - as many as `vcpus` has cores, up to 4
   */
  readonly maxEnclaves?: number;
  /**
   * Huge page size: `2Mi` or `1Gi`. Pods ask for the same. Fails with POOL_ENCLAVES.
   * @default 2Mi
   */
  readonly hugePages?: string;
}

/** Resource the device plug-in offers, one for each enclave. SOURCE: aws-nitro-enclaves-k8s-device-plugin v0.4.1. */
export const ENCLAVE_RESOURCE = "aws.ec2.nitro/nitro_enclaves";

/** Label the device plug-in's own manifests select nodes by. */
export const ENCLAVE_NODE_LABEL: Readonly<Record<string, string>> = {
  "aws-nitro-enclaves-k8s-dp": "enabled",
};

/**
 * Group of /dev/nitro_enclaves on the nodes. The package makes group `ne` with whatever number is free, so the number is
 * given before: a pod that does not run as root joins it by number.
 */
export const ENCLAVE_GROUP = 7563;

/** Seccomp profile on the nodes, below kubelet's folder for profiles. */
export const ENCLAVE_SECCOMP_PROFILE = "tenclave/enclave.json";

/** What enclaves of one parent need. SOURCE: NITRO_GUIDE, requirements. */
const MOST_ENCLAVES = 4;

/** MiB the pod that runs an enclave needs at least. CPU is no matter: the core that stays is enough for it. */
const PARENT_POD_MIB = 256;

const NITRO_GUIDE = "AWS Nitro Enclaves User Guide, 2026";
const ALLOCATOR = "aws/aws-nitro-enclaves-cli, nitro-enclaves-allocator, 2026-08-13";
const KUBELET = "awslabs/amazon-eks-ami, kubelet defaults, 2026-07-23";

/**
 * Checks what is set aside against the instance type and returns it as capacity. Fails with POOL_ENCLAVES.
 * `name` is the instance type's name.
 */
export function eksEnclaveCapacity(
  scope: ErrorScope,
  name: string,
  type: EksInstanceType,
  options: EksEnclaveOptions,
): EnclaveCapacity {
  const { memoryMiB, vcpus, hugePages = "2Mi" } = options;
  const cores = Math.floor(vcpus / type.threadsPerCore);
  const { maxEnclaves = Math.min(MOST_ENCLAVES, cores) } = options;
  const capacity: EnclaveCapacity = {
    nodeEnclaves: maxEnclaves,
    nodeVcpus: vcpus,
    nodeMemoryMiB: memoryMiB,
    resource: ENCLAVE_RESOURCE,
    hugePages: `hugepages-${hugePages}`,
    deviceGroup: ENCLAVE_GROUP,
    seccompProfile: ENCLAVE_SECCOMP_PROFILE,
  };
  const pageMiB = Object.hasOwn(HUGE_PAGE_MIB, hugePages) ? HUGE_PAGE_MIB[hugePages] : undefined;
  const room = type.vcpus - type.threadsPerCore;
  const least = LEAST_ENCLAVE_MIB * maxEnclaves;
  const left = eksNodeCapacity(type, 1, capacity);
  const rules: readonly (readonly [boolean, Refusal])[] = [
    [
      pageMiB === undefined,
      {
        rule: `enclaves.hugePages must be ${Object.keys(HUGE_PAGE_MIB).join(" or ")}`,
        got: `'${hugePages}'`,
        source: "Kubernetes documentation, Manage HugePages, 2026",
        use: "leave it out for 2Mi",
      },
    ],
    [
      !Number.isInteger(vcpus) || vcpus < 1 || vcpus % type.threadsPerCore !== 0,
      {
        rule: `enclaves.vcpus must be whole cores, multiples of ${type.threadsPerCore} on ${name}`,
        got: `${vcpus}`,
        source: ALLOCATOR,
        use: `set ${type.threadsPerCore} to ${room}`,
      },
    ],
    [
      vcpus > room,
      {
        rule: `enclaves.vcpus must leave the node a core: at most ${room} of the ${type.vcpus} vCPUs of ${name}`,
        got: `${vcpus}`,
        source: NITRO_GUIDE,
        use: `set at most ${room}, or take a larger type of family ${type.family}`,
      },
    ],
    [
      !Number.isInteger(maxEnclaves) || maxEnclaves < 1 || maxEnclaves > MOST_ENCLAVES,
      {
        rule: `enclaves.maxEnclaves must be a whole number from 1 to ${MOST_ENCLAVES}, the most a parent runs`,
        got: `${maxEnclaves}`,
        source: NITRO_GUIDE,
        use: `set at most ${MOST_ENCLAVES}, and more nodes for more enclaves`,
      },
    ],
    [
      maxEnclaves > cores,
      {
        rule: `enclaves.vcpus must hold a core for each of ${maxEnclaves} enclaves, ${maxEnclaves * type.threadsPerCore} vCPUs on ${name}`,
        got: `${vcpus}`,
        source: NITRO_GUIDE,
        use: "raise vcpus or lower maxEnclaves",
      },
    ],
    [
      !Number.isInteger(memoryMiB) || memoryMiB < 1 || memoryMiB % (pageMiB ?? 1) !== 0,
      {
        rule: `enclaves.memoryMiB must be a multiple of the huge page size, ${pageMiB} MiB`,
        got: `${memoryMiB}`,
        source: ALLOCATOR,
        use: `set ${pageCeiling(Math.max(memoryMiB || 0, least), pageMiB)}`,
      },
    ],
    [
      memoryMiB < least,
      {
        rule: `enclaves.memoryMiB must hold ${LEAST_ENCLAVE_MIB} MiB for each of ${maxEnclaves} enclaves: the driver starts none with less`,
        got: `${memoryMiB}`,
        source: ENCLAVE_DRIVER,
        use: `set at least ${pageCeiling(least, pageMiB)}, or lower maxEnclaves`,
      },
    ],
    [
      left.nodeMemoryMiB < PARENT_POD_MIB,
      {
        rule:
          `enclaves.memoryMiB must leave the node what it needs itself and ${PARENT_POD_MIB} MiB for the pod that ` +
          `runs the enclave, on ${name} of ${type.memoryGiB} GiB`,
        got: `${memoryMiB}`,
        source: KUBELET,
        use: `set at most ${pageFloor(memoryMiB + left.nodeMemoryMiB - PARENT_POD_MIB, pageMiB)}, or take a larger type`,
      },
    ],
  ];
  const broken = rules.find(([fails]) => fails);
  if (broken) throw refusal("POOL_ENCLAVES", scope, broken[1]);
  return capacity;
}

function pageCeiling(mib: number, pageMiB = 1): number {
  return Math.ceil(mib / pageMiB) * pageMiB;
}

function pageFloor(mib: number, pageMiB = 1): number {
  return Math.max(0, Math.floor(mib / pageMiB) * pageMiB);
}
