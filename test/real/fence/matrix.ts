// The matrix of a host: every pair of ends that has a tenant's pod in it, on every port and protocol, against the table.
import type { FenceCluster, Flow } from "../../../lib/testing/fence-cluster";
import { podId, PODS, PORTS, PROTOCOLS, type PodRole } from "./ends";
import type { Row } from "./expected";

/** One host as judged: who is there, and the rows that hold for each tenant. */
export interface Scenario {
  readonly id: string;
  readonly cluster: FenceCluster;
  /** Rows by tenant. */
  readonly allowed: ReadonlyMap<string, readonly Row[]>;
  /** Pairs of tenants whose pods reach each other because both allow it. */
  readonly colluding?: readonly (readonly [string, string])[];
  /** True where tenants' questions to their CoreDNS go through Cilium's proxy. @default false */
  readonly asksThroughProxy?: boolean;
}

/** Every flow that is asked about. */
export function flowsOf({ cluster, allowed }: Scenario): Flow[] {
  const fenced = new Set([...allowed.keys()].flatMap((tenant) => PODS.map((role) => podId(tenant, role))));
  const ends = [...cluster.pods, ...(cluster.nodes ?? []), ...(cluster.addresses ?? [])].map(({ id }) => id);
  return ends.flatMap((from) =>
    ends
      .filter((to) => fenced.has(from) || fenced.has(to))
      .flatMap((to) => PORTS.flatMap((port) => PROTOCOLS.map((protocol) => ({ from, to, port, protocol })))),
  );
}

/** A flow as one text. */
export function text({ from, to, port, protocol }: Flow): string {
  return `${from} -> ${to} ${port}/${protocol}`;
}

/** The flows that the tables allow. */
export function expectedOf({ cluster, allowed, colluding = [] }: Scenario): ReadonlySet<string> {
  const ids = new Set(
    [...cluster.pods, ...(cluster.nodes ?? []), ...(cluster.addresses ?? [])].map(({ id }) => id),
  );
  const flows = new Set<string>();
  const add = (from: string, to: string, ports: string): void => {
    if (!ids.has(from) || !ids.has(to)) return; // not on this host
    for (const port of PORTS)
      for (const protocol of PROTOCOLS)
        if (ports === "any" || ports.split(" ").includes(`${port}/${protocol}`))
          flows.add(text({ from, to, port, protocol }));
  };
  for (const [tenant, rows] of allowed) {
    const end = (name: string): string =>
      PODS.includes(name as PodRole) ? podId(tenant, name as PodRole) : name;
    for (const [from, to, ports] of rows) {
      const role = to.replace(/^own /, "");
      const receivers =
        role === "any" ? PODS.map((one) => podId(tenant, one)) : [to === "own node" ? to : end(role)];
      for (const receiver of receivers) add(end(from), receiver, ports);
    }
  }
  for (const [one, other] of colluding)
    for (const [sender, receiver] of [
      [one, other],
      [other, one],
    ] as const)
      for (const from of PODS) for (const to of PODS) add(podId(sender, from), podId(receiver, to), "any");
  return flows;
}

/** Where a verdict and the table differ. */
export function differences(
  scenario: Scenario,
  flows: readonly Flow[],
  verdicts: readonly { readonly allowed: boolean }[],
): string[] {
  const expected = expectedOf(scenario);
  return flows
    .filter((flow, index) => verdicts[index]!.allowed !== expected.has(text(flow)))
    .map(
      (flow) =>
        `${text(flow)} ${expected.has(text(flow)) ? "must pass and does not" : "passes and must not"}`,
    );
}
