// Volume keys on AKS: key, disk encryption set, and the tenant's StorageClass.
import { AzureVolumeKeys, type AzureVolumeKeysOptions } from "../../lib/azure";
import {
  DiskEncryptionSet,
  KeyVaultKey,
  RoleAssignment,
  UserAssignedIdentity,
} from "../../lib/core/bindings/azurerm";
import { Construct } from "../../lib/core/cdk";
import { Template } from "../../lib/testing";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { azureTrust, connectedAks, exampleAks, id } from "../support/aks";
import { exampleTenant } from "../support/host";
import { stack } from "../support/scope";

const trust = azureTrust();
const keys = AzureVolumeKeys.of({ trust });
const tenant = checkTenant(exampleTenant(), exampleAks());

const scope = stack();
const host = connectedAks(scope);
const made = keys.volumeKey(new Construct(scope, "Tenant-acme"), { tenant, host });
const template = Template.of(scope);
const set = template.only(DiskEncryptionSet);
const SET_ID = `/subscriptions/${id(1)}/resourceGroups/tenclave-prod-volumes/providers/Microsoft.Compute/diskEncryptionSets/${String(set.name)}`;

test("the key wraps and rotates yearly, in the vault of volumes, without a release policy", () => {
  const key = template.only(KeyVaultKey);
  expect(key).toMatchObject({
    name: "volumes-acme",
    key_vault_id: trust.volumeVault.id,
    key_type: "RSA",
    key_size: 3072,
    key_opts: ["unwrapKey", "wrapKey"],
    rotation_policy: { automatic: { time_after_creation: "P365D" } },
    lifecycle: { prevent_destroy: true },
  });
  expect(key.release_policy).toBeUndefined();
  expect(made.keyId).toBe(`${trust.volumeVault.url}/keys/volumes-acme`);
});

test("the set follows the key's versions, is no confidential one, and waits for its identity's role", () => {
  const [key] = Object.keys(template.json.resource![KeyVaultKey.tfResourceType]!);
  const [role] = Object.keys(template.json.resource![RoleAssignment.tfResourceType]!);
  expect(set).toMatchObject({
    key_vault_key_id: `\${azurerm_key_vault_key.${key}.versionless_id}`,
    auto_key_rotation_enabled: true,
    encryption_type: "EncryptionAtRestWithCustomerKey",
    identity: { type: "UserAssigned" },
    depends_on: [`azurerm_role_assignment.${role}`],
    lifecycle: { prevent_destroy: true },
  });
  expect(template.only(RoleAssignment)).toMatchObject({
    scope: `\${azurerm_key_vault_key.${key}.resource_versionless_id}`,
    role_definition_name: "Key Vault Crypto Service Encryption User",
  });
});

test("the set stands where the cluster's identity may read it, its own identity where it may not touch it", () => {
  expect(set.resource_group_name).toBe("tenclave-prod-volumes");
  expect(template.only(UserAssignedIdentity).resource_group_name).toBe("tenclave-prod");
  for (const one of [set, template.only(UserAssignedIdentity)]) {
    expect(one.location).toBe("westeurope");
    expect(one.tags).toEqual(trust.place.tags);
  }
});

test("volumes wait for the set", () => {
  expect(
    made.ready.map((one) => (one as unknown as { terraformResourceType: string }).terraformResourceType),
  ).toEqual(["azurerm_disk_encryption_set"]);
});

test("the StorageClass is known before anything is made, and names the set", () => {
  const reference = keys.storageClass(tenant);
  expect(reference).toEqual({
    name: "tenclave-tenant-acme",
    provisioner: "disk.csi.azure.com",
    refused: exampleAks().storageClass.refused,
    parameters: {
      skuName: "Premium_LRS",
      resourceGroup: "tenclave-prod-volumes",
      diskEncryptionSetID: SET_ID,
      networkAccessPolicy: "DenyAll",
    },
  });
  expect(reference.parameters).toMatchObject(made.storageClassParameters);
  expect(made.storageClassParameters.diskEncryptionSetID).toBe(SET_ID);
});

test("a long name still fits, and stays apart from its neighbour's", () => {
  const long = { host: exampleAks({ name: "h".repeat(32) }) };
  const ids = ["a", "b"].map(
    (end) =>
      AzureVolumeKeys.of({ trust: azureTrust(long) }).storageClass({
        spec: exampleTenant({ name: `${"t".repeat(39)}${end}` }),
      }).parameters.diskEncryptionSetID!,
  );
  expect(ids[0]).not.toBe(ids[1]);
  expect(ids.every((one) => one.split("/").at(-1)!.length <= 80)).toBe(true);
});

test("keys of another host are refused", () => {
  const elsewhere = stack();
  const other = connectedAks(elsewhere, { name: "other" });
  expect(() => keys.volumeKey(elsewhere, { tenant, host: other })).toThrow(
    /TENANT_HOST.*AzureTrust of 'prod' on host 'other'/,
  );
});

test("options of another shape are refused", () => {
  expect(() => AzureVolumeKeys.of({ trust: {} } as AzureVolumeKeysOptions)).toThrow("[OPTION_TYPE]");
});
