// The Google provider of a stack: one per stack, bound to one project and region.
import { GoogleProvider } from "../core/bindings/google";
import { TerraformStack, type Construct } from "../core/cdk";

/** What the provider must know of a host. */
export interface GoogleHost {
  readonly name: string;
  readonly location: string;
  /** Project id. */
  readonly account: string;
}

/** Defines the stack's Google provider unless it has one. */
export function ensureGoogleProvider(scope: Construct, host: GoogleHost): void {
  const stack = TerraformStack.of(scope);
  if (stack.node.children.some((child) => GoogleProvider.isConstruct(child) && isGoogleProvider(child)))
    return;
  new GoogleProvider(stack, "Google", {
    project: host.account,
    region: host.location,
    // Labels of Google take no dots and no slashes.
    defaultLabels: { tenclave_host: host.name },
  });
}

function isGoogleProvider(child: object): boolean {
  return "terraformResourceType" in child && child.terraformResourceType === GoogleProvider.tfResourceType;
}
