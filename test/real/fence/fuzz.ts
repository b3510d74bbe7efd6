// Clusters with random policies of the kinds users write, to hold our evaluator against Cilium's engine beyond our own.
import type { KubernetesObject } from "../../../lib/core/manifest-release";
import type { FenceCluster, Flow } from "../../../lib/testing/fence-cluster";
import { random } from "../support/random";

const NAMESPACES = ["red", "blue", "green"];
const RANGES = ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/24", "203.0.113.0/24", "203.0.113.128/25", "8.8.8.8/32"];
const ENTITIES = ["all", "world", "host", "remote-node", "kube-apiserver", "cluster", "none"];
const NAMES = ["api.example.com", "www.example.com"];

/** A cluster of a seed. */
export function randomCluster(seed: number): { cluster: FenceCluster; flows: Flow[] } {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const chance = (share: number): boolean => next() < share;
  const some = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: 1 + Math.floor(next() * most) }, make);

  const requirement = (keys: readonly string[], values: readonly string[]): object => {
    const key = pick(keys);
    const operator = pick(["In", "NotIn", "Exists", "DoesNotExist"]);
    return operator.endsWith("n") ? { key, operator, values: [pick(values)] } : { key, operator };
  };
  const podSelector = (source = ""): object =>
    chance(0.3)
      ? {}
      : chance(0.5)
        ? { matchLabels: { [`${source}app`]: pick(["a", "b"]) } }
        : { matchExpressions: [requirement([`${source}app`, `${source}tier`], ["a", "b", "x"])] };
  const namespaceSelector = (): object =>
    chance(0.3)
      ? {}
      : { matchExpressions: [requirement(["team", "kubernetes.io/metadata.name"], NAMESPACES)] };
  const ciliumPeer = (): object =>
    chance(0.2)
      ? {
          matchExpressions: [
            { key: pick(["reserved:world", "reserved:host", "reserved:remote-node"]), operator: "Exists" },
            requirement(["reserved:kube-apiserver"], [""]),
          ],
        }
      : chance(0.4)
        ? {
            matchExpressions: [
              requirement(
                ["k8s:io.cilium.k8s.namespace.labels.team", "io.kubernetes.pod.namespace"],
                NAMESPACES,
              ),
            ],
          }
        : podSelector(pick(["", "k8s:", "any:"]));
  const block = (): object => {
    const cidr = pick(RANGES);
    if (cidr === "0.0.0.0/0" && chance(0.5)) return { cidr, except: [pick(RANGES.slice(1))] };
    return { cidr };
  };
  const kubernetesPorts = (): object =>
    chance(0.4)
      ? {}
      : {
          ports: some(2, () =>
            chance(0.2)
              ? { protocol: pick(["TCP", "UDP"]) }
              : chance(0.3)
                ? { port: 100, endPort: 500, protocol: "TCP" }
                : { port: pick([53, 80, 443]), protocol: pick(["TCP", "UDP"]) },
          ),
        };
  const ciliumPorts = (dns: boolean): object =>
    chance(0.4)
      ? {}
      : {
          toPorts: some(2, () => {
            if (dns && chance(0.2))
              return { ports: [{ port: "53", protocol: "UDP" }], rules: { dns: [{ matchPattern: "*" }] } };
            const port = pick([
              { port: "80" },
              { port: "0" },
              { port: "100", endPort: 500 },
              { port: "443" },
            ]);
            return { ports: [{ ...port, protocol: pick(["TCP", "UDP", "ANY"]) }] };
          }),
        };
  const kubernetes = (name: string): object => {
    const peer = (): object =>
      chance(0.3)
        ? { ipBlock: block() }
        : chance(0.5)
          ? { namespaceSelector: namespaceSelector(), ...(chance(0.5) ? { podSelector: podSelector() } : {}) }
          : { podSelector: podSelector() };
    const rules = (key: string): object[] =>
      some(2, () => ({ ...(chance(0.2) ? {} : { [key]: some(2, peer) }), ...kubernetesPorts() }));
    return {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name, namespace: pick(NAMESPACES) },
      spec: {
        podSelector: podSelector(),
        ...(chance(0.8) ? { policyTypes: pick([["Ingress"], ["Egress"], ["Ingress", "Egress"]]) } : {}),
        ...(chance(0.6) ? { ingress: chance(0.2) ? [] : rules("from") } : {}),
        ...(chance(0.6) ? { egress: chance(0.2) ? [] : rules("to") } : {}),
      },
    };
  };
  const cilium = (name: string, clusterwide: boolean): object => {
    const rule = (direction: "to" | "from", deny: boolean): object => {
      const peers = [
        () => ({ [`${direction}Endpoints`]: some(2, ciliumPeer) }),
        () => ({ [`${direction}Entities`]: some(2, () => pick(ENTITIES)) }),
        () => ({ [`${direction}CIDR`]: [pick(RANGES)] }),
        () => ({ [`${direction}CIDRSet`]: [block()] }),
        () => ({}),
        ...(direction === "to" && !deny ? [() => ({ toFQDNs: [{ matchName: pick(NAMES) }] })] : []),
        ...(direction === "to" && !deny ? [() => ({ toFQDNs: [{ matchPattern: "*.example.com" }] })] : []),
      ];
      const peer = pick(peers)();
      const endpoints = `${direction}Endpoints` in peer || Object.keys(peer).length === 0;
      return { ...peer, ...ciliumPorts(direction === "to" && !deny && endpoints) };
    };
    const sections = {
      ...(chance(0.5) ? { ingress: some(2, () => rule("from", false)) } : {}),
      ...(chance(0.5) ? { egress: some(2, () => rule("to", false)) } : {}),
      ...(chance(0.3) ? { ingressDeny: some(2, () => rule("from", true)) } : {}),
      ...(chance(0.3) ? { egressDeny: some(2, () => rule("to", true)) } : {}),
    };
    const subject =
      clusterwide && chance(0.5)
        ? { matchExpressions: [requirement(["k8s:io.cilium.k8s.namespace.labels.team"], NAMESPACES)] }
        : podSelector(pick(["", "k8s:"]));
    return {
      apiVersion: "cilium.io/v2",
      kind: clusterwide ? "CiliumClusterwideNetworkPolicy" : "CiliumNetworkPolicy",
      metadata: clusterwide ? { name } : { name, namespace: pick(NAMESPACES) },
      spec: {
        endpointSelector: subject,
        ...(chance(0.3)
          ? {
              enableDefaultDeny: pick([
                { egress: false },
                { ingress: false },
                { egress: false, ingress: false },
              ]),
            }
          : {}),
        ...(Object.keys(sections).length > 0 ? sections : { ingress: [{}] }),
      },
    };
  };

  const objects = Array.from({ length: 1 + Math.floor(next() * 5) }, (_, index) => {
    const name = `policy-${index}`;
    return chance(0.4) ? kubernetes(name) : cilium(name, chance(0.5));
  }) as KubernetesObject[];
  const cluster: FenceCluster = {
    objects,
    namespaces: NAMESPACES.map((name) => ({
      name,
      labels: (name === "green" ? {} : { team: name }) as Record<string, string>,
    })),
    pods: NAMESPACES.flatMap((namespace) =>
      ["a", "b", "none"].map((app) => ({
        id: `${namespace} ${app}`,
        namespace,
        labels: (app === "none" ? {} : { app, tier: "x" }) as Record<string, string>,
      })),
    ),
    nodes: [
      { id: "node", ip: "10.0.0.1", local: true, apiServer: chance(0.3) },
      { id: "other node", ip: "10.0.0.2", apiServer: chance(0.3) },
    ],
    addresses: [
      { id: "internet", ip: "8.8.8.8" },
      { id: "near", ip: "10.0.0.9" },
      { id: "range", ip: "203.0.113.7", names: ["api.example.com"] },
      { id: "part", ip: "203.0.113.200", names: ["www.example.com", "example.com"] },
      { id: "API server", ip: "10.0.7.7", apiServer: true },
    ],
    ...(chance(0.3)
      ? {
          identityLabels: [
            "k8s:app$",
            "k8s:io\\.kubernetes\\.pod\\.namespace",
            "k8s:io\\.cilium\\.k8s\\.namespace\\.labels",
          ],
        }
      : {}),
  };
  const ends = [...cluster.pods, ...cluster.nodes!, ...cluster.addresses!].map(({ id }) => id);
  const flows = ends.flatMap((from) =>
    ends.flatMap((to) =>
      [53, 80, 443].flatMap((port) =>
        (["TCP", "UDP"] as const).map((protocol) => ({ from, to, port, protocol })),
      ),
    ),
  );
  return { cluster, flows };
}
