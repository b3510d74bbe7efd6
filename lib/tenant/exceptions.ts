// Exceptions of a tenant from admission rules: what its file may say, how long, and where they show.
import { findRule, ADMISSION_RULES } from "../admission/rules";
import { dayOf, isDay, yearAfter } from "../core/clock";
import { literal } from "../core/literal";
import { PREFIX } from "../core/names";
import type { SpecProblem } from "./tenant-rules";
import type { TenantSpec } from "./tenant-spec";

/** One exception, as the tenant's file says it. */
export type TenantException = TenantSpec["exceptions"][number];

/** Fewer characters are no reason and no owner. */
const SHORTEST = { reason: 5, owner: 2 } as const;

/** What is wrong with the exceptions of a spec, whatever day it is. */
export function exceptionProblems({ exceptions }: Pick<TenantSpec, "exceptions">): SpecProblem[] {
  return exceptions.flatMap((exception, index) => [
    ...ruleProblems(exception, index, exceptions),
    ...(["reason", "owner"] as const)
      .filter((key) => exception[key].trim().length < SHORTEST[key])
      .map((key) =>
        problem(
          index,
          key,
          key === "reason" ? "an exception must say why" : "an exception must say who answers for it",
          exception[key],
          "write it for whoever audits this later",
        ),
      ),
    ...(isDay(exception.expires)
      ? []
      : [problem(index, "expires", "an exception must end on a day", exception.expires, "write YYYY-MM-DD")]),
  ]);
}

/** What is wrong with the exceptions of a spec on a day. `today` is `YYYY-MM-DD`, by default the machine's. */
export function exceptionDateProblems(
  { exceptions }: Pick<TenantSpec, "exceptions">,
  today?: string,
): SpecProblem[] {
  const now = dayOf(today);
  const last = yearAfter(now);
  return exceptions.flatMap(({ expires }, index) => {
    if (expires < now)
      return [
        problem(
          index,
          "expires",
          `an exception must not have ended before today, ${now}`,
          expires,
          "remove it, or decide anew",
        ),
      ];
    if (expires > last)
      return [
        problem(
          index,
          "expires",
          `an exception must end within a year, by ${last}`,
          expires,
          "choose an earlier day",
        ),
      ];
    return [];
  });
}

/** Annotations of the tenant's Namespace that say each exception in words, for whoever looks at the host. */
export function exceptionAnnotations(exceptions: readonly TenantException[]): Record<string, string> {
  return Object.fromEntries(
    exceptions.map((exception) => [`${PREFIX}exception.${exception.rule}`, literal(inWords(exception))]),
  );
}

/** A warning for each exception: it shows at synth and in the summary. */
export function exceptionWarnings({ name, exceptions }: Pick<TenantSpec, "name" | "exceptions">): string[] {
  return exceptions.map((exception) => {
    const risk = findRule(exception.rule)!.exception!;
    return `tenant ${name} is excepted from admission rule ${exception.rule}: ${inWords(exception)}; it risks: ${risk}`;
  });
}

function inWords({ reason, owner, expires }: TenantException): string {
  return `${reason.trim()} (${owner.trim()}, until ${expires})`;
}

function ruleProblems(
  { rule: id }: TenantException,
  index: number,
  all: readonly TenantException[],
): SpecProblem[] {
  const rule = findRule(id);
  const excepted = ADMISSION_RULES.filter(({ exception }) => exception).map((one) => one.id);
  const choices = `use one of ${excepted.join(", ") || "(no rule takes any)"}, or remove it`;
  if (!rule) return [problem(index, "rule", "an exception must name an admission rule", id, choices)];
  if (!rule.exception)
    return [
      problem(
        index,
        "rule",
        `an exception must not be from a rule that protects neighbours or the platform (${rule.refuses})`,
        id,
        choices,
      ),
    ];
  if (all.findIndex((other) => other.rule === id) < index)
    return [problem(index, "rule", "an exception must stand once for a rule", id, "remove one")];
  return [];
}

function problem(index: number, key: string, rule: string, got: string, cure: string): SpecProblem {
  return {
    code: "TENANT_EXCEPTION",
    path: ["exceptions", index, key],
    text: `${rule}, got '${got}'; ${cure}`,
  };
}
