// A host's control plane without nodes: etcd, API server and controller manager on loopback, gone when we are.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../cache";
import { freePort } from "../port";
import { HostClient, type Endpoint } from "./client";
import { startGuarded, type Guarded } from "./guarded";
import { kubeconfig } from "./kubeconfig";
import { tool } from "./tools";

/** A running control plane. */
export interface HostApi extends Endpoint {
  readonly client: HostClient;
  /** A file that logs in as administrator, for Helm and kubectl. */
  readonly kubeconfig: string;
  /** Its logs and keys; removed at exit. */
  readonly folder: string;
  stop(): Promise<void>;
}

export interface HostApiOptions {
  /** Without it no service accounts appear, nothing is collected, and no StatefulSet makes a pod. @default true */
  readonly controllerManager?: boolean;
  /** Where the API server listens; its certificate names this address and `localhost`. @default "127.0.0.1" */
  readonly address?: string;
  /** Further arguments of the API server. */
  readonly apiServerArgs?: readonly string[];
}

/** Issuer of the host's service account tokens. */
export const ISSUER = "https://kubernetes.default.svc.cluster.local";

/** Starts a host; about five seconds when the programs are built. Throws NotHere without Go. */
export async function startHostApi(options: HostApiOptions = {}): Promise<HostApi> {
  const { controllerManager = true, address = "127.0.0.1", apiServerArgs = [] } = options;
  // One after the other: they share most packages.
  const etcd = await tool("etcd");
  const apiServer = await tool("kube-apiserver");
  const manager = controllerManager ? await tool("kube-controller-manager") : "";

  const folder = scratch("host-api");
  const servers: Guarded[] = [];
  const begin = (name: string, program: string, args: readonly string[]): void => {
    servers.push(startGuarded(program, args, join(folder, `${name}.log`)));
  };
  const [store, peer, port] = [await freePort(), await freePort(), await freePort()];
  const keys = serviceAccountKeys(folder);
  const adminToken = randomBytes(24).toString("hex");
  const tokens = join(folder, "tokens.csv");
  writeFileSync(tokens, `${adminToken},admin,admin,"system:masters"\n`, { mode: 0o600 });

  begin("etcd", etcd, [
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
  begin("kube-apiserver", apiServer, [
    `--etcd-servers=http://127.0.0.1:${store}`,
    `--bind-address=${address}`,
    `--advertise-address=${address}`,
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${tokens}`,
    `--service-account-key-file=${keys.public}`,
    `--service-account-signing-key-file=${keys.private}`,
    `--service-account-issuer=${ISSUER}`,
    "--service-cluster-ip-range=172.20.0.0/16",
    // The `kubernetes` Service would have to point at a loopback address, which is refused.
    "--endpoint-reconciler-type=none",
    "--authorization-mode=Node,RBAC",
    `--enable-admission-plugins=${PLUG_INS.join(",")}`,
    "--enable-priority-and-fairness=true",
    ...apiServerArgs,
  ]);

  const caFile = join(folder, "apiserver.crt");
  const stop = async (): Promise<void> => {
    // The store last, so that nobody waits for it.
    for (const server of [...servers].reverse()) await server.stop();
  };
  try {
    const url = `https://${address}:${port}`;
    const endpoint = { url, caFile, adminToken };
    const client = await untilReady(endpoint, servers);
    const config = join(folder, "kubeconfig.json");
    writeFileSync(config, kubeconfig({ url, ca: readFileSync(caFile), token: adminToken }), { mode: 0o600 });
    if (controllerManager) {
      begin("kube-controller-manager", manager, [
        `--kubeconfig=${config}`,
        `--service-account-private-key-file=${keys.private}`,
        `--root-ca-file=${caFile}`,
        // Each controller as itself, as in a real host: admission sees who asks.
        "--use-service-account-credentials=true",
        "--leader-elect=false",
        "--secure-port=0",
        // No node ever comes.
        "--controllers=*,-node-lifecycle-controller,-node-ipam-controller",
      ]);
      await until("the default service account", servers, async () => {
        const path = "/api/v1/namespaces/default/serviceaccounts/default";
        return (await client.request({ path })).status === 200;
      });
    }
    return {
      ...endpoint,
      client,
      kubeconfig: config,
      folder,
      async stop() {
        client.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Those the fence counts on. All but the first are on by default; named here so that a change of default breaks nothing. */
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

function serviceAccountKeys(folder: string): { readonly public: string; readonly private: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const files = { public: join(folder, "sa.pub"), private: join(folder, "sa.key") };
  writeFileSync(files.public, publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(files.private, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return files;
}

async function untilReady(endpoint: Endpoint, servers: readonly Guarded[]): Promise<HostClient> {
  let client: HostClient | undefined;
  await until("the API server", servers, async () => {
    // Fails until the server has written its certificate.
    client ??= new HostClient(endpoint);
    return (await client.request({ path: "/readyz" })).status === 200;
  });
  return client!;
}

/** Asks ten times a second for a minute. */
async function until(
  what: string,
  servers: readonly Guarded[],
  ready: () => Promise<boolean>,
): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    for (const server of servers) server.assertRunning();
    if (await ready().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} is not there after a minute`);
}
