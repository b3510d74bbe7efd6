// Where Cilium's engine does something else than one would read into its documentation. The fence is written for these.
import type { KubernetesObject } from "../../../lib/core/manifest-release";
import type { FenceCluster, Flow } from "../../../lib/testing/fence-cluster";

/** A small cluster, and what the engine says of it. */
export interface Fact {
  readonly name: string;
  readonly cluster: FenceCluster;
  /** Flows with the engine's answer. */
  readonly flows: readonly (readonly [flow: Flow, allowed: boolean])[];
  /** Words of the engine's refusal. @default - it takes every policy */
  readonly refused?: RegExp;
  /** True when our evaluator will not answer: it throws. @default false */
  readonly throws?: boolean;
}

const flow = (from: string, to: string, port = 80, protocol: Flow["protocol"] = "TCP"): Flow => ({
  from,
  to,
  port,
  protocol,
});

/** Two namespaces with a pod each, a node of their own and another, and two addresses. */
function small(...objects: object[]): FenceCluster {
  return {
    objects: objects as KubernetesObject[],
    namespaces: [
      { name: "red", labels: { team: "red" } },
      { name: "blue", labels: { team: "blue" } },
    ],
    pods: [
      { id: "red", namespace: "red", labels: { app: "a" } },
      { id: "blue", namespace: "blue", labels: { app: "a" } },
    ],
    nodes: [
      { id: "node", ip: "10.0.0.1", local: true },
      { id: "other node", ip: "10.0.0.2" },
    ],
    addresses: [
      { id: "internet", ip: "8.8.8.8" },
      { id: "near", ip: "10.0.0.9" },
      { id: "range", ip: "203.0.113.7" },
      { id: "API server", ip: "198.51.100.1", apiServer: true },
    ],
  };
}

const cnp = (spec: object, name = "policy", namespace = "red"): object => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name, namespace },
  spec: { endpointSelector: {}, ...spec },
});
const ccnp = (spec: object, name = "policy"): object => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumClusterwideNetworkPolicy",
  metadata: { name },
  spec,
});
const np = (spec: object): object => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "policy", namespace: "red" },
  spec: { podSelector: {}, ...spec },
});
const team = (name: string): object => ({
  matchLabels: { "k8s:io.cilium.k8s.namespace.labels.team": name },
});

export const FACTS: readonly Fact[] = [
  {
    name: "1: enableDefaultDeny without a section leaves the direction open",
    cluster: small(
      cnp({ enableDefaultDeny: { egress: true, ingress: true }, ingress: [{ fromEntities: ["host"] }] }),
    ),
    flows: [
      [flow("red", "internet"), true],
      [flow("blue", "red"), false],
    ],
  },
  {
    name: "1: so does a section with an empty list of rules",
    cluster: small(cnp({ enableDefaultDeny: { egress: true }, egress: [], ingress: [{}] })),
    flows: [
      [flow("red", "internet"), true],
      [flow("blue", "red"), false],
    ],
  },
  {
    name: "2: a section that policyTypes leaves out is enforced",
    cluster: small(np({ policyTypes: ["Ingress"], egress: [{ to: [{ ipBlock: { cidr: "8.8.8.8/32" } }] }] })),
    flows: [
      [flow("red", "internet"), true],
      [flow("red", "near"), false],
    ],
  },
  {
    name: "3: toServices that matches no service allows its ports to everyone",
    cluster: small(
      cnp({
        egress: [
          {
            toServices: [{ k8sService: { serviceName: "nobody", namespace: "nowhere" } }],
            toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }],
          },
        ],
      }),
    ),
    flows: [
      [flow("red", "internet"), true],
      [flow("red", "blue"), true],
      [flow("red", "internet", 443), false],
    ],
    throws: true,
  },
  {
    name: "4: a rule without ingress and egress is refused",
    cluster: small(cnp({ enableDefaultDeny: { egress: true } })),
    flows: [[flow("red", "internet"), true]],
    refused: /must validate at least one schema/,
    throws: true,
  },
  {
    name: "5: the own node is always let in, also by a default deny",
    cluster: small(np({ policyTypes: ["Ingress"] })),
    flows: [
      [flow("node", "red"), true],
      [flow("other node", "red"), false],
    ],
  },
  {
    name: "5: unless a deny names it, which would cut off the kubelet's probes",
    cluster: small(cnp({ ingress: [{ fromEntities: ["all"] }], ingressDeny: [{ fromEntities: ["host"] }] })),
    flows: [
      [flow("node", "red"), false],
      [flow("other node", "red"), true],
    ],
  },
  {
    name: "6: a range that holds a node's address does not match the node",
    cluster: small(cnp({ egress: [{ toCIDR: ["10.0.0.0/8"] }] })),
    flows: [
      [flow("red", "near"), true],
      [flow("red", "node"), false],
      [flow("red", "other node"), false],
    ],
  },
  {
    name: "6: nor does a deny of the range: nodes are denied by entity",
    cluster: small(cnp({ egress: [{ toEntities: ["all"] }], egressDeny: [{ toCIDR: ["10.0.0.0/8"] }] })),
    flows: [
      [flow("red", "near"), false],
      [flow("red", "node"), true],
    ],
  },
  {
    name: "7: labels of namespaces select peers in the namespaced kind",
    cluster: small(cnp({ egress: [{ toEndpoints: [team("blue")] }] })),
    flows: [
      [flow("red", "blue"), true],
      [flow("red", "internet"), false],
    ],
  },
  {
    name: "7: and peers and subjects in the clusterwide kind",
    cluster: small(
      ccnp({ endpointSelector: team("red"), egressDeny: [{ toEndpoints: [team("blue")] }] }, "one"),
      ccnp({ endpointSelector: team("blue"), egress: [{ toEndpoints: [team("red")] }] }, "two"),
    ),
    flows: [
      [flow("red", "blue"), false],
      [flow("blue", "red"), true],
      [flow("blue", "internet"), false],
    ],
  },
  {
    name: "7: as the subject of a namespaced policy they are not to be relied on",
    cluster: small(cnp({ endpointSelector: team("red"), egress: [{ toEntities: ["none"] }] })),
    flows: [[flow("red", "internet"), false]],
    throws: true,
  },
  {
    name: "8: a selector that only says which reserved label is not there selects everything outside",
    cluster: small(
      cnp({
        egress: [
          { toEndpoints: [{ matchExpressions: [{ key: "reserved:world", operator: "DoesNotExist" }] }] },
          // On another port only: it makes the range an identity.
          { toCIDR: ["203.0.113.0/24"], toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }] },
        ],
      }),
    ),
    flows: [
      [flow("red", "internet"), false],
      // Has an identity of its own, because a policy names its range.
      [flow("red", "range", 80), true],
    ],
    throws: true,
  },
  {
    name: "8: with a label that is there, one that is not takes a part out",
    cluster: small(
      cnp({
        egress: [
          {
            toEndpoints: [
              {
                matchExpressions: [
                  { key: "reserved:world", operator: "Exists" },
                  { key: "reserved:kube-apiserver", operator: "DoesNotExist" },
                ],
              },
            ],
          },
        ],
      }),
    ),
    flows: [
      [flow("red", "internet"), true],
      [flow("red", "API server"), false],
      [flow("red", "node"), false],
    ],
  },
  {
    name: "a deny alone closes its direction",
    cluster: small(ccnp({ endpointSelector: team("red"), egressDeny: [{ toCIDR: ["10.0.0.0/8"] }] })),
    flows: [
      [flow("red", "internet"), false],
      [flow("red", "near"), false],
      [flow("blue", "near"), true],
      [flow("internet", "red"), true],
    ],
  },
  {
    name: "an allow without DNS rules beside one with them: the proxy still looks at the flow",
    cluster: small(
      cnp(
        {
          egress: [
            {
              toEndpoints: [team("blue")],
              toPorts: [
                { ports: [{ port: "53", protocol: "UDP" }], rules: { dns: [{ matchPattern: "*" }] } },
              ],
            },
          ],
        },
        "proxied",
      ),
      cnp({ egress: [{ toEndpoints: [team("blue")] }] }, "plain"),
    ),
    flows: [[flow("red", "blue", 53, "UDP"), true]],
  },
];
