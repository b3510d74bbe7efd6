// The evaluator for users' CI, against what Cilium's engine was seen to say: lane `fence` asks the engine itself.
import { Fence } from "../../lib/testing/fence";
import type { FenceCluster } from "../../lib/testing/fence-cluster";
import { FACTS } from "../real/fence/engine-facts";
import { differences, flowsOf } from "../real/fence/matrix";
import { colluding, forged, hostile, kindsOfHosts, onIpv6, peaceful, unguarded } from "../real/fence/suite";

test.each(FACTS.map((fact) => [fact.name, fact] as const))("%s", (_name, { cluster, flows, throws }) => {
  if (throws) expect(() => new Fence(cluster)).toThrow();
  else {
    const fence = new Fence(cluster);
    expect(flows.map(([flow]) => fence.allows(flow))).toEqual(flows.map(([, allowed]) => allowed));
  }
});

const SCENARIOS = kindsOfHosts().flatMap((host) => [
  peaceful(host),
  forged(host),
  ...(host.holdsHostile
    ? [hostile(host, [host.residents[0]!.name]), colluding(host), unguarded(host), onIpv6(host)]
    : []),
]);

test.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))(
  "the table holds: %s",
  (_id, scenario) => {
    const fence = new Fence(scenario.cluster);
    const flows = flowsOf(scenario);
    expect(flows.length).toBeGreaterThan(1000);
    expect(
      differences(
        scenario,
        flows,
        flows.map((flow) => fence.verdict(flow)),
      ),
    ).toEqual([]);
  },
);

test("without a fence everything passes", () => {
  const [host] = kindsOfHosts();
  const open = peaceful(host!, []);
  const fence = new Fence(open.cluster);
  expect(flowsOf(open).every((flow) => fence.allows(flow))).toBe(true);
});

const CLUSTER: FenceCluster = {
  objects: [],
  namespaces: [{ name: "a", labels: {} }],
  pods: [
    { id: "one", namespace: "a", labels: { app: "one" } },
    { id: "two", namespace: "a", labels: { app: "two" } },
  ],
};

function policy(kind: string, spec: object): FenceCluster {
  return { ...CLUSTER, objects: [{ kind, metadata: { name: "p", namespace: "a" }, spec } as never] };
}

test.each([
  ["an unknown field", "NetworkPolicy", { podSelector: {}, tiers: [] }, /spec\.tiers is not understood/],
  [
    "a named port",
    "NetworkPolicy",
    { podSelector: {}, ingress: [{ ports: [{ port: "http" }] }] },
    /'http' is a name/,
  ],
  [
    "HTTP rules",
    "CiliumNetworkPolicy",
    { egress: [{ toPorts: [{ ports: [], rules: { http: [] } }] }] },
    /rules\.http/,
  ],
  ["ICMP", "CiliumNetworkPolicy", { egress: [{ icmps: [] }] }, /icmps/],
  ["groups", "CiliumNetworkPolicy", { egress: [{ toGroups: [] }] }, /toGroups/],
  ["nodes as subjects", "CiliumClusterwideNetworkPolicy", { nodeSelector: {}, ingress: [] }, /nodeSelector/],
  ["an unknown entity", "CiliumNetworkPolicy", { egress: [{ toEntities: ["moon"] }] }, /entity 'moon'/],
  ["names in a deny", "CiliumNetworkPolicy", { egressDeny: [{ toFQDNs: [] }] }, /toFQDNs/],
  [
    "two kinds of peers",
    "CiliumNetworkPolicy",
    { egress: [{ toEntities: [], toCIDR: [] }] },
    /stand in one rule/,
  ],
])("%s throws rather than be guessed", (_what, kind, spec, words) => {
  expect(() => new Fence(policy(kind, spec))).toThrow(words);
});

test("labels that make no identity select nothing", () => {
  const shut = policy("NetworkPolicy", {
    podSelector: { matchLabels: { app: "one" } },
    policyTypes: ["Ingress"],
  });
  const flow = { from: "two", to: "one", port: 80, protocol: "TCP" } as const;
  expect(new Fence(shut).allows(flow)).toBe(false);
  expect(new Fence({ ...shut, identityLabels: ["k8s:release$"] }).allows(flow)).toBe(true);
});

test("a verdict names what denies", () => {
  const shut = policy("NetworkPolicy", { podSelector: {}, policyTypes: ["Ingress"] });
  expect(new Fence(shut).verdict({ from: "two", to: "one", port: 80, protocol: "TCP" })).toEqual({
    allowed: false,
    egress: true,
    ingress: false,
    proxied: false,
    by: ["NetworkPolicy a/p"],
  });
});

test("ends that are not there, or there twice, are said", () => {
  expect(() => new Fence(CLUSTER).allows({ from: "one", to: "three", port: 80, protocol: "TCP" })).toThrow(
    /no end 'three'/,
  );
  expect(() => new Fence({ ...CLUSTER, addresses: [{ id: "one", ip: "8.8.8.8" }] })).toThrow(
    /names two ends/,
  );
  expect(() => new Fence({ ...CLUSTER, namespaces: [] })).toThrow(/namespace 'a', which is not given/);
});
