// Keys of tenants' volumes on AKS: one key and one disk encryption set for each tenant.
import type { AzureTrust } from "../attestation/azure/azure-trust";
import type { TenantContext } from "../attestation/verifier";
import { DiskEncryptionSet, KeyVaultKey, UserAssignedIdentity } from "../core/bindings/azurerm";
import type { Construct } from "../core/cdk";
import { tenantStorageClassName } from "../core/names";
import { assertShape, scopeOf, shape } from "../core/option-shape";
import type * as z from "../core/zod";
import { assignRole } from "../host-cluster/aks-keys";
import { tenantDiskEncryptionSetId, tenantResourceName, volumesGroup } from "../host-cluster/aks-names";
import { ensureAzurermProvider } from "../host-cluster/azurerm-provider";
import type { StorageClassReference } from "../host-cluster/host-cluster";
import type { CheckedTenant } from "../tenant/tenant-checks";
import type { ITenantKey, ITenantKeys } from "./tenant-key";

/** Fails with OPTION_TYPE when a value has another type. */
export interface AzureVolumeKeysOptions {
  /** From AzureTrust.of. */
  readonly trust: AzureTrust;
}

const SHAPE = shape.object({
  trust: shape.withMember("volumeVault", "made by AzureTrust.of"),
} satisfies Record<keyof AzureVolumeKeysOptions, z.ZodType>);

/**
 * A key for each tenant's volumes, which Azure's storage service uses through the tenant's disk encryption set. It asks
 * for no evidence: disks are decrypted outside the nodes. What evidence protects is another key, of AzureAttestation.
 */
export class AzureVolumeKeys implements ITenantKeys {
  /** Fails with OPTION_TYPE. */
  public static of(options: AzureVolumeKeysOptions): AzureVolumeKeys {
    const scope = scopeOf("azure-volume-keys", options);
    assertShape(scope, SHAPE, options);
    return new AzureVolumeKeys(options.trust);
  }

  private constructor(private readonly trust: AzureTrust) {}

  public storageClass({ spec }: Pick<CheckedTenant, "spec">): StorageClassReference {
    const { provisioner, refused, parameters } = this.trust.host.storageClass;
    return {
      name: tenantStorageClassName(spec.name),
      provisioner,
      refused,
      parameters: { ...parameters, ...this.parameters(spec.name) },
    };
  }

  public volumeKey(scope: Construct, { tenant, host }: TenantContext): ITenantKey {
    const { trust } = this;
    trust.assertOf(scope, host.reference);
    const { name } = tenant.spec;
    ensureAzurermProvider(scope, trust.host);
    const keyName = `volumes-${name}`;
    const key = new KeyVaultKey(scope, "Key", {
      name: keyName,
      keyVaultId: trust.volumeVault.id,
      keyType: "RSA",
      keySize: 3072,
      keyOpts: ["unwrapKey", "wrapKey"],
      rotationPolicy: { automatic: { timeAfterCreation: "P365D" } },
      tags: trust.place.tags,
      lifecycle: trust.retention.lifecycle,
    });
    const setName = tenantResourceName(trust.names, "volumes", name);
    const identity = new UserAssignedIdentity(scope, "Identity", { ...trust.place, name: setName });
    const wraps = assignRole(
      scope,
      "Wrapper",
      "Key Vault Crypto Service Encryption User",
      key.resourceVersionlessId,
      identity,
    );
    const set = new DiskEncryptionSet(scope, "DiskEncryptionSet", {
      ...trust.place,
      // In the volumes' group, where the cluster's identity may read it, and not in that of identities and vaults.
      resourceGroupName: volumesGroup(trust.names),
      name: setName,
      // Without a version, so that the set follows the key's rotation.
      keyVaultKeyId: key.versionlessId,
      autoKeyRotationEnabled: true,
      // The confidential kind is for the operating system's disk of a single machine; the disk driver refuses it.
      encryptionType: "EncryptionAtRestWithCustomerKey",
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      lifecycle: trust.retention.lifecycle,
      // A set that is used before its identity may wrap stays broken.
      dependsOn: [wraps],
    });
    return {
      keyId: `${trust.volumeVault.url}/keys/${keyName}`,
      storageClassParameters: this.parameters(name),
      ready: [set],
    };
  }

  private parameters(tenant: string): Readonly<Record<string, string>> {
    return {
      diskEncryptionSetID: tenantDiskEncryptionSetId(this.trust.names, tenant),
      // Nobody downloads a volume by a link.
      networkAccessPolicy: "DenyAll",
    };
  }
}
