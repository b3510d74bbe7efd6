// Terraform variables that tell a stack how to reach its host, the same on every cloud.
import { TerraformVariable, type Construct } from "../core/cdk";

/** A variable of the stack, under that very name. Asked for twice, it is declared once. */
export function hostVariable(
  scope: Construct,
  name: string,
  type: string,
  description: string,
): TerraformVariable {
  const known = scope.node.tryFindChild(name) as TerraformVariable | undefined;
  if (known) return known;
  const made = new TerraformVariable(scope, name, { type, description });
  made.overrideLogicalId(name);
  return made;
}

/** The two variables every host needs: `host_endpoint` and `host_certificate_authority` (base64). */
export function hostVariables(scope: Construct): {
  readonly endpoint: string;
  readonly certificateAuthority: string;
} {
  const text = (name: string, description: string): string =>
    hostVariable(scope, name, "string", description).stringValue;
  return {
    endpoint: text("host_endpoint", "API server URL of the host cluster"),
    certificateAuthority: text("host_certificate_authority", "CA certificate of the host cluster, base64"),
  };
}

/** The variable of hosts whose cloud trusts service accounts by their issuer: `host_oidc_issuer`. */
export function issuerVariable(scope: Construct): string {
  return hostVariable(scope, "host_oidc_issuer", "string", "OIDC issuer URL of the host cluster").stringValue;
}
