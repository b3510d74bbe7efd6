// A KMS key of each tenant's own for its volumes, used by the EBS CSI driver through EC2 and by nobody else.
import { KmsAlias, KmsKey } from "../core/bindings/aws";
import type { Construct } from "../core/cdk";
import { tenantStorageClassName } from "../core/names";
import { assertShape, shape } from "../core/option-shape";
import { Retention, RETENTION_SHAPE } from "../core/retention";
import { ensureAwsProvider } from "../host-cluster/aws-provider";
import { driverRoleName, keyAliasArn, roleArn, tenantVolumesKeyPolicy } from "../host-cluster/eks-policies";
import { assertCloud } from "../host-cluster/host-checks";
import type { HostReference, StorageClassReference } from "../host-cluster/host-cluster";
import type { CheckedTenant } from "../tenant/tenant-checks";
import type { TenantContext } from "../attestation/verifier";
import { AWS_DELETION, awsScopeOf } from "./aws-attested-key";
import { assertKeysOf, deletionDays, type ITenantKey, type ITenantKeys } from "./tenant-key";

/** Fails with OPTION_TYPE when a value has another type. */
export interface AwsVolumeKeysOptions {
  /** The EKS host whose EBS CSI driver uses the keys. Fails with HOST_CLOUD on another cloud. */
  readonly host: HostReference;
  /** Days a deleted key can be brought back, 7 to 30. Fails with KEY_DELETION. @default 30, or the retention's */
  readonly deletionWindowDays?: number;
  /** Whether keys carry `prevent_destroy`. @default Retention.KEEP */
  readonly retention?: Retention;
}

const SHAPE = shape.object({
  host: shape.open({ cloud: shape.text, name: shape.text, location: shape.text, account: shape.text }),
  deletionWindowDays: shape.number.optional(),
  retention: RETENTION_SHAPE,
});

/**
 * Volume keys on an EKS host: rotated, named by alias, one a tenant. The driver shows no evidence, so such a key keeps
 * out other tenants' classes and whoever finds the disk, and neither AWS nor whoever controls the driver.
 */
export class AwsVolumeKeys implements ITenantKeys {
  /** Fails with the codes named in the options. */
  public static of(options: AwsVolumeKeysOptions): AwsVolumeKeys {
    assertShape("keys", SHAPE, options);
    const { host, retention = Retention.KEEP } = options;
    assertCloud("keys", "AwsVolumeKeys", "aws", host);
    return new AwsVolumeKeys(
      host,
      deletionDays("keys", AWS_DELETION, options.deletionWindowDays ?? retention.keyWaitingDays),
      retention,
    );
  }

  private constructor(
    private readonly host: HostReference,
    private readonly days: number,
    private readonly retention: Retention,
  ) {}

  public storageClass({ spec }: Pick<CheckedTenant, "spec">): StorageClassReference {
    const { storageClass } = this.host;
    return {
      name: tenantStorageClassName(spec.name),
      provisioner: "ebs.csi.aws.com",
      refused: storageClass.refused,
      parameters: {
        type: "gp3",
        encrypted: "true",
        kmsKeyId: keyAliasArn(awsScopeOf(this.host), this.alias(spec.name)),
      },
    };
  }

  /**
   * Defines key and alias below `scope`. The key's policy names the driver's role, which the pools stack made. Fails with
   * TENANT_HOST for a tenant of another host.
   */
  public volumeKey(scope: Construct, { tenant, host: connected }: TenantContext): ITenantKey {
    const { name } = tenant.spec;
    const { host, retention } = this;
    assertKeysOf(scope, "AwsVolumeKeys", host, connected.reference);
    const aws = awsScopeOf(host);
    ensureAwsProvider(scope, host);
    const key = new KmsKey(scope, "VolumesKey", {
      description: `Volumes of tenant ${name} of host ${host.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: this.days,
      policy: tenantVolumesKeyPolicy(aws, roleArn(aws, driverRoleName(host.location, host.name))),
      lifecycle: retention.lifecycle,
    });
    const alias = new KmsAlias(scope, "VolumesKeyAlias", {
      name: this.alias(name),
      targetKeyId: key.keyId,
    });
    const { parameters } = this.storageClass(tenant);
    return { keyId: parameters.kmsKeyId!, storageClassParameters: parameters, ready: [alias] };
  }

  private alias(tenant: string): string {
    return `alias/tenclave/${this.host.name}/tenants/${tenant}/volumes`;
  }
}
