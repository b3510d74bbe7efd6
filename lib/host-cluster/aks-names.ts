// Names and ids of an AKS host's Azure resources: all computed, so that nothing has to be looked up.
import { createHash } from "node:crypto";
import { fitted, LABELS } from "../core/names";

/** What ids are made of. */
export interface AksScope {
  readonly name: string;
  /** Subscription id. */
  readonly account: string;
  readonly resourceGroup: string;
}

/** Id of a resource in the host's resource group. `type` like `Microsoft.Compute/diskEncryptionSets`. */
function resourceId(scope: AksScope, type: string, name: string): string {
  return `${resourceGroupId(scope)}/providers/${type}/${name}`;
}

/** Id of the host's resource group. */
export function resourceGroupId({ account, resourceGroup }: AksScope): string {
  return `/subscriptions/${account}/resourceGroups/${resourceGroup}`;
}

/** Id of the cluster, which has the host's name. */
export function clusterId(scope: AksScope): string {
  return resourceId(scope, "Microsoft.ContainerService/managedClusters", scope.name);
}

/** Names of what a host owns. `fitted` keeps the longest below Azure's 80 characters. */
export function aksName(scope: AksScope, part: string): string {
  return fitted(`tenclave-${scope.name}-${part}`, 63);
}

/** Id of the disk encryption set that volumes and node disks use. */
export function diskEncryptionSetId(scope: AksScope): string {
  return resourceId(scope, "Microsoft.Compute/diskEncryptionSets", aksName(scope, "disks"));
}

/** Resource group of volumes' disks: AKS' own goes with the cluster, and would take them along. */
export function volumesGroup(scope: AksScope): string {
  return aksName(scope, "volumes");
}

/**
 * Resource group AKS puts nodes into. Left alone it would be named after the cluster, its resource group and its region
 * together, and AKS refuses more than 80 characters (SupportArticles-docs, aks-common-issues-faq.yml, 2025-03-04).
 */
export function nodesGroup(scope: AksScope): string {
  return aksName(scope, "nodes");
}

/** Id of the owned virtual network. */
export function virtualNetworkId(scope: AksScope): string {
  return resourceId(scope, "Microsoft.Network/virtualNetworks", aksName(scope, "network"));
}

/** Id of the nodes' subnet in the owned virtual network. */
export function nodeSubnetId(scope: AksScope): string {
  return `${virtualNetworkId(scope)}/subnets/${NODE_SUBNET}`;
}

/** The nodes' subnet in the owned virtual network. */
export const NODE_SUBNET = "nodes";

/**
 * Name of a key vault: unique in all of Azure and at most 24 characters, so a hash of where the host lives. A deleted
 * vault keeps its name for its waiting period; azurerm then recovers it.
 */
export function vaultName(scope: AksScope, part: string): string {
  return `${part}-${hashOf(scope).slice(0, 23 - part.length)}`;
}

/** Name of a host's own attestation provider: at most 24 lower-case letters and digits, and part of an address. */
export function attestationProviderName(scope: AksScope): string {
  return `tenclave${hashOf(scope).slice(0, 16)}`;
}

/** Where the host lives, in one word that no other host has. */
function hashOf(scope: AksScope): string {
  return createHash("sha256")
    .update(`${resourceGroupId(scope)}/${scope.name}`)
    .digest("hex");
}

/** Id of a key vault in the host's resource group. */
export function vaultId(scope: AksScope, name: string): string {
  return resourceId(scope, "Microsoft.KeyVault/vaults", name);
}

/** Address of a key vault of Azure's public cloud. */
export function vaultUrl(name: string): string {
  return `https://${name}.vault.azure.net`;
}

/** Id of a user-assigned identity in the host's resource group. */
export function identityId(scope: AksScope, name: string): string {
  return resourceId(scope, "Microsoft.ManagedIdentity/userAssignedIdentities", name);
}

/** Id of a tenant's disk encryption set, in the group of volumes. */
export function tenantDiskEncryptionSetId(scope: AksScope, tenant: string): string {
  return resourceId(
    { ...scope, resourceGroup: volumesGroup(scope) },
    "Microsoft.Compute/diskEncryptionSets",
    tenantResourceName(scope, "volumes", tenant),
  );
}

/** Tags of what belongs to a host. Azure takes no slash in a tag's name. */
export function hostTags(host: string): Record<string, string> {
  return { [LABELS.host.replace("/", "-")]: host };
}

/**
 * Name of something of one tenant. Underscores part host, kind and tenant, which have none themselves; Azure takes 80
 * characters.
 */
export function tenantResourceName(scope: AksScope, kind: string, tenant: string): string {
  return fitted(`tenclave_${scope.name}_${kind}_${tenant}`, 80);
}

/** Id of the host's own Log Analytics workspace. */
export function logsId(scope: AksScope): string {
  return resourceId(scope, "Microsoft.OperationalInsights/workspaces", aksName(scope, "logs"));
}
