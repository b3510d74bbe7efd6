// What may be asked of an AKS host.
import type { Retention } from "../core/retention";
import type { AksNodePoolOptions } from "../node-pool/aks-pool-options";
import type { AksNetwork } from "./aks-network";
import type { PublicEndpoint } from "./host-checks";

/** Which CNI a host has. */
export class AksCni {
  /** Cilium of this library, with WireGuard between nodes. Microsoft supports no CNI faults then. */
  public static readonly OWN_CILIUM = new AksCni("cilium", true);
  /**
   * AKS' own Cilium. It could encrypt, but azurerm cannot switch that on: pod traffic between nodes is in clear, and
   * tenants are refused (HOST_NETWORK). Leave the cni stack out.
   */
  public static readonly MANAGED_CILIUM = new AksCni("azure-cilium", false);

  private constructor(
    /** Shape of `PodNetwork.cni`. */
    public readonly id: string,
    public readonly encryptsPodTraffic: boolean,
  ) {}
}

/** How node images get patches. */
export class AksNodeOsChannel {
  /** A new image each week; nodes are replaced one by one. */
  public static readonly NODE_IMAGE = new AksNodeOsChannel("NodeImage");
  /**
   * Security patches only, faster; nodes are replaced when they must be. Azure bills the images. Fails with POOL_OS where
   * a pool of a GPU size runs AzureLinux.
   */
  public static readonly SECURITY_PATCH = new AksNodeOsChannel("SecurityPatch");

  private constructor(
    /** As AKS writes it. */
    public readonly id: string,
  ) {}
}

/** When AKS may upgrade, once a week. */
export interface AksMaintenance {
  /** `Monday` to `Sunday`. Fails with AKS_MAINTENANCE. */
  readonly dayOfWeek: string;
  /** `HH:mm`, UTC. Fails with AKS_MAINTENANCE. */
  readonly startTime: string;
  /** Whole hours, 4 to 24. Fails with AKS_MAINTENANCE. */
  readonly hours: number;
}

/** SGX tooling of a cluster: AKS' confidential computing add-on. It does nothing for SEV-SNP pools. */
export interface AksSgx {
  /** True runs the quote helper on SGX nodes, for enclaves that quote out of process. */
  readonly quoteHelper: boolean;
}

/** Everything about a host that is known before synthesis. Fails with OPTION_TYPE when a value has another type. */
export interface AksHostOptions {
  /** DNS-1123 label, at most 32 characters, unique in the subscription. Replaces the cluster. Fails with HOST_NAME. */
  readonly name: string;
  /** Azure region of the public cloud, like `westeurope`. Replaces. Fails with HOST_LOCATION. */
  readonly location: string;
  /** Subscription id. Replaces. Fails with HOST_SCOPE. */
  readonly subscription: string;
  /** Entra tenant id. Changed in place on cluster and vaults: whoever had access loses it. Fails with HOST_SCOPE. */
  readonly tenant: string;
  /**
   * A resource group that exists, at most 90 characters. Replaces. Fails with HOST_SCOPE.
   * @default - one of its own, `tenclave-<name>`
   */
  readonly resourceGroup?: string;
  /** Kubernetes minor, like `1.34`. Virtual clusters run the same. Fails with HOST_KUBERNETES. */
  readonly kubernetesVersion: string;
  /** The virtual network, owned or given. */
  readonly network: AksNetwork;
  /** Replaces the cluster. @default AksCni.OWN_CILIUM */
  readonly cni?: AksCni;
  /**
   * Node pools. The first system pool is the cluster's compulsory one and lives in the host stack. Fails with
   * POOL_SYSTEM, POOL_DUPLICATE, POOL_SIZE above 100 pools or 5000 nodes, and POOL_FEATURE for SGX pools without `sgx`.
   */
  readonly pools: readonly AksNodePoolOptions[];
  /**
   * Entra groups that administer the cluster: object ids. There are no local accounts. Whoever runs the in-cluster
   * stacks must be in one. Fails with AKS_ADMIN.
   */
  readonly admins: readonly string[];
  /**
   * Who makes the vaults' keys: object ids of the users, groups or identities that deploy the host stack. They get Key
   * Vault Crypto Officer, Azure's least role that makes keys; it can use them, too. Fails with AKS_ADMIN.
   */
  readonly keyOfficers: readonly string[];
  /**
   * Range of pod addresses, private, an overlay: it needs no room in the virtual network. Each node takes a /24, and
   * while a pool is replaced both it and the new one take theirs, so leave room for the largest pool twice. Replaces the
   * cluster. Fails with HOST_RANGES.
   * @default 10.244.0.0/16
   */
  readonly podCidr?: string;
  /**
   * Range of Service addresses, private, /13 to /24. Replaces the cluster. Fails with HOST_RANGES.
   * @default 172.20.0.0/16
   */
  readonly serviceCidr?: string;
  /**
   * Days the control-plane logs are kept, 30 to 730. Fails with AKS_LOGS.
   * @default 365
   */
  readonly logRetentionDays?: number;
  /**
   * True also keeps reads (`kube-audit`). They are most of the audit log's volume, and Log Analytics bills by volume.
   * @default false, changes only (`kube-audit-admin`)
   */
  readonly auditReads?: boolean;
  /**
   * Opens the API endpoint to the internet, for the ranges given, instead of the private one. Nodes come that way, too:
   * in a given network with a NAT gateway or routes, name the address they leave by. Shows as a warning at synth. Replaces the cluster. Fails with HOST_PUBLIC_ENDPOINT.
   * @default - private endpoint only
   */
  readonly publicEndpoint?: PublicEndpoint;
  /**
   * Namespace whose pods may reach tenants' API servers, for tenants with `api.via: gateway`. Fails with HOST_GATEWAY.
   * @default - no gateway
   */
  readonly gatewayNamespace?: string;
  /** SGX tooling, for SGX pools. @default - none */
  readonly sgx?: AksSgx;
  /** True installs Azure Policy's Gatekeeper. Needs the provider Microsoft.PolicyInsights. @default false */
  readonly azurePolicy?: boolean;
  /** True runs Microsoft Defender on every node; it reads what containers do. @default false */
  readonly defender?: boolean;
  /**
   * True takes patch releases of the minor by itself. Never the next minor: virtual clusters follow the host's. After
   * the first patch plans show `1.34.x` to be changed to `1.34` (terraform-provider-azurerm issue 26946, open in June
   * 2026); applying that changes no node.
   * @default true
   */
  readonly automaticPatches?: boolean;
  /** @default AksNodeOsChannel.NODE_IMAGE */
  readonly nodeOsChannel?: AksNodeOsChannel;
  /** When patches come. @default Sunday 02:00 UTC, four hours */
  readonly maintenance?: AksMaintenance;
  /**
   * Whether cluster, vaults, keys and logs are protected against deletion.
   * @default Retention.KEEP
   */
  readonly retention?: Retention;
}
