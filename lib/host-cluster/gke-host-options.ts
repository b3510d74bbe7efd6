// What may be asked of a GKE host.
import type { Retention } from "../core/retention";
import type { GkeNodePoolOptions } from "../node-pool/gke-pool-options";
import type { GkeNetwork } from "./gke-network";
import type { PublicEndpoint } from "./host-checks";

/** When GKE may work on the cluster. At least 48 hours must be left in every 32 days, 4 to 24 at a time. */
export interface GkeMaintenanceWindow {
  /** First start, like `2026-01-03T02:00:00Z`. */
  readonly start: string;
  /** First end, like `2026-01-03T10:00:00Z`. */
  readonly end: string;
  /** RFC 5545, daily, weekly or monthly, like `FREQ=WEEKLY;BYDAY=SA,SU`. */
  readonly recurrence: string;
}

/** A time in which GKE stays on the Kubernetes minor; patches still come. */
export interface GkeMinorHold {
  /** First day, `YYYY-MM-DD`. */
  readonly from: string;
  /** Last day, `YYYY-MM-DD`; not after the minor's end of support. */
  readonly until: string;
}

/** A way to the API by a public DNS name, and why it is needed. */
export interface GkeDnsEndpoint {
  /** Fails with REASON when it says nothing. */
  readonly reason: string;
}

/** Everything about a host that is known before synthesis. Fails with OPTION_TYPE when a value has another type. */
export interface GkeHostOptions {
  /** DNS-1123 label, at most 32 characters. Replaces the cluster. Fails with HOST_NAME. */
  readonly name: string;
  /** Region, like `europe-west4`: the cluster is regional. Replaces. Fails with HOST_LOCATION. */
  readonly region: string;
  /** Project id, like `acme-platform-prod`. Replaces everything. Fails with HOST_SCOPE. */
  readonly project: string;
  /**
   * Number of the same project, digits. Google's own accounts, which get the keys, are named by it. It is an option
   * because a data source would need the cloud at plan. Fails with HOST_SCOPE.
   */
  readonly projectNumber: string;
  /** Kubernetes minor, like `1.34`. Virtual clusters run the same. Fails with HOST_KUBERNETES. */
  readonly kubernetesVersion: string;
  /** The VPC, owned or given. */
  readonly network: GkeNetwork;
  /** Node pools; at least one is a system pool. Fails with POOL_SYSTEM, POOL_DUPLICATE and POOL_DISK. */
  readonly pools: readonly GkeNodePoolOptions[];
  /**
   * Range of pod addresses, private. Each node takes a /24. Replaces the cluster. Fails with HOST_RANGES.
   * @default 10.244.0.0/16
   */
  readonly podCidr?: string;
  /**
   * Range of Service addresses, private, /16 to /27. Replaces the cluster. Fails with HOST_RANGES.
   * @default 172.20.0.0/20
   */
  readonly serviceCidr?: string;
  /**
   * Range of the control plane's addresses, private, a /28. Replaces the cluster. Fails with HOST_RANGES.
   * @default 172.16.0.0/28
   */
  readonly controlPlaneCidr?: string;
  /**
   * Who administers the cluster: e-mail addresses of Google accounts and service accounts that hold an IAM role for it,
   * as the API server names them. IAM lets them in; admission rules let them alone change guardrails. Whoever runs the
   * in-cluster stacks must be among them. Fails with GKE_ADMIN.
   */
  readonly admins: readonly string[];
  /**
   * Private ranges outside the subnet that may reach the API endpoint, for runners and administrators behind a VPN or
   * a peering. Fails with HOST_PUBLIC_ENDPOINT.
   * @default - the subnet alone
   */
  readonly apiClientCidrs?: readonly string[];
  /**
   * Gives the control plane a public address, open to the ranges given. Shows as a warning at synth.
   * Fails with HOST_PUBLIC_ENDPOINT.
   * @default - private endpoint only
   */
  readonly publicEndpoint?: PublicEndpoint;
  /**
   * Opens the API by its DNS name to everybody whom IAM lets in, from anywhere. Shows as a warning at synth.
   * Fails with REASON.
   * @default - closed
   */
  readonly dnsEndpoint?: GkeDnsEndpoint;
  /**
   * Group whose members RBAC may name: `gke-security-groups@<domain>`. Fails with GKE_SECURITY_GROUP.
   * @default - RBAC names users only
   */
  readonly securityGroup?: string;
  /**
   * Release channel: STABLE, REGULAR or EXTENDED. Fails with GKE_RELEASE_CHANNEL.
   * @default REGULAR
   */
  readonly releaseChannel?: string;
  /**
   * When GKE may upgrade and repair. Fails with GKE_MAINTENANCE.
   * @default - Saturdays and Sundays, 02:00 to 10:00 UTC
   */
  readonly maintenanceWindow?: GkeMaintenanceWindow;
  /**
   * Keeps the cluster on its minor, which virtual clusters share. Without it, and after its last day, GKE raises the
   * minor by itself, and a warning says so. Fails with GKE_MAINTENANCE.
   * @default - no hold
   */
  readonly holdMinor?: GkeMinorHold;
  /**
   * False leaves out CiliumClusterwideNetworkPolicy, and with it the denies that hold whatever a policy in a tenant's
   * namespace allows. Shows as a warning at synth.
   * @default true
   */
  readonly clusterwidePolicies?: boolean;
  /**
   * True fails with GKE_FQDN_POLICY: GKE has FQDN policies or encryption between nodes, and tenants need the latter.
   * @default false
   */
  readonly fqdnPolicies?: boolean;
  /**
   * Name of the KMS key ring. Rings and keys can never be deleted: a host that is made again under its old name needs
   * another ring. Replaces the cluster. Fails with NAME.
   * @default - `tenclave-<name>`
   */
  readonly keyRing?: string;
  /**
   * Namespace whose pods may reach tenants' API servers, for tenants with `api.via: gateway`. Fails with HOST_GATEWAY.
   * @default - no gateway
   */
  readonly gatewayNamespace?: string;
  /**
   * Whether keys and cluster are protected against deletion.
   * @default Retention.KEEP
   */
  readonly retention?: Retention;
}
