// Folders of the lanes: a cache that outlives runs, and scratch that does not.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The repository. */
export const ROOT = resolve(__dirname, "../../..");

/** A folder under the user's cache folder. */
export function cacheDir(...parts: string[]): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const path = join(base, "tenclave", ...parts);
  mkdirSync(path, { recursive: true });
  return path;
}

/** An empty folder of this run's own, removed when the run ends. */
export function scratch(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `tenclave-${name}-`));
  process.on("exit", () => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

// One listener for each folder: more than the ten that Node expects.
process.setMaxListeners(0);

/** Changes with the content of a folder's own files; sub-folders do not count. */
export function folderHash(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const name of files.map((entry) => entry.name).sort())
    hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 12);
}
