// Runs the lanes: `tsx test/real/run.ts [lane...] [--require a,b]`. A lane whose part is missing is never passed.
import { apiServer } from "./lanes/api-server";
import { aws } from "./lanes/aws";
import { cdktn } from "./lanes/cdktn";
import { charts } from "./lanes/charts";
import { fence } from "./lanes/fence";
import { gatekeeper } from "./lanes/gatekeeper";
import { kms } from "./lanes/kms";
import { rego } from "./lanes/rego";
import { schema } from "./lanes/schema";
import { vault } from "./lanes/vault";
import { trustee } from "./lanes/trustee";
import { vcluster } from "./lanes/vcluster";
import { table } from "../../lib/report/table";
import { inParallel } from "./support/exec";
import type { Check, Lane, LaneReport, NotHere } from "./support/lane";

/** Long ones first: two run at a time. */
const LANES: readonly Lane[] = [
  aws,
  apiServer,
  cdktn,
  schema,
  vcluster,
  fence,
  charts,
  kms,
  rego,
  gatekeeper,
  vault,
  trustee,
];

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
  const asked = LANES.filter((lane) => names.length === 0 || names.includes(lane.name));
  // Two at a time: most of a lane's time is waiting for servers.
  const rows = await inParallel(asked, 2, async (lane) => {
    const row = await runLane(lane);
    print(row);
    return row;
  });
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

/** What a lane proves, saw and missed, in one piece. */
function print(row: Row): void {
  const failed = checksOf(row).filter((check) => !check.ok);
  const lines = [
    `lane ${row.lane.name}: ${row.lane.proves}`,
    ...(row.report?.notes ?? []).map((note) => `  ${note}`),
    ...failed.map(({ name, detail }) => `  FAILED ${name}\n${indent(detail ?? "")}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
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
