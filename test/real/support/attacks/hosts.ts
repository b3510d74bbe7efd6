// The hosts of an example: its stacks by the host they are for, as their namespaces say.
import { LABELS } from "../../../../lib/core/names";
import { readConfiguration } from "../configuration";
import type { SynthesizedStack } from "../examples";

/** Stacks of one host. */
export interface HostStacks {
  readonly example: string;
  readonly host: string;
  readonly stacks: readonly SynthesizedStack[];
}

/** The hosts that have tenants. Stacks without a namespace hold nothing a tenant meets. */
export function hostsOf(stacks: readonly SynthesizedStack[]): HostStacks[] {
  const hosts = new Map<string, SynthesizedStack[]>();
  for (const stack of stacks) {
    const host = hostOf(stack);
    if (host !== undefined) hosts.set(host, [...(hosts.get(host) ?? []), stack]);
  }
  return [...hosts].map(([host, own]) => ({ example: own[0]!.example, host, stacks: own }));
}

function hostOf({ folder }: SynthesizedStack): string | undefined {
  const { kubernetes_namespace_v1: namespaces = {} } = readConfiguration(folder).resource ?? {};
  for (const { metadata } of Object.values(namespaces)) {
    const { labels } = (Array.isArray(metadata) ? metadata[0] : metadata) as {
      labels?: Record<string, string>;
    };
    if (labels?.[LABELS.host] !== undefined) return labels[LABELS.host];
  }
  return undefined;
}
