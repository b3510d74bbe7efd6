// The shape of a GKE host's options: the type of each.
import type { z } from "zod";
import { shape } from "../node-pool/option-shape";
import type { GkeHostOptions } from "./gke-host-options";

const text = shape.text.optional();
const flag = shape.flag.optional();

export const GKE_HOST_SHAPE = shape.object({
  name: shape.text,
  region: shape.text,
  project: shape.text,
  projectNumber: shape.text,
  kubernetesVersion: shape.text,
  network: shape.withMember("define", "made by GkeNetwork.owned or GkeNetwork.given"),
  pools: shape.objects("node pools"),
  podCidr: text,
  serviceCidr: text,
  controlPlaneCidr: text,
  apiClientCidrs: shape.texts.optional(),
  publicEndpoint: shape.object({ cidrs: shape.texts, reason: shape.text }).optional(),
  dnsEndpoint: shape.object({ reason: shape.text }).optional(),
  securityGroup: text,
  releaseChannel: text,
  maintenanceWindow: shape.object({ start: shape.text, end: shape.text, recurrence: shape.text }).optional(),
  holdMinor: shape.object({ from: shape.text, until: shape.text }).optional(),
  clusterwidePolicies: flag,
  fqdnPolicies: flag,
  keyRing: text,
  gatewayNamespace: text,
  retention: shape.withMember("keyWaitingDays", "Retention.KEEP or made by Retention.destroy").optional(),
} satisfies Record<keyof GkeHostOptions, z.ZodType>);
