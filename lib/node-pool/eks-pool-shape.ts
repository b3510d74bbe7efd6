// The shape of an EKS node pool's options: the type of each.
import type * as z from "../core/zod";
import { shape } from "../core/option-shape";
import { RETENTION_SHAPE } from "../core/retention";
import type { EksEnclaveOptions } from "./eks-enclaves";
import type { EksNodePoolOptions } from "./eks-pool-options";
import { POOL_PLACE_SHAPE, POOL_SHAPE } from "./pool-shape";

const flag = shape.flag.optional();

const ENCLAVES = shape.object({
  memoryMiB: shape.number,
  vcpus: shape.number,
  maxEnclaves: shape.number.optional(),
  hugePages: shape.text.optional(),
} satisfies Record<keyof EksEnclaveOptions, z.ZodType>);

/** Also takes what a construct is given beside the options. */
export const EKS_POOL_SHAPE = shape.object({
  ...POOL_PLACE_SHAPE,
  retention: RETENTION_SHAPE,
  ...POOL_SHAPE,
  instanceType: shape.text,
  autoscaled: flag,
  diskGiB: shape.number.optional(),
  rootVolumeKeyArn: shape.text.optional(),
  enclaves: ENCLAVES.optional(),
  releaseVersion: shape.text.optional(),
  selfManaged: flag,
} satisfies Record<keyof EksNodePoolOptions | "retention", z.ZodType>);
