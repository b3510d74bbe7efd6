// The network of a GKE host: owned (VPC, subnet with secondary ranges, NAT optional) or given.
import type * as z from "../core/zod";
import { ComputeNetwork, ComputeRouter, ComputeRouterNat, ComputeSubnetwork } from "../core/bindings/google";
import { Construct, type ITerraformDependable } from "../core/cdk";
import type { ErrorScope } from "../core/errors";
import { assertShape, shape } from "../core/option-shape";
import { refusal } from "../node-pool/refusal";
import { networkName } from "./gke-names";

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
  /**
   * Name or `projects/<project>/regions/<region>/subnetworks/<name>` of the subnet, with Private Google Access.
   * Fails with GKE_NETWORK in another region than the host's.
   */
  readonly subnetwork: string;
  /** Name of the subnet's secondary range that holds `podCidr`. Fails with GKE_NETWORK. */
  readonly podRangeName: string;
  /** Name of the subnet's secondary range that holds `serviceCidr`, another one. Fails with GKE_NETWORK. */
  readonly serviceRangeName: string;
  /** The subnet's primary range, where nodes get addresses. */
  readonly cidr: string;
  /** True when nodes there can pull images from the internet. */
  readonly internetEgress: boolean;
  /**
   * The VPC's MTU, bytes, 1300 to 8896. Fails with GKE_NETWORK.
   * @default 1460
   */
  readonly mtu?: number;
}

/** The network a host lives in. */
export class GkeNetwork {
  /** A VPC of its own. Fails with OPTION_TYPE. */
  public static owned(options: GkeOwnedNetworkOptions): GkeNetwork {
    assertShape("GkeNetwork.owned", OWNED_SHAPE, options);
    return new GkeNetwork(options.cidr, options.nat ?? true, VPC_MTU, options, undefined);
  }

  /** A VPC that exists. Fails with GKE_NETWORK and OPTION_TYPE. */
  public static given(options: GkeGivenNetworkOptions): GkeNetwork {
    assertShape("GkeNetwork.given", GIVEN_SHAPE, options);
    assertGiven(options);
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

  /** Throws GKE_NETWORK when the given subnet says that it lies in another region than the host. */
  public assertRegion(scope: ErrorScope, region: string): void {
    const subnetwork = this.givenOptions?.subnetwork;
    const there = subnetwork && SUBNETWORK.exec(subnetwork)?.[1];
    if (!there || there === region) return;
    throw refusal("GKE_NETWORK", scope, {
      rule: `subnetwork must lie in the host's region ${region}`,
      got: `'${subnetwork}'`,
      source: "GKE documentation, VPC-native clusters, 2026",
      use: `name a subnet of ${region}, or move the host to ${there}`,
    });
  }

  /** Defines the network. */
  public define(scope: Construct, host: GkeNetworkHost): GkeNetworkPlace {
    if (this.givenOptions) return { ...this.givenOptions, ready: [] };
    return new OwnedNetwork(scope, "Network", host, this.ownedOptions!);
  }
}

const OWNED_SHAPE = shape.object({
  cidr: shape.text,
  nat: shape.flag.optional(),
} satisfies Record<keyof GkeOwnedNetworkOptions, z.ZodType>);

const GIVEN_SHAPE = shape.object({
  network: shape.text,
  subnetwork: shape.text,
  podRangeName: shape.text,
  serviceRangeName: shape.text,
  cidr: shape.text,
  internetEgress: shape.flag,
  mtu: shape.number.optional(),
} satisfies Record<keyof GkeGivenNetworkOptions, z.ZodType>);

/** A name in Compute Engine, and ids made of them. SOURCE: terraform-provider-google 6.50, verify/validation.go, 2025. */
const NAME = "[a-z]([-a-z0-9]{0,61}[a-z0-9])?";
const NETWORK = new RegExp(`^(projects/[-.:a-z0-9]+/global/networks/)?${NAME}$`);
const SUBNETWORK = new RegExp(`^(?:projects/[-.:a-z0-9]+/regions/([-a-z0-9]+)/subnetworks/)?${NAME}$`);
const RANGE = new RegExp(`^${NAME}$`);

/** Smallest and largest MTU of a VPC. SOURCE: VPC documentation, MTU, 2026. */
const MTU = { least: 1300, most: 8896 };

function assertGiven(options: GkeGivenNetworkOptions): void {
  const { network, subnetwork, podRangeName, serviceRangeName, mtu = VPC_MTU } = options;
  const rules = [
    {
      bad: !NETWORK.test(network),
      rule: "network must be a name or projects/<project>/global/networks/<name>",
      got: `'${network}'`,
      use: "write it without https:// and what follows it up to projects/, or use GkeNetwork.owned",
    },
    {
      bad: !SUBNETWORK.test(subnetwork),
      rule: "subnetwork must be a name or projects/<project>/regions/<region>/subnetworks/<name>",
      got: `'${subnetwork}'`,
      use: "write it without https:// and what follows it up to projects/, or use GkeNetwork.owned",
    },
    {
      bad: ![podRangeName, serviceRangeName].every((name) => RANGE.test(name)),
      rule: "podRangeName and serviceRangeName must be names of the subnet's secondary ranges",
      got: `'${podRangeName}' and '${serviceRangeName}'`,
      use: "write them as `gcloud compute networks subnets describe` prints them",
    },
    {
      bad: podRangeName === serviceRangeName,
      rule: "podRangeName and serviceRangeName must be two ranges",
      got: `'${podRangeName}' twice`,
      use: "add a secondary range to the subnet for Services",
    },
    {
      bad: !Number.isInteger(mtu) || mtu < MTU.least || mtu > MTU.most,
      rule: `mtu must be a whole number from ${MTU.least} to ${MTU.most}`,
      got: String(mtu),
      use: `write what the VPC has, or leave it out for ${VPC_MTU}`,
    },
  ];
  const broken = rules.find(({ bad }) => bad);
  if (broken)
    throw refusal("GKE_NETWORK", "GkeNetwork.given", {
      ...broken,
      source: "VPC documentation, VPC networks and subnets, 2026",
    });
}

/** What a network must know of its host. */
export interface GkeNetworkHost {
  /** Project id. */
  readonly project: string;
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
    const { project, region } = host;
    const name = networkName(region, host.name);
    const vpc = new ComputeNetwork(this, "Resource", {
      project,
      name,
      autoCreateSubnetworks: false,
      routingMode: "REGIONAL",
      mtu: VPC_MTU,
    });
    const subnet = new ComputeSubnetwork(this, "Subnet", {
      project,
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
    this.ready = (options.nat ?? true) ? [this.nat({ project, name, region }, vpc, subnet)] : [];
  }

  /** NAT for this subnet alone. */
  private nat(
    place: { readonly project: string; readonly name: string; readonly region: string },
    vpc: ComputeNetwork,
    subnet: ComputeSubnetwork,
  ): ITerraformDependable {
    const router = new ComputeRouter(this, "Router", { ...place, network: vpc.id });
    return new ComputeRouterNat(this, "Nat", {
      ...place,
      router: router.name,
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetwork: [{ name: subnet.id, sourceIpRangesToNat: ["ALL_IP_RANGES"] }],
      logConfig: { enable: true, filter: "ERRORS_ONLY" },
    });
  }
}
