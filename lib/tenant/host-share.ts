// What a tenant takes from the host: its own quota, its control plane, its CoreDNS and its class's overhead.
import type { PoolReference } from "../node-pool/node-pool";
import { CONTROL_PLANE_SIZES, CONTROL_PLANE_VOLUME_MIB, SYSTEM_SHARE } from "./control-plane-size";
import { mebibytes, milliCpu } from "./quantity";
import type { TenantSpec } from "./tenant-spec";

/** The sums behind the host quota and the capacity check. */
export interface HostShare {
  readonly requestsMilliCpu: number;
  readonly requestsMemoryMiB: number;
  readonly limitsMemoryMiB: number;
  readonly storageMiB: number;
  readonly requestsEphemeralMiB: number;
  readonly limitsEphemeralMiB: number;
  readonly pods: number;
  readonly services: number;
  readonly secrets: number;
  readonly configMaps: number;
  readonly persistentVolumeClaims: number;
  readonly enclaves: number;
  /** Huge pages: what the file says, else an equal part of a node's for each enclave. */
  readonly enclaveMemoryMiB: number;
}

/**
 * Scratch space on nodes' disks, which all tenants of a pool share. The control plane's is the chart's; a container that
 * names none gets the default, and a pod has room for two such.
 */
export const SCRATCH = {
  controlPlane: { requestMiB: 1024, limitMiB: 10 * 1024 },
  container: { requestMiB: 128, limitMiB: 1024 },
} as const;

/** A tenant's share of the host. */
export function hostShare(spec: TenantSpec, pool: PoolReference): HostShare {
  const { quota } = spec;
  const controlPlane = CONTROL_PLANE_SIZES[spec.size]!;
  const { coreDns } = SYSTEM_SHARE;
  const pods = quota.pods + SYSTEM_SHARE.pods;
  return {
    requestsMilliCpu:
      milliCpu(quota.requests.cpu) + controlPlane.milliCpu + coreDns.milliCpu + pods * pool.overhead.milliCpu,
    requestsMemoryMiB:
      mebibytes(quota.requests.memory) +
      controlPlane.memoryMiB +
      coreDns.memoryMiB +
      pods * pool.overhead.memoryMiB,
    limitsMemoryMiB:
      mebibytes(quota.limits.memory) +
      controlPlane.memoryLimitMiB +
      coreDns.memoryLimitMiB +
      pods * pool.overhead.memoryMiB,
    requestsEphemeralMiB: SCRATCH.controlPlane.requestMiB + pods * SCRATCH.container.requestMiB,
    limitsEphemeralMiB: SCRATCH.controlPlane.limitMiB + pods * 2 * SCRATCH.container.limitMiB,
    storageMiB: mebibytes(quota.requests.storage) + CONTROL_PLANE_VOLUME_MIB,
    pods,
    services: quota.services + SYSTEM_SHARE.services,
    // Every pod's token becomes a Secret: the alternative is an annotation anybody who lists pods can read.
    secrets: quota.secrets + quota.pods + SYSTEM_SHARE.secrets,
    configMaps: quota.configMaps + SYSTEM_SHARE.configMaps,
    persistentVolumeClaims: quota.persistentVolumeClaims + SYSTEM_SHARE.persistentVolumeClaims,
    enclaves: quota.enclaves,
    enclaveMemoryMiB: enclaveMemoryMiB(spec, pool),
  };
}

function enclaveMemoryMiB({ quota }: TenantSpec, { capacity: { enclaves } }: PoolReference): number {
  if (quota.enclaveMemory !== undefined) return mebibytes(quota.enclaveMemory);
  return enclaves ? Math.ceil((enclaves.nodeMemoryMiB / enclaves.nodeEnclaves) * quota.enclaves) : 0;
}
