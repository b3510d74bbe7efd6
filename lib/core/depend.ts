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
