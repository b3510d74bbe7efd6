// Trustee's and Envoy's configuration, read as strictly as their own structs and messages allow.
import { join } from "node:path";
import { ROOT } from "./cache";
import { must } from "./exec";
import { goBuild } from "./go";

/** A file. Kinds: `kbs` (TOML), `as`, `rvps`, `value` (JSON), `envoy` (a bootstrap in JSON). */
export interface TrusteeFile {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
}

/** What is wrong with each file that is wrong, by id. Throws NotHere without Go. */
export async function judgeFiles(files: readonly TrusteeFile[]): Promise<ReadonlyMap<string, string>> {
  const program = await goBuild(join(ROOT, "test/real/trustee-judge"), "trustee-judge");
  const { stdout } = await must(program, [], { stdin: JSON.stringify(files) });
  const verdicts = JSON.parse(stdout) as { readonly id: string; readonly error?: string }[];
  if (verdicts.length !== files.length) throw new Error(`${files.length} files, ${verdicts.length} verdicts`);
  return new Map(verdicts.flatMap(({ id, error }) => (error === undefined ? [] : [[id, error]])));
}
