// The shape of an EKS host's options: the type of each.
import type * as z from "../core/zod";
import { shape } from "../core/option-shape";
import { RETENTION_SHAPE } from "../core/retention";
import type { EksHostOptions } from "./eks-host-options";
import { PUBLIC_ENDPOINT_SHAPE } from "./host-shape";

const text = shape.text.optional();

export const EKS_HOST_SHAPE = shape.object({
  name: shape.text,
  region: shape.text,
  account: shape.text,
  kubernetesVersion: shape.text,
  network: shape.withMember("resolver", "made by EksNetwork.owned or EksNetwork.given"),
  pools: shape.objects("node pools"),
  admins: shape.texts,
  podCidr: text,
  serviceCidr: text,
  logRetentionDays: shape.number.optional(),
  apiClientCidrs: shape.texts.optional(),
  publicEndpoint: PUBLIC_ENDPOINT_SHAPE,
  gatewayNamespace: text,
  volumesKeyArn: text,
  retention: RETENTION_SHAPE,
} satisfies Record<keyof EksHostOptions, z.ZodType>);
