// The contract of an admission rule: data that two engines render, a ValidatingAdmissionPolicy or Gatekeeper.
import { list } from "./cel";

/** Requests a rule looks at, as admission matches them. Subresources by name: `pods/ephemeralcontainers`. */
export interface ResourceMatch {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
  /** CREATE, UPDATE, DELETE, CONNECT. Never `*`: each is meant. */
  readonly operations: readonly Operation[];
}

/** What a request does. A patch and an apply arrive as CREATE or UPDATE. */
export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** A named CEL expression, evaluated when it is used: `variables.<name>`. */
export interface Variable {
  readonly name: string;
  readonly expression: string;
}

/** A CEL expression that must be true, else the request is refused. An error in it refuses, too. */
export interface Validation {
  readonly expression: string;
  /** What the tenant's admin reads in an event: the rule in words and what to do. No value of a neighbour. */
  readonly message: string;
  /** CEL that yields the message with the value that was got. Falls back to `message`. @default - message alone */
  readonly messageExpression?: string;
}

/** Whom a rule binds. */
export class Requesters {
  /** Everybody in a tenant's namespace: the syncer, controllers, and the platform itself. */
  public static readonly EVERYBODY = new Requesters("everybody", () => undefined);

  /** Service accounts of tenants' namespaces, wherever they write. */
  public static readonly TENANTS = new Requesters(
    "tenants",
    () => "request.userInfo.groups.exists(g, g.startsWith('system:serviceaccounts:tenant-'))",
  );

  /** Everybody but the platform's administrators and Kubernetes' own controllers. */
  public static readonly ALL_BUT_PLATFORM = new Requesters("all but the platform", (platform) => {
    const groups = list([...KUBERNETES.groups, ...platform.groups]);
    const users = list([...KUBERNETES.users, ...platform.users]);
    return `!(request.userInfo.username in ${users} || request.userInfo.groups.exists(g, g in ${groups}))`;
  });

  private constructor(
    /** For tables: "binds tenants". */
    public readonly label: string,
    /** CEL that is true for those it binds; undefined for everybody. */
    public readonly condition: (platform: Administrators) => string | undefined,
  ) {}

  public toString(): string {
    return this.label;
  }
}

/** Who administers a host, as its API server names them. */
export interface Administrators {
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/**
 * What Kubernetes itself runs as, and the group that no authorizer stops.
 * SOURCE: Kubernetes 1.34, RBAC bootstrap policy and user package.
 */
const KUBERNETES: Administrators = {
  users: ["system:kube-controller-manager", "system:apiserver"],
  groups: ["system:masters", "system:serviceaccounts:kube-system"],
};

/** What of the cluster a rule covers. */
export class RuleScope {
  /** Objects in namespaces that carry the tenant label. */
  public static readonly TENANT_NAMESPACES = new RuleScope("tenants' namespaces");
  /** All objects of the kinds it matches, cluster-wide ones too. The rule's conditions say which. */
  public static readonly CLUSTER = new RuleScope("the cluster");

  private constructor(public readonly label: string) {}

  public toString(): string {
    return this.label;
  }
}

/** One rule, one file in `rules/`. */
export interface AdmissionRule {
  /** DNS-1123 label. Names the rule's policy (unless it shares one), a tenant's exception, and docs. Contract. */
  readonly id: string;
  /** What it refuses, in a few words, for tables. */
  readonly refuses: string;
  /**
   * Rules of one ValidatingAdmissionPolicy: the same scope, matches and conditions. The API server copies the object
   * four times for each policy it asks, which for pods costs more than all expressions. @default - one of its own
   */
  readonly policy?: string;
  /** Which page of the docs it stands on. */
  readonly family: RuleFamily;
  readonly scope: RuleScope;
  readonly binds: Requesters;
  readonly matches: readonly ResourceMatch[];
  /** Further CEL, all true, else the rule is not asked. @default - none */
  readonly conditions?: readonly Variable[];
  readonly variables?: readonly Variable[];
  readonly validations: readonly Validation[];
  /**
   * Why a tenant's file may ask for an exception: what the tenant then risks, and nobody else.
   * @default - no exception: the rule protects neighbours or the platform
   */
  readonly exception?: string;
  /** Where the danger is described, or was seen. */
  readonly source: string;
}

/** A docs page each. */
export type RuleFamily = "placement" | "pod" | "service" | "storage" | "image" | "platform" | "confidential";
