// Runs programs of the repository as a user does.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** The repository. */
export const ROOT = resolve(__dirname, "../..");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a TypeScript program of the repository. */
export function runTs(
  file: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  cwd = ROOT,
): Ran {
  return runNode(["--import", require.resolve("tsx"), resolve(ROOT, file), ...args], env, cwd);
}

/** Runs Node.js. */
export function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = ROOT,
): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { code: status ?? 1, stdout, stderr };
}
