// What each part of the fence is worth: it is taken out, and what then opens or breaks is counted.
import type { KubernetesObject } from "../../../lib/core/manifest-release";
import { Fence } from "../../../lib/testing/fence";
import type { FenceCluster, Flow } from "../../../lib/testing/fence-cluster";
import type { Ask } from "../support/fence-judge";
import { expectedOf, flowsOf, text, type Scenario } from "./matrix";
import { colluding, forged, onIpv6, peaceful, unguarded, type Host } from "./suite";

/** One part, and the objects of a host without it. */
export interface Part {
  readonly name: string;
  without(objects: readonly KubernetesObject[]): KubernetesObject[];
}

/** Parts that change nothing when they alone are missing, and why they stay. There are none. */
export const ON_PURPOSE: Readonly<Record<string, string>> = {};

type Entry = Readonly<Record<string, unknown>>;
interface Policy extends KubernetesObject {
  readonly spec: { readonly egressDeny?: readonly Entry[]; readonly ingressDeny?: readonly Entry[] };
}

const FENCE = ["NetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"];

/** Policies of all tenants that do the same count as one part. */
function partName({ kind, metadata }: KubernetesObject): string {
  const name = metadata!.name!.replace(/^tenclave-internet-.*/, "tenclave-internet-<tenant>");
  return `${kind === "CiliumClusterwideNetworkPolicy" ? "clusterwide" : "in the namespace"} ${name.replace(/^tenclave-/, "")}`;
}

/** Every policy as a whole, and of those with several denies each deny, and of those each range and each entity. */
export function partsOf(objects: readonly KubernetesObject[]): Part[] {
  const policies = objects.filter(({ kind }) => FENCE.includes(kind ?? "")) as Policy[];
  const parts = new Map<string, Part>();
  for (const policy of policies) {
    const name = partName(policy);
    if (parts.has(name)) continue;
    parts.set(name, { name, without: (all) => all.filter((one) => !isPart(one, name)) });
    if (peersOf(policy) < 2) continue; // the policy is its only deny
    for (const section of ["egressDeny", "ingressDeny"] as const)
      for (const [index, entry] of (policy.spec[section] ?? []).entries()) {
        for (const [peer, list] of Object.entries(entry).filter(([key]) => key !== "toPorts"))
          for (const [at, value] of (list as unknown[]).entries()) {
            const label = `${name}: ${describe(value, entry)}`;
            parts.set(label, {
              name: label,
              without: (all) =>
                all.map((one) => (isPart(one, name) ? cut(one as Policy, section, index, peer, at) : one)),
            });
          }
      }
  }
  return [...parts.values()];
}

function peersOf({ spec }: Policy): number {
  return [...(spec.egressDeny ?? []), ...(spec.ingressDeny ?? [])]
    .flatMap((entry) => Object.entries(entry))
    .filter(([key]) => key !== "toPorts")
    .reduce((total, [, list]) => total + (list as unknown[]).length, 0);
}

function isPart(object: KubernetesObject, name: string): boolean {
  return FENCE.includes(object.kind ?? "") && partName(object) === name;
}

/** A policy without one peer of one entry; an entry without peers goes as a whole. */
function cut(
  policy: Policy,
  section: "egressDeny" | "ingressDeny",
  index: number,
  peer: string,
  at: number,
): Policy {
  const entries = [...(policy.spec[section] ?? [])];
  const entry = entries[index];
  if (!entry) return policy;
  const rest = (entry[peer] as unknown[]).filter((_, other) => other !== at);
  if (rest.length > 0) entries[index] = { ...entry, [peer]: rest };
  else entries.splice(index, 1);
  const { [section]: _gone, ...spec } = policy.spec;
  return { ...policy, spec: entries.length > 0 ? { ...spec, [section]: entries } : spec };
}

function describe(value: unknown, { toPorts }: Entry): string {
  const what = typeof value === "string" ? value : ((value as { cidr?: string }).cidr ?? podsNamed(value));
  return `${what}${toPorts ? " but some ports" : ""}`;
}

/** Selectors of the fence, in words. */
function podsNamed(selector: unknown): string {
  const json = JSON.stringify(selector);
  const entity = /"reserved:([\w-]+)","operator":"Exists"/.exec(json)?.[1];
  if (entity !== undefined) return `${entity} but the API server`;
  if (json.includes('"NotIn","values":["kube-dns"]')) return "kube-system but the host's DNS";
  if (json.includes('"NotIn","values":["kube-system"]')) return "platform pods outside kube-system";
  return json.includes('"kube-dns"') ? "the host's DNS" : "platform pods";
}

/** What a part is worth, over all hosts. */
export interface Weight {
  readonly part: string;
  /** Forbidden flows that pass without it. */
  readonly opens: readonly string[];
  /** Those that pass once tenants have policies of their own. */
  readonly openedByHostile: readonly string[];
  /** Wanted flows that do not pass without it. */
  readonly breaks: readonly string[];
}

/** Flows of a part that the engine is asked to confirm. */
const CONFIRMED = 40;

/**
 * Takes out one part at a time. The evaluator looks at every flow, because there are many; the engine confirms some of
 * those that change. Throws when it does not.
 */
export async function weigh(ask: Ask, hosts: readonly Host[]): Promise<Weight[]> {
  const trials = hosts.flatMap((host) => {
    const calm = [look(host, peaceful), look(host, forged)];
    const wild = host.holdsHostile ? [colluding, unguarded, onIpv6].map((make) => look(host, make)) : [];
    return partsOf(host.objects).map((part) => {
      const objects = part.without(host.objects);
      const changes = (looks: readonly Look[]): Change[] => looks.map((one) => changed(host, objects, one));
      return { host, part: part.name, calm: changes(calm), wild: changes(wild) };
    });
  });
  await confirm(
    ask,
    trials.flatMap(({ calm, wild }) => [...calm, ...wild]),
  );
  const results = trials.map(({ host, part, calm, wild }) => {
    const words = (all: readonly Change[], wanted: boolean): string[] =>
      all.flatMap(({ differing }) =>
        differing.filter(({ expected }) => expected === wanted).map((one) => `${host.id}: ${one.words}`),
      );
    return {
      part,
      opens: words(calm, false),
      openedByHostile: words(wild, false),
      breaks: words(calm, true),
    };
  });
  return [...new Set(results.map(({ part }) => part))].map((part) => {
    const all = results.filter((one) => one.part === part);
    const union = (what: "opens" | "openedByHostile" | "breaks"): string[] => [
      ...new Set(all.flatMap((one) => one[what])),
    ];
    return {
      part,
      opens: union("opens"),
      openedByHostile: union("openedByHostile"),
      breaks: union("breaks"),
    };
  });
}

type Make = (host: Host) => Scenario;

/** A flow, what the table says of it, and whether the whole fence does otherwise. */
interface Seen {
  readonly flow: Flow;
  readonly words: string;
  readonly expected: boolean;
  readonly differs: boolean;
}

/** A scenario of a whole fence, with what is expected of each flow: the same for every part. */
interface Look {
  readonly make: Make;
  readonly fence: Fence;
  readonly flows: readonly Seen[];
}

function look(host: Host, make: Make): Look {
  const scenario = make(host);
  const expected = expectedOf(scenario);
  const fence = new Fence(scenario.cluster);
  const flows = flowsOf(scenario).map((flow): Seen => {
    const words = text(flow);
    const wanted = expected.has(words);
    return { flow, words, expected: wanted, differs: fence.allows(flow) !== wanted };
  });
  return { make, fence, flows };
}

/** Flows that a part changes, and the cluster without it. */
interface Change {
  readonly cluster: FenceCluster;
  readonly differing: readonly Seen[];
}

/** Looks again only at flows of pods that the part selects. */
function changed(host: Host, objects: readonly KubernetesObject[], { make, fence, flows }: Look): Change {
  const { cluster } = make({ ...host, objects });
  const without = fence.with(cluster.objects);
  const pods = fence.podsThatDiffer(without);
  const differing = flows.filter(({ flow, expected, differs }) =>
    pods.has(flow.from) || pods.has(flow.to) ? without.allows(flow) !== expected : differs,
  );
  return { cluster, differing };
}

/** Throws when the engine does not see some of the changes as the evaluator does. */
async function confirm(ask: Ask, changes: readonly Change[]): Promise<void> {
  const samples = changes
    .filter(({ differing }) => differing.length > 0)
    .map(({ cluster, differing }) => ({
      cluster,
      sample: differing.filter((_, index) => index % Math.ceil(differing.length / CONFIRMED) === 0),
    }));
  const answers = await ask(
    samples.map(({ cluster, sample }) => ({ cluster, flows: sample.map(({ flow }) => flow) })),
  );
  const wrong = samples.flatMap(({ sample }, at) =>
    sample.filter(({ expected }, index) => answers[at]!.verdicts[index]!.allowed === expected),
  );
  if (wrong.length > 0)
    throw new Error(`the engine does not confirm: ${wrong.map(({ words }) => words).join("; ")}`);
}
