// The network of an EKS host: owned (three zones, private subnets, endpoints, NAT optional) or given.
import type * as z from "../core/zod";
import {
  DefaultSecurityGroup,
  Eip,
  InternetGateway,
  NatGateway,
  RouteTable,
  RouteTableAssociation,
  SecurityGroup,
  Subnet,
  Vpc,
  VpcEndpoint,
  VpcSecurityGroupIngressRule,
} from "../core/bindings/aws";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { assertShape, shape } from "../core/option-shape";
import { address, isPrivate, overlaps, parseCidr, subnet, type Cidr } from "../network/cidr";

/** Zones used when a region is asked for without naming any. Accounts differ: name zones for other regions. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  "eu-central-1": ["a", "b", "c"],
  "eu-west-1": ["a", "b", "c"],
  "us-east-1": ["a", "b", "c"],
  "us-east-2": ["a", "b", "c"],
  "us-west-2": ["a", "b", "c"],
};

/** AWS services nodes and add-ons call from private subnets. */
const INTERFACE_ENDPOINTS = ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "kms", "logs", "sts"];

export interface EksOwnedNetworkOptions {
  /** Private IPv4 range of the VPC, /16 to /20. Fails with EKS_NETWORK_CIDR. Replaces the VPC. */
  readonly cidr: string;
  /**
   * Three zones, by name. Fails with EKS_ZONES. Replaces subnets. Letters differ by account, and EKS takes no subnet in a
   * zone with id use1-az3, usw1-az2 or cac1-az3 (Amazon EKS user guide, networking requirements, 2026).
   * @default - zones a, b, c in regions where the library knows them
   */
  readonly zones?: readonly string[];
  /**
   * A NAT gateway in each zone, so that nodes can pull images from the internet.
   * Without it every image needs a mirror inside the network.
   * @default true
   */
  readonly nat?: boolean;
}

export interface EksGivenNetworkOptions {
  /** Id of the VPC, like `vpc-0abc`. Replaces the cluster. Fails with EKS_NETWORK_SUBNETS when it is none. */
  readonly vpcId: string;
  /** The VPC's IPv4 range, private, /16 to /28. Its third address is the resolver that nodes use. Fails with EKS_NETWORK_CIDR. */
  readonly cidr: string;
  /** Ids of private subnets, in at least two zones, each once. Fails with EKS_NETWORK_SUBNETS. */
  readonly privateSubnetIds: readonly string[];
  /** True when nodes there can pull images from the internet. */
  readonly internetEgress: boolean;
}

const OWNED_SHAPE = shape.object({
  cidr: shape.text,
  zones: shape.texts.optional(),
  nat: shape.flag.optional(),
} satisfies Record<keyof EksOwnedNetworkOptions, z.ZodType>);

const GIVEN_SHAPE = shape.object({
  vpcId: shape.text,
  cidr: shape.text,
  privateSubnetIds: shape.texts,
  internetEgress: shape.flag,
} satisfies Record<keyof EksGivenNetworkOptions, z.ZodType>);

/** True for an id of AWS' with that prefix, and for what is known at plan only. */
function isId(prefix: string, id: string): boolean {
  return id.includes("${") || new RegExp(`^${prefix}-[0-9a-z]+$`).test(id);
}

/** The network a host lives in. */
export class EksNetwork {
  /** A VPC of its own. Fails with OPTION_TYPE. */
  public static owned(options: EksOwnedNetworkOptions): EksNetwork {
    assertShape("EksNetwork.owned", OWNED_SHAPE, options);
    return new EksNetwork(options.cidr, options.nat ?? true, options, undefined);
  }

  /** A VPC that exists. Fails with OPTION_TYPE and EKS_NETWORK_SUBNETS. */
  public static given(options: EksGivenNetworkOptions): EksNetwork {
    assertShape("EksNetwork.given", GIVEN_SHAPE, options);
    const { vpcId, privateSubnetIds } = options;
    const apart = new Set(privateSubnetIds).size === privateSubnetIds.length;
    if (
      privateSubnetIds.length < 2 ||
      !apart ||
      !isId("vpc", vpcId) ||
      !privateSubnetIds.every((id) => isId("subnet", id))
    )
      throw new ConfigurationError(
        "EKS_NETWORK_SUBNETS",
        "EksNetwork.given",
        `privateSubnetIds needs subnets in at least two zones and vpcId their VPC, by id and each once, got ` +
          `[${privateSubnetIds.join(", ")}] and VPC '${vpcId}'; name them all, like subnet-0123abcd and vpc-0123abcd`,
      );
    return new EksNetwork(options.cidr, options.internetEgress, undefined, options);
  }

  private constructor(
    /** The VPC's range. */
    public readonly cidr: string,
    /** True when nodes can pull images from the internet. */
    public readonly internetEgress: boolean,
    private readonly ownedOptions: EksOwnedNetworkOptions | undefined,
    private readonly givenOptions: EksGivenNetworkOptions | undefined,
  ) {}

  /** Checks ranges and zones; returns the VPC's range. */
  public check(scope: ErrorScope, region: string, podCidr: string, serviceCidr: string): Cidr {
    const vpc = parseCidr(this.cidr);
    // A VPC ends at /28; an owned one is cut into subnets for nodes.
    const longest = this.ownedOptions ? 20 : 28;
    if (!vpc || !isPrivate(vpc) || vpc.prefix < 16 || vpc.prefix > longest)
      throw new ConfigurationError(
        "EKS_NETWORK_CIDR",
        scope,
        `network.cidr must be a private IPv4 range of /16 to /${longest} without host bits, got '${this.cidr}'; ` +
          "use one like 10.42.0.0/16",
      );
    const service = parseCidr(serviceCidr);
    if (!isPrivate(parseCidr(podCidr)) || !isPrivate(service) || service!.prefix < 12 || service!.prefix > 24)
      throw new ConfigurationError(
        "EKS_NETWORK_OVERLAP",
        scope,
        `pod and service ranges must be private IPv4 ranges, the latter /12 to /24, got podCidr '${podCidr}' and ` +
          `serviceCidr '${serviceCidr}'; use ranges like 10.244.0.0/16 and 172.20.0.0/16`,
      );
    assertDisjoint(scope, { "network.cidr": this.cidr, podCidr, serviceCidr });
    if (this.ownedOptions) this.zones(scope, region, this.ownedOptions);
    return vpc;
  }

  /** Address of the VPC's own resolver: base plus two. */
  public resolver(vpc: Cidr): string {
    return address(vpc, 2);
  }

  /** Defines the network. */
  public define(scope: Construct, region: string): EksNetworkPlace {
    if (this.givenOptions) {
      const { vpcId, privateSubnetIds } = this.givenOptions;
      return { vpcId, privateSubnetIds: [...privateSubnetIds], ready: [] };
    }
    const owned = this.ownedOptions!;
    return new OwnedNetwork(scope, "Network", {
      range: parseCidr(owned.cidr)!,
      cidr: owned.cidr,
      zones: this.zones(scope, region, owned),
      nat: owned.nat ?? true,
      region,
    });
  }

  private zones(scope: ErrorScope, region: string, owned: EksOwnedNetworkOptions): readonly string[] {
    const zones = owned.zones ?? ZONES[region]?.map((letter) => region + letter) ?? [];
    if (
      new Set(zones).size === 3 &&
      zones.every((zone) => zone.slice(0, -1) === region && /[a-z]$/.test(zone))
    )
      return zones;
    throw new ConfigurationError(
      "EKS_ZONES",
      scope,
      `network.zones needs three zones of region ${region}, got [${zones.join(", ")}]; name the zones your account has there`,
    );
  }
}

/** Where a cluster goes. */
export interface EksNetworkPlace {
  readonly vpcId: string;
  readonly privateSubnetIds: string[];
  /** What nodes need before they can start: routes and endpoints. */
  readonly ready: ITerraformDependable[];
}

interface OwnedNetworkProps {
  readonly range: Cidr;
  readonly cidr: string;
  readonly zones: readonly string[];
  readonly nat: boolean;
  readonly region: string;
}

/** VPC, a private subnet in each zone, endpoints, and NAT when wanted. */
class OwnedNetwork extends Construct implements EksNetworkPlace {
  public readonly vpcId: string;
  public readonly privateSubnetIds: string[];
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: OwnedNetworkProps) {
    super(scope, id);
    const vpc = new Vpc(this, "Resource", {
      cidrBlock: props.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
    });
    this.vpcId = vpc.id;
    // Every VPC is born with a group that lets its members talk; taken over without rules it allows nothing.
    new DefaultSecurityGroup(this, "DefaultSecurityGroup", { vpcId: this.vpcId });

    const gateways = props.nat ? this.natGateways(props) : [];
    const zones = props.zones.map((zone, index) => {
      const scope = new Construct(this, `Zone${index + 1}`);
      const privateSubnet = new Subnet(scope, "Subnet", {
        vpcId: this.vpcId,
        availabilityZone: zone,
        cidrBlock: subnet(props.range, 2, index),
        mapPublicIpOnLaunch: false,
        // Load balancer controllers look for these two tags.
        tags: { "kubernetes.io/role/internal-elb": "1" },
      });
      const gateway = gateways[index];
      const routes = new RouteTable(scope, "Routes", {
        vpcId: this.vpcId,
        route: gateway ? [{ cidrBlock: "0.0.0.0/0", natGatewayId: gateway.id }] : undefined,
      });
      const association = new RouteTableAssociation(scope, "RoutesAssociation", {
        routeTableId: routes.id,
        subnetId: privateSubnet.id,
      });
      return { subnetId: privateSubnet.id, routesId: routes.id, association };
    });
    this.privateSubnetIds = zones.map((zone) => zone.subnetId);
    const endpoints = this.endpoints(
      props,
      zones.map((zone) => zone.routesId),
    );
    this.ready = [...zones.map((zone) => zone.association), ...endpoints];
  }

  private natGateways(props: OwnedNetworkProps): NatGateway[] {
    const internet = new InternetGateway(this, "InternetGateway", { vpcId: this.vpcId });
    const routes = new RouteTable(this, "PublicRoutes", {
      vpcId: this.vpcId,
      route: [{ cidrBlock: "0.0.0.0/0", gatewayId: internet.id }],
    });
    return props.zones.map((zone, index) => {
      const scope = new Construct(this, `Nat${index + 1}`);
      // Small parts at the start of the last quarter; the first three quarters are private.
      const publicSubnet = new Subnet(scope, "Subnet", {
        vpcId: this.vpcId,
        availabilityZone: zone,
        cidrBlock: subnet(props.range, 8, 192 + index),
        mapPublicIpOnLaunch: false,
        tags: { "kubernetes.io/role/elb": "1" },
      });
      new RouteTableAssociation(scope, "RoutesAssociation", {
        routeTableId: routes.id,
        subnetId: publicSubnet.id,
      });
      const eip = new Eip(scope, "Address", { domain: "vpc", dependsOn: [internet] });
      return new NatGateway(scope, "Resource", {
        allocationId: eip.id,
        subnetId: publicSubnet.id,
        dependsOn: [internet],
      });
    });
  }

  private endpoints(props: OwnedNetworkProps, routeTableIds: string[]): VpcEndpoint[] {
    const group = new SecurityGroup(this, "EndpointsSecurityGroup", {
      vpcId: this.vpcId,
      description: "HTTPS from the VPC to AWS services",
    });
    new VpcSecurityGroupIngressRule(this, "EndpointsIngress", {
      securityGroupId: group.id,
      cidrIpv4: props.cidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    const s3 = new VpcEndpoint(this, "EndpointS3", {
      vpcId: this.vpcId,
      serviceName: `com.amazonaws.${props.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds,
    });
    const interfaces = INTERFACE_ENDPOINTS.map(
      (service) =>
        new VpcEndpoint(this, `Endpoint-${service}`, {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${props.region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: this.privateSubnetIds,
          securityGroupIds: [group.id],
        }),
    );
    return [s3, ...interfaces];
  }
}

function assertDisjoint(scope: ErrorScope, ranges: Readonly<Record<string, string>>): void {
  const parsed = Object.entries(ranges).map(([prop, text]) => ({ prop, text, range: parseCidr(text) }));
  for (const [index, one] of parsed.entries()) {
    const other = parsed.slice(index + 1).find((o) => !one.range || !o.range || overlaps(one.range, o.range));
    if (!other) continue;
    throw new ConfigurationError(
      "EKS_NETWORK_OVERLAP",
      scope,
      `VPC, pod and service ranges must be IPv4 ranges without a common address, got ${one.prop} '${one.text}' and ` +
        `${other.prop} '${other.text}'; choose ranges apart`,
    );
  }
}
