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
import { Construct, Fn, type ITerraformDependable } from "../core/cdk";
import { ConfigurationError } from "../core/errors";
import { PLATFORM_GROUP } from "../core/names";
import { warn } from "../core/notes";
import { assertShape, shape } from "../core/option-shape";
import { Retention } from "../core/retention";
import { ClusterAccess } from "./access";
import { ensureAwsProvider } from "./aws-provider";
import type { EksHostOptions } from "./eks-host-options";
import { eksHostReference } from "./eks-host-reference";
import {
  accessPolicyArn,
  assumedBy,
  iamName,
  logsKeyPolicy,
  managedPolicyArn,
  secretsKeyPolicy,
} from "./eks-policies";
import { assertCloud } from "./host-checks";
import type {
  HostReference,
  IHostCluster,
  IHostConnection,
  PodNetwork,
  WorkloadIdentity,
} from "./host-cluster";
import { hostVariable, hostVariables } from "./host-variables";

/** What an EKS host offers beyond the neutral contract. */
export interface IEksHost extends IHostCluster {
  /** Name of the EKS cluster: the host's own. */
  readonly clusterName: string;
  /** Subnets for nodes. */
  readonly privateSubnetIds: string[];
  /** CA certificate, base64, as EKS prints it: what nodes that EKS does not manage are told. */
  readonly certificateAuthority: string;
  /** The group EKS makes for the cluster; nodes that EKS does not manage join with it. Fails with EKS_SECURITY_GROUP. */
  readonly clusterSecurityGroupId: string;
}

/** How a stack reaches an EKS host. */
export interface IEksHostConnection extends IHostConnection {
  connect(scope: Construct): IEksHost;
}
/** What another stack needs to know of a cluster to use it. */
export interface EksHostAttributes {
  /** API server URL, starting with https://. Fails with EKS_ATTRIBUTES. */
  readonly endpoint: string;
  /** CA certificate, base64, as EKS prints it. Fails with EKS_ATTRIBUTES when it is PEM. */
  readonly certificateAuthority: string;
  /** Private subnets for node pools. Fails with EKS_ATTRIBUTES when empty in a stack with pools. */
  readonly privateSubnetIds: string[];
  /**
   * The group EKS makes for the cluster, like `sg-0123456789abcdef0`. Needed for self-managed pools only. Fails with
   * EKS_SECURITY_GROUP there.
   * @default - no self-managed pools
   */
  readonly clusterSecurityGroupId?: string;
}
/** All of them: an audit needs `audit` and `authenticator`, an outage the rest. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

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
    return eksHostReference(options);
  }

  /** A host that is found by name with a data source: needs the cluster to exist at plan. */
  public static lookup(scope: Construct, id: string, reference: HostReference): IEksHost {
    ensureAwsProvider(scope, reference);
    const found = new DataAwsEksCluster(scope, id, {
      name: assertCloud(scope, "EksHost", "aws", reference).name,
    });
    return new ImportedEksHost(scope, `${id}Host`, reference, {
      endpoint: found.endpoint,
      certificateAuthority: found.certificateAuthority.get(0).data,
      privateSubnetIds: Fn.tolist(found.vpcConfig.get(0).subnetIds),
      get clusterSecurityGroupId() {
        return found.vpcConfig.get(0).clusterSecurityGroupId;
      },
    });
  }

  /** A host given by values or Terraform variables: plans from nothing. */
  public static fromAttributes(
    scope: Construct,
    id: string,
    reference: HostReference,
    attributes: EksHostAttributes,
  ): IEksHost {
    assertAttributes(scope, attributes);
    return new ImportedEksHost(scope, id, assertCloud(scope, "EksHost", "aws", reference), attributes);
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
   * `host_private_subnet_ids`; a stack with self-managed pools also declares `host_cluster_security_group_id`.
   */
  public static byVariables(reference: HostReference): IEksHostConnection {
    return {
      reference,
      connect: (scope) =>
        EksHost.fromAttributes(scope, "Host", reference, {
          ...hostVariables(scope),
          privateSubnetIds: hostVariable(
            scope,
            "host_private_subnet_ids",
            "list(string)",
            "private subnets of the host cluster, for node pools",
          ).listValue,
          get clusterSecurityGroupId() {
            return hostVariable(
              scope,
              "host_cluster_security_group_id",
              "string",
              "security group EKS made for the host cluster",
            ).stringValue;
          },
        }),
    };
  }

  public readonly reference: HostReference;
  public readonly access: ClusterAccess;
  public readonly network: PodNetwork;
  public readonly workloadIdentity: WorkloadIdentity = POD_IDENTITY;
  public readonly clusterName: string;
  public readonly privateSubnetIds: string[];
  public readonly ready: ITerraformDependable[];
  private readonly cluster: EksCluster;

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
      const entry = new EksAccessEntry(scope, "Entry", {
        clusterName: cluster.name,
        principalArn,
        // The policy below makes an administrator; by the group admission rules know one.
        kubernetesGroups: [PLATFORM_GROUP],
      });
      return new EksAccessPolicyAssociation(scope, "Policy", {
        clusterName: cluster.name,
        principalArn,
        policyArn: accessPolicyArn(props.region, "AmazonEKSClusterAdminPolicy"),
        accessScope: { type: "cluster" },
        dependsOn: [entry],
      });
    });

    this.cluster = cluster;
    this.reference = reference;
    this.network = reference.network;
    this.clusterName = cluster.name;
    this.privateSubnetIds = place.privateSubnetIds;
    this.access = execAccess(reference, cluster.endpoint, cluster.certificateAuthority.get(0).data);
    this.ready = [cluster, ...admins];
  }

  public get certificateAuthority(): string {
    return this.cluster.certificateAuthority.get(0).data;
  }

  public get clusterSecurityGroupId(): string {
    return this.cluster.vpcConfig.clusterSecurityGroupId;
  }
}

/** Without the security group: reading it declares a variable in stacks that are connected by variables. */
const ATTRIBUTES_SHAPE = shape.open({
  endpoint: shape.text,
  certificateAuthority: shape.text,
  privateSubnetIds: shape.texts,
});

/** Throws OPTION_TYPE, and EKS_ATTRIBUTES for values that only look right. What is known at plan only passes. */
function assertAttributes(scope: Construct, attributes: EksHostAttributes): void {
  assertShape(scope, ATTRIBUTES_SHAPE, attributes);
  const { endpoint, certificateAuthority } = attributes;
  const atPlan = (text: string): boolean => text.includes("${");
  const url = atPlan(endpoint) || endpoint.startsWith("https://");
  if (url && (atPlan(certificateAuthority) || /^[A-Za-z0-9+/]+=*$/.test(certificateAuthority))) return;
  throw new ConfigurationError(
    "EKS_ATTRIBUTES",
    scope,
    `endpoint must start with https:// and certificateAuthority be base64, no PEM, got '${endpoint}' and ` +
      `'${certificateAuthority.slice(0, 30)}'; copy both from aws eks describe-cluster`,
  );
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
    private readonly attributes: EksHostAttributes,
  ) {
    super(scope, id);
    this.network = reference.network;
    this.clusterName = reference.name;
    this.privateSubnetIds = attributes.privateSubnetIds;
    this.access = execAccess(reference, attributes.endpoint, attributes.certificateAuthority);
  }

  public get certificateAuthority(): string {
    return this.attributes.certificateAuthority;
  }

  // Read only where it is needed: reading it declares a variable in stacks that are connected by variables.
  public get clusterSecurityGroupId(): string {
    const id = this.attributes.clusterSecurityGroupId;
    if (id !== undefined) return id;
    throw new ConfigurationError(
      "EKS_SECURITY_GROUP",
      this,
      "self-managed nodes must join with the cluster's own security group, got attributes without one " +
        "(Amazon EKS User Guide, View Amazon EKS security group requirements, 2026); set clusterSecurityGroupId, or leave selfManaged out",
    );
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
