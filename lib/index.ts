// Entry point `tenclave`: what needs no cloud's provider.
export { ADMISSION_RULES, findRule } from "./admission/rules";
export { admissionPolicies } from "./admission/policies";
export { Requesters, RuleScope, type AdmissionRule, type Administrators } from "./admission/rule";
export { AdmissionEngine, type EngineRelease } from "./admission/engine";
export { GATEKEEPER_MIN_VERSION } from "./admission/gatekeeper";
export {
  gatekeeperValues,
  type GatekeeperValuesOptions,
  type WebhookRule,
} from "./admission/gatekeeper-values";
export {
  guestConfig,
  initData,
  type GuestConfigOptions,
  type InitData,
  type InitDataEntry,
  type InitDataOptions,
} from "./attestation/init-data";
export type { EvidenceKind, InitDataAlgorithm } from "./attestation/evidence-kind";
export { attestationPolicies, type AttestationPolicyOptions } from "./attestation/trustee/attestation-policy";
export type { AttestedKind } from "./attestation/trustee/claims";
export {
  referenceNames,
  referenceValuesStored,
  type ReferenceData,
  type StoredReferenceValue,
  type TrusteeReferenceValue,
} from "./attestation/trustee/reference-values";
export {
  nodeResourcePolicy,
  podResourcePolicy,
  type NodeResourceEntry,
  type NodeResourcePolicyOptions,
  type PodResourceEntry,
  type PodResourcePolicyOptions,
} from "./attestation/trustee/resource-policy";
export {
  IntelTrustAuthority,
  TRUST_AUTHORITY_REGIONS,
  type IntelTrustAuthorityOptions,
  type TrustAuthorityApiKey,
  type TrustAuthorityRegion,
} from "./attestation/intel-trust-authority";
export {
  CLOCK_SKEW_SECONDS,
  staleness,
  type Staleness,
  type StalenessOptions,
  type StalenessPart,
} from "./attestation/staleness";
export { MOST_TOKEN_MINUTES, type ClaimValue, type VaultLoginSource } from "./attestation/vault-login";
export type { ITrustPolicy } from "./attestation/trust-policy";
export type {
  AttestationBinding,
  IVerifier,
  TenantContext,
  TenantPlace,
  WorkloadHints,
} from "./attestation/verifier";
export type { DeletionWindow, ITenantKey, ITenantKeys } from "./keys/tenant-key";
export { NegativeCase, Wiring, type CloudIdentity, type ProvenCase } from "./attestation/wiring";
export { App, LocalBackend, TerraformStack } from "./core/cdk";
export { CHARTS, ChartSource, type Chart, type ChartOverrides } from "./core/charts";
export type {
  TrusteeAdmin,
  TrusteeCollateral,
  TrusteeImages,
  TrusteeJwks,
  TrusteePostgres,
  TrusteeServerOptions,
} from "./attestation/trustee/options";
export { TrusteeServer } from "./attestation/trustee/server";
export { Trustee, type TrusteeOptions } from "./attestation/trustee/trustee";
export { TrusteeNodes, type TrusteeNodesOptions } from "./attestation/trustee/trustee-nodes";
export { dependOn } from "./core/depend";
export { ConfigurationError, ERROR_CODES, type ErrorCode } from "./core/errors";
export { ManifestRelease, type KubernetesObject, type ManifestReleaseProps } from "./core/manifest-release";
export { LABELS, PLATFORM_NAMESPACE, STORAGE_CLASS, runtimeClassName, tenantNamespace } from "./core/names";
export { Retention } from "./core/retention";
export type { PublicEndpoint } from "./host-cluster/host-checks";
export { ClusterAccess, type ExecCredential } from "./host-cluster/access";
export { GivenHost } from "./host-cluster/given-host";
export { HostFile } from "./host-cluster/host-file";
export { platformObjects } from "./host-cluster/platform-objects";
export type {
  HostReference,
  IHostCluster,
  IHostConnection,
  PodNetwork,
  StorageClassReference,
  WorkloadIdentity,
} from "./host-cluster/host-cluster";
export { clusterFence } from "./network/cluster-fence";
export { tenantFence } from "./network/tenant-fence";
export { CiliumEncryption, type CiliumEncryptionProps } from "./network/cilium-encryption";
export { ciliumValues, podMtu, type CiliumInput } from "./network/cilium-values";
export { enclavePod, type EnclavePodOptions } from "./node-pool/enclave-pod";
export {
  MachineType,
  type FallenOut,
  type MachineTypeQuery,
  type MachineTypes,
} from "./node-pool/machine-type";
export type { MachineTypeRow } from "./node-pool/machine-type-row";
export type { AcceptedFacts } from "./node-pool/refusal";
export type { PoolOptions, PoolOwner } from "./node-pool/pool-options";
export type {
  Capacity,
  EnclaveCapacity,
  INodePool,
  NodeTaint,
  Placement,
  PodOverhead,
  PoolReference,
} from "./node-pool/node-pool";
export { explained } from "./report/explained";
export { Progress } from "./report/progress";
export { run, type Platform } from "./report/run";
export { summary, type SummaryInput } from "./report/summary";
export {
  recommendTee,
  type TeeCandidate,
  type TeeFallenOut,
  type TeeQuestion,
  type TeeRecommendation,
} from "./tee/recommend-tee";
export { Sensitivity } from "./tee/sensitivity";
export { Tee } from "./tee/tee";
export {
  OUTSIDE_EVERY_TEE,
  TEE_COMPARISON,
  type TeeComparison,
  type TeeFact,
  type TeeReach,
} from "./tee/tee-comparison";
export { TEE_CLOUDS, TEE_OFFERS, type BestReach, type GpuMachine, type TeeOffer } from "./tee/tee-offers";
export { teeRefusal, type TeeRefusal } from "./tee/tee-refusals";
export { Distance, Party, TrustTier, type Distances, type Shortfall, type Trusted } from "./tee/trust-tier";
export { CONTROL_PLANE_SIZES, type ControlPlaneSize } from "./tenant/control-plane-size";
export { guardrails } from "./tenant/guardrails";
export { Tenant, type TenantOptions, type TenantProps } from "./tenant/tenant";
export { checkTenant, type CheckedTenant } from "./tenant/tenant-checks";
export { TenantDirectory, type TenantDirectoryOptions, type TenantShard } from "./tenant/tenant-directory";
export { tenantSpec } from "./tenant/tenant-parse";
export { tenantSchema, type TenantSpec, type TenantSpecInput } from "./tenant/tenant-spec";
export type { VclusterLicense, VclusterOptions } from "./tenant/vcluster-release";
export { vclusterValues, type Values, type VclusterInput } from "./tenant/vcluster-values";
export { enclaveKeyPod, PROXY_ALLOW_LIST, type EnclaveKeyPodOptions } from "./workload/enclave-key-pod";
export {
  mutualTlsPods,
  type MutualTlsOptions,
  type MutualTlsPodOptions,
  type MutualTlsPods,
} from "./workload/mutual-tls";
export {
  assertNoPlainSecrets,
  mayUsePlainSecrets,
  plainSecretProblems,
  plainSecretsOf,
} from "./workload/plain-secrets";
export { secretsStorePod, type SecretsStorePodOptions } from "./workload/secrets-store-pod";
export { DATA_HUB, RESOURCE_FOLDER, trusteePod, type TrusteePodOptions } from "./workload/trustee-pod";
export {
  SECRETS_FOLDER,
  TLS_FILES,
  TOKEN_FILE,
  type VaultAgentCertificate,
  type VaultAgentLogin,
  type VaultAgentSecret,
} from "./workload/vault-agent-config";
export { AGENT_CONFIG, vaultAgentPod, type VaultAgentPodOptions } from "./workload/vault-agent-pod";
export type { WorkloadContainer, WorkloadPlacement, WorkloadPod } from "./workload/workload-pod";
export { vaultPaths, type VaultPaths, type VaultPathsOptions } from "./workload/vault-paths";
