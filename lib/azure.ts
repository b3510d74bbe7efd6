// Entry point `tenclave/azure`: AKS hosts and node pools, and tenants' keys on Azure.
export { AzureAttestation, type AzureAttestationOptions } from "./attestation/azure/azure-attestation";
export {
  ATTESTATION_REGIONS,
  attestationUrlFault,
  type AttestationRegion,
} from "./attestation/azure/azure-regions";
export { AzureTrust, type AzureVault } from "./attestation/azure/azure-trust";
export type {
  AzureSharedAttestation,
  AzureTrustOptions,
  AzureVaultAccess,
} from "./attestation/azure/azure-trust-options";
export { AzurermProvider } from "./core/bindings/azurerm";
export {
  AksHost,
  type AksHostAttributes,
  type IAksHost,
  type IAksHostConnection,
} from "./host-cluster/aks-host";
export {
  AksCni,
  AksNodeOsChannel,
  type AksHostOptions,
  type AksMaintenance,
  type AksSgx,
} from "./host-cluster/aks-host-options";
export {
  AksEgress,
  AksNetwork,
  type AksGivenNetworkOptions,
  type AksOwnedNetworkOptions,
} from "./host-cluster/aks-network";
export { raiseAzurermFloor } from "./host-cluster/azurerm-provider";
export { AksNodePool, type AksNodePoolProps } from "./node-pool/aks-node-pool";
export type { AksNodePoolOptions } from "./node-pool/aks-pool-options";
export { aksPoolReference } from "./node-pool/aks-pool-reference";
export {
  AKS_NODE_SIZES,
  AKS_VM_SIZES,
  aksVmSizesWith,
  type AksVmSize,
  type EphemeralOsDisk,
} from "./node-pool/aks-vm-size";
export {
  confidentialMachinePolicy,
  releasePolicyFaults,
  type ClaimCondition,
  type ReleaseAuthority,
  type ReleasePolicy,
} from "./keys/azure-release-policy";
export { AzureVolumeKeys, type AzureVolumeKeysOptions } from "./keys/azure-volume-keys";
