// Who may talk to whom, from the objects of synthesized stacks: for CI without Cilium's own engine.
import { endsOf, type End, type FenceCluster, type Flow, type FlowVerdict } from "./fence-cluster";
import { FenceMemory, OPEN, type Sides } from "./fence-sides";
import type { KubernetesObject } from "../core/manifest-release";

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
  private readonly sides: ReadonlyMap<string, Sides>;

  /** Throws on a policy with a field that is not understood, on two ends of one id, and on a pod without its namespace. */
  public constructor(
    cluster: FenceCluster,
    private readonly ends: ReadonlyMap<string, End> = endsOf(cluster),
    private readonly memory: FenceMemory = new FenceMemory(),
  ) {
    const pods = [...ends.values()].filter(({ kind }) => kind === "pod");
    const read = cluster.objects.map((object) => memory.read(object));
    this.sides = new Map(
      pods.map((pod) => {
        const rules = read.flatMap((one) => one.selecting(pod));
        return [pod.id, { egress: memory.side("egress", rules), ingress: memory.side("ingress", rules) }];
      }),
    );
  }

  /** The same ends with other objects. Objects that stay are not read again: make a new Fence after changing one in place. */
  public with(objects: readonly KubernetesObject[]): Fence {
    return new Fence({ objects, namespaces: [], pods: [] }, this.ends, this.memory);
  }

  /** Pods that other rules select than in a fence made by `with`: flows between all others pass as they did. */
  public podsThatDiffer(other: Fence): ReadonlySet<string> {
    const differ = [...this.sides].filter(([id, { egress, ingress }]) => {
      const its = other.sides.get(id);
      return its?.egress !== egress || its.ingress !== ingress;
    });
    return new Set(differ.map(([id]) => id));
  }

  /** Whether a flow passes. Throws on an end that the cluster lacks. */
  public verdict({ from, to, port, protocol }: Flow): FlowVerdict {
    const sender = this.end(from);
    const receiver = this.end(to);
    // Nodes and addresses have no policy: the host firewall is off.
    const egress = this.sides.get(from)?.egress.answer(receiver, port, protocol) ?? OPEN;
    const ingress = this.sides.get(to)?.ingress.answer(sender, port, protocol) ?? OPEN;
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
}
