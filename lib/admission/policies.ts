// Rules as ValidatingAdmissionPolicies: a policy and a binding each, or for those that share one; once per host, whatever
// the number of tenants.
import type { KubernetesObject } from "../core/manifest-release";
import { LABELS } from "../core/names";
import { parameterList } from "./parameters";
import { text } from "./cel";
import {
  Requesters,
  RuleScope,
  type Administrators,
  type AdmissionRule,
  type Validation,
  type Variable,
} from "./rule";

/** Name of the constraint of a rule, and of its policy and binding where it shares none. */
export function policyName(rule: AdmissionRule): string {
  return `tenclave-${rule.id}`;
}

/** Rules that are one policy, by its name. */
export function policyGroups(rules: readonly AdmissionRule[]): ReadonlyMap<string, readonly AdmissionRule[]> {
  const groups = new Map<string, AdmissionRule[]>();
  for (const rule of rules) {
    const name = rule.policy === undefined ? policyName(rule) : `tenclave-${rule.policy}`;
    groups.set(name, [...(groups.get(name) ?? []), rule]);
  }
  return groups;
}

/**
 * The objects of all rules for a host. Policies fail closed: an expression that cannot be evaluated refuses.
 * RBAC alone protects these objects: Kubernetes asks no policy about policies.
 */
export function admissionPolicies(
  rules: readonly AdmissionRule[],
  platform: Administrators,
): KubernetesObject[] {
  return [...policyGroups(rules)].flatMap(([name, group]) => [
    policy(name, group, platform),
    binding(name, group[0]!),
  ]);
}

/** What a rule asks before it binds: whom, and the rule's own conditions. */
export function conditionsOf(rule: AdmissionRule, platform: Administrators): readonly Variable[] {
  const requesters = rule.binds.condition(platform);
  return [
    ...(requesters === undefined ? [] : [{ name: "requester", expression: requesters }]),
    ...(rule.conditions ?? []),
  ];
}

/** Variables of a rule, with the tenant's exceptions where it takes any. */
export function variablesOf(rule: AdmissionRule): readonly Variable[] {
  return [...(rule.exception ? [parameterList("exceptions")] : []), ...(rule.variables ?? [])];
}

/** Validations of a rule; a tenant with an exception passes. */
export function validationsOf(rule: AdmissionRule): readonly Validation[] {
  if (!rule.exception) return rule.validations;
  return rule.validations.map((validation) => ({
    ...validation,
    expression: `${text(rule.id)} in variables.exceptions || (${validation.expression})`,
  }));
}

function policy(name: string, rules: readonly AdmissionRule[], platform: Administrators): KubernetesObject {
  const [first] = rules as [AdmissionRule];
  const shared = rules.length > 1 || first.policy !== undefined;
  const conditions = shared ? (first.conditions ?? []) : conditionsOf(first, platform);
  const variables = shared ? sharedVariables(rules, platform) : variablesOf(first);
  const validations = shared ? rules.flatMap(sharedValidations) : validationsOf(first);
  const object = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: first.matches.map(({ apiGroups, apiVersions, resources, operations }) => ({
          apiGroups,
          apiVersions,
          resources,
          operations,
        })),
      },
      ...(conditions.length > 0 ? { matchConditions: conditions } : {}),
      ...(variables.length > 0 ? { variables } : {}),
      validations: validations.map(({ expression, message, messageExpression }) => ({
        expression,
        message,
        ...(messageExpression ? { messageExpression } : {}),
      })),
    },
  };
  return object;
}

/** A variable that says whether a rule binds who asks: one for each kind of requesters, `allButThePlatform`. */
function requesterVariable({ label }: Requesters): string {
  return label.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** What rules of one policy say in it: whom each binds, and which of them speaks. */
function sharedValidations(rule: AdmissionRule): readonly Validation[] {
  const mark = `[${rule.id}] `;
  const free = rule.binds === Requesters.EVERYBODY ? "" : `!variables.${requesterVariable(rule.binds)} || `;
  return validationsOf(rule).map(({ expression, message, messageExpression }) => ({
    expression: free ? `${free}(${expression})` : expression,
    message: mark + message,
    ...(messageExpression ? { messageExpression: `${text(mark)} + (${messageExpression})` } : {}),
  }));
}

/** Variables of rules of one policy. The same name must mean the same. */
function sharedVariables(rules: readonly AdmissionRule[], platform: Administrators): readonly Variable[] {
  const all = rules.flatMap((rule) => {
    const condition = rule.binds.condition(platform);
    return [
      ...(condition === undefined ? [] : [{ name: requesterVariable(rule.binds), expression: condition }]),
      ...variablesOf(rule),
    ];
  });
  const byName = new Map<string, Variable>();
  for (const variable of all) {
    const other = byName.get(variable.name) ?? variable;
    if (other.expression !== variable.expression)
      throw new Error(`variable '${variable.name}' means two things in policy '${rules[0]!.policy}'`);
    byName.set(variable.name, variable);
  }
  return [...byName.values()];
}

/** Tenants' namespaces, or everything: then the rule's conditions say what. */
function binding(name: string, rule: AdmissionRule): KubernetesObject {
  const tenants = { namespaceSelector: { matchExpressions: [{ key: LABELS.tenant, operator: "Exists" }] } };
  const object = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: ["Deny"],
      ...(rule.scope === RuleScope.TENANT_NAMESPACES ? { matchResources: tenants } : {}),
    },
  };
  return object;
}
