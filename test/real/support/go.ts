// Builds the lanes' own Go programs, once per content.
import { createHash } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, folderHash } from "./cache";
import { must, which } from "./exec";
import { NotHere } from "./lane";

/** Large programs compile a sixth faster without optimisation, and run for a second only. */
export const UNOPTIMISED = ["-gcflags=all=-N -l -dwarf=false"];

/** Text variables that the linker sets, by their full Go name; Kubernetes keeps its version in some. */
export type Stamps = Readonly<Record<string, string>>;

/** Builds the program in `folder` and returns its path. Throws NotHere without Go. */
export async function goBuild(
  folder: string,
  name: string,
  target = ".",
  flags: readonly string[] = [],
  stamps: Stamps = {},
): Promise<string> {
  const stamped = Object.entries(stamps).map(([variable, value]) => `-X ${variable}=${value}`);
  const binary = join(cacheDir("bin"), `${name}-${folderHash(folder)}${stampHash(stamped)}`);
  if (existsSync(binary)) return binary;
  if (!which("go")) throw new NotHere("Go is not on PATH");
  const building = `${binary}.${process.pid}`;
  const ldflags = ["-ldflags=-s -w", ...stamped].join(" ");
  await must("go", ["build", "-trimpath", ldflags, ...flags, "-o", building, target], {
    cwd: folder,
    env: { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly" },
  });
  renameSync(building, binary);
  return binary;
}

/** A program stamped otherwise is another program. */
function stampHash(stamped: readonly string[]): string {
  if (stamped.length === 0) return "";
  return `-${createHash("sha256").update(stamped.join(" ")).digest("hex").slice(0, 8)}`;
}
