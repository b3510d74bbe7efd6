// The Vault classes the library uses, by sub-module.
export { Audit } from "@cdktf/provider-vault/lib/audit";
export { GenericEndpoint } from "@cdktf/provider-vault/lib/generic-endpoint";
export { JwtAuthBackend } from "@cdktf/provider-vault/lib/jwt-auth-backend";
export { JwtAuthBackendRole } from "@cdktf/provider-vault/lib/jwt-auth-backend-role";
export { Mount } from "@cdktf/provider-vault/lib/mount";
export { PkiSecretBackendRole } from "@cdktf/provider-vault/lib/pki-secret-backend-role";
export { PkiSecretBackendRootCert } from "@cdktf/provider-vault/lib/pki-secret-backend-root-cert";
export { Policy } from "@cdktf/provider-vault/lib/policy";
export { VaultProvider } from "@cdktf/provider-vault/lib/provider";
