// The shape of an AKS node pool's options: the type of each.
import type * as z from "../core/zod";
import { shape } from "../core/option-shape";
import type { AksNodePoolOptions } from "./aks-pool-options";
import { POOL_PLACE_SHAPE, POOL_SHAPE } from "./pool-shape";

const flag = shape.flag.optional();

/** Also takes what a construct is given beside the options. */
export const AKS_POOL_SHAPE = shape.object({
  ...POOL_PLACE_SHAPE,
  ...POOL_SHAPE,
  vmSize: shape.text,
  osSku: shape.text.optional(),
  sandbox: flag,
  ephemeralOsDisk: flag,
  diskGiB: shape.number.optional(),
  hostEncryption: flag,
  fips: flag,
  hostGroupId: shape.text.optional(),
  zones: shape.texts.optional(),
  autoscaled: flag,
} satisfies Record<keyof AksNodePoolOptions, z.ZodType>);
