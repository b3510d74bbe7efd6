// Keys of tenants' volumes on GKE: one each, which Compute Engine's own account uses and nobody else is granted.
import type { Construct } from "../core/cdk";
import { ConfigurationError } from "../core/errors";
import { tenantStorageClassName } from "../core/names";
import { assertShape, scopeOf, shape } from "../core/option-shape";
import { RETENTION_SHAPE, Retention } from "../core/retention";
import type { TenantContext } from "../attestation/verifier";
import { tenantKeyName } from "../attestation/google/google-trust-domain";
import { computeAgent, KMS_PARAMETER } from "../host-cluster/gke-names";
import { ensureGoogleProvider } from "../host-cluster/google-provider";
import { assertCloud } from "../host-cluster/host-checks";
import type { HostReference, StorageClassReference } from "../host-cluster/host-cluster";
import type { CheckedTenant } from "../tenant/tenant-checks";
import { GOOGLE_DELETION, GoogleTenantKey } from "./google-tenant-key";
import { assertKeysOf, deletionDays, type ITenantKey, type ITenantKeys } from "./tenant-key";

/** Fails with OPTION_TYPE when a value has another type. */
export interface GoogleVolumeKeysOptions {
  /** The host whose tenants get keys. Fails with HOST_CLOUD. */
  readonly host: HostReference;
  /** Number of the host's project, digits: Compute Engine's own account is named by it. Fails with HOST_SCOPE. */
  readonly projectNumber: string;
  /**
   * Days a destroyed key version can still be brought back, 7 to 120. A change replaces the key. Fails with KEY_DELETION.
   * @default 30
   */
  readonly deletionDays?: number;
  /** @default Retention.KEEP */
  readonly retention?: Retention;
}

const SHAPE = shape.object({
  host: shape.open({ name: shape.text, location: shape.text, account: shape.text }),
  projectNumber: shape.text,
  deletionDays: shape.number.optional(),
  retention: RETENTION_SHAPE,
});

/**
 * A key in hardware for each tenant's volumes, in the host's project and in the ring that GoogleTrustStack makes.
 *
 * It protects a tenant's disks against whoever has them without the key, and lets one tenant's disks be made unreadable
 * alone. It asks for no evidence: a storage driver has none. Project owners can use it.
 */
export class GoogleVolumeKeys implements ITenantKeys {
  /** Fails with OPTION_TYPE, HOST_CLOUD, HOST_SCOPE and KEY_DELETION. */
  public static of(options: GoogleVolumeKeysOptions): GoogleVolumeKeys {
    const scope = scopeOf("keys", (options as Partial<GoogleVolumeKeysOptions> | undefined)?.host);
    assertShape(scope, SHAPE, options);
    assertCloud(scope, "GoogleVolumeKeys", "google", options.host);
    if (!/^\d{6,19}$/.test(options.projectNumber))
      throw new ConfigurationError(
        "HOST_SCOPE",
        scope,
        `projectNumber must be the project's number, digits only, got '${options.projectNumber}'; ` +
          "write it as `gcloud projects list` prints it",
      );
    deletionDays(scope, GOOGLE_DELETION, options.deletionDays);
    return new GoogleVolumeKeys(options);
  }

  private constructor(private readonly options: GoogleVolumeKeysOptions) {}

  /** Project that holds the keys: their ring must be there. */
  public get project(): string {
    return this.options.host.account;
  }

  public storageClass({ spec }: Pick<CheckedTenant, "spec">): StorageClassReference {
    const { storageClass } = this.options.host;
    return {
      name: tenantStorageClassName(spec.name),
      provisioner: storageClass.provisioner,
      refused: storageClass.refused,
      parameters: { ...storageClass.parameters, [KMS_PARAMETER]: this.keyName(spec.name) },
    };
  }

  /** Defines key and grant below `scope`. Fails with TENANT_HOST for a tenant of another host. */
  public volumeKey(scope: Construct, { tenant, host }: TenantContext): ITenantKey {
    const { projectNumber, retention = Retention.KEEP } = this.options;
    assertKeysOf(scope, "GoogleVolumeKeys", this.options.host, host.reference);
    ensureGoogleProvider(scope, host.reference);
    const keyId = this.keyName(tenant.spec.name);
    const key = new GoogleTenantKey(scope, "Kms", {
      keyName: keyId,
      uses: [
        {
          id: "Driver",
          role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
          member: computeAgent(projectNumber),
        },
      ],
      deletionDays: this.options.deletionDays,
      retention,
    });
    return {
      keyId,
      storageClassParameters: this.storageClass(tenant).parameters,
      ready: key.ready,
    };
  }

  private keyName(tenant: string): string {
    return tenantKeyName(this.options.host.account, this.options.host, tenant, "volumes");
  }
}
