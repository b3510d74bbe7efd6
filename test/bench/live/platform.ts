// A platform with any number of tenants, synthesized by the program that `npm run bench` measures.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, scratch } from "../../real/support/cache";
import type { SynthesizedStack } from "../../real/support/examples";
import { must } from "../../real/support/exec";
import { writeTenants } from "../tenants";

/** All stacks of a platform with tenants `t00001` and on. */
export async function platformWith(tenants: number): Promise<SynthesizedStack[]> {
  const input = join(scratch("bench-tenants"), "tenants");
  writeTenants(input, tenants);
  const outdir = join(scratch("bench-stacks"), "cdktf.out");
  await must(process.execPath, ["--import", "tsx", "test/bench/ours.ts"], {
    cwd: ROOT,
    env: { BENCH_INPUT: input, CDKTF_OUTDIR: outdir },
  });
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
    readonly stacks: Readonly<Record<string, { readonly workingDirectory: string }>>;
  };
  return Object.entries(manifest.stacks).map(([stack, { workingDirectory }]) => ({
    example: "bench",
    form: "attributes",
    stack,
    folder: join(outdir, workingDirectory),
  }));
}
