// The order of layers: which stack of a host is deployed after which.
import type { TerraformStack } from "../lib/core/cdk";
import { ConfigurationError } from "../lib/core/errors";
import type { HostReference } from "../lib/host-cluster/host-cluster";

/** Layers, first deployed first. */
export const LAYERS = ["host", "cni", "pools", "platform", "trust", "trust-policy", "tenants"] as const;

/** A stack kind with its own lifetime. */
export type Layer = (typeof LAYERS)[number];

const LAYER = Symbol.for("tenclave/Layer");

interface Mark {
  readonly layer: Layer;
  /** Name of the host. */
  readonly host: string;
}

interface Marked {
  readonly [LAYER]?: Mark & { readonly key: string };
}

/** The layer a stack belongs to, with its host; undefined for other stacks. */
export function layerOf(stack: object): Mark | undefined {
  const mark = (stack as Marked)[LAYER];
  return mark && { layer: mark.layer, host: mark.host };
}

/** Hosts of one name may stand on two clouds, or in two accounts. */
function keyOf({ cloud, account, location, name }: HostReference): string {
  return [cloud, account, location, name].join("/");
}

/**
 * Marks a stack as a layer of a host and makes it wait for the layers below it.
 *
 * Fails with LAYER_ORDER when a higher layer of the same host is defined already: a node group made before the CNI ends
 * in NodeCreationFailure, a policy before the operator ran has no CRD.
 */
export function joinLayer(stack: TerraformStack, layer: Layer, host: HostReference): void {
  const key = keyOf(host);
  const siblings = (stack.node.scope?.node.children ?? []).flatMap((child) => {
    const mark = (child as Marked)[LAYER];
    return mark?.key === key ? [{ stack: child as TerraformStack, rank: LAYERS.indexOf(mark.layer) }] : [];
  });
  const rank = LAYERS.indexOf(layer);
  const early = siblings.find((sibling) => sibling.rank > rank);
  if (early)
    throw new ConfigurationError(
      "LAYER_ORDER",
      stack,
      `layers must be defined in the order ${LAYERS.join(", ")}, got '${layer}' after stack '${early.stack.node.id}' ` +
        `of host ${host.name}; define stack '${stack.node.id}' first`,
    );
  // The nearest layer below carries the ones below it.
  const below = Math.max(...siblings.filter((s) => s.rank < rank).map((s) => s.rank));
  for (const sibling of siblings) if (sibling.rank === below) stack.addDependency(sibling.stack);
  Object.defineProperty(stack, LAYER, { value: { layer, host: host.name, key } });
}
