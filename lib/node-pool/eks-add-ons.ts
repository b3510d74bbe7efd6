// The EKS add-ons that need nodes: pod identity agent, CoreDNS and the EBS CSI driver.
import {
  EksAddon,
  IamRole,
  IamRolePolicy,
  IamRolePolicyAttachment,
  KmsAlias,
  KmsKey,
} from "../core/bindings/aws";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { assertSameStack } from "../core/depend";
import { Retention } from "../core/retention";
import type { IEksHost } from "../host-cluster/eks-host";
import type { HostReference } from "../host-cluster/host-cluster";
import {
  assumedByPods,
  driverRoleName,
  givenVolumesKeyPolicy,
  keyAliasArn,
  managedPolicyArn,
  volumeKeyAlias,
  volumesKeyPolicy,
} from "../host-cluster/eks-policies";
import type { INodePool } from "./node-pool";

export interface EksAddOnsProps {
  /** The host, connected to in the same stack. Fails with CROSS_STACK. */
  readonly host: IEksHost;
  /** Pools the add-ons wait for: an add-on without a Ready node ends DEGRADED. */
  readonly pools: readonly INodePool[];
  /** @default Retention.KEEP */
  readonly retention?: Retention;
}

/**
 * CoreDNS, the EBS CSI driver with a key for volumes, and the pod identity agent that gives the driver its role.
 * The driver's role may use that key and no other.
 */
export class EksAddOns extends Construct {
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: EksAddOnsProps) {
    super(scope, id);
    assertSameStack(this, "host", props.host);
    const { reference, clusterName } = props.host;
    const retention = props.retention ?? Retention.KEEP;
    const aws = { account: reference.account, region: reference.location };
    const nodes = props.pools.flatMap((pool) => pool.ready);

    const role = new IamRole(this, "DriverRole", {
      name: driverRoleName(reference.location, reference.name),
      assumeRolePolicy: assumedByPods(aws, reference.name, "kube-system", DRIVER_SERVICE_ACCOUNT),
    });
    const driverPolicy = new IamRolePolicyAttachment(this, "AmazonEBSCSIDriverPolicy", {
      role: role.name,
      policyArn: managedPolicyArn(aws.region, "service-role/AmazonEBSCSIDriverPolicy"),
    });
    const keyReady = this.volumesKey(reference, role, retention);
    const podIdentity = new EksAddon(this, "PodIdentityAgent", {
      ...ADD_ON,
      clusterName,
      addonName: "eks-pod-identity-agent",
      dependsOn: nodes,
    });
    const coreDns = new EksAddon(this, "CoreDns", {
      ...ADD_ON,
      clusterName,
      addonName: "coredns",
      dependsOn: nodes,
    });
    const driver = new EksAddon(this, "EbsCsiDriver", {
      ...ADD_ON,
      clusterName,
      addonName: "aws-ebs-csi-driver",
      podIdentityAssociation: [{ roleArn: role.arn, serviceAccount: DRIVER_SERVICE_ACCOUNT }],
      dependsOn: [podIdentity, driverPolicy, keyReady],
    });

    this.ready = [podIdentity, coreDns, driver];
  }

  /** Lets the driver use the key that the StorageClass names: one made here, or one that was given. */
  private volumesKey(
    { name, location, account, storageClass }: HostReference,
    role: IamRole,
    retention: Retention,
  ): ITerraformDependable {
    const aws = { account, region: location };
    const named = storageClass.parameters.kmsKeyId!;
    if (named !== keyAliasArn(aws, volumeKeyAlias(name)))
      return new IamRolePolicy(this, "VolumesKeyUse", {
        name: "volumes-key",
        role: role.name,
        policy: givenVolumesKeyPolicy(named),
      });
    const key = new KmsKey(this, "VolumesKey", {
      description: `Persistent volumes of host ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: retention.keyWaitingDays,
      policy: volumesKeyPolicy(aws, role.arn),
      lifecycle: retention.lifecycle,
    });
    // The StorageClass names the key by alias, so the platform stack needs nothing from this one.
    return new KmsAlias(this, "VolumesKeyAlias", { name: volumeKeyAlias(name), targetKeyId: key.keyId });
  }
}

/** The add-on's own name for it. */
const DRIVER_SERVICE_ACCOUNT = "ebs-csi-controller-sa";

/** This code owns the add-ons: what somebody changed by hand is put back. */
const ADD_ON = { resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "OVERWRITE" };
