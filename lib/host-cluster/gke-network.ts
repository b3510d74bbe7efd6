// The network of a GKE host: owned (VPC, subnet with secondary ranges, NAT optional) or given.
import { ComputeNetwork, ComputeRouter, ComputeRouterNat, ComputeSubnetwork } from "../core/bindings/google";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { networkName } from "./gke-names";
import { refusal } from "../node-pool/refusal";

/** Bytes a packet may have in a VPC by default. SOURCE: VPC documentation, MTU, 2026. */
export const VPC_MTU = 1460;

export interface GkeOwnedNetworkOptions {
  /** Private IPv4 range of nodes. Each node takes one address. Fails with HOST_RANGES. Replaces the subnet. */
  readonly cidr: string;
  /**
   * Cloud NAT, so that nodes can pull images from the internet. Google's own APIs are reached without it.
   * Without it every image needs a mirror in Artifact Registry.
   * @default true
   */
  readonly nat?: boolean;
}

export interface GkeGivenNetworkOptions {
  /** Name or `projects/<project>/global/networks/<name>` of the VPC. Replaces the cluster. Fails with GKE_NETWORK. */
  readonly network: string;
  /** Name or `projects/<project>/regions/<region>/subnetworks/<name>` of the subnet, with Private Google Access. */
  readonly subnetwork: string;
  /** Name of the subnet's secondary range that holds `podCidr`. */
  readonly podRangeName: string;
  /** Name of the subnet's secondary range that holds `serviceCidr`. */
  readonly serviceRangeName: string;
  /** The subnet's primary range, where nodes get addresses. */
  readonly cidr: string;
  /** True when nodes there can pull images from the internet. */
  readonly internetEgress: boolean;
  /**
   * The VPC's MTU.
   * @default 1460
   */
  readonly mtu?: number;
}

/** The network a host lives in. */
export class GkeNetwork {
  /** A VPC of its own. */
  public static owned(options: GkeOwnedNetworkOptions): GkeNetwork {
    return new GkeNetwork(options.cidr, options.nat ?? true, VPC_MTU, options, undefined);
  }

  /** A VPC that exists. Fails with GKE_NETWORK. */
  public static given(options: GkeGivenNetworkOptions): GkeNetwork {
    const { network, subnetwork, podRangeName, serviceRangeName } = options;
    if (![network, subnetwork, podRangeName, serviceRangeName].every((name) => name.length > 0))
      throw refusal("GKE_NETWORK", "GkeNetwork.given", {
        rule: "network, subnetwork, podRangeName and serviceRangeName must be named",
        got: `'${network}', '${subnetwork}', '${podRangeName}' and '${serviceRangeName}'`,
        source: "GKE documentation, VPC-native clusters, 2026",
        use: "name them all, or use GkeNetwork.owned",
      });
    return new GkeNetwork(options.cidr, options.internetEgress, options.mtu ?? VPC_MTU, undefined, options);
  }

  private constructor(
    /** Range of node addresses. */
    public readonly cidr: string,
    /** True when nodes can pull images from the internet. */
    public readonly internetEgress: boolean,
    /** Bytes a packet between nodes may have. */
    public readonly mtu: number,
    private readonly ownedOptions: GkeOwnedNetworkOptions | undefined,
    private readonly givenOptions: GkeGivenNetworkOptions | undefined,
  ) {}

  /** Defines the network. */
  public define(scope: Construct, host: GkeNetworkHost): GkeNetworkPlace {
    if (this.givenOptions) return { ...this.givenOptions, ready: [] };
    return new OwnedNetwork(scope, "Network", host, this.ownedOptions!);
  }
}

/** What a network must know of its host. */
export interface GkeNetworkHost {
  readonly name: string;
  readonly region: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
}

/** Where a cluster goes. */
export interface GkeNetworkPlace {
  readonly network: string;
  readonly subnetwork: string;
  readonly podRangeName: string;
  readonly serviceRangeName: string;
  /** What nodes need before they can start. */
  readonly ready: ITerraformDependable[];
}

/** VPC, one regional subnet with ranges for pods and Services, and NAT when wanted. */
class OwnedNetwork extends Construct implements GkeNetworkPlace {
  public readonly network: string;
  public readonly subnetwork: string;
  public readonly podRangeName = "pods";
  public readonly serviceRangeName = "services";
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, host: GkeNetworkHost, options: GkeOwnedNetworkOptions) {
    super(scope, id);
    const { region } = host;
    const name = networkName(region, host.name);
    const vpc = new ComputeNetwork(this, "Resource", {
      name,
      autoCreateSubnetworks: false,
      routingMode: "REGIONAL",
      mtu: VPC_MTU,
    });
    const subnet = new ComputeSubnetwork(this, "Subnet", {
      name,
      region,
      network: vpc.id,
      ipCidrRange: options.cidr,
      secondaryIpRange: [
        { rangeName: this.podRangeName, ipCidrRange: host.podCidr },
        { rangeName: this.serviceRangeName, ipCidrRange: host.serviceCidr },
      ],
      // Nodes have no public address; this is their way to Google's own APIs and registries.
      privateIpGoogleAccess: true,
      logConfig: {
        aggregationInterval: "INTERVAL_10_MIN",
        flowSampling: 0.5,
        metadata: "INCLUDE_ALL_METADATA",
      },
    });
    this.network = vpc.id;
    this.subnetwork = subnet.id;
    this.ready = (options.nat ?? true) ? [this.nat(name, region, vpc, subnet)] : [];
  }

  /** NAT for this subnet alone. */
  private nat(
    name: string,
    region: string,
    vpc: ComputeNetwork,
    subnet: ComputeSubnetwork,
  ): ITerraformDependable {
    const router = new ComputeRouter(this, "Router", { name, region, network: vpc.id });
    return new ComputeRouterNat(this, "Nat", {
      name,
      region,
      router: router.name,
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetwork: [{ name: subnet.id, sourceIpRangesToNat: ["ALL_IP_RANGES"] }],
      logConfig: { enable: true, filter: "ERRORS_ONLY" },
    });
  }
}
