// One tenant floods the host's API server: how long does another wait, with our priority level and without?
import { spawn } from "node:child_process";
import { join } from "node:path";
import { TENANTS_FLOW, tenantsFlow, tenantsLevel } from "../../../lib/host-cluster/fair-share";
import { syncedPod } from "../../../lib/testing/legitimate-pods";
import { ROOT } from "../../real/support/cache";
import { applyStacks } from "../../real/support/host-api/apply-stacks";
import type { Identity, KubeObject } from "../../real/support/host-api/client";
import { startHostApi, type HostApi } from "../../real/support/host-api/host-api";
import { median, p99, type Answer } from "./figures";
import type { Flood } from "./flooder";
import { platformWith } from "./platform";
import { viewOf } from "./tenant";

const ROUNDS = 5;
/** Requests the flood keeps under way. */
const AT_ONCE = 200;
/** The neighbour's requests of a phase, and milliseconds between them. */
const REQUESTS = 100;
const EVERY = 150;

const [ATTACKER, NEIGHBOUR] = ["t00001", "t00002"] as const;

type Side = "with" | "without";

interface Phase {
  readonly p99: number;
  readonly failed: number;
}

interface Round {
  readonly quiet: Phase;
  readonly flooded: Phase;
  /** Answers to the flood, by status. */
  readonly flood: Readonly<Record<string, number>>;
}

/** Both sides on one server, in turns. */
export async function flood(say: (text: string) => void): Promise<Answer[]> {
  const api = await startHostApi();
  try {
    await applyStacks(api, await platformWith(2));
    const attacker = await prepared(api);
    const token = await api.client.serviceAccountToken(`tenant-${NEIGHBOUR}`, `vc-${NEIGHBOUR}`);
    const rounds: Record<Side, Round[]> = { with: [], without: [] };
    for (let index = 0; index < ROUNDS; index++)
      for (const side of index % 2 === 0 ? (["with", "without"] as const) : (["without", "with"] as const)) {
        await switchTo(api, side, { token });
        const round = await measure(api, attacker, { token });
        rounds[side].push(round);
        say(
          `flood, ${side} our level: quiet p99 ${round.quiet.p99.toFixed(1)} ms, flooded ${round.flooded.p99.toFixed(1)} ms, ` +
            `refused or lost ${round.flooded.failed} of ${REQUESTS}; flood got ${JSON.stringify(round.flood)}`,
        );
      }
    return [answer("with", rounds.with), answer("without", rounds.without)];
  } finally {
    await api.stop();
  }
}

function answer(side: Side, rounds: readonly Round[]): Answer {
  const failures = rounds.reduce((sum, { flooded }) => sum + flooded.failed, 0);
  return {
    what: `a neighbour's p99 under a flood of ${AT_ONCE}, ${side} our priority level`,
    sides: [
      `quiet ${median(rounds.map(({ quiet }) => quiet.p99)).toFixed(1)} ms`,
      `flooded ${median(rounds.map(({ flooded }) => flooded.p99)).toFixed(1)} ms`,
    ],
    ratios: rounds.map(({ quiet, flooded }) => flooded.p99 / quiet.p99),
    ...(side === "with" ? { limit: { atMost: 3, kind: "goal" as const } } : {}),
    notes: failures === 0 ? [] : [`${failures} of the neighbour's requests were refused or lost`],
  };
}

/** Fills the attacker's namespace with what it may have, and returns what a flood needs. */
async function prepared(api: HostApi): Promise<Flood> {
  const namespace = `tenant-${ATTACKER}`;
  const token = await api.client.serviceAccountToken(namespace, `vc-${ATTACKER}`);
  for (let index = 0; index < 30; index++)
    await api.client.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `flood-${index}`, namespace },
      data: { large: "x".repeat(170 * 1024) },
    });
  const pod = syncedPod(await viewOf(api.client, ATTACKER), "flood");
  return { url: api.url, caFile: api.caFile, token, namespace, atOnce: AT_ONCE, pod };
}

/** Puts our level and schema in or out, and waits until the server goes by it. */
async function switchTo(api: HostApi, side: Side, as: Identity): Promise<void> {
  const objects = [tenantsLevel(), tenantsFlow()] as KubeObject[];
  for (const object of side === "with" ? objects : [...objects].reverse())
    if (side === "with") await api.client.apply(object);
    else await api.client.request({ method: "DELETE", path: await api.client.objectPath(object) });
  for (let tries = 0; tries < 300; tries++) {
    if ((await flowOf(api, as)) === (side === "with" ? TENANTS_FLOW : "service-accounts")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server does not follow its FlowSchemas");
}

/** Name of the FlowSchema that a request of somebody lands in. */
export async function flowOf(
  { client }: Pick<HostApi, "client">,
  as?: Identity,
): Promise<string | undefined> {
  const { headers } = await client.request({ path: "/version", as });
  const { items = [] } = await client.must({ path: "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas" });
  const uid = headers["x-kubernetes-pf-flowschema-uid"];
  return items.find(({ metadata }) => metadata!.uid === uid)?.metadata!.name;
}

async function measure(api: HostApi, attacker: Flood, as: Identity): Promise<Round> {
  const quiet = await phase(api, as);
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "flooder.ts")], {
    cwd: ROOT,
    env: { ...process.env, FLOOD: JSON.stringify(attacker) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => output.push(data));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  // Until it is up and its first lists are under way.
  await pause(5000);
  const flooded = await phase(api, as);
  child.stdin.end();
  await ended;
  // The server still works off what was queued.
  await pause(3000);
  return { quiet, flooded, flood: JSON.parse(Buffer.concat(output).toString()) as Record<string, number> };
}

/** What a syncer does all day, at a steady pace whatever the answers take: read a pod list, write a small object. */
async function phase(api: HostApi, as: Identity): Promise<Phase> {
  const namespace = `/api/v1/namespaces/tenant-${NEIGHBOUR}`;
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "beat", namespace: `tenant-${NEIGHBOUR}` },
  };
  const times: number[] = [];
  let failed = 0;
  const ask = async (index: number): Promise<void> => {
    const began = process.hrtime.bigint();
    const { status } =
      index % 2 === 0
        ? await api.client.request({ path: `${namespace}/pods`, as })
        : await api.client.apply({ ...configMap, data: { beat: `${index}` } }, as);
    if (status >= 300) failed++;
    times.push(Number(process.hrtime.bigint() - began) / 1e6);
  };
  const asked: Promise<void>[] = [];
  for (let index = 0; index < REQUESTS; index++) {
    asked.push(
      ask(index).catch(() => {
        failed++;
      }),
    );
    await pause(EVERY);
  }
  await Promise.all(asked);
  return { p99: p99(times), failed };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
