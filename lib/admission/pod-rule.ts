// What rules about pods share: what they match, what an update leaves alone, and how they name containers.
import { text } from "./cel";
import { PODS } from "./matches";
import {
  Requesters,
  RuleScope,
  type AdmissionRule,
  type ResourceMatch,
  type Validation,
  type Variable,
} from "./rule";

/** All containers of the pod in `object`, of every kind. */
const CONTAINERS: Variable = {
  name: "containers",
  expression:
    "object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : []) + " +
    "(has(object.spec.ephemeralContainers) ? object.spec.ephemeralContainers : [])",
};

/** What a rule about pods states itself. */
export type PodRule = Omit<AdmissionRule, "scope" | "binds" | "matches"> & {
  /** @default Requesters.EVERYBODY */
  readonly binds?: Requesters;
};

/** Labels and annotations also change through `pods/status`, which takes the whole metadata but owner references. */
const POD_METADATA: ResourceMatch = {
  ...PODS,
  resources: ["pods", "pods/ephemeralcontainers", "pods/status"],
};

/**
 * True when an update leaves the spec alone. Such an update passes: a pod that was accepted under other parameters must
 * still lose its finalizers, or its namespace never goes.
 */
const SAME_SPEC: Variable = {
  name: "same",
  expression: "oldObject != null && object.spec == oldObject.spec",
};

const SAME_METADATA: Variable = {
  name: "same",
  expression:
    "oldObject != null && " +
    ["labels", "annotations"]
      .map((field) => `object.metadata.?${field}.orValue({}) == oldObject.metadata.?${field}.orValue({})`)
      .join(" && "),
};

/**
 * More labels or annotations than a pod has for a reason. Rules refuse it unread: the time an expression takes grows with
 * the square of what it looks through, seconds of the API server's at 9,000 annotations.
 */
const CROWD: Variable = {
  name: "crowd",
  expression: ["labels", "annotations"]
    .map((field) => `object.metadata.?${field}.orValue({}).size() > 256`)
    .join(" || "),
};
const CROWD_MESSAGE = "pods must carry 256 labels and 256 annotations at most; remove some";

/** A rule about what pods ask for, in tenants' namespaces. */
export function podRule(rule: PodRule): AdmissionRule {
  return completed(rule, "pods", PODS, SAME_SPEC);
}

/** A rule about labels and annotations of pods, in tenants' namespaces. */
export function podMetadataRule(rule: PodRule): AdmissionRule {
  const counted = rule.validations.map((validation) => ({
    ...validation,
    expression: `!variables.crowd && (${validation.expression})`,
    messageExpression: `variables.crowd ? ${text(CROWD_MESSAGE)} : (${validation.messageExpression ?? text(validation.message)})`,
  }));
  const crowded = { ...rule, validations: counted, variables: [CROWD, ...(rule.variables ?? [])] };
  return completed(crowded, "pod-metadata", POD_METADATA, SAME_METADATA);
}

/** A validation that holds for every container; the message names those that break it. `c` is the container. */
export function everyContainer(predicate: string, message: string): Validation {
  return {
    expression: `variables.containers.all(c, ${predicate})`,
    message,
    messageExpression:
      `${text(`${message} (containers: `)} + ` +
      `variables.containers.filter(c, !(${predicate})).map(c, c.name).join(', ') + ')'`,
  };
}

function completed(rule: PodRule, policy: string, match: ResourceMatch, same: Variable): AdmissionRule {
  const validations = rule.validations.map((validation) => ({
    ...validation,
    expression: `variables.same || (${validation.expression})`,
  }));
  const own = rule.variables ?? [];
  const needed = JSON.stringify([own, validations]).includes("variables.containers");
  return {
    ...rule,
    policy,
    scope: RuleScope.TENANT_NAMESPACES,
    binds: rule.binds ?? Requesters.EVERYBODY,
    matches: [match],
    variables: [same, ...(needed ? [CONTAINERS] : []), ...own],
    validations,
  };
}
