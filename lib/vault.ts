// Entry point `tenclave/vault`: tenants' logins, secrets and certificates in Vault or OpenBao. Needs @cdktf/provider-vault.
export { VaultProvider } from "./core/bindings/vault";
