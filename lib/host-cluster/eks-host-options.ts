// What may be asked of an EKS host.
import type { Retention } from "../core/retention";
import type { EksNodePoolOptions } from "../node-pool/eks-pool-options";
import type { EksNetwork } from "./eks-network";
import type { PublicEndpoint } from "./host-checks";

/** Everything about a host that is known before synthesis. Fails with OPTION_TYPE when a value has another type. */
export interface EksHostOptions {
  /** DNS-1123 label, at most 32 characters. Replaces the cluster. Fails with EKS_NAME. */
  readonly name: string;
  /** AWS region, commercial or GovCloud, like `eu-west-1`. Replaces. Fails with EKS_REGION. */
  readonly region: string;
  /** AWS account id, 12 digits. The provider refuses every other account. Fails with EKS_ACCOUNT. */
  readonly account: string;
  /** Kubernetes minor, like `1.34`. Virtual clusters run the same. Fails with EKS_KUBERNETES. */
  readonly kubernetesVersion: string;
  /** The VPC, owned or given. */
  readonly network: EksNetwork;
  /** Node pools; at least one is a system pool. Fails with POOL_SYSTEM and POOL_DUPLICATE. */
  readonly pools: readonly EksNodePoolOptions[];
  /**
   * Principals that administer the cluster: ARNs of roles or users, each once, in the region's partition. The creator is
   * none by itself. Fails with EKS_ADMIN. Whoever runs the in-cluster stacks must be among them.
   */
  readonly admins: readonly string[];
  /**
   * Range of pod addresses, private, an overlay: it needs no room in the VPC. Each node takes a /24.
   * Replaces Cilium's address pool. Fails with EKS_NETWORK_OVERLAP and EKS_POD_RANGE.
   * @default 10.244.0.0/16
   */
  readonly podCidr?: string;
  /**
   * Range of Service addresses, private, /12 to /24. Replaces the cluster. Fails with EKS_NETWORK_OVERLAP.
   * @default 172.20.0.0/16
   */
  readonly serviceCidr?: string;
  /**
   * Days the control-plane logs are kept, one of those CloudWatch knows. Fails with EKS_LOGS.
   * @default 365
   */
  readonly logRetentionDays?: number;
  /**
   * Private ranges outside the VPC that may reach the API endpoint, for runners and administrators behind a VPN or a
   * peering, each once. The VPC's own range always may. Fails with EKS_API_CLIENTS.
   * @default - the VPC alone
   */
  readonly apiClientCidrs?: readonly string[];
  /**
   * Opens the API endpoint to the internet, for the ranges given: public ones, at most 40. Shows as a warning at synth.
   * Fails with EKS_PUBLIC_ENDPOINT.
   * @default - private endpoint only
   */
  readonly publicEndpoint?: PublicEndpoint;
  /**
   * Namespace whose pods may reach tenants' API servers, for tenants with `api.via: gateway`. Fails with EKS_GATEWAY.
   * @default - no gateway
   */
  readonly gatewayNamespace?: string;
  /**
   * KMS key of your own for volumes, by ARN, in the host's region. Its policy must leave use by the CSI driver's role to
   * IAM. Volumes that exist keep their key; the StorageClass cannot change it, so a change fails at the platform layer
   * until the class is deleted. Fails with EKS_KEY.
   * @default - a key the pools layer makes
   */
  readonly volumesKeyArn?: string;
  /**
   * Whether keys and cluster are protected against deletion.
   * @default Retention.KEEP
   */
  readonly retention?: Retention;
}
