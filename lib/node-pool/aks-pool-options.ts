// What may be asked of an AKS node pool.
import type { PoolOptions } from "./pool-options";

/** What an AKS node pool is made of. Fails with OPTION_TYPE when a value has another type. */
export interface AksNodePoolOptions extends PoolOptions {
  /**
   * VM size, like `Standard_DC4as_v5`. A change makes a new pool beside the old one, then takes the old one away. Fails
   * with POOL_VM_SIZE when it is not in the table of the TEE, POOL_RETIRED when Azure has taken it away.
   */
  readonly vmSize: string;
  /**
   * Operating system, as AKS writes it: `AzureLinux`, `Ubuntu`, `Ubuntu2404`, `Ubuntu2204`. A change makes a new pool.
   * Fails with POOL_OS when the image does not exist for the TEE or the Kubernetes version, POOL_UNPROVEN for
   * `AzureLinux3`. `Ubuntu2404` raises the stack's azurerm to 4.67.
   * @default AzureLinux
   */
  readonly osSku?: string;
  /**
   * True runs the pods of this pool's class in a Kata virtual machine each, with a kernel of its own
   * (`KataVmIsolation`): tier ISOLATED. The hypervisor and the host still read their memory, so it goes with no TEE.
   * Needs `AzureLinux`; raises the stack's azurerm to 4.78. A change makes a new
   * pool. Fails with POOL_FEATURE and POOL_OS.
   * @default false
   */
  readonly sandbox?: boolean;
  /**
   * True lays the OS disk on the machine's own disk. It is lost with the node. A change makes a new pool. Fails with
   * POOL_DISK when the size has none or it is too small, POOL_UNPROVEN where Azure's pages disagree.
   * @default false
   */
  readonly ephemeralOsDisk?: boolean;
  /**
   * OS disk, GiB, 30 to 2048; ephemeral ones up to the local disk. Fails with POOL_SIZE. Holds images and every pod's
   * scratch space. A change makes a new pool.
   * @default 128; AKS' own choice for ephemeral ones
   */
  readonly diskGiB?: number;
  /**
   * True encrypts temporary disks and disk caches on the machine's host, too. The subscription needs the feature
   * `Microsoft.Compute/EncryptionAtHost`, which is why it is not the default. A change makes a new pool. Fails with
   * POOL_UNPROVEN on confidential sizes.
   * @default false
   */
  readonly hostEncryption?: boolean;
  /**
   * True takes the image with FIPS-validated modules. A change makes a new pool. Fails with POOL_FEATURE on confidential
   * sizes and with sandbox, POOL_UNPROVEN elsewhere: nobody says that Cilium's WireGuard runs on it.
   * @default false
   */
  readonly fips?: boolean;
  /**
   * Id of a dedicated host group. The cluster's identity needs Contributor on its resource group, which nothing here
   * gives. A change makes a new pool. Fails with HOST_SCOPE, with POOL_FEATURE on confidential
   * sizes, and with POOL_SYSTEM on system pools.
   * @default - shared hosts
   */
  readonly hostGroupId?: string;
  /**
   * Zones, `"1"` to `"3"`, those of the region that stock the size. A change makes a new pool. Fails with POOL_ZONES.
   * @default - regional, without zones
   */
  readonly zones?: readonly string[];
  /**
   * True lets the cluster autoscaler of AKS move the number of nodes between `minNodes` and `maxNodes`. Otherwise the
   * pool has `maxNodes` nodes, which is what tenants' quotas were checked against.
   * @default false
   */
  readonly autoscaled?: boolean;
}
