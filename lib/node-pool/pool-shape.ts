// The shape of what every cloud's pool options share: the type of each.
import type * as z from "../core/zod";
import { shape } from "../core/option-shape";
import { Tee } from "../tee/tee";
import type { PoolOptions } from "./pool-options";

const text = shape.text.optional();
const flag = shape.flag.optional();

export const POOL_SHAPE = {
  name: shape.text,
  tee: shape.constant(Tee.ALL, "one of class Tee, like Tee.SEV_SNP").optional(),
  minNodes: shape.number,
  maxNodes: shape.number,
  system: flag,
  dedicated: flag,
  owner: shape.object({ tenant: shape.text, pattern: shape.text }).optional(),
  staticCpuManager: flag,
  numaAligned: flag,
  today: shape.day.optional(),
  acceptUnproven: text,
  acceptRetired: text,
} satisfies Record<keyof PoolOptions, z.ZodType>;

/** What a pool's construct is given beside its options. */
export const POOL_PLACE_SHAPE = { host: shape.anything, dependsOn: shape.anything };
