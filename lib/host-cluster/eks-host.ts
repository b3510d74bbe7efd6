// An EKS cluster that tenants share: owned, looked up, or given by attributes.
import {
  CloudwatchLogGroup,
  DataAwsEksCluster,
  EksAccessEntry,
  EksAccessPolicyAssociation,
  EksCluster,
  IamRole,
  IamRolePolicyAttachment,
  KmsAlias,
  KmsKey,
  VpcSecurityGroupIngressRule,
} from "../core/bindings/aws";
import { Construct, Fn, TerraformVariable, type ITerraformDependable } from "../core/cdk";
import { ConfigurationError, reasonOf, type ErrorScope } from "../core/errors";
import { assertName, isName, PLATFORM_NAMESPACE, STORAGE_CLASS, tenantNamespace } from "../core/names";
import { warn } from "../core/notes";
import { Retention } from "../core/retention";
import { isPrivate, parseCidr } from "../network/cidr";
import { eksPoolReference, type EksNodePoolOptions } from "../node-pool/eks-node-pool";
import type { PoolReference } from "../node-pool/node-pool";
import { ClusterAccess } from "./access";
import { ensureAwsProvider } from "./aws-provider";
import { type EksNetwork } from "./eks-network";
import {
  accessPolicyArn,
  assumedBy,
  iamName,
  keyAliasArn,
  logsKeyPolicy,
  managedPolicyArn,
  secretsKeyPolicy,
  volumeKeyAlias,
} from "./eks-policies";
import type {
  HostReference,
  IHostCluster,
  IHostConnection,
  PodNetwork,
  WorkloadIdentity,
} from "./host-cluster";

/** What an EKS host offers beyond the neutral contract. */
export interface IEksHost extends IHostCluster {
  readonly clusterName: string;
  readonly privateSubnetIds: string[];
}

/** How a stack reaches an EKS host. */
export interface IEksHostConnection extends IHostConnection {
  connect(scope: Construct): IEksHost;
}

/** A public API endpoint, restricted, and why it is needed. */
export interface EksPublicEndpoint {
  /** Ranges it is open to. Fails with EKS_PUBLIC_ENDPOINT when empty or open to everybody. */
  readonly cidrs: readonly string[];
  /** Fails with REASON when it says nothing. */
  readonly reason: string;
}

/** Everything about a host that is known before synthesis. */
export interface EksHostOptions {
  /** DNS-1123 label, at most 32 characters. Replaces the cluster. Fails with EKS_NAME. */
  readonly name: string;
  /** AWS region outside China, like `eu-west-1`. Replaces. Fails with EKS_REGION. */
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
   * Principals that administer the cluster: role ARNs. The creator is none by itself. Fails with EKS_ADMIN.
   * Whoever runs the in-cluster stacks must be among them.
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
   * peering. The VPC's own range always may. Fails with EKS_API_CLIENTS.
   * @default - the VPC alone
   */
  readonly apiClientCidrs?: readonly string[];
  /**
   * Opens the API endpoint to the internet, for the ranges given. Shows as a warning at synth.
   * @default - private endpoint only
   */
  readonly publicEndpoint?: EksPublicEndpoint;
  /**
   * Namespace whose pods may reach tenants' API servers, for tenants with `api.via: gateway`. Fails with EKS_GATEWAY.
   * @default - no gateway
   */
  readonly gatewayNamespace?: string;
  /**
   * Whether keys, cluster and volumes are protected against deletion.
   * @default Retention.KEEP
   */
  readonly retention?: Retention;
}

/** What another stack needs to know of a cluster to use it. */
export interface EksHostAttributes {
  /** API server URL, starting with https://. */
  readonly endpoint: string;
  /** CA certificate, base64, as EKS prints it. */
  readonly certificateAuthority: string;
  /** Private subnets for node pools. */
  readonly privateSubnetIds: string[];
}

/** Kubernetes minors that EKS sells and the vCluster of this release is tested on. SOURCE: vCluster support matrix, 2026-08-21. */
const KUBERNETES_VERSIONS = ["1.34", "1.35"];

/** All of them: an audit needs `audit` and `authenticator`, an outage the rest. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Jumbo frames inside a VPC. SOURCE: Amazon EC2 user guide, network MTU. */
const VPC_MTU = 9001;

/**
 * An EKS cluster without nodes, hardened by default: private endpoint, access entries only, the creator no
 * administrator, no default add-ons, secrets encrypted with an own rotating key, all control-plane logs kept encrypted.
 */
export class EksHost extends Construct implements IEksHost {
  /**
   * Checks a host and its pools and returns them as plain data. Run it before `new App()`: an error then leaves
   * nothing behind. Fails with the codes named in EksHostOptions and EksNodePoolOptions.
   */
  public static reference(options: EksHostOptions): HostReference {
    const scope = `host.${options.name}`;
    assertHost(scope, options);
    const podCidr = options.podCidr ?? "10.244.0.0/16";
    const serviceCidr = options.serviceCidr ?? "172.20.0.0/16";
    const vpc = options.network.check(scope, options.region, podCidr, serviceCidr);
    const pools = poolReferences(scope, options);
    assertPodRange(scope, podCidr, pools);
    return {
      cloud: "aws",
      name: options.name,
      location: options.region,
      account: options.account,
      kubernetesVersion: options.kubernetesVersion,
      network: {
        cni: "cilium",
        podCidr,
        serviceCidr,
        nodeCidr: options.network.cidr,
        mtu: VPC_MTU,
        nodeResolvers: [options.network.resolver(vpc)],
        enforcesNetworkPolicy: true,
        encryptsPodTraffic: true,
        apiServerReachesPods: false,
        internetEgress: options.network.internetEgress,
      },
      pools,
      storageClass: {
        name: STORAGE_CLASS,
        provisioner: "ebs.csi.aws.com",
        parameters: {
          type: "gp3",
          encrypted: "true",
          kmsKeyId: keyAliasArn(options, volumeKeyAlias(options.name)),
        },
      },
      gatewayNamespace: options.gatewayNamespace,
    };
  }

  /** A host that is found by name with a data source: needs the cluster to exist at plan. */
  public static lookup(scope: Construct, id: string, reference: HostReference): IEksHost {
    ensureAwsProvider(scope, reference);
    const found = new DataAwsEksCluster(scope, id, { name: assertAws(scope, reference).name });
    return new ImportedEksHost(scope, `${id}Host`, reference, {
      endpoint: found.endpoint,
      certificateAuthority: found.certificateAuthority.get(0).data,
      privateSubnetIds: Fn.tolist(found.vpcConfig.get(0).subnetIds),
    });
  }

  /** A host given by values or Terraform variables: plans from nothing. */
  public static fromAttributes(
    scope: Construct,
    id: string,
    reference: HostReference,
    attributes: EksHostAttributes,
  ): IEksHost {
    return new ImportedEksHost(scope, id, assertAws(scope, reference), attributes);
  }

  /** Connects a stack by `lookup`. */
  public static byLookup(reference: HostReference): IEksHostConnection {
    return { reference, connect: (scope) => EksHost.lookup(scope, "Host", reference) };
  }

  /** Connects a stack by `fromAttributes`. */
  public static byAttributes(reference: HostReference, attributes: EksHostAttributes): IEksHostConnection {
    return { reference, connect: (scope) => EksHost.fromAttributes(scope, "Host", reference, attributes) };
  }

  /**
   * Connects a stack by Terraform variables: `host_endpoint`, `host_certificate_authority` (base64) and
   * `host_private_subnet_ids`.
   */
  public static byVariables(reference: HostReference): IEksHostConnection {
    return {
      reference,
      connect: (scope) => {
        const variable = (name: string, type: string, description: string): TerraformVariable => {
          const made = new TerraformVariable(scope, name, { type, description });
          made.overrideLogicalId(name);
          return made;
        };
        return EksHost.fromAttributes(scope, "Host", reference, {
          endpoint: variable("host_endpoint", "string", "API server URL of the host cluster").stringValue,
          certificateAuthority: variable(
            "host_certificate_authority",
            "string",
            "CA certificate of the host cluster, base64",
          ).stringValue,
          privateSubnetIds: variable(
            "host_private_subnet_ids",
            "list(string)",
            "private subnets of the host cluster, for node pools",
          ).listValue,
        });
      },
    };
  }

  public readonly reference: HostReference;
  public readonly access: ClusterAccess;
  public readonly network: PodNetwork;
  public readonly workloadIdentity: WorkloadIdentity = POD_IDENTITY;
  public readonly clusterName: string;
  public readonly privateSubnetIds: string[];
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: EksHostOptions) {
    super(scope, id);
    const reference = EksHost.reference(props);
    const retention = props.retention ?? Retention.KEEP;
    const publicEndpoint = props.publicEndpoint;
    retention.note(this);
    if (publicEndpoint)
      warn(
        this,
        `API endpoint is public for ${publicEndpoint.cidrs.join(", ")}: ${publicEndpoint.reason.trim()}`,
      );

    const place = props.network.define(this, props.region);
    const role = new IamRole(this, "Role", {
      name: iamName(props.region, props.name, "cluster"),
      assumeRolePolicy: assumedBy("eks.amazonaws.com", ["sts:AssumeRole"]),
    });
    const clusterPolicy = new IamRolePolicyAttachment(this, "AmazonEKSClusterPolicy", {
      role: role.name,
      policyArn: managedPolicyArn(props.region, "AmazonEKSClusterPolicy"),
    });
    const secretsKey = new KmsKey(this, "SecretsKey", {
      description: `Kubernetes secrets of host ${props.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: retention.keyWaitingDays,
      policy: secretsKeyPolicy(props, role.arn),
      lifecycle: retention.lifecycle,
    });
    new KmsAlias(this, "SecretsKeyAlias", {
      name: `alias/tenclave/${props.name}/secrets`,
      targetKeyId: secretsKey.keyId,
    });
    // EKS writes to this name; a group that exists keeps its retention and key.
    const logGroupName = `/aws/eks/${props.name}/cluster`;
    const logsKey = new KmsKey(this, "LogsKey", {
      description: `Control-plane logs of host ${props.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: retention.keyWaitingDays,
      policy: logsKeyPolicy(props, logGroupName),
      lifecycle: retention.lifecycle,
    });
    const logs = new CloudwatchLogGroup(this, "Logs", {
      name: logGroupName,
      retentionInDays: props.logRetentionDays ?? 365,
      kmsKeyId: logsKey.arn,
      // Destroying a host keeps its audit trail.
      skipDestroy: retention.protects,
    });
    const cluster = new EksCluster(this, "Resource", {
      name: props.name,
      roleArn: role.arn,
      version: props.kubernetesVersion,
      bootstrapSelfManagedAddons: false,
      deletionProtection: retention.protects,
      enabledClusterLogTypes: LOG_TYPES,
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      encryptionConfig: { provider: { keyArn: secretsKey.arn }, resources: ["secrets"] },
      kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: reference.network.serviceCidr },
      upgradePolicy: { supportType: "STANDARD" },
      vpcConfig: {
        subnetIds: place.privateSubnetIds,
        endpointPrivateAccess: true,
        endpointPublicAccess: publicEndpoint !== undefined,
        publicAccessCidrs: publicEndpoint && [...publicEndpoint.cidrs],
      },
      lifecycle: retention.lifecycle,
      dependsOn: [clusterPolicy, logs, ...place.ready],
    });
    // EKS' own group lets in nodes only; kubectl and Terraform come from elsewhere in the VPC, or beyond.
    for (const [index, cidrIpv4] of [props.network.cidr, ...(props.apiClientCidrs ?? [])].entries())
      new VpcSecurityGroupIngressRule(this, `ApiClients${index + 1}`, {
        securityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
        description: "Kubernetes API",
        cidrIpv4,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      });
    const admins = props.admins.map((principalArn, index) => {
      const scope = new Construct(this, `Admin${index + 1}`);
      const entry = new EksAccessEntry(scope, "Entry", { clusterName: cluster.name, principalArn });
      return new EksAccessPolicyAssociation(scope, "Policy", {
        clusterName: cluster.name,
        principalArn,
        policyArn: accessPolicyArn(props.region, "AmazonEKSClusterAdminPolicy"),
        accessScope: { type: "cluster" },
        dependsOn: [entry],
      });
    });

    this.reference = reference;
    this.network = reference.network;
    this.clusterName = cluster.name;
    this.privateSubnetIds = place.privateSubnetIds;
    this.access = execAccess(reference, cluster.endpoint, cluster.certificateAuthority.get(0).data);
    this.ready = [cluster, ...admins];
  }
}

const POD_IDENTITY: WorkloadIdentity = { kind: "eks-pod-identity" };

/** A cluster that another stack, or somebody else, owns. */
class ImportedEksHost extends Construct implements IEksHost {
  public readonly access: ClusterAccess;
  public readonly network: PodNetwork;
  public readonly workloadIdentity = POD_IDENTITY;
  public readonly clusterName: string;
  public readonly privateSubnetIds: string[];
  public readonly ready: ITerraformDependable[] = [];

  public constructor(
    scope: Construct,
    id: string,
    public readonly reference: HostReference,
    attributes: EksHostAttributes,
  ) {
    super(scope, id);
    this.network = reference.network;
    this.clusterName = reference.name;
    this.privateSubnetIds = attributes.privateSubnetIds;
    this.access = execAccess(reference, attributes.endpoint, attributes.certificateAuthority);
  }
}

/** Login by the AWS CLI: a token that lives 15 minutes and never reaches state. */
function execAccess(reference: HostReference, endpoint: string, certificateAuthority: string): ClusterAccess {
  return ClusterAccess.exec(endpoint, Fn.base64decode(certificateAuthority), {
    command: "aws",
    args: [
      "eks",
      "get-token",
      "--cluster-name",
      reference.name,
      "--region",
      reference.location,
      "--output",
      "json",
    ],
  });
}

function assertAws(scope: Construct, reference: HostReference): HostReference {
  if (reference.cloud === "aws") return reference;
  throw new ConfigurationError(
    "HOST_CLOUD",
    scope,
    `EksHost connects to hosts on aws, got a reference to '${reference.name}' on '${reference.cloud}'; ` +
      "use the host class of that cloud",
  );
}

function assertHost(scope: ErrorScope, options: EksHostOptions): void {
  assertName(scope, "name", options.name, "EKS_NAME", 32);
  if (!/^\d{12}$/.test(options.account))
    throw new ConfigurationError(
      "EKS_ACCOUNT",
      scope,
      `account must be 12 digits, got '${options.account}'; copy it from the AWS console`,
    );
  if (!/^(?!cn-)[a-z]{2}(-[a-z]+)+-\d$/.test(options.region))
    throw new ConfigurationError(
      "EKS_REGION",
      scope,
      `region must be one of AWS outside China, like eu-west-1, got '${options.region}'; choose one`,
    );
  if (!KUBERNETES_VERSIONS.includes(options.kubernetesVersion))
    throw new ConfigurationError(
      "EKS_KUBERNETES",
      scope,
      `kubernetesVersion must be one of ${KUBERNETES_VERSIONS.join(", ")}, got '${options.kubernetesVersion}'; ` +
        "use one of them: virtual clusters are tested on the same minor only",
    );
  if (
    options.admins.length === 0 ||
    options.admins.some((arn) => !/^arn:[^:]+:iam::\d{12}:(role|user)\/\S+$/.test(arn))
  )
    throw new ConfigurationError(
      "EKS_ADMIN",
      scope,
      `admins must name at least one IAM role or user by ARN, because the creator is no administrator, ` +
        `got [${options.admins.join(", ")}]; add the role that runs the in-cluster stacks`,
    );
  assertLogs(scope, options.logRetentionDays);
  assertGateway(scope, options.gatewayNamespace);
  const stranger = options.apiClientCidrs?.find((cidr) => !isPrivate(parseCidr(cidr)));
  if (stranger !== undefined)
    throw new ConfigurationError(
      "EKS_API_CLIENTS",
      scope,
      `apiClientCidrs must be private IPv4 ranges, got '${stranger}'; for the internet use publicEndpoint, with a reason`,
    );
  if (options.publicEndpoint) {
    reasonOf(scope, "publicEndpoint.reason", options.publicEndpoint.reason);
    const { cidrs } = options.publicEndpoint;
    if (cidrs.length === 0 || cidrs.some((cidr) => (parseCidr(cidr)?.prefix ?? 0) < 8))
      throw new ConfigurationError(
        "EKS_PUBLIC_ENDPOINT",
        scope,
        `publicEndpoint.cidrs must name IPv4 ranges of /8 or longer, got [${cidrs.join(", ")}]; ` +
          "list the addresses your administrators come from",
      );
  }
}

/** What CloudWatch Logs takes. SOURCE: Amazon CloudWatch Logs API reference, PutRetentionPolicy. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function assertLogs(scope: ErrorScope, days: number | undefined): void {
  if (days === undefined || LOG_RETENTION_DAYS.includes(days)) return;
  throw new ConfigurationError(
    "EKS_LOGS",
    scope,
    `logRetentionDays must be a number of days CloudWatch knows, got ${days}; use one of ${LOG_RETENTION_DAYS.join(", ")}`,
  );
}

/** The gateway's namespace opens every tenant's API server to its pods, so it is no tenant's and not the platform's. */
function assertGateway(scope: ErrorScope, namespace: string | undefined): void {
  if (namespace === undefined) return;
  if (isName(namespace, 63) && !namespace.startsWith(tenantNamespace("")) && namespace !== PLATFORM_NAMESPACE)
    return;
  throw new ConfigurationError(
    "EKS_GATEWAY",
    scope,
    `gatewayNamespace must be a namespace of its own, no tenant's and not the platform's, got '${namespace}'; choose another`,
  );
}

/** Each node takes a /24 of the pod range, also the one more that an update starts. */
function assertPodRange(scope: ErrorScope, podCidr: string, pools: readonly PoolReference[]): void {
  const nodes = pools.reduce((sum, pool) => sum + pool.maxNodes + 1, 0);
  const room = 2 ** (24 - parseCidr(podCidr)!.prefix);
  if (nodes <= room) return;
  throw new ConfigurationError(
    "EKS_POD_RANGE",
    scope,
    `podCidr must hold a /24 for each of ${nodes} nodes (every pool's maxNodes and one), got '${podCidr}' for ` +
      `${Math.floor(room)}; use a larger range, or fewer nodes`,
  );
}

function poolReferences(scope: ErrorScope, options: EksHostOptions): PoolReference[] {
  const pools = options.pools.map((pool) => eksPoolReference(options.region, pool));
  const names = pools.map((pool) => pool.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice)
    throw new ConfigurationError(
      "POOL_DUPLICATE",
      scope,
      `pool names must be unique, got '${twice}' twice; rename one`,
    );
  if (!pools.some((pool) => pool.system))
    throw new ConfigurationError(
      "POOL_SYSTEM",
      scope,
      `a host needs a system pool, where CoreDNS, the CSI controller and the Cilium operator run, ` +
        `got pools [${names.join(", ")}]; set system: true on a plain one`,
    );
  return pools;
}
