// How long a workload keeps access after it stopped deserving it: the lives of what it holds, added up.
import { ConfigurationError } from "../core/errors";
import { assertShape, shape } from "../core/option-shape";
import type * as z from "../core/zod";
import { NegativeCase, type Wiring } from "./wiring";

/** The lives, each as configured. Nothing here is measured. */
export interface StalenessOptions {
  /** Takes `tokenMinutes` from the table, and says whether anything bounds the age of evidence. @default - none */
  readonly wiring?: Wiring;
  /** Minutes between evidence being made and being judged; 0 where the verifier gives a fresh nonce. Fails with STALENESS. @default 0 */
  readonly evidenceMinutes?: number;
  /** Minutes a token may be used after that. Fails with STALENESS. @default - the wiring's, or 0 without one */
  readonly tokenMinutes?: number;
  /** Minutes of what the token is exchanged for: Vault's token. It is not renewed. Fails with STALENESS. @default 0 */
  readonly sessionMinutes?: number;
  /** Minutes of a certificate issued in that session. Fails with STALENESS. @default 0 */
  readonly certificateMinutes?: number;
  /** Seconds by which clocks may differ, and which whoever judges a token or a certificate allows. Fails with STALENESS. @default 30 */
  readonly skewSeconds?: number;
}

/** One part of the sum. */
export interface StalenessPart {
  readonly name: string;
  readonly minutes: number;
}

/** How long a compromised workload keeps access. */
export interface Staleness {
  /** In the order in which one is exchanged for the next. */
  readonly parts: readonly StalenessPart[];
  /** Their sum. */
  readonly minutes: number;
  /** False where nothing refuses old evidence or old tokens: then the sum holds only while everybody behaves. */
  readonly bounded: boolean;
  /** A half sentence: what bounds it, or why nothing does. */
  readonly why: string;
}

/** Seconds of clock difference that log-ins and peers allow. */
export const CLOCK_SKEW_SECONDS = 30;

const SHAPE = shape.object({
  wiring: shape.withMember("tokenMinutes", "a Wiring").optional(),
  evidenceMinutes: shape.number.optional(),
  tokenMinutes: shape.number.optional(),
  sessionMinutes: shape.number.optional(),
  certificateMinutes: shape.number.optional(),
  skewSeconds: shape.number.optional(),
} satisfies Record<keyof StalenessOptions, z.ZodType>);

/**
 * The worst case: evidence is made a moment before the compromise, each thing is exchanged at its last second for the
 * next, and the last one is used to its end. A secret that was read is out of it: it is known until it is rotated.
 *
 * Fails with OPTION_TYPE and STALENESS.
 */
export function staleness(options: StalenessOptions): Staleness {
  assertShape("staleness", SHAPE, options);
  const { wiring, evidenceMinutes = 0, sessionMinutes = 0, certificateMinutes = 0 } = options;
  const { tokenMinutes = wiring?.tokenMinutes ?? 0, skewSeconds = CLOCK_SKEW_SECONDS } = options;
  const numbers = { evidenceMinutes, tokenMinutes, sessionMinutes, certificateMinutes, skewSeconds };
  for (const [name, value] of Object.entries(numbers)) assertPart(name, value);
  const skew = skewSeconds / 60;
  const parts = [
    { name: "age of the evidence", minutes: evidenceMinutes },
    { name: "life of the token", minutes: tokenMinutes },
    { name: "clock difference at the log-in", minutes: tokenMinutes > 0 ? skew : 0 },
    { name: "session", minutes: sessionMinutes },
    { name: "life of the certificate", minutes: certificateMinutes },
    { name: "clock difference at the peer", minutes: certificateMinutes > 0 ? skew : 0 },
  ].filter(({ minutes }) => minutes > 0);
  return { parts, minutes: parts.reduce((sum, { minutes }) => sum + minutes, 0), ...bound(wiring) };
}

function bound(wiring: Wiring | undefined): Pick<Staleness, "bounded" | "why"> {
  const cell = wiring?.cases.find(({ case: one }) => one === NegativeCase.STALE_EVIDENCE);
  return { bounded: cell?.refused ?? true, why: cell?.why ?? "each part ends as it is configured" };
}

/** Longest anybody means in minutes: a week. More is seconds written for minutes. */
const MOST = 7 * 24 * 60;

function assertPart(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0 && value <= MOST) return;
  throw new ConfigurationError(
    "STALENESS",
    "staleness",
    `${name} must be a number from 0 to ${MOST}, got ${value}; write the life that is configured, 0 for what is not used`,
  );
}
