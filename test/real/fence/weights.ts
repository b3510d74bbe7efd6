// What each part of the fence is worth: it is taken out, and what then opens or breaks is counted.
import type { KubernetesObject } from "../../../lib/core/manifest-release";

/** One part, and the objects of a host without it. */
export interface Part {
  readonly name: string;
  without(objects: readonly KubernetesObject[]): KubernetesObject[];
}

/** Parts that change nothing when they alone are missing, and why they stay. */
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
    for (const section of ["egressDeny", "ingressDeny"] as const)
      for (const [index, entry] of (policy.spec[section] ?? []).entries()) {
        for (const [peer, list] of Object.entries(entry).filter(([key]) => key !== "toPorts"))
          for (const [at, value] of (list as unknown[]).entries()) {
            const label = `${name}: ${describe(peer, value, entry)}`;
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

function describe(peer: string, value: unknown, { toPorts }: Entry): string {
  const what =
    typeof value === "string"
      ? value
      : peer === "toCIDRSet"
        ? (value as { cidr: string }).cidr
        : JSON.stringify(value).replace(
            /[{}"[\]]|matchExpressions:|matchLabels:|io\.cilium\.k8s\.|io\.kubernetes\./g,
            "",
          );
  return `${what}${toPorts ? " but some ports" : ""}`;
}
