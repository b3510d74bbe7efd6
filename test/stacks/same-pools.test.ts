// Pools of a pools stack are held against the host's reference: settings count, warnings do not.
import { EksHost } from "../../lib/aws";
import { AksHost } from "../../lib/azure";
import { GkeHost } from "../../lib/google";
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import { EksPoolsStack } from "../../stacks/aws";
import { AksPoolsStack } from "../../stacks/azure";
import { GkePoolsStack } from "../../stacks/google";
import { AKS_ATTRIBUTES, aksOptions } from "../support/aks";
import { GKE_ATTRIBUTES, gkeHostOptions } from "../support/gke-host";
import { hostOptions } from "../support/host";
import { app, ATTRIBUTES } from "../support/scope";

interface Cloud {
  readonly reference: HostReference;
  /** Makes the pools stack of a host whose reference was saved. */
  readonly stack: (saved: HostReference) => { readonly pools: readonly unknown[] };
}

const CLOUDS: Readonly<Record<string, Cloud>> = {
  AKS: {
    reference: AksHost.reference(aksOptions()),
    stack: (saved) =>
      new AksPoolsStack(app(), "pools", {
        host: AksHost.byAttributes(saved, AKS_ATTRIBUTES),
        pools: aksOptions().pools,
      }),
  },
  EKS: {
    reference: EksHost.reference(hostOptions()),
    stack: (saved) =>
      new EksPoolsStack(app(), "pools", {
        host: EksHost.byAttributes(saved, ATTRIBUTES),
        pools: hostOptions().pools,
      }),
  },
  GKE: {
    reference: GkeHost.reference(gkeHostOptions()),
    stack: (saved) =>
      new GkePoolsStack(app(), "pools", {
        host: GkeHost.byAttributes(saved, GKE_ATTRIBUTES),
        pools: gkeHostOptions().pools,
      }),
  },
};

describe.each(Object.entries(CLOUDS))("%s", (name, { reference, stack }) => {
  const { pools } = reference;
  const saved = (change: object): HostReference => ({
    ...reference,
    pools: pools.map((pool, index) => (index === pools.length - 1 ? { ...pool, ...change } : pool)),
  });

  test("a saved reference survives warnings that came or went", () => {
    const all = pools.map(({ warnings }) => warnings);
    const change = { warnings: ["sizes retire next year"] };
    expect(saved(change).pools.map(({ warnings }) => warnings)).not.toEqual(all);
    expect(stack(saved(change)).pools.length).toBe(stack(reference).pools.length);
  });

  test.each<[string, object]>([
    ["number of nodes", { maxNodes: 99 }],
    ["machine type", { machineType: "another" }],
    ["handler", { handler: "kata" }],
    ["placement", { placement: { nodeLabels: {}, taints: [] } }],
    ["owner", { owner: { tenant: "acme", pattern: "own" } }],
  ])("another %s is refused", (_, change) => {
    const known = pools.map((pool) => pool.name).join(", ");
    expect(() => stack(saved(change))).toThrow(
      `[POOL_REFERENCE] pools: pools must be the ones the reference of host prod was made of ([${known}]), ` +
        `got [${known}] or other settings; pass the same list to ${name[0]}${name.slice(1).toLowerCase()}Host.reference and here`,
    );
  });

  test("another order and a missing pool are refused", () => {
    expect(() => stack({ ...reference, pools: [...pools].reverse() })).toThrow(/\[POOL_REFERENCE\]/);
    expect(() => stack({ ...reference, pools: pools.slice(1) })).toThrow(/\[POOL_REFERENCE\]/);
  });
});
