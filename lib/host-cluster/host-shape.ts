// The shape of what hosts of every cloud take alike.
import type * as z from "../core/zod";
import { shape } from "../core/option-shape";
import type { PublicEndpoint } from "./host-checks";

export const PUBLIC_ENDPOINT_SHAPE = shape
  .object({ cidrs: shape.texts, reason: shape.text } satisfies Record<keyof PublicEndpoint, z.ZodType>)
  .optional();
