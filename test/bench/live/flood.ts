// One tenant floods the host's API server: how long does another wait, with a priority level for each and without?
import { spawn } from "node:child_process";
import { join } from "node:path";
import { syncedPod } from "../../../lib/testing/legitimate-pods";
import { ROOT } from "../../real/support/cache";
import { applyStacks } from "../../real/support/host-api/apply-stacks";
import type { Identity, KubeObject } from "../../real/support/host-api/client";
import { fairShareOf, flowOf, leaveUnread } from "../../real/support/host-api/flow-checks";
import { startHostApi, type HostApi } from "../../real/support/host-api/host-api";
import { median, p99, type Answer } from "./figures";
import type { Flood } from "./flooder";
import { platformWith } from "./platform";
import { viewOf } from "./tenant";

const ROUNDS = 3;
/** Requests the flood keeps under way. */
const AT_ONCE = 200;
/** The neighbour's requests of a phase, and milliseconds between them. */
const REQUESTS = 100;
const EVERY = 150;

/** Rounds of the second attack: a side without our levels takes half a minute. */
const UNREAD_ROUNDS = 3;
/** Requests whose answers nobody reads: more than all service accounts have seats. */
const UNREAD = 320;
/** Connections they come by: the server takes at most 100 on each. */
const CONNECTIONS = 4;

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
  readonly flood?: Readonly<Record<string, number>>;
}

/** Both sides on one server, in turns. */
export async function flood(say: (text: string) => void): Promise<Answer[]> {
  const api = await startHostApi();
  try {
    await applyStacks(api, await platformWith(2));
    const attacker = await prepared(api);
    const token = await api.client.serviceAccountToken(`tenant-${NEIGHBOUR}`, `vc-${NEIGHBOUR}`);
    const levels = await fairShares(api);
    const rounds: Record<Side, Round[]> = { with: [], without: [] };
    for (const side of inTurns(ROUNDS)) {
      await switchTo(api, side, levels, { token });
      const round = await measure(api, attacker, { token });
      rounds[side].push(round);
      say(`flood, ${side} our levels: ${told(round)}; flood got ${JSON.stringify(round.flood)}`);
    }
    const unread: Record<Side, Round[]> = { with: [], without: [] };
    for (const side of inTurns(UNREAD_ROUNDS)) {
      await switchTo(api, side, levels, { token });
      const round = await measureUnread(api, attacker, { token });
      unread[side].push(round);
      say(`unread answers, ${side} our levels: ${told(round)}`);
    }
    const attack = `a flood of ${AT_ONCE}`;
    const silence = `${UNREAD} unread answers`;
    return [
      answer(attack, "with", rounds.with),
      answer(attack, "without", rounds.without),
      answer(silence, "with", unread.with),
      answer(silence, "without", unread.without),
    ];
  } finally {
    await api.stop();
  }
}

/** Who goes first changes from round to round. */
function inTurns(rounds: number): Side[] {
  return Array.from({ length: rounds }, (_, index): Side[] =>
    index % 2 === 0 ? ["with", "without"] : ["without", "with"],
  ).flat();
}

function told({ quiet, flooded }: Round): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return `quiet p99 ${ms(quiet.p99)}, then ${ms(flooded.p99)}, ${flooded.failed} of ${REQUESTS} refused or lost`;
}

function answer(attack: string, side: Side, rounds: readonly Round[]): Answer {
  const failures = rounds.reduce((sum, { flooded }) => sum + flooded.failed, 0);
  return {
    what: `a neighbour's p99 under ${attack}, ${side} a level for each tenant`,
    sides: [
      `quiet ${median(rounds.map(({ quiet }) => quiet.p99)).toFixed(1)} ms`,
      `attacked ${median(rounds.map(({ flooded }) => flooded.p99)).toFixed(1)} ms`,
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

/** Both tenants' levels and schemas, as their guardrails made them. */
async function fairShares({ client }: HostApi): Promise<KubeObject[]> {
  const names = [ATTACKER, NEIGHBOUR].map(fairShareOf);
  const lists = await Promise.all(
    ["prioritylevelconfigurations", "flowschemas"].map(async (resource) =>
      Promise.all(names.map((name) => client.must({ path: `${FLOW_CONTROL}/${resource}/${name}` }))),
    ),
  );
  return lists.flat().map(({ apiVersion, kind, metadata, spec }) => ({
    apiVersion,
    kind,
    metadata: { name: metadata!.name },
    spec: spec as object,
  }));
}

/** Puts levels and schemas in or out, and waits until the server goes by it. */
async function switchTo(
  api: HostApi,
  side: Side,
  objects: readonly KubeObject[],
  as: Identity,
): Promise<void> {
  for (const object of side === "with" ? objects : [...objects].reverse())
    if (side === "with") await api.client.apply(object);
    else await api.client.request({ method: "DELETE", path: await api.client.objectPath(object) });
  for (let tries = 0; tries < 300; tries++) {
    if ((await flowOf(api.client, as)) === (side === "with" ? fairShareOf(NEIGHBOUR) : "service-accounts"))
      return;
    await pause(100);
  }
  throw new Error("the server does not follow its FlowSchemas");
}

const FLOW_CONTROL = "/apis/flowcontrol.apiserver.k8s.io/v1";

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

/** The same while another asks for lists over HTTP/2 and takes no byte of the answers. */
async function measureUnread(api: HostApi, { token, namespace }: Flood, as: Identity): Promise<Round> {
  const quiet = await phase(api, as);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const ends = await Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      leaveUnread(api, { token, path, requests: UNREAD / CONNECTIONS }),
    ),
  );
  await pause(3000);
  const flooded = await phase(api, as);
  for (const end of ends) end();
  await pause(3000);
  return { quiet, flooded };
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
