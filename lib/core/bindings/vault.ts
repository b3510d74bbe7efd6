// The Vault classes the library uses, by sub-module.
export { VaultProvider } from "@cdktf/provider-vault/lib/provider";
