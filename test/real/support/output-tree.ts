// Two outputs of one program, compared file by file.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Paths of all files below a folder, in order. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}

/** The framework's version as cdktf records it: in the manifest, and in each stack's configuration. */
interface Recorded {
  version?: string;
  "//"?: { metadata?: { version?: string } };
}

/** Where a file records the framework's version; undefined where it does not. */
function recordOf(path: string, content: Recorded): { version?: string } | undefined {
  if (path === "manifest.json") return content;
  return path.endsWith("cdk.tf.json") ? content["//"]?.metadata : undefined;
}

/** Every version of the framework an output records, by file. */
export function recordedVersions(outdir: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(outdir)
      .filter((path) => path === "manifest.json" || path.endsWith("cdk.tf.json"))
      .map((path) => {
        const content = JSON.parse(readFileSync(join(outdir, path), "utf8")) as Recorded;
        return [path, recordOf(path, content)?.version ?? "none"];
      }),
  );
}

/** What differs: JSON by content and order of keys, without the recorded version; all else byte by byte. */
export function differences(one: string, other: string): string[] {
  const paths = [...new Set([...filesBelow(one), ...filesBelow(other)])].sort();
  return paths.flatMap((path) => {
    const [left, right] = [one, other].map((folder) => contentOf(folder, path));
    if (left === undefined || right === undefined) return [`${path}: only in one of them`];
    return left === right ? [] : [`${path}: ${firstDifference(left, right)}`];
  });
}

function contentOf(folder: string, path: string): string | undefined {
  try {
    if (!path.endsWith(".json")) return readFileSync(join(folder, path), "latin1");
    const content = JSON.parse(readFileSync(join(folder, path), "utf8")) as Recorded;
    const record = recordOf(path, content);
    if (record) record.version = "";
    return JSON.stringify(content);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Both texts, from shortly before they part. */
function firstDifference(left: string, right: string): string {
  let at = 0;
  while (left[at] === right[at]) at++;
  const from = Math.max(0, at - 60);
  return `'${left.slice(from, at + 60)}' and '${right.slice(from, at + 60)}'`;
}
