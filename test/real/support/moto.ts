// moto: a mock of the AWS API on loopback, in a virtual environment of the lane's own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "./cache";
import { must, start, which } from "./exec";
import { NotHere } from "./lane";
import { freePort } from "./port";

export const MOTO_VERSION = "5.2.5";

/** A running mock. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/** Installs moto once, and starts it on a free port. Throws NotHere without Python. */
export async function startMoto(): Promise<Moto> {
  if (!which("python3")) throw new NotHere("python3 is not on PATH");
  const server = await (install ??= installMoto());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Else attaching a policy that AWS manages ends in 404.
  const env = { MOTO_IAM_LOAD_MANAGED_POLICIES: "true" };
  const child = start(server, ["-H", "127.0.0.1", "-p", `${port}`], { env });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  for (let tries = 0; !(await answers(url)); tries++) {
    if (tries > 120 || child.exitCode !== null) throw new Error(`moto does not answer at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return {
    url,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** Two servers may be asked for at a time, and one virtual environment serves both. */
let install: Promise<string> | undefined;

async function installMoto(): Promise<string> {
  const venv = cacheDir(`moto-${MOTO_VERSION}`);
  const server = join(venv, "bin", "moto_server");
  const installed = join(venv, "installed");
  if (!existsSync(installed)) {
    await must("python3", ["-m", "venv", venv]);
    await must(join(venv, "bin", "pip"), ["install", "--quiet", `moto[server]==${MOTO_VERSION}`]);
    await must("touch", [installed]);
  }
  return server;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/`)).ok;
  } catch {
    return false;
  }
}
