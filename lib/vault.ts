// Entry point `tenclave/vault`: tenants' logins, secrets and certificates in Vault or OpenBao. Needs @cdktf/provider-vault.
export { VaultProvider } from "./core/bindings/vault";
export { VaultAudit } from "./vault/vault-audit";
export type { AuditDevices } from "./vault/vault-audit";
export { CERTIFICATE_MINUTES } from "./attestation/attested-workload";
export { VaultKeys } from "./vault/vault-keys";
export type { VaultKeyArguments } from "./vault/vault-keys";
export { VaultLogin } from "./vault/vault-login";
export type {
  ConfidentialSpaceLoginOptions,
  LoginDigest,
  LoginVerifier,
  TrusteeDevices,
  TrusteeLoginOptions,
  TrusteeVerifier,
  VaultVerifier,
} from "./vault/vault-login";
export {
  certificatesMount,
  loginMount,
  policyName,
  roleName,
  secretsMount,
  spiffeId,
} from "./vault/vault-names";
export { VaultTrust } from "./vault/vault-trust";
export type { PlatformWorkload, VaultTrustOptions } from "./vault/vault-trust-options";
