// Pods, made and changed by whoever took over a tenant's control plane; and, just beside each refusal, what must pass.
import type { Attack } from "../attack";
import { POD_CONFIDENTIAL } from "./pod-confidential";
import { POD_HOST } from "./pod-host";
import { POD_EPHEMERAL, POD_HOST_NEIGHBOURS, POD_OWN_PROFILE } from "./pod-host-neighbours";
import { POD_IDENTITY } from "./pod-identity";
import { POD_IMAGES } from "./pod-images";
import { POD_BROKER, POD_CONTROL_PLANE, POD_LEGITIMATE } from "./pod-legitimate";
import { POD_PLACEMENT } from "./pod-placement";

export const POD_ATTACKS: readonly Attack[] = [
  ...POD_PLACEMENT,
  ...POD_HOST,
  ...POD_HOST_NEIGHBOURS,
  POD_OWN_PROFILE,
  ...POD_EPHEMERAL,
  ...POD_IDENTITY,
  ...POD_LEGITIMATE,
  ...POD_BROKER,
  ...POD_CONTROL_PLANE,
  ...POD_IMAGES,
  ...POD_CONFIDENTIAL,
];
