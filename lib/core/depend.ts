// Ordering that reaches the plan, and the check that nothing crosses a stack on the way.
import {
  dependable,
  TerraformResource,
  TerraformStack,
  type IConstruct,
  type ITerraformDependable,
} from "./cdk";
import { ConfigurationError } from "./errors";

/**
 * Makes every resource below `target` wait for `on`. Call it after the target has defined its children.
 * The framework's `node.addDependency` is silently ignored at synth.
 */
export function dependOn(target: IConstruct, ...on: ITerraformDependable[]): void {
  for (const node of target.node.findAll()) {
    if (!TerraformResource.isTerraformResource(node)) continue;
    const added = on.filter((other) => other !== node).map(dependable);
    // An address named twice is harmless: Terraform makes one edge of it.
    node.dependsOn = [...(node.dependsOn ?? []), ...added];
  }
}

/**
 * Makes a resource wait for others of its own stack, by plain addresses.
 *
 * The `dependsOn` argument makes a token of each address, and a token records a stack trace: with thousands of tenants
 * that is a tenth of the time. A logical id must not be overridden afterwards.
 */
export function after(resource: TerraformResource, ...others: TerraformResource[]): void {
  resource.dependsOn = [
    ...(resource.dependsOn ?? []),
    ...others.map((other) => `${other.terraformResourceType}.${other.friendlyUniqueId}`),
  ];
}

/** Throws CROSS_STACK when `other` lives in another stack than `scope`. */
export function assertSameStack(scope: IConstruct, prop: string, other: IConstruct): void {
  const here = TerraformStack.of(scope);
  const there = TerraformStack.of(other);
  if (here === there) return;
  throw new ConfigurationError(
    "CROSS_STACK",
    scope,
    `${prop} must live in the same stack, got '${other.node.path}' of stack '${there.node.path}'; ` +
      `pass a HostReference and connect to the host inside stack '${here.node.path}'`,
  );
}
