// The Vault provider of a stack: one per stack, its token from the environment alone.
import { VaultProvider } from "../core/bindings/vault";
import { TerraformStack, type Construct } from "../core/cdk";

/** Where Vault is, for Terraform. */
export interface VaultAddress {
  readonly address: string;
  /** Path of a PEM file with the CA of Vault's certificate, on the machine that runs Terraform. */
  readonly caCertFile?: string;
}

/**
 * Defines the stack's Vault provider unless it has one. It takes VAULT_TOKEN as it is: a child token would need rights on
 * `auth/token/create`, and a token in code would be in the state.
 */
export function ensureVaultProvider(scope: Construct, { address, caCertFile }: VaultAddress): void {
  const stack = TerraformStack.of(scope);
  if (stack.node.children.some((child) => VaultProvider.isConstruct(child) && isVaultProvider(child))) return;
  new VaultProvider(stack, "VaultProvider", {
    address,
    skipChildToken: true,
    ...(caCertFile === undefined ? {} : { caCertFile }),
  });
}

function isVaultProvider(child: object): boolean {
  return "terraformResourceType" in child && child.terraformResourceType === VaultProvider.tfResourceType;
}
