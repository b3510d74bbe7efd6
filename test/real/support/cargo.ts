// Builds the lanes' own Rust programs, once per content.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, folderHash } from "./cache";
import { exec, must, which } from "./exec";
import { NotHere } from "./lane";

/** Builds the program in `folder` and returns its path. Throws NotHere without Cargo. */
export async function cargoBuild(folder: string, name: string): Promise<string> {
  const hash = createHash("sha256")
    .update(folderHash(folder))
    .update(folderHash(join(folder, "src")));
  const binary = join(cacheDir("bin"), `${name}-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(binary)) return binary;
  if (!which("cargo")) throw new NotHere("Cargo is not on PATH");
  // rustup puts a cargo on PATH that runs only where a toolchain was chosen.
  const version = await exec("cargo", ["--version"]);
  if (version.code !== 0) throw new NotHere(`Cargo does not run: ${version.stderr.split("\n")[0]}`);
  const target = cacheDir("cargo");
  await must("cargo", ["build", "--release", "--locked"], { cwd: folder, env: { CARGO_TARGET_DIR: target } });
  const building = `${binary}.${process.pid}`;
  copyFileSync(join(target, "release", name), building);
  renameSync(building, binary);
  return binary;
}
