// Measures our synth against a bare cdktf app that emits the same JSON: `npm run bench [-- <tenants>...]`.
//
// No absolute time is judged, only ratios of processes that ran alternately in this run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { table } from "../../lib/report/table";
import { differences } from "./compare";
import { growth, GROWTH_FROM, GROWTH_TO, medianOf, missed, ratio, TIME_GOAL } from "./figures";
import type { Round, Size } from "./figures";
import { CHART, compile, ROOT, runOnce } from "./program";
import { record } from "./recording";
import { writeTenants } from "./tenants";

/** Rounds by number of tenants: odd, more where one is short and the machine's noise weighs more. */
const ROUNDS: ReadonlyMap<number, number> = new Map([
  [100, 11],
  [1000, 7],
  [5000, 3],
]);

function measure(tenants: number, rounds: number): Size {
  const folder = mkdtempSync(join(tmpdir(), "tenclave-bench-"));
  try {
    const input = { ours: join(folder, "tenants"), bare: join(folder, "recording") };
    const output = { ours: join(folder, "ours"), bare: join(folder, "bare") };
    writeTenants(input.ours, tenants);
    // The first run of each side warms the file cache, and ours is what bare repeats.
    runOnce("ours", input.ours, output.ours);
    record(output.ours, CHART, input.bare);
    runOnce("bare", input.bare, output.bare);
    const different = new Set(differences(output.ours, output.bare));

    const measured: Round[] = [];
    for (let index = 0; index < rounds; index++) {
      const usage: Partial<Record<keyof Round, Round["ours"]>> = {};
      // Who goes first changes, so that going second helps nobody.
      for (const side of index % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const))
        usage[side] = runOnce(side, input[side], output[side]);
      for (const path of differences(output.ours, output.bare)) different.add(path);
      measured.push(usage as Round);
    }
    return { tenants, rounds: measured, different: [...different] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(sizes: readonly Size[]): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(2);
  const rows = sizes.map((size) => [
    `${size.tenants}`,
    `${size.rounds.length}`,
    seconds(medianOf(size, "ours", "wallMs")),
    seconds(medianOf(size, "bare", "wallMs")),
    ratio(size, "wallMs").toFixed(2),
    size.rounds.map(({ ours, bare }) => (ours.wallMs / bare.wallMs).toFixed(2)).join(" "),
    ratio(size, "cpuMs").toFixed(2),
    medianOf(size, "ours", "rssMiB").toFixed(0),
    medianOf(size, "bare", "rssMiB").toFixed(0),
    ratio(size, "rssMiB").toFixed(2),
    size.different.length === 0 ? "same" : "DIFFERENT",
  ]);
  const headings = [
    "tenants",
    "rounds",
    "ours s",
    "bare s",
    "time ratio",
    "each round",
    "CPU ratio",
    "ours MiB",
    "bare MiB",
    "memory ratio",
    "output",
  ];
  const [ours, bare] = [growth(sizes, "ours"), growth(sizes, "bare")];
  const grown =
    ours !== undefined && bare !== undefined
      ? `\nFrom ${GROWTH_FROM} to ${GROWTH_TO} tenants: ours ${ours.toFixed(2)} times, bare ${bare.toFixed(2)} times.\n`
      : "";
  return table(headings, rows) + grown;
}

function main(args: readonly string[]): void {
  const unknown = args.find((arg) => !ROUNDS.has(Number(arg)));
  if (unknown !== undefined) {
    process.stderr.write(`no such size: ${unknown}; there are ${[...ROUNDS.keys()].join(", ")}\n`);
    process.exitCode = 2;
    return;
  }
  compile();
  const sizes: Size[] = [];
  for (const [tenants, rounds] of ROUNDS) {
    if (args.length > 0 && !args.includes(`${tenants}`)) continue;
    process.stderr.write(`… ${tenants} tenants, ${rounds} rounds\n`);
    sizes.push(measure(tenants, rounds));
  }

  const misses = missed(sizes);
  const result = {
    node: process.version,
    sizes: sizes.map((size) => ({
      ...size,
      timeRatio: ratio(size, "wallMs"),
      cpuRatio: ratio(size, "cpuMs"),
      memoryRatio: ratio(size, "rssMiB"),
    })),
    growth: { ours: growth(sizes, "ours"), bare: growth(sizes, "bare") },
    missed: misses,
  };
  writeFileSync(join(ROOT, "bench.json"), `${JSON.stringify(result, undefined, 2)}\n`);

  process.stdout.write(report(sizes));
  const beyond = sizes.filter((size) => ratio(size, "wallMs") > TIME_GOAL).map(({ tenants }) => tenants);
  if (beyond.length > 0)
    process.stdout.write(`Time is beyond the goal of ${TIME_GOAL} at ${beyond.join(", ")} tenants.\n`);
  for (const miss of misses) process.stdout.write(`MISSED: ${miss}\n`);
  if (misses.length === 0) process.stdout.write("All bars are met.\n");
  else process.exitCode = 1;
}

main(process.argv.slice(2));
