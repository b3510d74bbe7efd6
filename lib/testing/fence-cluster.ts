// What the fence evaluator is told of a cluster, and the labels that Cilium would make identities of.
import { BlockList, isIPv6 } from "node:net";
import type { KubernetesObject } from "../core/manifest-release";

/** A namespace with its labels. `kubernetes.io/metadata.name` is added. */
export interface FenceNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A pod as it stands on the host: the labels that arrive there, not those inside the virtual cluster. */
export interface FencePod {
  /** Names it in flows; unique. */
  readonly id: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** @default default */
  readonly serviceAccount?: string;
}

/** A node. Pods run on the local one; kubelets and node ports are its ports. */
export interface FenceNode {
  readonly id: string;
  readonly ip: string;
  /** @default false */
  readonly local?: boolean;
  /** True when the host's API server runs there. @default false */
  readonly apiServer?: boolean;
}

/** An address that is no pod and no node. */
export interface FenceAddress {
  readonly id: string;
  readonly ip: string;
  /** True when the host's API server answers there. @default false */
  readonly apiServer?: boolean;
  /** Names that DNS gave it for. @default - none */
  readonly names?: readonly string[];
}

/** A cluster, as far as policies look at it. */
export interface FenceCluster {
  /** All objects; those that are no network policies are passed over. */
  readonly objects: readonly KubernetesObject[];
  readonly namespaces: readonly FenceNamespace[];
  readonly pods: readonly FencePod[];
  /** @default - none */
  readonly nodes?: readonly FenceNode[];
  /** @default - none */
  readonly addresses?: readonly FenceAddress[];
  /**
   * The chart's value `labels`, as a list: which pod labels Cilium sees.
   * @default - all: Dataplane V2, or a Cilium with its own defaults
   */
  readonly identityLabels?: readonly string[];
  /** True when Cilium runs with IPv6 beside IPv4. @default false */
  readonly ipv6?: boolean;
}

/** A connection, by the ids of its ends. Ask for the pod behind a Service, and for the pod's port. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** Whether a connection passes, and which side stops it. */
export interface FlowVerdict {
  readonly allowed: boolean;
  readonly egress: boolean;
  readonly ingress: boolean;
  /** True when the sender's side goes through Cilium's DNS proxy. */
  readonly proxied: boolean;
  /** Policies that deny, or whose default deny stands, like `CiliumClusterwideNetworkPolicy tenclave-metadata`. */
  readonly by: readonly string[];
}

/** One end of a flow, with the labels of its identity. */
export interface End {
  readonly id: string;
  readonly kind: "pod" | "node" | "address";
  /** By key with source, like `k8s:release`, `reserved:world`. */
  readonly labels: ReadonlyMap<string, string>;
  readonly ip?: string;
  readonly local: boolean;
  readonly names: readonly string[];
}

const NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels.";
export const NAMESPACE_NAME = "k8s:io.kubernetes.pod.namespace";

/** All ends by id. Throws on an id that stands twice, and on a pod in a namespace that is not there. */
export function endsOf({
  namespaces,
  pods,
  nodes = [],
  addresses = [],
  identityLabels,
  ipv6 = false,
}: FenceCluster): ReadonlyMap<string, End> {
  const byName = new Map(namespaces.map((one) => [one.name, one]));
  const counts = labelFilter(identityLabels);
  const ends: End[] = [
    ...pods.map(({ id, namespace, labels, serviceAccount = "default" }): End => {
      const its = byName.get(namespace);
      if (!its)
        throw new Error(
          `pod '${id}' is in namespace '${namespace}', which is not given; add it to namespaces`,
        );
      const ofPod = Object.entries(labels).filter(([key]) => !key.startsWith("io.cilium.k8s") && counts(key));
      const ofNamespace = Object.entries({ ...its.labels, "kubernetes.io/metadata.name": namespace });
      return {
        id,
        kind: "pod",
        labels: new Map([
          ...ofPod.map(([key, value]): [string, string] => [`k8s:${key}`, value]),
          ...ofNamespace.map(([key, value]): [string, string] => [`k8s:${NAMESPACE_LABELS}${key}`, value]),
          [NAMESPACE_NAME, namespace],
          ["k8s:io.cilium.k8s.policy.serviceaccount", serviceAccount],
        ]),
        local: false,
        names: [],
      };
    }),
    ...nodes.map(({ id, ip, local = false, apiServer }): End => ({
      id,
      kind: "node",
      labels: reserved(local ? "host" : "remote-node", apiServer),
      ip,
      local,
      names: [],
    })),
    ...addresses.map(({ id, ip, apiServer, names = [] }): End => ({
      id,
      kind: "address",
      labels: reserved(ipv6 ? (isIPv6(ip) ? "world-ipv6" : "world-ipv4") : "world", apiServer),
      ip,
      local: false,
      names,
    })),
  ];
  const twice = ends.find(({ id }, index) => ends.findIndex((other) => other.id === id) !== index);
  if (twice) throw new Error(`'${twice.id}' names two ends; give each its own id`);
  return new Map(ends.map((end) => [end.id, end]));
}

function reserved(name: string, apiServer = false): ReadonlyMap<string, string> {
  return new Map([name, ...(apiServer ? ["kube-apiserver"] : [])].map((label) => [`reserved:${label}`, ""]));
}

/**
 * Which pod labels count: those that a pattern takes in and none takes out. With patterns that take in, others do not
 * count. A pattern is a regular expression on the beginning of the key; `!` takes out, a source stands before it.
 */
function labelFilter(patterns: readonly string[] | undefined): (key: string) => boolean {
  if (!patterns) return () => true;
  const parsed = patterns.map((text) => {
    const pattern = text.replace(/^k8s:/, "");
    const out = pattern.startsWith("!");
    return { out, starts: new RegExp(`^(?:${out ? pattern.slice(1) : pattern})`) };
  });
  return (key) =>
    parsed.some(({ out, starts }) => !out && starts.test(key)) &&
    !parsed.some(({ out, starts }) => out && starts.test(key));
}

/** Tells whether an address lies in a range. Throws on a range that is none. */
export function rangeOf(cidr: string): (ip: string) => boolean {
  const family = (text: string): "ipv4" | "ipv6" => (isIPv6(text) ? "ipv6" : "ipv4");
  const [network, prefix] = cidr.split("/") as [string, string | undefined];
  const its = family(network);
  const list = new BlockList();
  list.addSubnet(network, Number(prefix ?? (its === "ipv6" ? 128 : 32)), its);
  return (ip) => family(ip) === its && list.check(ip, its);
}
