// Every attack that needs no more than requests to an API server.
import type { Attack } from "../attack";
import { ACCESS_ATTACKS } from "./access";
import { GUARDRAIL_ATTACKS } from "./guardrails";
import { POD_ATTACKS } from "./pods";

/** All of them, with what must stay allowed. */
export const ATTACKS: readonly Attack[] = [...ACCESS_ATTACKS, ...GUARDRAIL_ATTACKS, ...POD_ATTACKS];
