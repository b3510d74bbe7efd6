// Network policies as rules, read the way Cilium's engine reads them. A field that is not understood throws.
import type { KubernetesObject } from "../core/manifest-release";
import { NAMESPACE_NAME, rangeOf, type End } from "./fence-cluster";

/** One rule of one policy. */
export interface Rule {
  /** Kind and name. */
  readonly policy: string;
  readonly direction: "ingress" | "egress";
  readonly deny: boolean;
  /** True when pods it selects are closed in its direction but for what rules allow. */
  readonly closes: boolean;
  readonly subject: Matcher;
  /** The other end. */
  readonly peer: Matcher;
  readonly ports: PortMatcher;
  /** True when the flow goes through the DNS proxy. */
  readonly proxied: boolean;
}

type Matcher = (end: End) => boolean;
type PortMatcher = (port: number, protocol: string) => boolean;
type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Matcher = () => false;
const ANYTHING: Matcher = () => true;
const ANY_PORT: PortMatcher = () => true;
const isPod: Matcher = ({ kind }) => kind === "pod";

/** The rules of an object; none when it is no network policy. */
export function rulesOf(object: KubernetesObject): Rule[] {
  const { metadata = {}, spec, specs } = object as KubernetesObject & { spec?: Fields; specs?: Fields[] };
  const place = [metadata.namespace, metadata.name].filter(Boolean).join("/");
  const policy = `${object.kind} ${place}`;
  switch (object.kind) {
    case "NetworkPolicy":
      return networkPolicy(policy, metadata.namespace ?? "default", spec ?? {});
    case "CiliumNetworkPolicy":
    case "CiliumClusterwideNetworkPolicy": {
      const namespace = object.kind === "CiliumNetworkPolicy" ? (metadata.namespace ?? "default") : undefined;
      const all = [...(spec ? [spec] : []), ...(specs ?? [])];
      if (all.length === 0) throw new Error(`${policy}: spec must be there; Cilium refuses a policy without`);
      return all.flatMap((one) => ciliumPolicy(policy, namespace, one));
    }
    default:
      return [];
  }
}

/** Throws on a field outside the list: guessing what it does would make the answer worthless. */
function only(policy: string, where: string, fields: Fields, known: readonly string[]): void {
  const stranger = Object.keys(fields).find((key) => !known.includes(key) && fields[key] !== undefined);
  if (stranger === undefined) return;
  throw new Error(
    `${policy}: ${where}.${stranger} is not understood here (only ${known.join(", ")}); ` +
      "ask Cilium's own engine about this policy",
  );
}

// --- Kubernetes' own kind ---

function networkPolicy(policy: string, namespace: string, spec: Fields): Rule[] {
  only(policy, "spec", spec, ["podSelector", "policyTypes", "ingress", "egress"]);
  const types = (spec.policyTypes ?? []) as string[];
  const subject = podsOf(policy, namespace, (spec.podSelector ?? {}) as Fields);
  const rule = (direction: Rule["direction"], peer: Matcher, ports: PortMatcher): Rule => ({
    policy,
    direction,
    deny: false,
    closes: true,
    subject,
    peer,
    ports,
    proxied: false,
  });
  const section = (direction: Rule["direction"], peers: "from" | "to"): Rule[] =>
    ((spec[direction] ?? []) as Fields[]).flatMap((one) => {
      only(policy, `spec.${direction}`, one, [peers, "ports"]);
      const ports = kubernetesPorts(policy, (one.ports ?? []) as Fields[]);
      const list = (one[peers] ?? []) as Fields[];
      if (list.length === 0) return [rule(direction, ANYTHING, ports)];
      return list.map((peer) => rule(direction, kubernetesPeer(policy, namespace, peer), ports));
    });
  // A section that policyTypes leaves out is enforced all the same.
  const ingress = section("ingress", "from");
  const egress = section("egress", "to");
  const closed = (direction: Rule["direction"]): Rule => rule(direction, NOTHING, ANY_PORT);
  return [
    ...ingress,
    ...egress,
    ...(ingress.length === 0 && (types.includes("Ingress") || !types.includes("Egress"))
      ? [closed("ingress")]
      : []),
    ...(egress.length === 0 && types.includes("Egress") ? [closed("egress")] : []),
  ];
}

function kubernetesPeer(policy: string, namespace: string, peer: Fields): Matcher {
  only(policy, "peer", peer, ["podSelector", "namespaceSelector", "ipBlock"]);
  if (peer.ipBlock) {
    const block = peer.ipBlock as Fields;
    only(policy, "ipBlock", block, ["cidr", "except"]);
    return range(block.cidr as string, (block.except ?? []) as string[]);
  }
  const pods = selector(policy, (peer.podSelector ?? {}) as Fields, (key) => [`k8s:${key}`]);
  if (!peer.namespaceSelector) return podsOf(policy, namespace, (peer.podSelector ?? {}) as Fields);
  const namespaces = selector(policy, peer.namespaceSelector as Fields, (key) => [
    `k8s:io.cilium.k8s.namespace.labels.${key}`,
  ]);
  return (end) => isPod(end) && namespaces(end) && pods(end);
}

function podsOf(policy: string, namespace: string, fields: Fields): Matcher {
  const pods = selector(policy, fields, (key) => [`k8s:${key}`]);
  return (end) => isPod(end) && end.labels.get(NAMESPACE_NAME) === namespace && pods(end);
}

function kubernetesPorts(policy: string, ports: readonly Fields[]): PortMatcher {
  if (ports.length === 0) return ANY_PORT;
  const each = ports.map((one) => {
    only(policy, "ports", one, ["port", "endPort", "protocol"]);
    return portMatcher(
      policy,
      one.port ?? 0,
      one.endPort as number | undefined,
      (one.protocol ?? "TCP") as string,
    );
  });
  return (port, protocol) => each.some((matches) => matches(port, protocol));
}

// --- Cilium's kinds ---

const PEERS: Readonly<Record<string, readonly string[]>> = {
  ingress: ["fromEndpoints", "fromEntities", "fromCIDR", "fromCIDRSet"],
  egress: ["toEndpoints", "toEntities", "toCIDR", "toCIDRSet", "toFQDNs"],
};

function ciliumPolicy(policy: string, namespace: string | undefined, spec: Fields): Rule[] {
  const sections = ["ingress", "ingressDeny", "egress", "egressDeny"];
  only(policy, "spec", spec, ["description", "labels", "endpointSelector", "enableDefaultDeny", ...sections]);
  if (!sections.some((one) => spec[one] !== undefined))
    throw new Error(`${policy}: a rule must have a section; Cilium refuses one without`);
  const subject = subjectOf(policy, namespace, (spec.endpointSelector ?? {}) as Fields);
  const closes = (spec.enableDefaultDeny ?? {}) as Readonly<Record<string, boolean | undefined>>;
  only(policy, "spec.enableDefaultDeny", closes, ["ingress", "egress"]);
  // An empty section does nothing, default deny or not.
  return sections.flatMap((section) => {
    const direction = section.replace("Deny", "") as Rule["direction"];
    const deny = section.endsWith("Deny");
    return ((spec[section] ?? []) as Fields[]).flatMap((one): Rule[] => {
      const peers = PEERS[direction]!.filter((key) => !deny || key !== "toFQDNs");
      only(policy, `spec.${section}`, one, [...peers, "toPorts"]);
      const named = peers.filter((key) => one[key] !== undefined);
      if (named.length > 1)
        throw new Error(`${policy}: ${named.join(" and ")} stand in one rule; Cilium refuses that`);
      const toPorts = (one.toPorts ?? []) as Fields[];
      const peer =
        named.length === 1
          ? peerOf(policy, namespace, named[0]!, one[named[0]!] as unknown[])
          : toPorts.length > 0
            ? ANYTHING
            : NOTHING;
      const rule = { policy, direction, deny, closes: closes[direction] ?? true, subject, peer };
      if (toPorts.length === 0) return [{ ...rule, ports: ANY_PORT, proxied: false }];
      return toPorts.map((entry) => ({ ...rule, ...ciliumPorts(policy, entry, direction, deny) }));
    });
  });
}

function subjectOf(policy: string, namespace: string | undefined, fields: Fields): Matcher {
  const matches = ciliumSelector(policy, fields);
  if (namespace === undefined) return (end) => isPod(end) && matches(end);
  const keys = selectorKeys(fields);
  if (keys.some((key) => key.includes("io.cilium.k8s.namespace.labels.")))
    throw new Error(`${policy}: labels of namespaces select in the clusterwide kind only`);
  if (keys.some((key) => key.endsWith("io.kubernetes.pod.namespace")))
    throw new Error(`${policy}: endpointSelector must not name a namespace; a policy selects in its own`);
  return (end) => isPod(end) && end.labels.get(NAMESPACE_NAME) === namespace && matches(end);
}

function peerOf(
  policy: string,
  namespace: string | undefined,
  kind: string,
  list: readonly unknown[],
): Matcher {
  const matchers = list.map((one) => {
    switch (kind.replace(/^(from|to)/, "")) {
      case "Endpoints":
        return endpoints(policy, namespace, one as Fields);
      case "Entities":
        return entity(policy, one as string);
      case "CIDR":
        return range(one as string, []);
      case "CIDRSet": {
        const set = one as Fields;
        only(policy, kind, set, ["cidr", "except"]);
        return range(set.cidr as string, (set.except ?? []) as string[]);
      }
      default:
        return name(policy, one as Fields);
    }
  });
  return (end) => matchers.some((matches) => matches(end));
}

/**
 * Pods, but for a selector of Cilium's own `reserved:` labels, which takes whatever carries them. One that only says what
 * must not be there takes everything, because Cilium's aggregates of identities carry no labels: not what it says.
 */
function endpoints(policy: string, namespace: string | undefined, fields: Fields): Matcher {
  const matches = ciliumSelector(policy, fields);
  const keys = selectorKeys(fields);
  if (keys.some((key) => key.startsWith("reserved:"))) {
    const expressions = (fields.matchExpressions ?? []) as Requirement[];
    if (
      fields.matchLabels !== undefined ||
      expressions.some(({ operator }) => /^(In|Exists)$/.test(operator))
    )
      return matches;
    throw new Error(
      `${policy}: a selector on 'reserved:' labels must say what is there, not only what is not`,
    );
  }
  const saysNamespace = keys.some(
    (key) => key.endsWith("io.kubernetes.pod.namespace") || key.includes("io.cilium.k8s.namespace.labels."),
  );
  return (end) =>
    isPod(end) &&
    (saysNamespace || namespace === undefined || end.labels.get(NAMESPACE_NAME) === namespace) &&
    matches(end);
}

const has =
  (label: string): Matcher =>
  ({ labels }) =>
    labels.has(`reserved:${label}`);

/** Entities. Those of Cilium's own pods have no end here. */
const ENTITIES: Readonly<Record<string, Matcher>> = {
  all: ANYTHING,
  // One of the three, by whether Cilium runs with IPv6.
  world: (end) => ["world", "world-ipv4", "world-ipv6"].some((label) => has(label)(end)),
  host: has("host"),
  "remote-node": has("remote-node"),
  "kube-apiserver": has("kube-apiserver"),
  cluster: (end) => isPod(end) || end.kind === "node" || has("kube-apiserver")(end),
  health: NOTHING,
  ingress: NOTHING,
  init: NOTHING,
  none: NOTHING,
  unmanaged: NOTHING,
};

function entity(policy: string, text: string): Matcher {
  const matches = ENTITIES[text];
  if (!matches) throw new Error(`${policy}: entity '${text}' is not understood here`);
  return matches;
}

/** Addresses only: a range that holds a node's or a pod's address does not match it. */
function range(cidr: string, except: readonly string[]): Matcher {
  const inside = rangeOf(cidr);
  const outside = except.map(rangeOf);
  return ({ kind, ip }) => kind === "address" && inside(ip!) && !outside.some((part) => part(ip!));
}

function name(policy: string, fields: Fields): Matcher {
  only(policy, "toFQDNs", fields, ["matchName", "matchPattern"]);
  const text = ((fields.matchName ?? fields.matchPattern) as string).toLowerCase().replace(/\.$/, "");
  const pattern =
    fields.matchName !== undefined
      ? escape(text)
      : text === "*"
        ? ".*"
        : text.split("*").map(escape).join("[-a-z0-9_]*");
  const matches = new RegExp(`^${pattern}$`);
  return ({ kind, names }) => kind === "address" && names.some((one) => matches.test(one.toLowerCase()));
}

function escape(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}

function ciliumPorts(
  policy: string,
  entry: Fields,
  direction: string,
  deny: boolean,
): { ports: PortMatcher; proxied: boolean } {
  only(policy, "toPorts", entry, deny ? ["ports"] : ["ports", "rules"]);
  const rules = (entry.rules ?? {}) as Fields;
  only(policy, "toPorts.rules", rules, direction === "egress" ? ["dns"] : []);
  const list = (entry.ports ?? []) as Fields[];
  const each = list.map((one) => {
    only(policy, "toPorts.ports", one, ["port", "endPort", "protocol"]);
    return portMatcher(
      policy,
      one.port,
      one.endPort as number | undefined,
      (one.protocol ?? "ANY") as string,
    );
  });
  return {
    ports: each.length === 0 ? ANY_PORT : (port, protocol) => each.some((matches) => matches(port, protocol)),
    proxied: rules.dns !== undefined,
  };
}

// --- both ---

function portMatcher(policy: string, first: unknown, last: number | undefined, its: string): PortMatcher {
  const from = Number(first);
  if (!Number.isInteger(from))
    throw new Error(`${policy}: port '${String(first)}' is a name, which is not understood here`);
  const to = last ?? from;
  return (port, protocol) =>
    (its === "ANY" || its === protocol) && (from === 0 || (port >= from && port <= to));
}

function selectorKeys({ matchLabels, matchExpressions }: Fields): string[] {
  return [
    ...Object.keys((matchLabels ?? {}) as Fields),
    ...((matchExpressions ?? []) as { key: string }[]).map(({ key }) => key),
  ];
}

/** Keys of Cilium's selectors: with a source, or of any source. */
function ciliumSelector(policy: string, fields: Fields): Matcher {
  return selector(policy, fields, (key) => {
    const [, source, rest] = /^(k8s|reserved|any):(.*)$/.exec(key) ?? [];
    if (source === undefined && key.includes(":"))
      throw new Error(`${policy}: the source of label '${key}' is not understood here`);
    if (source === undefined || source === "any") return [`k8s:${rest ?? key}`, `reserved:${rest ?? key}`];
    return [key];
  });
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

function selector(policy: string, fields: Fields, keysOf: (key: string) => string[]): Matcher {
  only(policy, "selector", fields, ["matchLabels", "matchExpressions"]);
  const wanted: Requirement[] = [
    ...Object.entries((fields.matchLabels ?? {}) as Record<string, string>).map(([key, value]) => ({
      key,
      operator: "In",
      values: [value],
    })),
    ...((fields.matchExpressions ?? []) as Requirement[]),
  ];
  const each = wanted.map(({ key, operator, values = [] }): Matcher => {
    if (key.includes("io.cilium.k8s.policy.cluster"))
      throw new Error(`${policy}: selecting on a cluster is not understood here`);
    const keys = keysOf(key);
    const value = ({ labels }: End): string | undefined =>
      keys.map((one) => labels.get(one)).find((v) => v !== undefined);
    switch (operator) {
      case "In":
        return (end) => values.includes(value(end) ?? "\0");
      case "NotIn":
        return (end) => !values.includes(value(end) ?? "\0");
      case "Exists":
        return (end) => value(end) !== undefined;
      case "DoesNotExist":
        return (end) => value(end) === undefined;
      default:
        throw new Error(`${policy}: operator '${operator}' is not understood here`);
    }
  });
  return (end) => each.every((matches) => matches(end));
}
