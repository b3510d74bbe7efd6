// Measures what guardrails cost and save on a live API server: `npm run bench:live [-- flood install admission]`.
//
// No absolute time is judged, only ratios to a baseline that ran alternately in this run.
import { table } from "../../lib/report/table";
import { failed, median, verdict, type Answer } from "./live/figures";
import { admission } from "./live/admission";
import { flood } from "./live/flood";
import { install } from "./live/install";

type Benchmark = (say: (text: string) => void) => Promise<Answer[]>;

const BENCHMARKS: Readonly<Record<string, Benchmark>> = { flood, install, admission };

function report(answers: readonly Answer[]): string {
  const rows = answers.map((answer) => [
    answer.what,
    answer.sides.join(", "),
    median(answer.ratios).toFixed(2),
    answer.limit ? `${answer.limit.kind} ${answer.limit.atMost}` : "",
    verdict(answer),
    answer.ratios.map((ratio) => ratio.toFixed(2)).join(" "),
  ]);
  const notes = answers.flatMap(({ what, notes = [] }) => notes.map((note) => `${what}: ${note}`));
  return [
    table(["what", "medians", "ratio", "limit", "", "ratio of each round"], rows),
    ...notes,
    "Measured here: server, load and everything else of this machine share its processors.",
  ].join("\n");
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in BENCHMARKS));
  if (unknown.length > 0) {
    process.stderr.write(
      `no benchmark ${unknown.join(", ")}; there are ${Object.keys(BENCHMARKS).join(", ")}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const answers: Answer[] = [];
  for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS))
    answers.push(...(await BENCHMARKS[name]!((text) => process.stdout.write(`${text}\n`))));
  process.stdout.write(`\n${report(answers)}\n`);
  if (failed(answers)) process.exitCode = 1;
}

void main(process.argv.slice(2));
