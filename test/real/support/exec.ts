// Runs programs and keeps what they print.
import { spawn, type ChildProcess } from "node:child_process";
import { delimiter, join } from "node:path";
import { accessSync, constants } from "node:fs";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in one piece. */
  readonly output: string;
}

export interface ExecOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
}

/** Milliseconds after which a program is taken for stuck. */
const TOO_LONG = 20 * 60 * 1000;

/** Runs a program to its end, whatever its exit code. */
export function exec(command: string, args: readonly string[], options: ExecOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      // A group of its own, so that a program that runs wild ends with all it started.
      detached: true,
    });
    const timer = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), TOO_LONG);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => out.push(data));
    child.stderr.on("data", (data: Buffer) => err.push(data));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      const stdout = Buffer.concat(out).toString();
      const stderr = Buffer.concat(err).toString();
      resolve({ code: code ?? 1, stdout, stderr, output: stdout + stderr });
    });
    // A program may be gone before it is written to: its exit code says how it went.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin ?? "");
  });
}

/** Runs a program and throws with its output when it fails. */
export async function must(
  command: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<Ran> {
  const ran = await exec(command, args, options);
  if (ran.code !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${ran.code}:\n${lastLines(ran.output, 40)}`);
  return ran;
}

/** Starts a program that goes on; end it by its own id. */
export function start(command: string, args: readonly string[], options: ExecOptions = {}): ChildProcess {
  return spawn(command, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: "ignore",
  });
}

/** Where a program lies on PATH; undefined when it does not. */
export function which(command: string): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not there: look further
    }
  }
  return undefined;
}

/** The end of an output, long lines cut: Terraform prints the whole JSON line an error stands in. */
export function lastLines(text: string, count: number): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line.length > 200 ? `${line.slice(0, 200)} …` : line))
    .slice(-count)
    .join("\n");
}

/** At most `limit` tasks at once; results in order. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await task(items[index]!);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
