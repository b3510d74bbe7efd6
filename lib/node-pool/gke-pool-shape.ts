// The shape of a GKE node pool's options: the type of each.
import type { z } from "zod";
import { Tee } from "../tee/tee";
import type { GkeNodePoolProps } from "./gke-node-pool";
import { shape } from "./option-shape";

const text = shape.text.optional();
const flag = shape.flag.optional();

/** Also takes what a construct is given beside the options. */
export const GKE_POOL_SHAPE = shape.object({
  name: shape.text,
  machineType: shape.text,
  minNodes: shape.number,
  maxNodes: shape.number,
  tee: shape
    .made((value) => Tee.ALL.some((tee) => tee === value), "one of class Tee, like Tee.TDX")
    .optional(),
  system: flag,
  dedicated: flag,
  owner: shape.object({ tenant: shape.text, pattern: shape.text }).optional(),
  staticCpuManager: flag,
  numaAligned: flag,
  today: text,
  acceptUnproven: text,
  acceptRetired: text,
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
  host: shape.anything,
  dependsOn: shape.anything,
} satisfies Record<keyof GkeNodePoolProps, z.ZodType>);
