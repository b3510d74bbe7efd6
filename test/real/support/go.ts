// Builds the lanes' own Go programs, once per content.
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, folderHash } from "./cache";
import { must, which } from "./exec";
import { NotHere } from "./lane";

/** Large programs compile a sixth faster without optimisation, and run for a second only. */
export const UNOPTIMISED = ["-gcflags=all=-N -l -dwarf=false"];

/** Builds the program in `folder` and returns its path. Throws NotHere without Go. */
export async function goBuild(
  folder: string,
  name: string,
  target = ".",
  flags: readonly string[] = [],
): Promise<string> {
  const binary = join(cacheDir("bin"), `${name}-${folderHash(folder)}`);
  if (existsSync(binary)) return binary;
  if (!which("go")) throw new NotHere("Go is not on PATH");
  const building = `${binary}.${process.pid}`;
  await must("go", ["build", "-trimpath", "-ldflags=-s -w", ...flags, "-o", building, target], {
    cwd: folder,
    env: { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly" },
  });
  renameSync(building, binary);
  return binary;
}
