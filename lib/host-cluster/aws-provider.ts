// The AWS provider of a stack: one per stack, bound to one account and region.
import { AwsProvider } from "../core/bindings/aws";
import { TerraformStack, type Construct } from "../core/cdk";
import { LABELS } from "../core/names";

/** What the provider must know of a host. */
export interface AwsHost {
  readonly name: string;
  readonly location: string;
  readonly account: string;
}

/** Defines the stack's AWS provider unless it has one. It refuses to work in another account. */
export function ensureAwsProvider(scope: Construct, host: AwsHost): void {
  const stack = TerraformStack.of(scope);
  if (stack.node.children.some((child) => AwsProvider.isConstruct(child) && isAwsProvider(child))) return;
  new AwsProvider(stack, "Aws", {
    region: host.location,
    allowedAccountIds: [host.account],
    defaultTags: [{ tags: { [LABELS.host]: host.name } }],
  });
}

function isAwsProvider(child: object): boolean {
  return "terraformResourceType" in child && child.terraformResourceType === AwsProvider.tfResourceType;
}
