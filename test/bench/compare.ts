// Compares two output folders, byte by byte: stacks, assets and manifest.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Paths of the files that differ or that only one side has. */
export function differences(one: string, other: string): string[] {
  const here = new Set(filesBelow(one));
  const there = new Set(filesBelow(other));
  return [...new Set([...here, ...there])].filter(
    (path) =>
      !here.has(path) ||
      !there.has(path) ||
      !readFileSync(join(one, path)).equals(readFileSync(join(other, path))),
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
}
