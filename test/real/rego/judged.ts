// Cases, asked of all engines in both syntaxes.
import type { RegoAnswer, RegoJudges, RegoQuestion } from "../support/rego-judges";
import type { PolicyName, RegoCase } from "./cases";
import { REFERENCES } from "./policies";
import { statusOf, type Vector } from "./result";

const SYNTAXES = ["v0", "v1"] as const;

/** What all of them say of a case. */
export interface Judged {
  readonly judged: RegoCase;
  readonly passes: boolean;
  /** The trust vector an attestation policy answers. @default - none */
  readonly vector?: Vector;
  /** Where they differ, or fail. */
  readonly problems: readonly string[];
}

const attests = (policy: PolicyName): boolean => policy.endsWith("-attestation");

/** Asks about cases of these policies. */
export async function judge(
  { engines }: RegoJudges,
  cases: readonly RegoCase[],
  policies: Readonly<Record<PolicyName, string>>,
): Promise<readonly Judged[]> {
  const questions = cases.flatMap((one) => SYNTAXES.map((syntax) => question(one, policies, syntax)));
  const asked = await Promise.all(
    Object.entries(engines).map(async ([engine, ask]) => ({ engine, answers: await ask(questions) })),
  );
  return cases.map((one, at) => {
    const heard = asked.flatMap(({ engine, answers }) =>
      SYNTAXES.map((syntax, place) => ({
        who: `${engine} ${syntax}`,
        answer: answers[at * SYNTAXES.length + place]!,
      })),
    );
    const first = canonical(heard[0]!.answer);
    const vector = heard[0]!.answer.values["data.policy.trust_claims"] as Vector | undefined;
    return {
      judged: one,
      ...(vector === undefined ? {} : { vector }),
      passes: heard.every(({ answer }) => passes(one.policy, answer)),
      problems: heard.flatMap(({ who, answer }) => [
        ...(answer.error === undefined ? [] : [`${who} fails: ${answer.error}`]),
        ...(canonical(answer) === first ? [] : [`${who} says ${canonical(answer)}, not ${first}`]),
      ]),
    };
  });
}

function question(
  { policy, input, request, references }: RegoCase,
  policies: Readonly<Record<PolicyName, string>>,
  syntax: "v0" | "v1",
): RegoQuestion {
  return {
    policy: policies[policy],
    data: { ...request },
    input,
    rules: attests(policy) ? ["data.policy.trust_claims", "data.policy.extensions"] : ["data.policy.allow"],
    references: references ?? REFERENCES,
    syntax,
  };
}

/** The key broker takes nothing but true; the attestation service makes a status of a vector. */
function passes(policy: PolicyName, { values, error }: RegoAnswer): boolean {
  if (error !== undefined) return false;
  if (!attests(policy)) return values["data.policy.allow"] === true;
  const vector = values["data.policy.trust_claims"] as Vector | null;
  return vector !== null && statusOf(vector) === "affirming";
}

/** The same answer is the same text, whatever order an engine prints. */
function canonical({ values }: RegoAnswer): string {
  return JSON.stringify(values, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}
