// Entry point `tenclave/aws`: EKS hosts, node pools, and keys in AWS KMS.
export { NitroEnclaves, type NitroEnclavesOptions } from "./attestation/aws/nitro-enclaves";
export { nitroMeasurements } from "./attestation/aws/nitro-measurements";
export { parentRolePcr3 } from "./attestation/aws/nitro-parent";
export { NitroTpm, type NitroTpmOptions } from "./attestation/aws/nitro-tpm";
export { AwsProvider } from "./core/bindings/aws";
export {
  EksHost,
  type EksHostAttributes,
  type IEksHost,
  type IEksHostConnection,
} from "./host-cluster/eks-host";
export type { EksHostOptions } from "./host-cluster/eks-host-options";
export {
  EksNetwork,
  type EksGivenNetworkOptions,
  type EksOwnedNetworkOptions,
} from "./host-cluster/eks-network";
export type { AwsKeyOptions } from "./keys/aws-attested-key";
export { AwsVolumeKeys, type AwsVolumeKeysOptions } from "./keys/aws-volume-keys";
export { EksAddOns, type EksAddOnsProps } from "./node-pool/eks-add-ons";
export { ENCLAVE_RESOURCE, type EksEnclaveOptions } from "./node-pool/eks-enclaves";
export {
  EKS_INSTANCE_TYPES,
  EKS_TEE_REGIONS,
  EKS_TEE_TYPES,
  EKS_UNPROVEN,
  eksInstanceTypesWith,
  type EksInstanceType,
} from "./node-pool/eks-instance-type";
export { EksNodePool, type EksNodePoolProps } from "./node-pool/eks-node-pool";
export type { EksNodePoolOptions } from "./node-pool/eks-pool-options";
export { eksPoolReference } from "./node-pool/eks-pool-reference";
