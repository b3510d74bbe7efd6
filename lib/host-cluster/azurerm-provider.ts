// The azurerm provider of a stack: one per stack, bound to one subscription, and the least version the stack needs.
import { AzurermProvider } from "../core/bindings/azurerm";
import { TerraformStack, type Construct } from "../core/cdk";

/** What the provider must know of a host. */
export interface AzureHost {
  /** Subscription id. */
  readonly account: string;
}

/**
 * Defines the stack's azurerm provider unless it has one.
 *
 * It registers no resource providers: that changes a whole subscription, and takes rights on it (docs/aks.md names the
 * seven to register once). Deleted vaults and keys are left to their waiting period.
 */
export function ensureAzurermProvider(scope: Construct, host: AzureHost): void {
  const stack = TerraformStack.of(scope);
  if (stack.node.children.some((child) => AzurermProvider.isConstruct(child) && isAzurermProvider(child)))
    return;
  new AzurermProvider(stack, "Azurerm", {
    subscriptionId: host.account,
    resourceProviderRegistrations: "none",
    features: [{ keyVault: [{ purgeSoftDeleteOnDestroy: false, purgeSoftDeletedKeysOnDestroy: false }] }],
  });
}

const FLOOR = Symbol.for("tenclave/AzurermFloor");

/**
 * Raises the azurerm version of a stack: some values are newer than the binding, which pins 4.55.0 exactly. The highest
 * floor of a stack counts; azurerm 5 stays out, it changes defaults. Shape of `floor`: `4.78.0`.
 */
export function raiseAzurermFloor(scope: Construct, floor: string | undefined): void {
  if (floor === undefined) return;
  const stack = TerraformStack.of(scope) as TerraformStack & { [FLOOR]?: string };
  const highest = stack[FLOOR];
  if (highest !== undefined && minorOf(highest) >= minorOf(floor)) return;
  stack[FLOOR] = floor;
  stack.addOverride("terraform.required_providers.azurerm.version", `>= ${floor}, < 5.0.0`);
}

function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}

function isAzurermProvider(child: object): boolean {
  return "terraformResourceType" in child && child.terraformResourceType === AzurermProvider.tfResourceType;
}
