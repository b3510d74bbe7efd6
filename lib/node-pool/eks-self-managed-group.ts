// An Auto Scaling group of our own, whose nodes join by themselves: for launch templates EKS does not take.
import { AutoscalingGroup, EksAccessEntry, IamInstanceProfile } from "../core/bindings/aws";
import { Fn, Token, type Construct, type ITerraformDependable } from "../core/cdk";
import { nodeRoleName } from "../host-cluster/eks-policies";
import {
  startNodes,
  startTaints,
  type EksGroup,
  type EksNodes,
  type EksTemplateConfig,
} from "./eks-managed-group";
import { eksUserDataText } from "./eks-user-data";

/**
 * What the launch template must say on nodes that EKS does not manage: image, type, profile, security group, and the
 * cluster to join. The image is resolved when an instance starts, so a plan asks nobody for it.
 * SOURCE: Amazon EKS User Guide, Retrieve recommended Amazon Linux AMI IDs, 2026.
 */
export function selfManagedTemplate(scope: Construct, nodes: EksNodes): EksTemplateConfig {
  const { host, pool, arch, role } = nodes;
  const { reference } = host;
  const profile = new IamInstanceProfile(scope, "InstanceProfile", {
    name: nodeRoleName(reference.location, reference.name, pool.name),
    role: role.name,
  });
  const image = `/aws/service/eks/optimized-ami/${reference.kubernetesVersion}/amazon-linux-2023/${arch}/standard/recommended/image_id`;
  return {
    imageId: `resolve:ssm:${image}`,
    instanceType: pool.machineType,
    iamInstanceProfile: { arn: profile.arn },
    vpcSecurityGroupIds: [host.clusterSecurityGroupId],
    userData: joinedUserData(nodes),
  };
}

/** Stand in the text for what is known at plan only. */
const ENDPOINT = "API_SERVER_ENDPOINT";
const CERTIFICATE_AUTHORITY = "CERTIFICATE_AUTHORITY";

/**
 * User data with the cluster to join. Terraform puts endpoint and CA into a text that travels in base64: nothing in it
 * can be taken for a template of Terraform's.
 */
function joinedUserData({ options, host, pool }: EksNodes): string {
  const text = eksUserDataText({
    staticCpuManager: options.staticCpuManager,
    numaAligned: options.numaAligned,
    enclaves: pool.capacity.enclaves,
    cluster: {
      name: host.reference.name,
      apiServerEndpoint: ENDPOINT,
      certificateAuthority: CERTIFICATE_AUTHORITY,
      cidr: host.reference.network.serviceCidr,
      nodeLabels: pool.placement.nodeLabels,
      taints: startTaints(pool).map(({ key, value, effect }) => `${key}=${value}:${effect}`),
    },
  });
  const withEndpoint = Fn.replace(
    Fn.base64decode(Buffer.from(text).toString("base64")),
    ENDPOINT,
    host.access.endpoint,
  );
  return Fn.base64encode(Fn.replace(withEndpoint, CERTIFICATE_AUTHORITY, host.certificateAuthority));
}

/** The Auto Scaling group, and the access entry that lets its nodes join. */
export function selfManagedGroup(scope: Construct, group: EksGroup): ITerraformDependable {
  const { options, host, pool, role, template, after } = group;
  const entry = new EksAccessEntry(scope, "NodeAccess", {
    clusterName: host.clusterName,
    principalArn: role.arn,
    type: "EC2_LINUX",
  });
  return new AutoscalingGroup(scope, "Resource", {
    namePrefix: `${host.reference.name}-${pool.name}-`,
    vpcZoneIdentifier: host.privateSubnetIds,
    minSize: pool.minNodes,
    maxSize: pool.maxNodes,
    desiredCapacity: startNodes(options, pool),
    launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
    // A new version of the template replaces nodes. Nothing drains them.
    instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 90 } },
    tag: [{ key: `kubernetes.io/cluster/${host.reference.name}`, value: "owned", propagateAtLaunch: true }],
    lifecycle: {
      createBeforeDestroy: true,
      ignoreChanges: options.autoscaled ? ["desired_capacity"] : undefined,
    },
    dependsOn: [...after, entry],
  });
}
