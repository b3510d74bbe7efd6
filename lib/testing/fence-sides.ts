// The two sides of a flow, each answered once: pods that the same rules select share their answers.
import type { KubernetesObject } from "../core/manifest-release";
import type { End } from "./fence-cluster";
import { rulesOf, type Rule } from "./fence-rules";

/** What one side says. */
export interface Answer {
  readonly allowed: boolean;
  readonly proxied: boolean;
  readonly by: readonly string[];
}

/** A pod's two sides. */
export interface Sides {
  readonly egress: Side;
  readonly ingress: Side;
}

export const OPEN: Answer = { allowed: true, proxied: false, by: [] };

function shut(rules: readonly Rule[]): Answer {
  return { allowed: false, proxied: false, by: [...new Set(rules.map(({ policy }) => policy))] };
}

/** Rules that select the same pods in one direction. */
export class Side {
  private readonly peers = new Map<End, { hits: readonly Rule[]; answers: Map<number, Answer> }>();

  public constructor(
    private readonly direction: Rule["direction"],
    private readonly rules: readonly Rule[],
    private readonly reaches: (rule: Rule, peer: End) => boolean,
  ) {}

  /** What it says of a peer and a port. */
  public answer(peer: End, port: number, protocol: "TCP" | "UDP"): Answer {
    let known = this.peers.get(peer);
    if (!known) {
      known = { hits: this.rules.filter((rule) => this.reaches(rule, peer)), answers: new Map() };
      this.peers.set(peer, known);
    }
    const key = port * 2 + (protocol === "TCP" ? 0 : 1);
    let answer = known.answers.get(key);
    if (!answer) {
      answer = this.decide(
        known.hits.filter((rule) => rule.ports(port, protocol)),
        peer,
      );
      known.answers.set(key, answer);
    }
    return answer;
  }

  private decide(hits: readonly Rule[], peer: End): Answer {
    const denies = hits.filter(({ deny }) => deny);
    if (denies.length > 0) return shut(denies);
    // A flow that one rule sends through the proxy and another does not goes through it.
    if (hits.length > 0) return { ...OPEN, proxied: hits.some(({ proxied }) => proxied) };
    const closing = this.rules.filter(({ closes }) => closes);
    // The node a pod runs on always reaches it, unless a deny says otherwise: kubelets probe.
    if (closing.length === 0 || (this.direction === "ingress" && peer.local)) return OPEN;
    return shut(closing);
  }
}

/** Rules of one object, and which of them select a pod. */
class Read {
  private readonly found = new Map<End, readonly Rule[]>();

  public constructor(private readonly rules: readonly Rule[]) {}

  public selecting(pod: End): readonly Rule[] {
    const known = this.found.get(pod) ?? this.rules.filter((rule) => rule.subject(pod));
    this.found.set(pod, known);
    return known;
  }
}

/** What fences of the same ends have found out. */
export class FenceMemory {
  private readonly objects = new Map<KubernetesObject, Read>();
  private readonly sides = new Map<string, Side>();
  private readonly numbers = new Map<Rule, number>();
  /** By the matcher, which the rules of one entry share. */
  private readonly reached = new Map<Rule["peer"], Map<End, boolean>>();

  /** Throws on a policy with a field that is not understood. */
  public read(object: KubernetesObject): Read {
    const known = this.objects.get(object) ?? new Read(rulesOf(object));
    this.objects.set(object, known);
    return known;
  }

  /** The side of those rules that have the direction; the same one for the same rules. */
  public side(direction: Rule["direction"], selecting: readonly Rule[]): Side {
    const rules = selecting.filter((rule) => rule.direction === direction);
    const key = `${direction} ${rules.map((rule) => this.number(rule)).join()}`;
    const known = this.sides.get(key) ?? new Side(direction, rules, (rule, peer) => this.reaches(rule, peer));
    this.sides.set(key, known);
    return known;
  }

  private number(rule: Rule): number {
    const known = this.numbers.get(rule) ?? this.numbers.size;
    this.numbers.set(rule, known);
    return known;
  }

  private reaches({ peer: matches }: Rule, peer: End): boolean {
    const found = this.reached.get(matches) ?? new Map<End, boolean>();
    this.reached.set(matches, found);
    const known = found.get(peer) ?? matches(peer);
    found.set(peer, known);
    return known;
  }
}
