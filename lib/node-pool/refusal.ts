// How pools refuse: every refusal names rule, value, source and a working alternative; facts are accepted in writing.
import { dayOf, yearBefore } from "../core/clock";
import { ConfigurationError, reasonOf, type ErrorCode, type ErrorScope } from "../core/errors";

/** A combination that cannot work. */
export interface Refusal {
  /** What must hold, in the caller's words. */
  readonly rule: string;
  /** What was given, like `'Ubuntu2204'`. */
  readonly got: string;
  /** The vendor's page and its date. */
  readonly source: string;
  /** What works instead. */
  readonly use: string;
}

/** The error of a refusal. */
export function refusal(
  code: ErrorCode,
  scope: ErrorScope,
  { rule, got, source, use }: Refusal,
): ConfigurationError {
  return new ConfigurationError(code, scope, `${rule}, got ${got} (${source}); ${use}`);
}

/** What a pool accepts in writing. Every pool's options have it. */
export interface AcceptedFacts {
  /**
   * Why facts that no source settles are relied on. Shows as a warning at synth and in the summary. Fails with
   * POOL_UNPROVEN when missing, REASON when it says nothing.
   */
  readonly acceptUnproven?: string;
  /**
   * Why a pool of a machine type that the vendor has taken away stays. Shows as a warning. Fails with POOL_RETIRED when
   * missing, REASON when it says nothing.
   */
  readonly acceptRetired?: string;
}

/** Where a fact was looked for, and what works without it. */
export interface UnprovenBasis {
  /** The vendor's pages that were read and say nothing, with their date. */
  readonly source: string;
  /** Like `use Standard_DC4as_v5`. */
  readonly use: string;
}

/** Warnings for facts nobody proved. Fails with POOL_UNPROVEN. `what` names the thing, like `AMD SEV-SNP on EKS`. */
export function unprovenWarnings(
  scope: ErrorScope,
  what: string,
  facts: readonly string[],
  accepted: AcceptedFacts,
  { source, use }: UnprovenBasis,
): string[] {
  if (facts.length === 0) return [];
  if (accepted.acceptUnproven === undefined)
    throw new ConfigurationError(
      "POOL_UNPROVEN",
      scope,
      `${what} rests on facts nobody proved: ${facts.join("; ")}, got no acceptUnproven (read: ${source}); ` +
        `${use}, or test it on your account and set acceptUnproven: "<what you tested, when>"`,
    );
  const reason = reasonOf(scope, "acceptUnproven", accepted.acceptUnproven);
  return facts.map((fact) => `unproven: ${fact}; accepted: ${reason}`);
}

/** Something the vendor takes away. */
export interface Retirement {
  /** Like `DCsv3 sizes`. */
  readonly what: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly source: string;
  /** What to move to. */
  readonly use: string;
}

/**
 * A warning from a year before the day on; after it an error (POOL_RETIRED) unless accepted: live pools must keep
 * synthesizing. `today` is `YYYY-MM-DD`, by default the machine's.
 */
export function retirementWarnings(
  scope: ErrorScope,
  retirement: Retirement | undefined,
  accepted: AcceptedFacts,
  today: string | undefined,
): string[] {
  if (!retirement) return [];
  const { what, day, source, use } = retirement;
  const now = dayOf(today);
  if (now < yearBefore(day)) return [];
  if (now <= day) return [`${what} retire on ${day} (${source}); ${use}`];
  if (accepted.acceptRetired === undefined)
    throw refusal("POOL_RETIRED", scope, {
      rule: `${what} must still be sold`,
      got: `a pool after ${day}, when they retired`,
      source,
      use: `${use}; to keep a live pool synthesizing, set acceptRetired: "<until when>"`,
    });
  return [
    `${what} retired on ${day} (${source}); accepted: ${reasonOf(scope, "acceptRetired", accepted.acceptRetired)}`,
  ];
}
