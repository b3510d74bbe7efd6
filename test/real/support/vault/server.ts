// A Vault server on loopback with TLS, whose data outlives it: killed and started again it is the same one.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { startGuarded, type Guarded } from "../../../../lib/testing/guarded";
import { freePort } from "../port";
import type { Loopback } from "./authority";

/** What Vault answered. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request to Vault. */
export interface VaultRequest {
  readonly method: "GET" | "LIST" | "POST" | "PUT" | "DELETE";
  /** Without `/v1/`. */
  readonly path: string;
  readonly body?: unknown;
  /** @default - none */
  readonly token?: string;
}

/** A running Vault. */
export interface VaultServer {
  readonly address: string;
  readonly rootToken: string;
  /** Its data, log and audit file. */
  readonly folder: string;
  ask(request: VaultRequest): Promise<Answer>;
  /** SIGKILL, start, unseal. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts, initialises and unseals Vault with its data in `folder`. The unseal key stays in this process. */
export async function startVault(program: string, folder: string, tls: Loopback): Promise<VaultServer> {
  const [port, clusterPort] = [await freePort(), await freePort()];
  const address = `https://127.0.0.1:${port}`;
  const data = join(folder, "data");
  const pidFile = join(folder, "pid");
  mkdirSync(data);
  const config = join(folder, "vault.json");
  writeFileSync(
    config,
    JSON.stringify({
      storage: { raft: { path: data, node_id: "one" } },
      listener: {
        tcp: {
          address: `127.0.0.1:${port}`,
          cluster_address: `127.0.0.1:${clusterPort}`,
          tls_cert_file: tls.certificateFile,
          tls_key_file: tls.keyFile,
        },
      },
      api_addr: address,
      cluster_addr: `https://127.0.0.1:${clusterPort}`,
      disable_mlock: true,
      ui: false,
      log_level: "warn",
    }),
  );
  const ask = (one: VaultRequest): Promise<Answer> => send(address, tls.ca, one);
  const launch = async (): Promise<Guarded> => {
    rmSync(pidFile, { force: true });
    const server = startGuarded(
      "sh",
      ["-c", 'echo $$ > "$0"; exec "$@"', pidFile, program, "server", `-config=${config}`],
      join(folder, "vault.log"),
    );
    await until(server, async () => (await ask({ method: "GET", path: "sys/seal-status" })).status === 200);
    return server;
  };

  let running = await launch();
  const init = await ask({
    method: "PUT",
    path: "sys/init",
    body: { secret_shares: 1, secret_threshold: 1 },
  });
  const [unsealKey] = init.body.keys as [string];
  const rootToken = init.body.root_token as string;
  const unseal = async (): Promise<void> => {
    await ask({ method: "PUT", path: "sys/unseal", body: { key: unsealKey } });
    await until(running, async () => (await ask({ method: "GET", path: "sys/health" })).status === 200);
  };
  await unseal();
  return {
    address,
    rootToken,
    folder,
    ask,
    async killAndRestart() {
      if (!existsSync(pidFile)) throw new Error("Vault has no process");
      process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
      await running.stop();
      running = await launch();
      await unseal();
    },
    stop: () => running.stop(),
  };
}

/** Asks ten times a second for a minute. */
async function until(server: Guarded, holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    server.assertRunning();
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Vault did not come up within a minute");
}

/** Follows one redirect, as clients do: Vault answers a path with dots by one. */
async function send(address: string, ca: string, one: VaultRequest): Promise<Answer> {
  const first = await sendRaw(address, ca, one, `/v1/${one.path}`);
  return first.location === undefined ? first : sendRaw(address, ca, one, first.location);
}

interface RawAnswer extends Answer {
  readonly location?: string;
}

function sendRaw(
  address: string,
  ca: string,
  { method, body, token }: VaultRequest,
  path: string,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        // As it is: a URL would take the dots out before Vault sees them.
        path,
        method,
        ca,
        agent: false,
        headers: {
          "Content-Type": "application/json",
          ...(token === undefined ? {} : { "X-Vault-Token": token }),
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: parsed(Buffer.concat(parts).toString()),
            location: response.headers.location,
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}
