// The shape of a GKE host's options: the type of each.
import type * as z from "../core/zod";
import { shape } from "../core/option-shape";
import { RETENTION_SHAPE } from "../core/retention";
import type { GkeDnsEndpoint, GkeHostOptions, GkeMaintenanceWindow, GkeMinorHold } from "./gke-host-options";
import { PUBLIC_ENDPOINT_SHAPE } from "./host-shape";

const text = shape.text.optional();
const flag = shape.flag.optional();

const DNS_ENDPOINT = shape.object({ reason: shape.text } satisfies Record<keyof GkeDnsEndpoint, z.ZodType>);

const WINDOW = shape.object({
  start: shape.text,
  end: shape.text,
  recurrence: shape.text,
} satisfies Record<keyof GkeMaintenanceWindow, z.ZodType>);

const HOLD = shape.object({ from: shape.text, until: shape.text } satisfies Record<
  keyof GkeMinorHold,
  z.ZodType
>);

export const GKE_HOST_SHAPE = shape.object({
  name: shape.text,
  region: shape.text,
  project: shape.text,
  projectNumber: shape.text,
  kubernetesVersion: shape.text,
  network: shape.withMember("assertRegion", "made by GkeNetwork.owned or GkeNetwork.given"),
  pools: shape.objects("node pools"),
  podCidr: text,
  serviceCidr: text,
  controlPlaneCidr: text,
  apiClientCidrs: shape.texts.optional(),
  publicEndpoint: PUBLIC_ENDPOINT_SHAPE,
  dnsEndpoint: DNS_ENDPOINT.optional(),
  securityGroup: text,
  releaseChannel: text,
  maintenanceWindow: WINDOW.optional(),
  holdMinor: HOLD.optional(),
  admins: shape.texts,
  clusterwidePolicies: flag,
  fqdnPolicies: flag,
  keyRing: text,
  gatewayNamespace: text,
  retention: RETENTION_SHAPE,
} satisfies Record<keyof GkeHostOptions, z.ZodType>);
