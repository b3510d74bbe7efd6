// Attribute conditions of Google's workload identity pools: typed data, and the CEL text that is made of it.
import { text, list } from "../../admission/cel";
import { ConfigurationError, reasonOf, type ErrorScope } from "../../core/errors";
import type { Tee } from "../../tee/tee";
import {
  GOOGLE_CLAIMS,
  GOOGLE_HARDWARE,
  type GoogleClaim,
  type GoogleEvidence,
  type GoogleHardware,
} from "./google-claims";

/** One thing a token must say. */
export interface GoogleConjunct {
  /** Path below `assertion`. */
  readonly claim: string;
  /** The value, or one of several. */
  readonly is?: boolean | string | readonly string[];
  /** An element of a claim that is a list. */
  readonly has?: string;
}

/** What a provider asks of a token: all of it. */
export interface GoogleCondition {
  readonly evidence: GoogleEvidence;
  readonly all: readonly GoogleConjunct[];
  /** CEL of the caller's own, beside it. @default - nothing */
  readonly extra?: string;
}

/** Characters of a condition. SOURCE: IAM API reference, WorkloadIdentityPoolProvider.attributeCondition, 2026. */
const MAX_CONDITION = 4096;

/** The condition as CEL. */
export function celOf({ all, extra }: Pick<GoogleCondition, "all" | "extra">): string {
  return [...all.map(celOfConjunct), ...(extra === undefined ? [] : [`(${extra})`])].join(" && ");
}

function celOfConjunct({ claim, is, has }: GoogleConjunct): string {
  const path = `assertion.${claim}`;
  if (has !== undefined) return `${text(has)} in ${path}`;
  if (typeof is === "boolean") return `${path} == ${String(is)}`;
  return typeof is === "string" ? `${path} == ${text(is)}` : `${path} in ${list(is ?? [])}`;
}

/** Throws GOOGLE_CONDITION when the condition would lock everybody out, or let in more than it says. */
export function assertCondition(
  scope: ErrorScope,
  condition: GoogleCondition,
  acceptUnproven?: string,
): GoogleCondition {
  const { evidence, all, extra } = condition;
  for (const { claim } of all) assertClaim(scope, evidence, claim, acceptUnproven);
  if (extra !== undefined) assertExtra(scope, condition, extra, acceptUnproven);
  const { length } = celOf(condition);
  if (length > MAX_CONDITION)
    throw refused(
      scope,
      `a condition must have at most ${MAX_CONDITION} characters`,
      `${length}`,
      "shorten extraCondition, or attest fewer pools",
    );
  return condition;
}

/** The names of these TEEs in tokens. Fails with GOOGLE_CONDITION where there is none, or none that is proven. */
export function hardwareOf(
  scope: ErrorScope,
  tees: readonly Tee[],
  acceptUnproven?: string,
): readonly GoogleHardware[] {
  if (tees.length === 0)
    throw refused(scope, "a condition must name hardware", "none", "name TEEs, like [Tee.TDX]");
  return tees.map((tee) => {
    const row = GOOGLE_HARDWARE.find((one) => one.tee.id === tee.id);
    const known = GOOGLE_HARDWARE.map((one) => one.tee.label).join(", ");
    if (!row)
      throw refused(
        scope,
        `Google attests ${known}: other hardware would lock everybody out`,
        `${tee.label}`,
        "use one of these",
      );
    if (row.unproven !== undefined) assertAccepted(scope, tee.label, row.unproven, acceptUnproven);
    return row;
  });
}

/** Facts that were accepted in writing, for every report. */
export function acceptedFacts(
  { evidence, all, extra }: GoogleCondition,
  hardware: readonly GoogleHardware[],
  acceptUnproven: string | undefined,
): string[] {
  const named = [...all.map(({ claim }) => claim), ...(extra === undefined ? [] : claimsIn(extra).paths)];
  const claims = GOOGLE_CLAIMS[evidence].filter(({ path }) => named.some((one) => isAt(one, path)));
  return [...hardware, ...claims].flatMap(({ unproven }) =>
    unproven === undefined ? [] : [`unproven: ${unproven}; accepted: ${acceptUnproven ?? ""}`],
  );
}

/** Other kinds of evidence that carry a claim, for the words of an error. */
const WHOSE: Readonly<Record<GoogleEvidence, string>> = {
  "confidential-space": "Confidential Space",
  "gke-node": "a GKE node",
};

function assertClaim(
  scope: ErrorScope,
  evidence: GoogleEvidence,
  path: string,
  acceptUnproven: string | undefined,
): GoogleClaim {
  const claim = GOOGLE_CLAIMS[evidence].find((one) => isAt(path, one.path));
  if (!claim) {
    const elsewhere = Object.entries(GOOGLE_CLAIMS).find(([, claims]) =>
      claims.some((one) => isAt(path, one.path)),
    );
    throw refused(
      scope,
      `evidence of ${WHOSE[evidence]} must carry the claim, or the condition locks everybody out`,
      `'${path}'${elsewhere ? `, which ${WHOSE[elsewhere[0] as GoogleEvidence]} has` : ""}`,
      `name claims in full, of these: ${GOOGLE_CLAIMS[evidence].map((one) => one.path).join(", ")}`,
    );
  }
  if (claim.unproven !== undefined) assertAccepted(scope, `'${path}'`, claim.unproven, acceptUnproven);
  return claim;
}

function assertAccepted(
  scope: ErrorScope,
  what: string,
  unproven: string,
  acceptUnproven: string | undefined,
): void {
  if (acceptUnproven === undefined)
    throw refused(
      scope,
      `a condition must rest on claims that tokens were seen with (${unproven})`,
      what,
      'leave it out, or look at a token of your own and set acceptUnproven: "<what you saw, when>"',
    );
  reasonOf(scope, "acceptUnproven", acceptUnproven);
}

/** The claim itself, or something below it. */
function isAt(path: string, claim: string): boolean {
  return path === claim || path.startsWith(`${claim}.`);
}

function assertExtra(
  scope: ErrorScope,
  { evidence, all }: GoogleCondition,
  extra: string,
  acceptUnproven: string | undefined,
): void {
  const { paths, fault } = claimsIn(extra);
  if (fault !== undefined)
    throw refused(
      scope,
      `extraCondition must be one CEL expression over claims of assertion (${fault})`,
      `'${extra}'`,
      "write it like assertion.submods.gce.zone == 'europe-west4-a'",
    );
  for (const path of paths) {
    const { list: isList } = assertClaim(scope, evidence, path, acceptUnproven);
    const bound = all.find(({ claim }) => isAt(path, claim));
    if (bound && !isList)
      throw refused(
        scope,
        `extraCondition must leave alone what the library binds (${celOf({ all: [bound] })})`,
        `'${path}'`,
        "remove it",
      );
  }
}

/**
 * The claims an expression names, and what is wrong with its form. Texts are skipped; parentheses must close where they
 * opened, because the expression stands in a pair of its own, behind `&&`.
 */
function claimsIn(extra: string): { readonly paths: readonly string[]; readonly fault?: string } {
  // An index by a text is a name, too: assertion['swname'].
  const dotted = extra.replace(/\[\s*(['"])([A-Za-z_]\w*)\1\s*\]/g, ".$2");
  const code = dotted.replace(/(['"])(?:\\.|(?!\1)[^\\\n])*\1/g, "''");
  const paths = [...code.matchAll(/\bassertion\b((?:\s*\.\s*[A-Za-z_]\w*)*)/g)].map(([, path]) =>
    (path ?? "").replace(/\s/g, "").slice(1),
  );
  let depth = 0;
  let closedEarly = false;
  for (const character of code) {
    depth += ("([{".includes(character) ? 1 : 0) - (")]}".includes(character) ? 1 : 0);
    closedEarly ||= depth < 0;
  }
  const faults: readonly (readonly [boolean, string])[] = [
    [paths.length === 0, "it names no claim"],
    [closedEarly || depth !== 0, "a parenthesis does not close where it opened"],
    [/\/\/|[\r\n]/.test(code), "it holds a comment, or more than one line"],
    [/\\|'''|"""/.test(extra), "it holds a backslash, or triple quotes"],
    [/['"]/.test(code.replaceAll("''", "")), "a text does not end"],
    [/\b(google|attribute)\s*\./.test(code), "mapped attributes are the library's"],
  ];
  const fault = faults.find(([broken]) => broken)?.[1];
  return { paths, ...(fault === undefined ? {} : { fault }) };
}

function refused(scope: ErrorScope, rule: string, got: string, use: string): ConfigurationError {
  return new ConfigurationError("GOOGLE_CONDITION", scope, `${rule}, got ${got}; ${use}`);
}
