// Scenarios that differ in tenants' names only: asked about once.
import type { Row } from "./expected";
import type { Scenario } from "./matrix";

/** Each scenario once, with how many were the same as another up to names of host and tenants. */
export function distinct(scenarios: readonly Scenario[]): { asked: Scenario[]; same: number } {
  const known = new Map<string, Scenario>();
  for (const one of scenarios) {
    const key = fingerprint(one);
    if (!known.has(key)) known.set(key, one);
  }
  const asked = [...known.values()];
  return { asked, same: scenarios.length - asked.length };
}

/** All of a scenario in one text: what belongs to a tenant under a common name, tenants in the order of what they have. */
function fingerprint({ cluster, allowed, colluding = [], asksThroughProxy }: Scenario): string {
  const { objects, namespaces, pods, ...rest } = cluster;
  const tenants = [...allowed.keys()];
  const policies = objects.filter(({ kind }) => /NetworkPolicy$/.test(kind ?? ""));
  const ownerOf = (namespace: string | undefined, name = ""): string | undefined =>
    tenants.find((tenant) =>
      namespace === undefined ? name.endsWith(`-${tenant}`) : namespace === `tenant-${tenant}`,
    );
  const of = (owner: string | undefined): unknown => [
    policies.filter(({ metadata }) => ownerOf(metadata?.namespace, metadata?.name) === owner),
    namespaces.filter(({ name }) => ownerOf(name) === owner),
    pods.filter(({ namespace }) => ownerOf(namespace) === owner),
    (owner === undefined ? [] : allowed.get(owner)!) satisfies readonly Row[],
    colluding.flat().filter((one) => one === owner).length,
  ];
  const each = tenants.map((tenant) => renamed(JSON.stringify(of(tenant)), tenant)).sort();
  return JSON.stringify([rest, asksThroughProxy ?? false, of(undefined), each]);
}

/** Only in what is the tenant's own, and only as a word: in `docs-site` there is no `site2`. */
function renamed(text: string, tenant: string): string {
  return text.replace(new RegExp(`(?<![a-z0-9])${tenant}(?![a-z0-9])`, "g"), "<tenant>");
}
