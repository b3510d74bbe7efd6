// EKS nodes of one instance type: plain, in AMD SEV-SNP or with Nitro Enclaves, by launch template.
import { IamRole, IamRolePolicyAttachment, KmsKey, LaunchTemplate } from "../core/bindings/aws";
import type { Construct, ITerraformDependable } from "../core/cdk";
import { assertSameStack } from "../core/depend";
import { ConfigurationError } from "../core/errors";
import { Retention } from "../core/retention";
import type { IEksHost } from "../host-cluster/eks-host";
import { assumedBy, managedPolicyArn, nodeRoleName, rootVolumeKeyPolicy } from "../host-cluster/eks-policies";
import { Tee } from "../tee/tee";
import { EKS_INSTANCE_TYPES } from "./eks-instance-type";
import type { EksNodePoolOptions } from "./eks-pool-options";
import { eksPoolReference } from "./eks-pool-reference";
import { managedGroup, managedTemplate } from "./eks-managed-group";
import { selfManagedGroup, selfManagedTemplate } from "./eks-self-managed-group";
import { NodePoolBase } from "./node-pool-base";

export interface EksNodePoolProps extends EksNodePoolOptions {
  /** The host, connected to in the same stack. Fails with CROSS_STACK. */
  readonly host: IEksHost;
  /** @default Retention.KEEP */
  readonly retention?: Retention;
  /**
   * What nodes wait for beside the host: Cilium, when it is defined in the same stack.
   * @default - nothing
   */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Nodes of one EC2 instance type.
 *
 * Nodes start with Cilium's taint, which Cilium removes; IMDSv2 only, with a hop limit of 1 so that pods cannot reach
 * it; root volume encrypted with a key of the pool's own; a role that may join, pull images, and nothing else.
 */
export class EksNodePool extends NodePoolBase {
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: EksNodePoolProps) {
    const { reference } = props.host;
    const pool = eksPoolReference(reference.location, props, reference.kubernetesVersion);
    super(scope, id, pool);
    assertSameStack(this, "host", props.host);
    if (props.host.privateSubnetIds.length === 0)
      throw new ConfigurationError(
        "EKS_ATTRIBUTES",
        this,
        "nodes must have subnets, got a host without any; set privateSubnetIds where the host is given",
      );
    const retention = props.retention ?? Retention.KEEP;

    const type = EKS_INSTANCE_TYPES.get(props.instanceType)!;
    const aws = { account: reference.account, region: reference.location };
    const longName = ["tenclave", reference.name, pool.name].join(".");

    const role = new IamRole(this, "Role", {
      name: nodeRoleName(aws.region, reference.name, pool.name),
      assumeRolePolicy: assumedBy("ec2.amazonaws.com", ["sts:AssumeRole"]),
    });
    // Cilium assigns addresses from its own pool, so nodes need no permission on network interfaces. The smaller
    // AmazonEKSWorkerNodeMinimalPolicy will not do: nodeadm calls ec2:DescribeInstances before kubelet starts.
    const policies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"].map(
      (name) =>
        new IamRolePolicyAttachment(this, name, {
          role: role.name,
          policyArn: managedPolicyArn(aws.region, name),
        }),
    );
    const keyArn =
      props.rootVolumeKeyArn ??
      new KmsKey(this, "RootVolumeKey", {
        description: `Root volumes of node pool ${pool.name} of host ${reference.name}`,
        enableKeyRotation: true,
        deletionWindowInDays: retention.keyWaitingDays,
        policy: rootVolumeKeyPolicy(aws),
        lifecycle: retention.lifecycle,
      }).arn;
    const kind = props.selfManaged ? SELF_MANAGED : MANAGED;
    const nodes = { options: props, host: props.host, pool, arch: type.arch, role };
    const template = new LaunchTemplate(this, "LaunchTemplate", {
      name: longName,
      cpuOptions: this.tee === Tee.SEV_SNP ? { amdSevSnp: "enabled" } : undefined,
      enclaveOptions: this.tee === Tee.NITRO_ENCLAVES ? { enabled: true } : undefined,
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            encrypted: "true",
            kmsKeyId: keyArn,
            volumeType: "gp3",
            volumeSize: props.diskGiB ?? 100,
            deleteOnTermination: "true",
          },
        },
      ],
      ...kind.template(this, nodes),
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        tags: { Name: `${reference.name}-${pool.name}` },
      })),
    });
    const group = kind.group(this, {
      ...nodes,
      template,
      after: [...policies, ...props.host.ready, ...(props.dependsOn ?? [])],
    });

    this.ready = [group];
  }
}

/** Who runs the group: what its launch template says beside the rest, and the group. */
const MANAGED = { template: managedTemplate, group: managedGroup };
const SELF_MANAGED = { template: selfManagedTemplate, group: selfManagedGroup };
