// A host's control plane without nodes: etcd, API server and controller manager on loopback, gone when we are.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startApiServer, type ApiServer } from "../../../../lib/testing/api-server";
import { startGuarded, type Guarded } from "../../../../lib/testing/guarded";
import { HostClient, type Endpoint } from "./client";
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

/** Starts a host; about five seconds when the programs are built. Throws NotHere without Go. */
export async function startHostApi(options: HostApiOptions = {}): Promise<HostApi> {
  const { controllerManager = true, address, apiServerArgs } = options;
  // One after the other: they share most packages.
  const programs = { etcd: await tool("etcd"), apiServer: await tool("kube-apiserver") };
  const manager = controllerManager ? await tool("kube-controller-manager") : undefined;
  const server = await startApiServer({ programs, address, args: apiServerArgs });
  const { url, caFile, ca, token: adminToken, folder } = server;
  const client = new HostClient({ url, caFile, adminToken });
  const config = join(folder, "kubeconfig.json");
  writeFileSync(config, kubeconfig({ url, ca: Buffer.from(ca), token: adminToken }), { mode: 0o600 });
  let controllers: Guarded | undefined;
  const stop = async (): Promise<void> => {
    client.close();
    await controllers?.stop();
    await server.stop();
  };
  try {
    if (manager !== undefined) {
      controllers = startControllers(manager, server, config);
      await untilAccounts(client, server, controllers);
    }
    return { url, caFile, adminToken, client, kubeconfig: config, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startControllers(
  program: string,
  { caFile, folder, serviceAccountKey }: ApiServer,
  config: string,
): Guarded {
  return startGuarded(
    program,
    [
      `--kubeconfig=${config}`,
      `--service-account-private-key-file=${serviceAccountKey}`,
      `--root-ca-file=${caFile}`,
      // Each controller as itself, as in a real host: admission sees who asks.
      "--use-service-account-credentials=true",
      "--leader-elect=false",
      "--secure-port=0",
      // No node ever comes.
      "--controllers=*,-node-lifecycle-controller,-node-ipam-controller",
    ],
    join(folder, "kube-controller-manager.log"),
  );
}

/** Asks ten times a second for a minute whether the controllers made the first service account. */
async function untilAccounts(client: HostClient, server: ApiServer, controllers: Guarded): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    server.assertRunning();
    controllers.assertRunning();
    const path = "/api/v1/namespaces/default/serviceaccounts/default";
    const answer = await client.request({ path }).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("no default service account after a minute");
}
