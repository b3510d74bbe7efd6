// A Kubernetes API server with its store on loopback, for tests: no nodes, no controllers, gone when this process is.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ApiClient, type Endpoint } from "./api-client";
import { startGuarded, type Guarded } from "./guarded";

/** The two programs. */
export interface ApiServerPrograms {
  readonly etcd: string;
  readonly apiServer: string;
}

export interface ApiServerOptions {
  /**
   * Folder of `etcd` and `kube-apiserver`, as setup-envtest fills it.
   * @default - KUBEBUILDER_ASSETS, else PATH
   */
  readonly assets?: string;
  /** The programs themselves. @default - found in `assets` */
  readonly programs?: ApiServerPrograms;
  /** Address to listen on. @default "127.0.0.1" */
  readonly address?: string;
  /** Further arguments of the API server. */
  readonly args?: readonly string[];
}

/** A running server. */
export interface ApiServer extends Endpoint {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  /** Logs, keys and certificates; removed at the end. */
  readonly folder: string;
  /** `ca` as a file. */
  readonly caFile: string;
  /** Key that signs tokens of service accounts, as a file. */
  readonly serviceAccountKey: string;
  /** Throws with the end of a log when one of the two has ended. */
  assertRunning(): void;
  stop(): Promise<void>;
}

/** Issuer of the server's service account tokens. */
export const ISSUER = "https://kubernetes.default.svc.cluster.local";

/** What the rules count on. All but the first are on by default; named here so that a change of default breaks nothing. */
const PLUG_INS = [
  "NodeRestriction",
  "DefaultStorageClass",
  "LimitRanger",
  "NamespaceLifecycle",
  "PodSecurity",
  "Priority",
  "ResourceQuota",
  "RuntimeClass",
  "ServiceAccount",
  "ValidatingAdmissionPolicy",
];

/**
 * Starts etcd and an API server; about five seconds. Needs no network and no root. Fails when a program is missing, and
 * with the end of its log when one does not start.
 */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { programs = apiServerPrograms(options.assets), address = "127.0.0.1", args = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), "tenclave-api-server-"));
  const clean = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.on("exit", clean);
  const servers: Guarded[] = [];
  const stop = async (): Promise<void> => {
    // The store last, so that nobody waits for it.
    for (const server of [...servers].reverse()) await server.stop();
    process.off("exit", clean);
    clean();
  };
  const assertRunning = (): void => {
    for (const server of servers) server.assertRunning();
  };
  const [store, peer, port] = [await freePort(), await freePort(), await freePort()];
  const token = randomBytes(24).toString("hex");
  const files = writeKeys(folder, token);
  const begin = (name: string, program: string, flags: readonly string[]): void => {
    servers.push(startGuarded(program, flags, join(folder, `${name}.log`)));
  };

  begin("etcd", programs.etcd, [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=http://127.0.0.1:${store}`,
    `--advertise-client-urls=http://127.0.0.1:${store}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=default=http://127.0.0.1:${peer}`,
    // Nothing here has to survive a power cut.
    "--unsafe-no-fsync",
    "--log-level=warn",
  ]);
  begin("kube-apiserver", programs.apiServer, [
    `--etcd-servers=http://127.0.0.1:${store}`,
    `--bind-address=${address}`,
    `--advertise-address=${address}`,
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${files.tokens}`,
    `--service-account-key-file=${files.publicKey}`,
    `--service-account-signing-key-file=${files.privateKey}`,
    `--service-account-issuer=${ISSUER}`,
    "--service-cluster-ip-range=172.20.0.0/16",
    // The `kubernetes` Service would have to point at a loopback address, which is refused.
    "--endpoint-reconciler-type=none",
    "--authorization-mode=Node,RBAC",
    // As on real hosts: else the server refuses privileged pods before any control is asked.
    "--allow-privileged=true",
    `--enable-admission-plugins=${PLUG_INS.join(",")}`,
    ...args,
  ]);

  const url = `https://${address}:${port}`;
  try {
    const caFile = join(folder, "apiserver.crt");
    const ca = await untilReady(url, caFile, token, assertRunning);
    return { url, ca, caFile, token, folder, serviceAccountKey: files.privateKey, assertRunning, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the programs are. Throws with what to do when one is missing. */
export function apiServerPrograms(assets = process.env.KUBEBUILDER_ASSETS): ApiServerPrograms {
  const folders = assets ? [assets] : (process.env.PATH ?? "").split(delimiter);
  const find = (name: string): string => {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
    throw new Error(
      `attacks need the program '${name}', got none in ${assets ? `'${assets}'` : "PATH, and KUBEBUILDER_ASSETS is not set"}; ` +
        "run setup-envtest (`setup-envtest use -p path`) and set KUBEBUILDER_ASSETS to the folder it prints, or pass " +
        "the `url` of a throw-away cluster",
    );
  };
  return { etcd: find("etcd"), apiServer: find("kube-apiserver") };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function writeKeys(
  folder: string,
  token: string,
): { readonly tokens: string; readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const files = {
    tokens: join(folder, "tokens.csv"),
    publicKey: join(folder, "service-accounts.pub"),
    privateKey: join(folder, "service-accounts.key"),
  };
  writeFileSync(files.tokens, `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  writeFileSync(files.publicKey, publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(files.privateKey, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return files;
}

/** Asks ten times a second for a minute; returns the server's certificate, which it writes itself. */
async function untilReady(
  url: string,
  certificate: string,
  token: string,
  assertRunning: () => void,
): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    assertRunning();
    const ca = await ready(url, certificate, token).catch(() => undefined);
    if (ca !== undefined) return ca;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the API server is not ready after a minute");
}

async function ready(url: string, certificate: string, token: string): Promise<string | undefined> {
  const ca = readFileSync(certificate, "utf8");
  const client = new ApiClient({ url, ca, token });
  try {
    const { status } = await client.send({ method: "GET", path: "/readyz" });
    return status === 200 ? ca : undefined;
  } finally {
    client.close();
  }
}

/** A port nobody listens on, as of now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
