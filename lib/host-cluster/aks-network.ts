// The network of an AKS host: owned (virtual network, nodes' subnet, NAT gateway) or given.
import type * as z from "../core/zod";
import {
  NatGateway,
  NatGatewayPublicIpAssociation,
  PublicIp,
  Subnet,
  SubnetNatGatewayAssociation,
  VirtualNetwork,
} from "../core/bindings/azurerm";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { assertShape, shape } from "../core/option-shape";
import { overlaps, parseCidr, subnet } from "../network/cidr";
import { aksName, NODE_SUBNET, nodeSubnetId, type AksScope } from "./aks-names";
import { assertRanges } from "./host-checks";

/** How nodes reach the internet. AKS' managed NAT gateway is none of them: it takes no network of one's own. */
export class AksEgress {
  /** A NAT gateway at the nodes' subnet: made with an owned network, there already in a given one. */
  public static readonly NAT_GATEWAY = new AksEgress("userAssignedNATGateway");
  /** The cluster's public load balancer. */
  public static readonly LOAD_BALANCER = new AksEgress("loadBalancer");
  /** Routes of a given network, to a firewall for example. The identity of the cluster needs rights on their table. */
  public static readonly USER_DEFINED_ROUTES = new AksEgress("userDefinedRouting");

  private constructor(
    /** As AKS writes it. */
    public readonly outboundType: string,
  ) {}
}

export interface AksOwnedNetworkOptions {
  /**
   * Private IPv4 range of the virtual network, /16 to /22; nodes get its first half. Fails with HOST_RANGES.
   * Cannot be changed once nodes have addresses: azurerm tries it in place.
   */
  readonly cidr: string;
  /**
   * NAT_GATEWAY or LOAD_BALANCER. Fails with HOST_RANGES otherwise.
   * @default AksEgress.NAT_GATEWAY
   */
  readonly egress?: AksEgress;
}

export interface AksGivenNetworkOptions {
  /**
   * Id of the nodes' subnet, which is delegated to nothing. Fails with HOST_SCOPE. A change makes new pools; azurerm
   * cycles the first system pool without draining, and another virtual network needs another cluster.
   */
  readonly subnetId: string;
  /** The virtual network's IPv4 range. */
  readonly cidr: string;
  /** How the subnet reaches the internet. */
  readonly egress: AksEgress;
  /**
   * False when what `egress` leads to stops images of public registries.
   * @default true
   */
  readonly internetEgress?: boolean;
}

const EGRESS = shape.constant(
  [AksEgress.NAT_GATEWAY, AksEgress.LOAD_BALANCER, AksEgress.USER_DEFINED_ROUTES],
  "an AksEgress, like AksEgress.NAT_GATEWAY",
);

const OWNED_SHAPE = shape.object({
  cidr: shape.text,
  egress: EGRESS.optional(),
} satisfies Record<keyof AksOwnedNetworkOptions, z.ZodType>);

const GIVEN_SHAPE = shape.object({
  subnetId: shape.text,
  cidr: shape.text,
  egress: EGRESS,
  internetEgress: shape.flag.optional(),
} satisfies Record<keyof AksGivenNetworkOptions, z.ZodType>);

/** What AKS uses itself. SOURCE: azure-aks-docs, use-byo-cni.md, 2026-04-16. */
const RESERVED = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"];
/** Addresses Azure keeps in each subnet. SOURCE: Azure Virtual Network FAQ, 2026. */
const KEPT_ADDRESSES = 5;
const SUBNET_ID =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/;

/** The network a host lives in. */
export class AksNetwork {
  /** A virtual network of its own. Fails with OPTION_TYPE and HOST_RANGES. */
  public static owned(options: AksOwnedNetworkOptions): AksNetwork {
    assertShape("AksNetwork.owned", OWNED_SHAPE, options);
    const egress = options.egress ?? AksEgress.NAT_GATEWAY;
    if (egress.outboundType === AksEgress.USER_DEFINED_ROUTES.outboundType)
      throw new ConfigurationError(
        "HOST_RANGES",
        "AksNetwork.owned",
        "an owned network has no routes of its own, got egress 'userDefinedRouting'; use AksNetwork.given, or " +
          "AksEgress.NAT_GATEWAY",
      );
    return new AksNetwork(options.cidr, egress, true, undefined);
  }

  /** A virtual network that exists. Fails with OPTION_TYPE and HOST_SCOPE. */
  public static given(options: AksGivenNetworkOptions): AksNetwork {
    assertShape("AksNetwork.given", GIVEN_SHAPE, options);
    if (!SUBNET_ID.test(options.subnetId))
      throw new ConfigurationError(
        "HOST_SCOPE",
        "AksNetwork.given",
        `subnetId must be a subnet's id, /subscriptions/…/virtualNetworks/…/subnets/…, got '${options.subnetId}'; ` +
          "copy it from `az network vnet subnet show --query id`",
      );
    return new AksNetwork(options.cidr, options.egress, options.internetEgress ?? true, options.subnetId);
  }

  private constructor(
    /** The virtual network's range. */
    public readonly cidr: string,
    public readonly egress: AksEgress,
    /** True when nodes can pull images from the internet. */
    public readonly internetEgress: boolean,
    private readonly givenSubnetId: string | undefined,
  ) {}

  /**
   * Id of the nodes' subnet. */
  public subnetId(scope: AksScope): string {
    return this.givenSubnetId ?? nodeSubnetId(scope);
  }

  /** Checks ranges against each other, Azure's own, and the number of nodes. Fails with HOST_RANGES. */
  public check(scope: ErrorScope, podCidr: string, serviceCidr: string, nodes: number): void {
    assertRanges(scope, { "network.cidr": this.cidr, podCidr, serviceCidr });
    const ranges = Object.entries({ "network.cidr": this.cidr, podCidr, serviceCidr });
    for (const [prop, text] of ranges)
      if (RESERVED.some((one) => overlaps(parseCidr(one)!, parseCidr(text)!)))
        throw badRange(scope, `${prop} must not meet what AKS uses itself (${RESERVED.join(", ")})`, text);
    const own = parseCidr(this.cidr)!;
    if (!this.givenSubnetId && (own.prefix < 16 || own.prefix > 22))
      throw badRange(scope, "network.cidr of an owned network must be /16 to /22", this.cidr);
    const room = 2 ** (31 - own.prefix) - KEPT_ADDRESSES;
    if (!this.givenSubnetId && nodes > room)
      throw badRange(
        scope,
        `network.cidr must hold ${nodes} nodes in its first half, which holds ${room}`,
        this.cidr,
      );
    const service = parseCidr(serviceCidr)!;
    if (service.prefix < 13 || service.prefix > 24)
      throw badRange(scope, "serviceCidr must be /13 to /24", serviceCidr);
    // Each node takes a /24 of the pod range, also the one more that an upgrade starts.
    const pods = 2 ** (24 - parseCidr(podCidr)!.prefix);
    if (nodes > pods)
      throw badRange(
        scope,
        `podCidr must hold a /24 for each of ${nodes} nodes (every pool's maxNodes and one), and holds ${Math.floor(pods)}`,
        podCidr,
      );
  }

  /** Defines the network. `place` is where resources go. */
  public define(scope: Construct, host: AksScope, place: AzurePlace): AksNetworkPlace {
    return this.givenSubnetId
      ? {
          subnetId: this.givenSubnetId,
          virtualNetworkId: this.givenSubnetId.replace(/\/subnets\/[^/]+$/, ""),
          ready: [],
        }
      : new OwnedNetwork(scope, "Network", this, host, place);
  }
}

function badRange(scope: ErrorScope, rule: string, got: string): ConfigurationError {
  return new ConfigurationError(
    "HOST_RANGES",
    scope,
    `${rule}, got '${got}'; choose ranges like 10.42.0.0/16 for the network, 10.244.0.0/16 for pods and 172.20.0.0/16 ` +
      "for Services, or fewer nodes",
  );
}

/** Where resources of a host go. */
export interface AzurePlace {
  readonly location: string;
  readonly resourceGroupName: string;
  readonly tags: Record<string, string>;
}

/** Where a cluster goes. */
export interface AksNetworkPlace {
  readonly subnetId: string;
  readonly virtualNetworkId: string;
  /** Public address nodes leave by, when it is ours; a public API endpoint must let it in. */
  readonly egressAddress?: string;
  /** What nodes need before they can start. */
  readonly ready: ITerraformDependable[];
}

/** Virtual network, nodes' subnet, and a NAT gateway when wanted. */
class OwnedNetwork extends Construct implements AksNetworkPlace {
  public readonly subnetId: string;
  public readonly virtualNetworkId: string;
  public readonly egressAddress?: string;
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, network: AksNetwork, host: AksScope, place: AzurePlace) {
    super(scope, id);
    const virtualNetwork = new VirtualNetwork(this, "Resource", {
      ...place,
      name: aksName(host, "network"),
      addressSpace: [network.cidr],
    });
    const nodes = new Subnet(this, "Nodes", {
      name: NODE_SUBNET,
      resourceGroupName: place.resourceGroupName,
      virtualNetworkName: virtualNetwork.name,
      addressPrefixes: [subnet(parseCidr(network.cidr)!, 1, 0)],
      // Azure's own way out is going away and passes every firewall.
      defaultOutboundAccessEnabled: false,
    });
    this.subnetId = nodes.id;
    this.virtualNetworkId = virtualNetwork.id;
    if (network.egress.outboundType !== AksEgress.NAT_GATEWAY.outboundType) {
      this.ready = [nodes];
      return;
    }
    const address = new PublicIp(this, "NatAddress", {
      ...place,
      name: aksName(host, "nat"),
      allocationMethod: "Static",
      sku: "Standard",
    });
    const gateway = new NatGateway(this, "Nat", {
      ...place,
      name: aksName(host, "nat"),
      skuName: "Standard",
    });
    this.egressAddress = address.ipAddress;
    this.ready = [
      new NatGatewayPublicIpAssociation(this, "NatAddressAssociation", {
        natGatewayId: gateway.id,
        publicIpAddressId: address.id,
      }),
      new SubnetNatGatewayAssociation(this, "NatAssociation", {
        natGatewayId: gateway.id,
        subnetId: this.subnetId,
      }),
    ];
  }
}
