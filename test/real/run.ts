// Runs the lanes: `tsx test/real/run.ts [lane...] [--require a,b]`. A lane whose part is missing is never passed.
import { apiServer } from "./lanes/api-server";
import { aws } from "./lanes/aws";
import { cdktn } from "./lanes/cdktn";
import { charts } from "./lanes/charts";
import { fence } from "./lanes/fence";
import { gatekeeper } from "./lanes/gatekeeper";
import { schema } from "./lanes/schema";
import { vcluster } from "./lanes/vcluster";
import { table } from "../../lib/report/table";
import type { Check, Lane, LaneReport, NotHere } from "./support/lane";

const LANES: readonly Lane[] = [schema, aws, charts, apiServer, fence, gatekeeper, vcluster, cdktn];

interface Row {
  readonly lane: Lane;
  readonly seconds: number;
  readonly report?: LaneReport;
  readonly notRun?: string;
  readonly crash?: string;
}

async function runLane(lane: Lane): Promise<Row> {
  const began = Date.now();
  const seconds = (): number => Math.round((Date.now() - began) / 1000);
  try {
    const report = await lane.run();
    return { lane, report, seconds: seconds() };
  } catch (error) {
    if (isNotHere(error)) return { lane, notRun: error.message, seconds: seconds() };
    return { lane, crash: stackOf(error), seconds: seconds() };
  }
}

function isNotHere(error: unknown): error is NotHere {
  return typeof error === "object" && error !== null && "notHere" in error;
}

/** All checks of a row; a crash is a failed check, and so is a lane that checked nothing. */
function checksOf(row: Row): readonly Check[] {
  if (row.crash) return [{ name: "lane", ok: false, detail: row.crash }];
  if (row.report && row.report.checks.length === 0)
    return [{ name: "lane", ok: false, detail: "checked nothing" }];
  return row.report?.checks ?? [];
}

async function main(args: readonly string[]): Promise<void> {
  const at = args.indexOf("--require");
  const required = at < 0 ? [] : (args[at + 1] ?? "").split(",").filter((name) => name !== "");
  const names = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  const unknown = [...required, ...names].filter((name) => !LANES.some((lane) => lane.name === name));
  if (unknown.length > 0 || (at >= 0 && required.length === 0)) {
    process.stderr.write(
      `no such lane: ${unknown.join(", ")}; there are ${LANES.map((l) => l.name).join(", ")}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const rows: Row[] = [];
  for (const lane of LANES.filter((l) => names.length === 0 || names.includes(l.name))) {
    process.stdout.write(`lane ${lane.name}: ${lane.proves}\n`);
    const row = await runLane(lane);
    rows.push(row);
    for (const note of row.report?.notes ?? []) process.stdout.write(`  ${note}\n`);
    for (const { name, detail } of checksOf(row).filter((check) => !check.ok))
      process.stdout.write(`  FAILED ${name}\n${indent(detail ?? "")}\n`);
  }
  for (const name of required.filter((r) => !rows.some((row) => row.lane.name === r)))
    rows.push({ lane: LANES.find((l) => l.name === name)!, notRun: "not asked for", seconds: 0 });

  const missing = rows.filter((row) => row.notRun !== undefined && required.includes(row.lane.name));
  const checks = rows.flatMap(checksOf);
  const failed = checks.filter((check) => !check.ok).length + missing.length;
  process.stdout.write(
    `\n${table(
      ["lane", "result", "checks", "left out", "seconds", "real parts"],
      rows.map((row) => [
        row.lane.name,
        result(row),
        `${checksOf(row).length}`,
        `${row.report?.leftOut ?? ""}`,
        `${row.seconds}`,
        row.report?.parts ?? "",
      ]),
    )}\n${checks.length - checks.filter((c) => !c.ok).length} passed, ${failed} failed\n`,
  );
  if (failed > 0) process.exitCode = 1;
}

function result(row: Row): string {
  if (row.notRun !== undefined) return `not run: ${row.notRun}`;
  return checksOf(row).every((check) => check.ok) ? "passed" : "FAILED";
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}

function stackOf(error: unknown): string {
  return typeof error === "object" && error !== null && "stack" in error
    ? String(error.stack)
    : String(error);
}

void main(process.argv.slice(2));
