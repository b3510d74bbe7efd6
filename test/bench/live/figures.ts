// What a benchmark on the live server reports, and how it is judged.
import { median } from "../figures";

/** One question, answered in one run beside its own baseline. */
export interface Answer {
  readonly what: string;
  /** Medians of each side, in words: `quiet 12 ms`. */
  readonly sides: readonly string[];
  /** Of each round, measured by baseline. */
  readonly ratios: readonly number[];
  /** Highest ratio that is good. Absent: shown for comparison only. */
  readonly limit?: { readonly atMost: number; readonly kind: "bar" | "goal" };
  /** What else a reader has to know. */
  readonly notes?: readonly string[];
}

/** The value that 99 of 100 are not above. */
export function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) throw new Error("no value at all");
  return sorted[Math.ceil(sorted.length * 0.99) - 1]!;
}

/** `met`, `MISSED`, or nothing where nothing was promised. */
export function verdict({ ratios, limit }: Answer): string {
  if (!limit) return "";
  return median(ratios) <= limit.atMost ? "met" : "MISSED";
}

/** Whether the run as a whole failed: a bar was missed. A goal is only said. */
export function failed(answers: readonly Answer[]): boolean {
  return answers.some((answer) => answer.limit?.kind === "bar" && verdict(answer) === "MISSED");
}

export { median };
