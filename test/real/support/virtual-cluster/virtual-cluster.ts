// A tenant's real control plane as a process: as its own user, in a network and a process namespace of its own.
import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { scratch } from "../cache";
import { lastLines } from "../exec";
import { HostClient } from "../host-api/client";
import type { HostApi } from "../host-api/host-api";
import { kubeconfig } from "../host-api/kubeconfig";
import { tool } from "../host-api/tools";
import type { NetworkNamespace } from "./network-namespace";
import { vclusterProgram } from "./program";

/** A running virtual cluster. */
export interface VirtualCluster {
  readonly tenant: string;
  /** Host namespace. */
  readonly namespace: string;
  /** Logged in with what Secret `vc-<tenant>` holds. */
  readonly client: HostClient;
  /** Where the control plane listens, on our loopback. */
  readonly url: string;
  readonly caFile: string;
  readonly log: () => string;
  /** Ends the control plane and starts it again on the same data. */
  restart(): Promise<void>;
  stop(): void;
}

export interface VirtualClusterOptions {
  readonly api: HostApi;
  readonly tenant: string;
  readonly network: NetworkNamespace;
  /** Gets what ends the control plane, from its start on. */
  readonly ends: (() => void)[];
  /** Content of the configuration file. @default - key `config.yaml` of the tenant's Secret, unchanged */
  readonly config?: string;
  /** Further environment of all its processes. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The port of the control plane's pod. */
const API_PORT = 8443;

/** The user of the control plane's pod, as our values say. It may read its own folder only. */
const USER = 12345;

/** kine is no module we build: etcd behind the address it would listen on serves the API server as well. */
const STORE = `#!/bin/sh
for arg in "$@"; do
  case "$arg" in --listen-address=*) address="\${arg#*=}";; esac
done
exec ./binaries/etcd --data-dir=store --listen-client-urls="$address" --advertise-client-urls=http://localhost:2379 \\
  --unsafe-no-fsync --log-level=warn
`;

/**
 * The shell is first in its process namespace: when it ends, everything in there does. It stays root, because a process
 * that changes its user forgets that it is to end with its parent.
 */
const INIT = `cd "$1" && shift && setpriv --reuid=${USER} --regid=${USER} --clear-groups --no-new-privs "$@"; exit $?`;

/** Starts a tenant's control plane and waits until it answers. About five seconds. Throws NotHere without Go. */
export async function startVirtualCluster(options: VirtualClusterOptions): Promise<VirtualCluster> {
  const { api, tenant, network } = options;
  const namespace = `tenant-${tenant}`;
  const folder = await tenantFolder();
  const hostPort = await network.reach(Number(new URL(api.url).port));
  writeFileSync(
    join(folder, "host.kubeconfig"),
    kubeconfig({
      url: `https://${network.hostAddress}:${hostPort}`,
      ca: readFileSync(api.caFile),
      token: await api.client.serviceAccountToken(namespace, `vc-${tenant}`, 24 * 3600),
      namespace,
      serverName: "kubernetes.default.svc",
    }),
  );
  const config =
    options.config ??
    decode(
      (await api.client.must({ path: `/api/v1/namespaces/${namespace}/secrets/vc-config-${tenant}` })).data[
        "config.yaml"
      ] as string,
    );
  writeFileSync(join(folder, "config.yaml"), config);
  const log = join(folder, "log");
  let process_ = begin(options, folder, log);
  const stop = (): void => {
    process_.kill("SIGKILL");
  };
  options.ends.unshift(stop);
  process.on("exit", stop);
  const url = `https://localhost:${await network.publish(API_PORT)}`;
  const said = (): string => readFileSync(log, "utf8");
  const assertRunning = (): void => {
    if (process_.exitCode !== null || process_.signalCode !== null)
      throw new Error(`vcluster of ${tenant} ended:\n${said().slice(-4000)}`);
  };
  try {
    const secret = await until(`the kubeconfig of ${tenant}`, said, assertRunning, () =>
      secretData(api, namespace, `vc-${tenant}`),
    );
    const caFile = join(folder, "ca.crt");
    writeFileSync(caFile, decode(secret["certificate-authority"]!));
    const client = new HostClient({ url, caFile, adminToken: decode(secret.token ?? "") });
    // Who may not read it has got through to the API server as well.
    const ready = (answers: readonly number[]): Promise<unknown> =>
      until(`the API of ${tenant}`, said, assertRunning, async () => {
        const { status } = await client.request({
          path: "/api/v1/namespaces/default/serviceaccounts/default",
        });
        return answers.includes(status) ? true : undefined;
      });
    await ready([200]);
    return {
      tenant,
      namespace,
      client,
      url,
      caFile,
      log: said,
      async restart() {
        const gone = new Promise((resolve) => process_.once("exit", resolve));
        stop();
        await gone;
        process_ = begin(options, folder, log);
        await ready([200, 401, 403]);
      },
      stop() {
        client.close();
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Data and programs of one tenant. The programs look for both beside their working directory, one level up or down. */
async function tenantFolder(): Promise<string> {
  const programs = [
    await vclusterProgram(),
    await tool("kube-apiserver"),
    await tool("kube-controller-manager"),
    await tool("etcd"),
  ];
  const folder = scratch("vcluster");
  chmodSync(folder, 0o755);
  for (const name of ["data", "binaries", "home"]) mkdirSync(join(folder, name));
  symlinkSync(".", join(folder, "data/data"));
  symlinkSync("../binaries", join(folder, "data/binaries"));
  const names = ["vcluster", "kube-apiserver", "kube-controller-manager", "etcd"];
  names.forEach((name, index) => {
    copyFileSync(programs[index]!, join(folder, "binaries", name));
    chmodSync(join(folder, "binaries", name), 0o755);
  });
  writeFileSync(join(folder, "binaries/kine"), STORE, { mode: 0o755 });
  for (const name of ["data", "home"]) chownSync(join(folder, name), USER, USER);
  return folder;
}

function begin(
  { tenant, network, env = {} }: VirtualClusterOptions,
  folder: string,
  log: string,
): ReturnType<typeof spawn> {
  const output = openSync(log, "a");
  const inside = ["binaries/vcluster", "start", "--config", join(folder, "config.yaml")];
  const command = [
    ...["setpriv", "--pdeathsig=KILL", "ip", "netns", "exec", network.name],
    ...["unshare", "--pid", "--fork", "--kill-child=KILL", "sh", "-c", INIT, basename(folder), folder],
    ...inside,
  ];
  return spawn(command[0]!, command.slice(1), {
    stdio: ["ignore", output, output],
    env: {
      PATH: process.env.PATH,
      HOME: join(folder, "home"),
      TMPDIR: join(folder, "home"),
      KUBECONFIG: join(folder, "host.kubeconfig"),
      NAMESPACE: `tenant-${tenant}`,
      VCLUSTER_NAME: tenant,
      POD_NAME: `${tenant}-0`,
      POD_IP: network.address,
      // Else the syncer waits for itself: it asks the host 40 times a second at most.
      VCLUSTER_PHYSICAL_CLIENT_QPS: "400",
      VCLUSTER_PHYSICAL_CLIENT_BURST: "800",
      NODE_NAME: "",
      NODE_IP: "",
      ...env,
    },
  });
}

async function secretData(
  api: HostApi,
  namespace: string,
  name: string,
): Promise<Record<string, string> | undefined> {
  const { status, body } = await api.client.request({
    path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
  });
  return status === 200 ? (body.data as Record<string, string>) : undefined;
}

/** Text out of a Secret. */
export function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

/** Asks five times a second for two minutes. */
async function until<T>(
  what: string,
  log: () => string,
  assertRunning: () => void,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    assertRunning();
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what} is not there after two minutes:\n${lastLines(log(), 40)}`);
}
