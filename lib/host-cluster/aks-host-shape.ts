// The shape of an AKS host's options: the type of each.
import type * as z from "../core/zod";
import { shape } from "../core/option-shape";
import { RETENTION_SHAPE } from "../core/retention";
import {
  AksCni,
  AksNodeOsChannel,
  type AksHostOptions,
  type AksMaintenance,
  type AksSgx,
} from "./aks-host-options";
import { PUBLIC_ENDPOINT_SHAPE } from "./host-shape";

const text = shape.text.optional();
const flag = shape.flag.optional();

const SGX = shape.object({ quoteHelper: shape.flag } satisfies Record<keyof AksSgx, z.ZodType>);

const MAINTENANCE = shape.object({
  dayOfWeek: shape.text,
  startTime: shape.text,
  hours: shape.number,
} satisfies Record<keyof AksMaintenance, z.ZodType>);

export const AKS_HOST_SHAPE = shape.object({
  name: shape.text,
  location: shape.text,
  subscription: shape.text,
  tenant: shape.text,
  resourceGroup: text,
  kubernetesVersion: shape.text,
  network: shape.withMember("subnetId", "made by AksNetwork.owned or AksNetwork.given"),
  cni: shape
    .constant([AksCni.OWN_CILIUM, AksCni.MANAGED_CILIUM], "AksCni.OWN_CILIUM or AksCni.MANAGED_CILIUM")
    .optional(),
  pools: shape.objects("node pools"),
  admins: shape.texts,
  keyOfficers: shape.texts,
  podCidr: text,
  serviceCidr: text,
  logRetentionDays: shape.number.optional(),
  auditReads: flag,
  publicEndpoint: PUBLIC_ENDPOINT_SHAPE,
  gatewayNamespace: text,
  sgx: SGX.optional(),
  azurePolicy: flag,
  defender: flag,
  automaticPatches: flag,
  nodeOsChannel: shape
    .constant(
      [AksNodeOsChannel.NODE_IMAGE, AksNodeOsChannel.SECURITY_PATCH],
      "AksNodeOsChannel.NODE_IMAGE or AksNodeOsChannel.SECURITY_PATCH",
    )
    .optional(),
  maintenance: MAINTENANCE.optional(),
  retention: RETENTION_SHAPE,
} satisfies Record<keyof AksHostOptions, z.ZodType>);
