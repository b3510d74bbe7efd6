// The form of an attack: data that a runner sends to a live API server, and whose answer it judges.
import type { KubernetesObject } from "../core/manifest-release";
import type { TenantView } from "./tenant-view";

/** Whom a request comes from. What each may do before a control looks is said once, here. */
export class Attacker {
  /** The tenant's syncer: `vc-<name>` with the Role of the vCluster chart. Whoever took over the virtual control plane. */
  public static readonly SYNCER = new Attacker("syncer", "the tenant's syncer", ({ tenant }) =>
    syncerOf(tenant),
  );

  /** The account the tenant's pods run as: no Role at all. */
  public static readonly WORKLOAD = new Attacker("workload", "a pod of the tenant", ({ tenant }) => ({
    namespace: tenant.namespace,
    account: `vc-workload-${tenant.name}`,
  }));

  /** Another tenant's syncer, against this tenant's namespace. */
  public static readonly NEIGHBOUR = new Attacker("neighbour", "another tenant's syncer", ({ neighbour }) =>
    syncerOf(neighbour),
  );

  /** The syncer of a tenant whose name begins with this tenant's. */
  public static readonly LOOKALIKE = new Attacker(
    "lookalike",
    "the syncer of a tenant with a confusable name",
    ({ lookalike }) => syncerOf(lookalike),
  );

  /** No certificate, no token. */
  public static readonly NOBODY = new Attacker("nobody", "a client without credentials", () => undefined);

  /**
   * In the platform team, no administrator: Kubernetes' own ClusterRole `edit`, bound in the tenant's namespace. A
   * service account stands for the person, so that requests carry credentials of its own.
   */
  public static readonly DEVELOPER = new Attacker(
    "developer",
    "a platform developer who is no administrator",
    () => ({ namespace: PERSONAS, account: "developer" }),
  );

  /**
   * Everything by RBAC, and no administrator of the platform: a tool's account, or one that was stolen. Who may write
   * admission policies can take every rule away; RBAC alone protects those.
   */
  public static readonly OPERATOR = new Attacker(
    "operator",
    "an account with cluster-admin that is no administrator of the platform",
    () => ({ user: OPERATOR_USER, groups: ["system:authenticated"] }),
  );

  /** One of the platform's administrators: for what must stay possible. */
  public static readonly ADMINISTRATOR = new Attacker(
    "administrator",
    "an administrator of the host",
    ({ administrators: { users, groups } }) => ({
      user: users[0] ?? "administrator",
      groups: [...groups, "system:authenticated"],
    }),
  );

  /** Kubernetes' own controller that makes the pods of StatefulSets. */
  public static readonly CONTROLLER = new Attacker(
    "controller",
    "Kubernetes' StatefulSet controller",
    () => ({
      user: "system:serviceaccount:kube-system:statefulset-controller",
      groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
    }),
  );

  private constructor(
    public readonly id: string,
    /** For tables. */
    public readonly label: string,
    /** As the API server knows it; undefined for a request without credentials. */
    public readonly identity: (context: AttackContext) => Identity | undefined,
  ) {}

  public toString(): string {
    return this.label;
  }
}

/** The user that has ClusterRole `cluster-admin` and is no administrator. */
export const OPERATOR_USER = "tenclave-attack-operator";

/** Namespace of the service accounts that stand for persons. */
export const PERSONAS = "tenclave-attack";

/** A service account, who gets a token of its own, or a user whom the runner impersonates. */
export type Identity =
  | { readonly namespace: string; readonly account: string }
  | { readonly user: string; readonly groups: readonly string[] };

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
  /** A tenant made up by the runner whose name begins with this one's: `acme-x` beside `acme`. */
  readonly lookalike: TenantView;
  /** RuntimeClasses of the host, the tenant's own among them. */
  readonly runtimeClasses: readonly string[];
  readonly administrators: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /** What the tenant's quotas allow, like `pods: "22"`. */
  readonly quota: Readonly<Record<string, string>>;
  /** Namespace of the guardrails' Helm records. */
  readonly platformNamespace: string;
  /** True where the releases were installed by Helm, so that its records are there. */
  readonly helm: boolean;
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
  /** Warnings it sends along. */
  readonly warnings: readonly string[];
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
  readonly request: (context: AttackContext, index: number) => AttackRequest;
  /**
   * Sends it so often for real, until one is refused; `index` tells them apart, and what was made is removed.
   * @default - once, as a dry run
   */
  readonly times?: (context: AttackContext) => number;
}

function syncerOf({ name, namespace }: TenantView): Identity {
  return { namespace, account: `vc-${name}` };
}
