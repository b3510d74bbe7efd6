// Who may talk to whom, from the objects of synthesized stacks: for CI without Cilium's own engine.
import { endsOf, type End, type FenceCluster, type Flow, type FlowVerdict } from "./fence-cluster";
import { rulesOf, type Rule } from "./fence-rules";

/**
 * Network policies of a cluster, to be asked about flows.
 *
 * Understands NetworkPolicies, CiliumNetworkPolicies and CiliumClusterwideNetworkPolicies as Cilium 1.20 enforces them:
 * labels, entities, ranges, names, ports, DNS rules, denies. Throws on any field beyond rather than guess. The lane
 * `fence` holds it against Cilium's own engine.
 *
 * Not modelled: answers (those of an allowed flow always pass), Services (ask for the pod behind), named ports, ICMP.
 */
export class Fence {
  private readonly ends: ReadonlyMap<string, End>;
  private readonly rules: readonly Rule[];
  /** Rules that select an end, and those of them that name a peer: the same for every port. */
  private readonly found = new Map<string, readonly Rule[]>();

  /** Throws on a policy with a field that is not understood, on two ends of one id, and on a pod without its namespace. */
  public constructor(cluster: FenceCluster) {
    this.ends = endsOf(cluster);
    this.rules = cluster.objects.flatMap(rulesOf);
  }

  /** Whether a flow passes. Throws on an end that the cluster lacks. */
  public verdict({ from, to, port, protocol }: Flow): FlowVerdict {
    const sender = this.end(from);
    const receiver = this.end(to);
    const egress = this.side("egress", sender, receiver, port, protocol);
    const ingress = this.side("ingress", receiver, sender, port, protocol);
    return {
      allowed: egress.allowed && ingress.allowed,
      egress: egress.allowed,
      ingress: ingress.allowed,
      proxied: egress.allowed && egress.proxied,
      by: [...egress.by, ...ingress.by],
    };
  }

  /** True when a flow passes. */
  public allows(flow: Flow): boolean {
    return this.verdict(flow).allowed;
  }

  private end(id: string): End {
    const end = this.ends.get(id);
    if (end) return end;
    throw new Error(`no end '${id}' in this cluster; there are ${[...this.ends.keys()].join(", ")}`);
  }

  private once(key: string, find: () => readonly Rule[]): readonly Rule[] {
    const known = this.found.get(key) ?? find();
    this.found.set(key, known);
    return known;
  }

  private side(
    direction: Rule["direction"],
    subject: End,
    peer: End,
    port: number,
    protocol: string,
  ): { allowed: boolean; proxied: boolean; by: string[] } {
    const open = { allowed: true, proxied: false, by: [] };
    const shut = (rules: readonly Rule[]): ReturnType<Fence["side"]> => ({
      allowed: false,
      proxied: false,
      by: [...new Set(rules.map(({ policy }) => policy))],
    });
    // Nodes and addresses have no policy: the host firewall is off.
    if (subject.kind !== "pod") return open;
    const rules = this.once(JSON.stringify([direction, subject.id]), () =>
      this.rules.filter((rule) => rule.direction === direction && rule.subject(subject)),
    );
    const hits = this.once(JSON.stringify([direction, subject.id, peer.id]), () =>
      rules.filter((rule) => rule.peer(peer)),
    ).filter((rule) => rule.ports(port, protocol));
    const denies = hits.filter(({ deny }) => deny);
    if (denies.length > 0) return shut(denies);
    // A flow that one rule sends through the proxy and another does not goes through it.
    if (hits.length > 0) return { ...open, proxied: hits.some(({ proxied }) => proxied) };
    const closing = rules.filter(({ closes }) => closes);
    // The node a pod runs on always reaches it, unless a deny says otherwise: kubelets probe.
    if (closing.length === 0 || (direction === "ingress" && peer.local)) return open;
    return shut(closing);
  }
}
