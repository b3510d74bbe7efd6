// Every attack that needs no more than requests to an API server, and what must stay allowed.
import type { Attack } from "../attack";
import { ACCESS_ATTACKS } from "./access";
import { BENCHMARK_ATTACKS } from "./benchmarks";
import { FLOOD_ATTACKS } from "./floods";
import { FORGERY_ATTACKS } from "./forgery";
import { GUARDRAIL_ATTACKS } from "./guardrails";
import { HELM_ATTACKS } from "./helm";
import { OBJECT_ATTACKS } from "./objects";
import { POD_ATTACKS } from "./pods";

/** By family, as docs list them. */
export const FAMILIES: Readonly<Record<string, readonly Attack[]>> = {
  Benchmarks: BENCHMARK_ATTACKS,
  Access: ACCESS_ATTACKS,
  Guardrails: GUARDRAIL_ATTACKS,
  Pods: POD_ATTACKS,
  Objects: OBJECT_ATTACKS,
  Forgery: FORGERY_ATTACKS,
  "Helm's records": HELM_ATTACKS,
  Floods: FLOOD_ATTACKS,
};

/** All of them. */
export const ATTACKS: readonly Attack[] = Object.values(FAMILIES).flat();
