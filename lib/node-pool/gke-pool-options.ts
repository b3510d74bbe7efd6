// What may be asked of a GKE node pool.
import type { PoolOptions } from "./pool-options";

/** What a GKE node pool is made of. Fails with OPTION_TYPE when a value has another type. */
export interface GkeNodePoolOptions extends PoolOptions {
  /**
   * Compute Engine machine type, like `c3-standard-8`. Makes a new pool beside the old one. Fails with
   * POOL_MACHINE_TYPE when it is not in the table, or not in the table of the TEE.
   */
  readonly machineType: string;
  /**
   * Zones of the host's region, like `europe-west4-a`. Fails with POOL_ZONES: outside the region, or where Google does
   * not sell the machine type with its TEE. Changed in place; volumes stay in their zone.
   * @default - the zones that sell it, at most one a node; in regions the library does not know they must be named
   */
  readonly zones?: readonly string[];
  /**
   * Boot disk, GiB, 20 to 65536. Fails with POOL_SIZE. Holds images and every pod's scratch space. Recycles nodes.
   * @default 100
   */
  readonly diskGiB?: number;
  /**
   * Type of the boot disk. Makes a new pool. Fails with POOL_DISK when the machine type or the TEE does not take it.
   * @default - pd-balanced; hyperdisk-balanced on C4 and C4D, and with confidentialStorage
   */
  readonly diskType?: string;
  /**
   * True encrypts the boot disk in hardware beside the customer's key (confidential mode for Hyperdisk Balanced). With
   * AMD SEV alone; UNPROVEN with SEV-SNP. Makes a new pool. Fails with POOL_DISK.
   * @default false
   */
  readonly confidentialStorage?: boolean;
  /**
   * Encryption of the local SSDs of `-lssd` types: `STANDARD_ENCRYPTION` or `EPHEMERAL_KEY_ENCRYPTION`, whose key dies
   * with the machine, also in a crash. Google holds the key either way. Makes a new pool. Fails with POOL_DISK.
   * @default STANDARD_ENCRYPTION
   */
  readonly localSsdEncryption?: string;
  /**
   * Node image: `COS_CONTAINERD` or `UBUNTU_CONTAINERD`. Recycles nodes. Fails with POOL_OS, and with POOL_VERSION when
   * the TEE needs a newer version on it.
   * @default COS_CONTAINERD
   */
  readonly imageType?: string;
  /**
   * Version nodes start with, like `1.34.1-gke.2909000`, of the host's minor. Auto-upgrade raises it; a change here
   * touches no node that runs. Needed where a TEE works from a patch of the host's minor on. Fails with POOL_VERSION.
   * @default - GKE's default for the cluster
   */
  readonly nodeVersion?: string;
  /**
   * Minimum CPU platform, like `AMD Milan`. Makes a new pool. Fails with GKE_CPU_PLATFORM.
   * @default - what the TEE needs: AMD Milan for SEV-SNP, Intel Granite Rapids for TDX on C4
   */
  readonly minCpuPlatform?: string;
  /**
   * True fails with POOL_FEATURE where nodes stop for host maintenance instead of moving: everywhere but on plain nodes
   * without local SSDs, and on AMD SEV on N2D with minCpuPlatform `AMD Milan`. Spot nodes never move.
   * @default false
   */
  readonly expectLiveMigration?: boolean;
  /**
   * True uses spare capacity, which Google may take back at any time. Shows as a warning. Makes a new pool.
   * @default false
   */
  readonly spot?: boolean;
  /**
   * Name of a Compute Engine reservation to take nodes from. Makes a new pool. Fails with POOL_FEATURE with SEV-SNP, TDX
   * and spot.
   * @default - none
   */
  readonly reservation?: string;
  /**
   * Name of a sole-tenant node group. Makes a new pool. Fails with POOL_FEATURE with TDX and on E2;
   * UNPROVEN with SEV, SEV-SNP and spot.
   * @default - hosts are shared
   */
  readonly soleTenantNodeGroup?: string;
  /**
   * Sandbox of pods, `gvisor`. Fails with POOL_FEATURE: the pinned google provider cannot ask for it.
   * @default - none
   */
  readonly sandbox?: string;
  /**
   * How GKE installs the GPU driver on GPU nodes: `DEFAULT`, `LATEST` or `INSTALLATION_DISABLED`. Makes a new pool.
   * Fails with POOL_FEATURE on nodes without a GPU.
   * @default - DEFAULT on GPU nodes
   */
  readonly gpuDriver?: string;
}

/** What a pool must know of its host. */
export interface GkePlace {
  /** Region of the cluster. */
  readonly location: string;
  /** Minor, like `1.34`. */
  readonly kubernetesVersion: string;
}
