// A Postgres of one's own, in a folder that is gone afterwards, reached by a socket and by no port.
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "./cache";
import { exec, must, which, type Ran } from "./exec";
import { NotHere } from "./lane";

/** Nobody: Postgres refuses to run as root. */
const NOBODY = 65534;

export interface Postgres {
  readonly version: string;
  /** Runs SQL as a role, by psql as our Job does; never throws for what the server refuses. */
  sql(role: string, text: string): Promise<Ran>;
  stop(): Promise<void>;
}

/** Starts one with a superuser `owner`. Throws NotHere without its programs. */
export async function startPostgres(): Promise<Postgres> {
  for (const program of ["initdb", "pg_ctl", "psql"])
    if (!which(program)) throw new NotHere(`${program} of Postgres is not on PATH`);
  const folder = scratch("postgres");
  const data = join(folder, "data");
  mkdirSync(data);
  const root = process.getuid?.() === 0;
  if (root) for (const path of [folder, data]) chownSync(path, NOBODY, NOBODY);
  for (const path of [folder, data]) chmodSync(path, 0o700);
  const as = (program: string, args: string[]): [string, string[]] =>
    root
      ? ["setpriv", [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", program, ...args]]
      : [program, args];
  await must(...as("initdb", ["--pgdata", data, "--username=owner", "--auth=trust", "--no-sync"]), {
    cwd: folder,
  });
  const settings = `-k ${folder} -c listen_addresses= -c fsync=off`;
  await must(
    ...as("pg_ctl", ["--pgdata", data, "--log", join(folder, "log"), "-w", "-o", settings, "start"]),
    {
      cwd: folder,
    },
  );
  const sql = (role: string, text: string): Promise<Ran> =>
    exec(
      "psql",
      [
        "--no-psqlrc",
        "--set=ON_ERROR_STOP=1",
        "--quiet",
        "--no-align",
        "--tuples-only",
        "--host",
        folder,
        "--username",
        role,
        "postgres",
      ],
      { cwd: folder, stdin: text },
    );
  return {
    version: (await sql("owner", "SHOW server_version;")).stdout.trim(),
    sql,
    async stop() {
      await must(...as("pg_ctl", ["--pgdata", data, "--mode", "immediate", "stop"]), { cwd: folder });
    },
  };
}
