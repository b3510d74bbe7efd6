// Entry point `tenclave/google`: GKE hosts and node pools, Google's attestation, tenants' keys.
export {
  ConfidentialSpace,
  GkeNodeAttestation,
  type ConfidentialSpaceOptions,
  type GkeNodeAttestationOptions,
  type GoogleTrustOptions,
  type IGoogleVerifier,
} from "./attestation/google/google-attestation";
export { GoogleProvider } from "./core/bindings/google";
export {
  GkeHost,
  type GkeHostAttributes,
  type GkeLookupOptions,
  type IGkeHost,
  type IGkeHostConnection,
} from "./host-cluster/gke-host";
export type {
  GkeDnsEndpoint,
  GkeHostOptions,
  GkeMaintenanceWindow,
  GkeMinorHold,
} from "./host-cluster/gke-host-options";
export {
  GkeNetwork,
  type GkeGivenNetworkOptions,
  type GkeOwnedNetworkOptions,
} from "./host-cluster/gke-network";
export {
  GKE_CONFIDENTIAL,
  GKE_MACHINE_TYPES,
  type GkeConfidential,
  type GkeMachineType,
} from "./node-pool/gke-machine-type";
export { GkeNodePool, type GkeNodePoolProps } from "./node-pool/gke-node-pool";
export type { GkeNodePoolOptions, GkePlace } from "./node-pool/gke-pool-options";
export { gkePoolReference } from "./node-pool/gke-pool-reference";
export { GoogleVolumeKeys, type GoogleVolumeKeysOptions } from "./keys/google-volume-keys";
