// The Google classes the library uses, by sub-module: the provider's index costs seconds and half a gigabyte.
export { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
export { ComputeRouter } from "@cdktf/provider-google/lib/compute-router";
export { ComputeRouterNat } from "@cdktf/provider-google/lib/compute-router-nat";
export { ComputeSubnetwork } from "@cdktf/provider-google/lib/compute-subnetwork";
export { ContainerCluster } from "@cdktf/provider-google/lib/container-cluster";
export { ContainerNodePool } from "@cdktf/provider-google/lib/container-node-pool";
export { DataGoogleContainerCluster } from "@cdktf/provider-google/lib/data-google-container-cluster";
export { GoogleProvider } from "@cdktf/provider-google/lib/provider";
export { IamDenyPolicy } from "@cdktf/provider-google/lib/iam-deny-policy";
export { IamWorkloadIdentityPool } from "@cdktf/provider-google/lib/iam-workload-identity-pool";
export { IamWorkloadIdentityPoolProvider } from "@cdktf/provider-google/lib/iam-workload-identity-pool-provider";
export { KmsCryptoKey } from "@cdktf/provider-google/lib/kms-crypto-key";
export { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
export { KmsKeyRing } from "@cdktf/provider-google/lib/kms-key-ring";
export { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
export { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
