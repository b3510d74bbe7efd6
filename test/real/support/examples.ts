// The examples, synthesized in every form a user can choose.
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHARTS } from "../../../lib/core/charts";
import { ROOT, scratch } from "./cache";
import { must } from "./exec";

/** One stack of one synthesized example. */
export interface SynthesizedStack {
  readonly example: string;
  /** How the example was synthesized: `lookup` or `variables`. */
  readonly form: string;
  readonly stack: string;
  /** Holds cdk.tf.json and assets. */
  readonly folder: string;
}

/** Not an example: hosts and pools with every option on, for lane `schema`. */
export const VARIANTS = "variants";

/** Names of the examples: folders with a main.ts. */
export function exampleNames(): string[] {
  const folder = join(ROOT, "examples");
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, "main.ts")));
}

/** Charts on disk, one folder each; given by the caller because they come from Go modules. */
export interface ChartFolders {
  readonly vcluster: string;
  readonly cilium: string;
}

/** Environment of each form. */
function forms(charts: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return { lookup: {}, variables: { CONNECT: "variables", CHARTS: charts } };
}

/**
 * Synthesizes an example in all forms, with more environment when given, and from a copy of the repository when one is
 * given; returns all its stacks.
 */
export async function synthesize(
  example: string,
  charts: ChartFolders,
  env: Readonly<Record<string, string>> = {},
  only?: string,
  root = ROOT,
): Promise<SynthesizedStack[]> {
  const chartRoot = releasedCharts(charts);
  const stacks: SynthesizedStack[] = [];
  for (const [form, formEnv] of Object.entries(forms(chartRoot))) {
    if (only && form !== only) continue;
    const outdir = join(scratch(`${example}-${form}`), "cdktf.out");
    const program =
      example === VARIANTS ? "test/real/variants/main.ts" : join("examples", example, "main.ts");
    await must(process.execPath, ["--import", "tsx", program], {
      cwd: root,
      env: { ...formEnv, ...env, CDKTF_OUTDIR: outdir },
    });
    const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
      stacks: Record<string, { workingDirectory: string }>;
    };
    for (const [stack, { workingDirectory }] of Object.entries(manifest.stacks))
      stacks.push({ example, form, stack, folder: join(outdir, workingDirectory) });
  }
  return stacks;
}

/** A folder with the charts as they are released, one folder each. */
export function releasedCharts(charts: ChartFolders): string {
  const folder = scratch("charts");
  for (const [name, source] of Object.entries(charts)) {
    cpSync(source, join(folder, name), { recursive: true });
    stampVersion(join(folder, name, "Chart.yaml"), CHARTS[name as keyof ChartFolders].version);
  }
  return folder;
}

/** A chart in a Go module carries the version of its development; the released one carries the module's. */
function stampVersion(file: string, version: string): void {
  chmodSync(file, 0o644);
  writeFileSync(file, readFileSync(file, "utf8").replace(/^version:.*$/m, `version: ${version}`));
}
