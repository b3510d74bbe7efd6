// The shape of a GKE node pool's options: the type of each.
import type * as z from "../core/zod";
import { shape } from "../core/option-shape";
import type { GkeNodePoolOptions } from "./gke-pool-options";
import { POOL_PLACE_SHAPE, POOL_SHAPE } from "./pool-shape";

const text = shape.text.optional();
const flag = shape.flag.optional();

/** Also takes what a construct is given beside the options. */
export const GKE_POOL_SHAPE = shape.object({
  ...POOL_PLACE_SHAPE,
  ...POOL_SHAPE,
  machineType: shape.text,
  zones: shape.texts.optional(),
  diskGiB: shape.number.optional(),
  diskType: text,
  confidentialStorage: flag,
  localSsdEncryption: text,
  imageType: text,
  nodeVersion: text,
  minCpuPlatform: text,
  expectLiveMigration: flag,
  spot: flag,
  reservation: text,
  soleTenantNodeGroup: text,
  sandbox: text,
  gpuDriver: text,
} satisfies Record<keyof GkeNodePoolOptions, z.ZodType>);
