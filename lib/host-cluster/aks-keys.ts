// The keys of an AKS host: one vault for etcd, one for disks, and the disk encryption set that volumes and nodes use.
import {
  DiskEncryptionSet,
  KeyVault,
  KeyVaultKey,
  RoleAssignment,
  UserAssignedIdentity,
} from "../core/bindings/azurerm";
import { Construct, type ITerraformDependable } from "../core/cdk";
import type { Retention } from "../core/retention";
import { aksName, vaultName, type AksScope } from "./aks-names";
import type { AzurePlace } from "./aks-network";

export interface AksKeysProps {
  readonly host: AksScope;
  readonly place: AzurePlace;
  /** Entra tenant id. */
  readonly tenant: string;
  /** Object ids that make keys. */
  readonly keyOfficers: readonly string[];
  /** The cluster's identity. */
  readonly cluster: UserAssignedIdentity;
  readonly retention: Retention;
}

/**
 * Two vaults with one RSA key each, so that whoever opens the one opens nothing of the other. The identity of the
 * cluster uses the etcd key, the identity of the disk encryption set wraps with the disk key.
 *
 * Both vaults have a public endpoint: AKS reaches a private etcd vault only with API server VNet integration, and
 * refuses a firewall (SOURCE: azure-aks-docs, use-kms-etcd-encryption.md, 2025-12-22). Entra roles keep others out.
 */
export class AksKeys extends Construct {
  /** Id of the etcd key, with its version. */
  public readonly etcdKeyId: string;
  public readonly diskEncryptionSetId: string;
  /** Ids of both vaults, for their audit logs. */
  public readonly vaults: readonly KeyVault[];
  /** What must exist before a cluster that uses the keys. */
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: AksKeysProps) {
    super(scope, id);
    const { host, place, cluster, retention } = props;
    const etcd = this.vault("Etcd", "etcd", props);
    // No rotation: a new key needs every Secret written again, which nothing here does.
    const etcdKey = this.key("EtcdKey", etcd, props, { keySize: 2048, keyOpts: ["decrypt", "encrypt"] });
    const etcdUser = assignRole(this, "EtcdUser", "Key Vault Crypto User", etcd.vault.id, cluster);

    const disks = this.vault("Disks", "disk", props);
    const diskKey = this.key("DiskKey", disks, props, {
      keySize: 3072,
      keyOpts: ["unwrapKey", "wrapKey"],
      rotationPolicy: { automatic: { timeAfterCreation: "P365D" } },
    });
    const wrapper = new UserAssignedIdentity(this, "DiskIdentity", {
      ...place,
      name: aksName(host, "disks"),
    });
    const wraps = assignRole(
      this,
      "DiskWrapper",
      "Key Vault Crypto Service Encryption User",
      disks.vault.id,
      wrapper,
    );
    const set = new DiskEncryptionSet(this, "DiskEncryptionSet", {
      ...place,
      name: aksName(host, "disks"),
      // Without a version, so that the set follows the key's rotation.
      keyVaultKeyId: diskKey.versionlessId,
      autoKeyRotationEnabled: true,
      encryptionType: "EncryptionAtRestWithCustomerKey",
      identity: { type: "UserAssigned", identityIds: [wrapper.id] },
      lifecycle: retention.lifecycle,
      // A set that is used before its identity may wrap stays broken.
      dependsOn: [wraps],
    });
    const reader = assignRole(this, "DiskEncryptionSetReader", "Reader", set.id, cluster);

    this.etcdKeyId = etcdKey.id;
    this.diskEncryptionSetId = set.id;
    this.vaults = [etcd.vault, disks.vault];
    this.ready = [etcdUser, reader];
  }

  private vault(id: string, part: string, props: AksKeysProps): Vault {
    const vault = new KeyVault(this, `${id}Vault`, {
      ...props.place,
      name: vaultName(props.host, part),
      tenantId: props.tenant,
      skuName: "standard",
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: props.retention.protects ? 90 : 7,
      // Azure takes the period once.
      lifecycle: { ...props.retention.lifecycle, ignoreChanges: ["soft_delete_retention_days"] },
    });
    const officers = props.keyOfficers.map(
      // By id, not by place: Azure refuses a second assignment of the same role while the first is still there.
      (principalId) =>
        new RoleAssignment(this, `${id}Officer-${principalId}`, {
          scope: vault.id,
          roleDefinitionName: "Key Vault Crypto Officer",
          principalId,
        }),
    );
    return { vault, officers };
  }

  private key(
    id: string,
    { vault, officers }: Vault,
    { retention }: AksKeysProps,
    options: {
      keySize: number;
      keyOpts: string[];
      rotationPolicy?: { automatic: { timeAfterCreation: string } };
    },
  ): KeyVaultKey {
    return new KeyVaultKey(this, id, {
      ...options,
      name: "tenclave",
      keyVaultId: vault.id,
      keyType: "RSA",
      lifecycle: retention.lifecycle,
      dependsOn: officers,
    });
  }
}

interface Vault {
  readonly vault: KeyVault;
  readonly officers: RoleAssignment[];
}

/** Gives a managed identity a role. Named as a service principal, so that Azure does not look for it too early. */
export function assignRole(
  scope: Construct,
  id: string,
  role: string,
  on: string,
  identity: UserAssignedIdentity,
): RoleAssignment {
  return new RoleAssignment(scope, id, {
    scope: on,
    roleDefinitionName: role,
    principalId: identity.principalId,
    principalType: "ServicePrincipal",
  });
}
