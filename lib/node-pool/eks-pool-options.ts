// What may be asked of an EKS node pool.
import type { EksEnclaveOptions } from "./eks-enclaves";
import type { PoolOptions } from "./pool-options";

/** What an EKS node pool is made of. Fails with OPTION_TYPE when a value has another type. */
export interface EksNodePoolOptions extends PoolOptions {
  /**
   * EC2 instance type, like `m6a.xlarge`. Replaces the pool. Fails with POOL_INSTANCE_TYPE when it is not in the
   * table, or not in the table of the TEE. SEV-SNP on Graviton is refused, though the provider accepts it.
   * SOURCE: EC2 DescribeInstanceTypes, 2026-08-02.
   */
  readonly instanceType: string;
  /**
   * True when an autoscaler of yours owns the number of nodes; nothing in this library scales. The group then starts
   * with `minNodes` (at least one) and the number is left alone. Otherwise it has `maxNodes` nodes, which is what
   * tenants' quotas were checked against.
   * @default false
   */
  readonly autoscaled?: boolean;
  /**
   * Root volume, GiB, 20 to 16384. Fails with POOL_SIZE. Holds images and every pod's scratch space. A change recycles nodes.
   * @default 100
   */
  readonly diskGiB?: number;
  /**
   * KMS key of your own for root volumes, by ARN, in the host's region. Its policy must let the service-linked role of
   * Auto Scaling use it and create grants for AWS resources, else instances die at launch (EC2 Auto Scaling guide,
   * required KMS key policy for encrypted volumes). A change recycles nodes. Fails with EKS_KEY.
   * @default - a key of the pool's own
   */
  readonly rootVolumeKeyArn?: string;
  /**
   * What each node sets aside for Nitro Enclaves. Goes with `tee: Tee.NITRO_ENCLAVES`, and it with this. A change
   * recycles nodes. Fails with POOL_ENCLAVES; POOL_FEATURE beside SEV-SNP, which excludes enclaves.
   * @default - no enclaves
   */
  readonly enclaves?: EksEnclaveOptions;
  /**
   * Release of the EKS image, like `1.34.9-20260714`, of the host's Kubernetes minor. A change recycles nodes. Pin one
   * that was tested where nodes have enclaves: with release 20250807 kubelet saw no huge pages (amazon-eks-ami#2367).
   * Fails with POOL_OS; POOL_FEATURE on self-managed nodes, which follow the recommended image.
   * @default - the release EKS picks
   */
  readonly releaseVersion?: string;
  /**
   * True makes an Auto Scaling group of your own instead of a managed node group, for when EKS refuses the launch
   * template of an SEV-SNP pool. Replaces the pool. Nodes are not drained when they are replaced. Fails with
   * POOL_FEATURE on a system pool, EKS_SECURITY_GROUP when the host is given without its security group.
   * @default false
   */
  readonly selfManaged?: boolean;
}
