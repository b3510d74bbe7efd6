// Compiles the two sides next to a copy of dist, so that plain Node runs them and a rebuild does not disturb a run.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";

export const ROOT = resolve(__dirname, "../..");

/** Below the repository, so that Node finds its packages. */
const PROGRAM = join(ROOT, ".cache/bench");

/** Folder of the local chart, as both sides load it. */
export const CHART = join(PROGRAM, "lib/core/manifest-chart");

/** Who is measured. */
export type Side = "ours" | "bare";

/** What one process took. */
export interface Usage {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssMiB: number;
}

/** Compiles everything the runs need. `npm run build` comes first. */
export function compile(): void {
  if (!existsSync(join(ROOT, "dist/lib"))) throw new Error("dist is missing; run: npm run build");
  rmSync(PROGRAM, { recursive: true, force: true });
  for (const folder of ["lib", "stacks"])
    cpSync(join(ROOT, "dist", folder), join(PROGRAM, folder), { recursive: true });
  mkdirSync(join(PROGRAM, "test/bench"), { recursive: true });
  for (const name of ["ours", "bare", "usage"]) {
    const { outputText } = transpileModule(readFileSync(join(__dirname, `${name}.ts`), "utf8"), {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
    });
    writeFileSync(compiled(name), outputText);
  }
}

function compiled(name: string): string {
  return join(PROGRAM, "test/bench", `${name}.js`);
}

/** Runs one side in a process of its own, into an empty output folder. */
export function runOnce(side: Side, input: string, output: string): Usage {
  rmSync(output, { recursive: true, force: true });
  const usage = `${output}.usage.json`;
  // Only what the process needs: NODE_OPTIONS of this one would slow it down.
  const env = { PATH: process.env.PATH, BENCH_INPUT: input, BENCH_USAGE: usage, CDKTF_OUTDIR: output };
  const began = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ["-r", compiled("usage"), compiled(side)], {
    cwd: PROGRAM,
    env,
    encoding: "utf8",
  });
  const wallMs = Number(process.hrtime.bigint() - began) / 1e6;
  if (status !== 0) throw new Error(`${side} failed with ${status}:\n${stderr}`);
  return { wallMs, ...(JSON.parse(readFileSync(usage, "utf8")) as Omit<Usage, "wallMs">) };
}
