// Engines that judge Rego: OPA, and regorus, which is inside Trustee, as its release and as its next one have it.
import { join } from "node:path";
import { ROOT } from "./cache";
import { cargoBuild } from "./cargo";
import { must } from "./exec";
import { goBuild } from "./go";

/** A policy and what it is asked about. */
export interface RegoQuestion {
  readonly policy: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  readonly rules: readonly string[];
  /** What `query_reference_value` answers, by name; null for others. */
  readonly references: Readonly<Record<string, unknown>>;
  readonly syntax: "v0" | "v1";
}

/** What an engine says. */
export interface RegoAnswer {
  /** By rule; null where it has no value. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What kept it from judging. */
  readonly error?: string;
}

/** Initialisation data as Trustee's own parser reads it. */
export interface InitDataReading {
  readonly version: string;
  readonly algorithm: string;
  readonly data: Readonly<Record<string, string>>;
  /** Tables of the entries that are TOML. */
  readonly tables: Readonly<Record<string, unknown>>;
  readonly digest: string;
  readonly error?: string;
}

export const ENGINES = ["opa", "regorus 0.10.1", "regorus 0.11.0"] as const;
export type EngineName = (typeof ENGINES)[number];

/** All engines, and Trustee's parser of TOML. */
export interface RegoJudges {
  readonly engines: Readonly<
    Record<EngineName, (questions: readonly RegoQuestion[]) => Promise<readonly RegoAnswer[]>>
  >;
  readonly read: (documents: readonly string[]) => Promise<readonly InitDataReading[]>;
}

/** Builds both. Throws NotHere without Go or Cargo. */
export async function regoJudges(): Promise<RegoJudges> {
  const opa = await goBuild(join(ROOT, "test/real/rego-judge"), "rego-judge");
  const regorus = await cargoBuild(join(ROOT, "test/real/regorus-judge"), "regorus-judge");
  const ask =
    (binary: string, more: { readonly engine?: EngineName } = {}) =>
    async (asked: readonly RegoQuestion[]): Promise<readonly RegoAnswer[]> => {
      const questions = asked.map((question) => ({ ...question, ...more }));
      const { stdout } = await must(binary, [], { stdin: JSON.stringify({ questions }) });
      const { answers } = JSON.parse(stdout) as { readonly answers: readonly RegoAnswer[] };
      if (answers.length !== questions.length)
        throw new Error(`${questions.length} questions, ${answers.length} answers`);
      return answers;
    };
  return {
    engines: {
      opa: ask(opa),
      "regorus 0.10.1": ask(regorus, { engine: "regorus 0.10.1" }),
      "regorus 0.11.0": ask(regorus, { engine: "regorus 0.11.0" }),
    },
    read: async (documents) => {
      const { stdout } = await must(regorus, [], { stdin: JSON.stringify({ documents }) });
      return (JSON.parse(stdout) as { readonly readings: readonly InitDataReading[] }).readings;
    },
  };
}
