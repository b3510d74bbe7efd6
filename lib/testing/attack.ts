// The form of an attack: data that a runner sends to a live API server, and whose answer it judges.
import type { KubernetesObject } from "../core/manifest-release";
import type { TenantView } from "./tenant-view";

/** Whom a request comes from. What each may do before a control looks is said once, here. */
export class Attacker {
  /** The tenant's syncer: `vc-<name>` with the Role of the vCluster chart. Whoever took over the virtual control plane. */
  public static readonly SYNCER = new Attacker("syncer", "the tenant's syncer", ({ tenant }) => ({
    user: `system:serviceaccount:${tenant.namespace}:vc-${tenant.name}`,
    groups: serviceAccountGroups(tenant.namespace),
  }));

  /** The account the tenant's pods run as: no Role at all. */
  public static readonly WORKLOAD = new Attacker("workload", "a pod of the tenant", ({ tenant }) => ({
    user: `system:serviceaccount:${tenant.namespace}:vc-workload-${tenant.name}`,
    groups: serviceAccountGroups(tenant.namespace),
  }));

  /** Another tenant's syncer, against this tenant's namespace. */
  public static readonly NEIGHBOUR = new Attacker(
    "neighbour",
    "another tenant's syncer",
    ({ neighbour }) => ({
      user: `system:serviceaccount:${neighbour.namespace}:vc-${neighbour.name}`,
      groups: serviceAccountGroups(neighbour.namespace),
    }),
  );

  /** No certificate, no token. */
  public static readonly NOBODY = new Attacker("nobody", "a client without credentials", () => undefined);

  /** In the platform team, no administrator: Kubernetes' own ClusterRole `edit`, bound in the tenant's namespace. */
  public static readonly DEVELOPER = new Attacker(
    "developer",
    "a platform developer who is no administrator",
    () => ({
      user: "dev@example.com",
      groups: [DEVELOPERS, "system:authenticated"],
    }),
  );

  /** One of the platform's administrators: for what must stay possible. */
  public static readonly ADMINISTRATOR = new Attacker(
    "administrator",
    "an administrator of the host",
    (context) => ({
      user: context.administrators.users[0] ?? "admin@example.com",
      groups: [...context.administrators.groups, "system:authenticated"],
    }),
  );

  private constructor(
    public readonly id: string,
    /** For tables. */
    public readonly label: string,
    /** As the API server names it; undefined for a request without credentials. */
    public readonly identity: (context: AttackContext) => Identity | undefined,
  ) {}

  public toString(): string {
    return this.label;
  }
}

/** Group of the developers who are no administrators. */
export const DEVELOPERS = "tenclave:developers";

/** A requester as the API server sees it. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/**
 * What refuses a request. `rule:<id>` is an admission rule; `api-server` is what no object of ours switches on or off:
 * validation, immutable fields, size; `fence` is judged by Cilium, not here.
 */
export type Control =
  | `rule:${string}`
  | "pod-security"
  | "quota"
  | "limits"
  | "rbac"
  | "authentication"
  | "runtime-class"
  | "priority-class"
  | "api-server"
  | "fence";

/** What an attack meets: who it is against, and beside whom. */
export interface AttackContext {
  readonly tenant: TenantView;
  /** Another tenant of the host: the host's own where there is one, else one made up. */
  readonly neighbour: TenantView;
  /** RuntimeClasses of the host, the tenant's own among them. */
  readonly runtimeClasses: readonly string[];
  readonly administrators: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /** Namespace of the guardrails' Helm records. */
  readonly platformNamespace: string;
}

/** One request to the API server. */
export interface AttackRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the server's address, query included. The runner adds `dryRun=All` to what writes. */
  readonly path: string;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  /** @default - application/json; for PATCH application/merge-patch+json */
  readonly contentType?: string;
  /** Impersonation, for example. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Expected verdict. Harmless: the request passes and gains nothing; `shows` names what the answer would betray. */
export type Expectation =
  | "refused"
  | "allowed"
  | {
      /** Why nothing is gained, in words. */
      readonly harmless: string;
      /** What of the answer would be harm: empty when harmless. */
      readonly shows: (answer: Answer, context: AttackContext) => readonly string[];
    };

/** What the API server said. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** `message` of a Status, else the text. */
  readonly message: string;
  /** The parsed body. */
  readonly body: unknown;
}

/** An attack, or, with `expect: "allowed"`, what legitimate use looks like. */
export interface Attack {
  /** Unique, DNS-1123 label. Contract: docs and reports name it. */
  readonly id: string;
  readonly as: Attacker;
  /** What is tried, in a few words. */
  readonly does: string;
  /** What it would gain; of a legitimate request, who needs it. */
  readonly why: string;
  /** Ids of the multi-tenancy benchmarks it stands for. */
  readonly mtb?: readonly string[];
  readonly expect: Expectation;
  /**
   * Every control that refuses it alone: take all of them away and it gets through; leave one and it is refused by that
   * one. The weights are computed from it, so one control too many or too few fails the lane. Empty unless refused.
   */
  readonly stoppedBy: readonly Control[];
  /** What the answer says, where the control is `api-server`. @default - not looked at */
  readonly says?: RegExp;
  /** Where it makes sense. @default - everywhere */
  readonly when?: (context: AttackContext) => boolean;
  /**
   * Objects an administrator makes before and removes after. Equal objects of several attacks are made once, so that
   * quotas do not fill up.
   */
  readonly setup?: (context: AttackContext) => readonly KubernetesObject[];
  readonly request: (context: AttackContext) => AttackRequest;
}

function serviceAccountGroups(namespace: string): string[] {
  return ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
}
