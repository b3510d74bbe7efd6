// A tenant's syncer gone wild, in a process of its own: as many requests at once as it is told, until its input ends.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { setPriority } from "node:os";

/** What a flood needs; comes as one line of JSON in FLOOD. */
export interface Flood {
  readonly url: string;
  readonly caFile: string;
  readonly token: string;
  readonly namespace: string;
  /** Requests under way at once. */
  readonly atOnce: number;
  /** A pod, to be judged by all policies. */
  readonly pod: object;
}

const { url, caFile, token, namespace, atOnce, pod } = JSON.parse(process.env.FLOOD!) as Flood;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce, ca: readFileSync(caFile) });
const core = `/api/v1/namespaces/${namespace}`;
const large = (): string => randomBytes(128 * 1024).toString("base64");

/** Reads and writes of all one's own: large lists, objects that etcd has to keep, pods that policies have to judge. */
const REQUESTS: readonly ((index: number) => {
  method: string;
  path: string;
  body?: string;
  type?: string;
})[] = [
  () => ({ method: "GET", path: `${core}/configmaps` }),
  () => ({ method: "POST", path: `${core}/pods?dryRun=All`, body: JSON.stringify(pod) }),
  () => ({ method: "GET", path: `${core}/secrets` }),
  (index) => ({
    method: "PATCH",
    path: `${core}/configmaps/flood-${index % 30}`,
    body: JSON.stringify({ data: { large: large() } }),
    type: "application/merge-patch+json",
  }),
];

const answered: Record<string, number> = {};
let ended = false;

function ask(index: number): Promise<void> {
  const { method, path, body, type = "application/json" } = REQUESTS[index % REQUESTS.length]!(index);
  return new Promise((resolve) => {
    const count = (what: string): void => {
      answered[what] = (answered[what] ?? 0) + 1;
      resolve();
    };
    const headers = {
      authorization: `Bearer ${token}`,
      // Compressing costs the server most and us least.
      "accept-encoding": "gzip",
      ...(body ? { "content-type": type, "content-length": Buffer.byteLength(body) } : {}),
    };
    const sent = request(new URL(path, url), { method, agent, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => {
        count(`${answer.statusCode}`);
      });
      answer.on("error", () => {
        count("cut off");
      });
    });
    sent.on("error", () => {
      count("cut off");
    });
    sent.end(body);
  });
}

async function worker(first: number): Promise<void> {
  for (let index = first; !ended; index += atOnce + 1) await ask(index);
}

// What a flooder computes itself would happen on another machine.
setPriority(19);
for (let first = 0; first < atOnce; first++) void worker(first);
process.stdin.resume();
process.stdin.on("end", () => {
  ended = true;
  process.stdout.write(JSON.stringify(answered), () => process.exit(0));
});
