// Starts a server that cannot outlive us: a shell holds a pipe to this process and ends the server when the pipe breaks.
import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { lastLines } from "../exec";

/** A running server. */
export interface Guarded {
  /** Throws with the end of its log when the server has ended. */
  assertRunning(): void;
  stop(): Promise<void>;
}

/** Exit, crash, and SIGKILL all close the pipe; five seconds later SIGKILL ends a server that ignores SIGTERM. */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(cat <&3 >/dev/null; kill $server && sleep 5 && kill -9 $server) 2>/dev/null &
guard=$!
wait $server
code=$?
kill $guard 2>/dev/null
exit $code`;

/** Starts a server with its output in `log`. */
export function startGuarded(command: string, args: readonly string[], log: string): Guarded {
  const output = openSync(log, "w");
  const child = spawn("sh", ["-c", GUARD, "guard", command, ...args], {
    stdio: ["pipe", output, output],
    // Ctrl-C is for us alone: the server ends by the pipe, after what we still ask of it.
    detached: true,
  });
  // Writing to a shell that is gone is no reason to fail.
  child.stdin!.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  child.unref();
  return {
    assertRunning() {
      if (child.exitCode !== null)
        throw new Error(
          `${command} ended with ${child.exitCode}:\n${lastLines(readFileSync(log, "utf8"), 30)}`,
        );
    },
    async stop() {
      child.stdin!.end();
      if (child.exitCode === null) {
        child.ref();
        await ended;
      }
    },
  };
}
