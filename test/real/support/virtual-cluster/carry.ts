// Carries attacks through a real virtual cluster, and says what became of each on the host.
import type { HostApi } from "../host-api/host-api";
import type { ApiResponse, HostClient, Identity, KubeObject } from "../host-api/client";
import { MARK, type Control, type Inside, type InsideAttack } from "../../attacks/inside";
import type { VirtualCluster } from "./virtual-cluster";

/** What became of an attack. */
export interface Outcome {
  readonly attack: InsideAttack;
  /** Arrived on the host, or what the tenant reads instead. */
  readonly arrived?: KubeObject;
  readonly message?: string;
}

/** What the message of a refusal says, by who refused. */
const WORDS: Readonly<Record<string, RegExp>> = {
  "pod-security": /violates PodSecurity/,
  quota: /exceeded quota/,
  "runtime-class": /RuntimeClass|runtimeclass|overhead|conflict/i,
  "api-server": /is invalid|is forbidden/,
  "pod-security-inside": /violates PodSecurity|^Pod \S+ is forbidden: /,
};

/** Whether a message comes from a control. */
export function says(control: Control, message: string): boolean {
  if (control.startsWith("rule:")) {
    const id = control.slice("rule:".length);
    // A policy of its own, or one that several rules share.
    return (
      message.includes(`ValidatingAdmissionPolicy 'tenclave-${id}'`) || message.includes(`request: [${id}] `)
    );
  }
  return WORDS[control]?.test(message) ?? false;
}

/** Where an object of namespace `default` inside arrives. */
export async function hostPath(
  { api, virtual }: Carrier,
  { apiVersion, kind, metadata }: KubeObject,
): Promise<string> {
  const name = `${metadata?.name}-x-${metadata?.namespace ?? "default"}-x-${virtual.tenant}`;
  return api.client.objectPath({ apiVersion, kind, metadata: { name, namespace: virtual.namespace } });
}

export interface Carrier {
  readonly api: HostApi;
  readonly virtual: VirtualCluster;
  readonly inside: Inside;
  /** The tenant's admin. @default - what the kubeconfig's Secret holds */
  readonly admin?: Identity;
}

/** Sends an attack, waits for what comes of it, and takes it away: what is refused is tried again for good. */
export async function carry(carrier: Carrier, attack: InsideAttack): Promise<Outcome> {
  const outcome = await sent(carrier, attack);
  const path = await carrier.virtual.client.objectPath(attack.object(carrier.inside));
  const body = { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 };
  await carrier.virtual.client.request({ method: "DELETE", path, body, as: carrier.admin });
  return outcome;
}

async function sent(carrier: Carrier, attack: InsideAttack): Promise<Outcome> {
  const { inside } = carrier;
  for (const object of attack.setup?.(inside) ?? []) await make(carrier, object);
  const object = attack.object(inside);
  const path = await hostPath(carrier, object);
  if (attack.on === "CREATE") {
    const answer = await create(carrier, marked(object));
    if (answer.status >= 300) return { attack, message: answer.body.message };
    return settled(carrier, attack, object, path, markedOn);
  }
  const lost = await arrives(carrier, object, path);
  if (lost) return { attack, message: `before the attack: ${lost}` };
  const seen = await noteCount(carrier, object);
  const answer = await change(carrier, attack, object);
  if (answer.status >= 300) return { attack, message: answer.body.message };
  const arrived =
    attack.subresource === "ephemeralcontainers"
      ? (host: KubeObject): boolean => ((host.spec.ephemeralContainers ?? []) as unknown[]).length > 0
      : markedOn;
  if (attack.subresource === "binding") return settledBinding(carrier, attack, object, path);
  return settled(carrier, attack, object, path, arrived, seen);
}

/** Makes an object until it is on the host: a Service that the syncer saw too early is lost. Returns what went wrong. */
async function arrives(carrier: Carrier, object: KubeObject, path: string): Promise<string | undefined> {
  for (let tries = 0; tries < 4; tries++) {
    const refusal = await make(carrier, object);
    if (refusal) return refusal;
    if (await eventually(() => read(carrier, path), 40)) return undefined;
  }
  const lines = carrier.virtual.log().split("\n");
  const about = lines.filter((line) => line.includes(object.metadata!.name!)).slice(-3);
  return (await noteOf(carrier, object, 0)) ?? about.join("\n");
}

/** Makes an object that is no attack. Returns what the server says when it does not. */
export async function make(carrier: Carrier, object: KubeObject): Promise<string | undefined> {
  const { status, body } = await create(carrier, object);
  return status < 300 || status === 409 ? undefined : body.message;
}

async function create({ virtual, admin }: Carrier, object: KubeObject): Promise<ApiResponse> {
  for (let tries = 0; ; tries++) {
    const answer = await virtual.client.create(object, admin);
    // A new namespace has no service account at first; a quota that two requests take from at once is asked again.
    const soon = /serviceaccount "default" not found|the object has been modified/;
    if (!soon.test(answer.body.message ?? "") || tries > 50) return answer;
    await pause();
  }
}

async function change(
  { virtual, inside, admin }: Carrier,
  attack: InsideAttack,
  object: KubeObject,
): Promise<ApiResponse> {
  const path = await virtual.client.objectPath(object);
  const body = attack.change!(inside);
  if (attack.subresource === "binding") {
    const binding = { apiVersion: "v1", kind: "Binding", metadata: object.metadata, ...body };
    return virtual.client.request({ method: "POST", path: `${path}/binding`, body: binding, as: admin });
  }
  return virtual.client.request({
    method: "PATCH",
    path: attack.subresource ? `${path}/${attack.subresource}` : path,
    body: attack.subresource ? body : marked(body),
    contentType: "application/strategic-merge-patch+json",
    as: admin,
  });
}

function marked<T extends Readonly<Record<string, unknown>>>(object: T): T {
  const metadata = (object.metadata ?? {}) as Record<string, unknown>;
  const annotations = { ...(metadata.annotations as object | undefined), [MARK]: "yes" };
  return { ...object, metadata: { ...metadata, annotations } };
}

function markedOn({ metadata }: KubeObject): boolean {
  return metadata?.annotations?.[MARK] === "yes";
}

/** Waits until the host has it, or the tenant is told why not. */
async function settled(
  carrier: Carrier,
  attack: InsideAttack,
  object: KubeObject,
  path: string,
  arrived: (host: KubeObject) => boolean,
  seen = 0,
): Promise<Outcome> {
  const outcome = await eventually(
    async () => {
      const host = await read(carrier, path);
      if (host && arrived(host)) return { attack, arrived: host };
      const message =
        (await noteOf(carrier, object, seen)) ??
        (attack.subresource === "ephemeralcontainers" ? logged(carrier, attack) : undefined);
      return message === undefined ? undefined : { attack, message };
    },
    attack.expect.ours.stoppedBy.includes("never-synced") ? 25 : undefined,
  );
  return outcome ?? { attack };
}

/** Of a refused ephemeral container the tenant is not told: it stands in the control plane's log alone. */
function logged({ virtual }: Carrier, { id }: InsideAttack): string | undefined {
  return virtual
    .log()
    .split("\n")
    .find((line) => line.includes(id) && /ephemeral containers: .* is forbidden/.test(line));
}

/** What is told of a pod inside that the syncer deletes because the host's differs. */
export const TAKEN_AWAY = "taken away";

/** A binding inside leaves no mark: the pod inside is taken away, or the host's gets a node. */
async function settledBinding(
  carrier: Carrier,
  attack: InsideAttack,
  object: KubeObject,
  path: string,
): Promise<Outcome> {
  const virtualPath = await carrier.virtual.client.objectPath(object);
  const outcome = await eventually(async () => {
    const host = await read(carrier, path);
    const pod = await carrier.virtual.client.request({ path: virtualPath, as: carrier.admin });
    if (host?.spec.nodeName) return { attack, arrived: host };
    const gone = pod.status === 404 || pod.body.metadata?.deletionTimestamp;
    return gone ? { attack, message: TAKEN_AWAY } : undefined;
  });
  return outcome ?? { attack };
}

async function read({ api }: Carrier, path: string): Promise<KubeObject | undefined> {
  const at = path.lastIndexOf("/");
  const items = await listed(api.client, path.slice(0, at));
  return items.find(({ metadata }) => metadata?.name === path.slice(at + 1));
}

const lists = new WeakMap<
  HostClient,
  Map<string, { readonly at: number; readonly items: Promise<KubeObject[]> }>
>();

/** A list that is at most a quarter of a second old: dozens of attacks wait at once. */
export function listed(client: HostClient, path: string, as?: Identity): Promise<KubeObject[]> {
  const known = lists.get(client) ?? new Map<string, { at: number; items: Promise<KubeObject[]> }>();
  lists.set(client, known);
  const last = known.get(path);
  if (last && Date.now() - last.at < 250) return last.items;
  const items = client.must({ path, as }).then((list) => list.items ?? []);
  known.set(path, { at: Date.now(), items });
  return items;
}

/** What the syncer tells the tenant about an object, oldest first. */
async function notes({ virtual, admin }: Carrier, { kind, metadata }: KubeObject): Promise<string[]> {
  const namespace = metadata?.namespace ?? "default";
  const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events?limit=2000`;
  return (await listed(virtual.client, path, admin))
    .filter(({ regarding }) => regarding.kind === kind && regarding.name === metadata?.name)
    .filter(({ reason }) => reason === "SyncError" || reason === "SyncWarning")
    .map(({ note }) => String(note));
}

async function noteCount(carrier: Carrier, object: KubeObject): Promise<number> {
  return (await notes(carrier, object)).length;
}

async function noteOf(carrier: Carrier, object: KubeObject, seen: number): Promise<string | undefined> {
  // A conflict, or a race with the request that made a Service, is tried again and says nothing about the attack.
  return (await notes(carrier, object))
    .slice(seen)
    .find((note) => !/the object has been modified|already exists/.test(note));
}

/** Asks five times a second, for 30 seconds unless said otherwise. */
export async function eventually<T>(ask: () => Promise<T | undefined>, times = 150): Promise<T | undefined> {
  for (let tries = 0; tries < times; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause();
  }
  return undefined;
}

export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 200));
}
