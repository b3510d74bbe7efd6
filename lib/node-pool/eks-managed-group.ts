// A managed node group: EKS runs the Auto Scaling group, adds its part to the user data, and drains nodes.
import { EksNodeGroup, type IamRole, type LaunchTemplate } from "../core/bindings/aws";
import { Token, type Construct, type ITerraformDependable } from "../core/cdk";
import type { IEksHost } from "../host-cluster/eks-host";
import type { EksNodePoolOptions } from "./eks-pool-options";
import { eksUserData } from "./eks-user-data";
import { CILIUM_STARTUP_TAINT, type NodeTaint, type PoolReference } from "./node-pool";

/** What a group of nodes is made of, before it has a template. */
export interface EksNodes {
  readonly options: EksNodePoolOptions;
  readonly host: IEksHost;
  readonly pool: PoolReference;
  /** x86_64 or arm64. */
  readonly arch: string;
  readonly role: IamRole;
}

/** What a group of nodes is made of. */
export interface EksGroup extends EksNodes {
  readonly template: LaunchTemplate;
  readonly after: readonly ITerraformDependable[];
}

/** The taints nodes start with: the pool's, and Cilium's until its agent runs. */
export function startTaints({ placement }: PoolReference): NodeTaint[] {
  return [...placement.taints, CILIUM_STARTUP_TAINT];
}

/** Nodes a group starts with. */
export function startNodes(
  { autoscaled }: EksNodePoolOptions,
  { minNodes, maxNodes }: PoolReference,
): number {
  return autoscaled ? Math.max(1, minNodes) : maxNodes;
}

/** What any group's launch template is given. */
export type EksTemplateConfig = Partial<ConstructorParameters<typeof LaunchTemplate>[2] & object>;

/** What the launch template says beside the rest: user data, to which EKS adds its own. */
export function managedTemplate(_: Construct, { options, pool }: EksNodes): EksTemplateConfig {
  const { staticCpuManager, numaAligned } = options;
  return { userData: eksUserData({ staticCpuManager, numaAligned, enclaves: pool.capacity.enclaves }) };
}

/** The managed node group. */
export function managedGroup(scope: Construct, group: EksGroup): ITerraformDependable {
  const { options, host, pool, arch, role, template, after } = group;
  return new EksNodeGroup(scope, "Resource", {
    clusterName: host.clusterName,
    // A prefix lets a replacement stand beside the old group.
    nodeGroupNamePrefix: `${pool.name}-`,
    nodeRoleArn: role.arn,
    // Named, so that nodes follow when the host's version is raised.
    version: host.reference.kubernetesVersion,
    releaseVersion: options.releaseVersion,
    subnetIds: host.privateSubnetIds,
    amiType: arch === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
    // Here and not in the template: EKS refuses both.
    instanceTypes: [pool.machineType],
    launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
    scalingConfig: {
      minSize: pool.minNodes,
      maxSize: pool.maxNodes,
      desiredSize: startNodes(options, pool),
    },
    updateConfig: { maxUnavailable: 1 },
    labels: { ...pool.placement.nodeLabels },
    taint: startTaints(pool).map(({ key, value, effect }) => ({ key, value, effect: EKS_EFFECTS[effect]! })),
    lifecycle: {
      createBeforeDestroy: true,
      ignoreChanges: options.autoscaled ? ["scaling_config[0].desired_size"] : undefined,
    },
    dependsOn: [...after],
  });
}

/** Kubernetes' taint effects, as EKS writes them. */
const EKS_EFFECTS: Readonly<Record<string, string>> = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
};
