// Rules as ValidatingAdmissionPolicies: one policy and one binding each, once per host, whatever the number of tenants.
import type { KubernetesObject } from "../core/manifest-release";
import { LABELS } from "../core/names";
import { parameterList } from "./parameters";
import {
  RuleScope,
  text,
  type AdmissionRule,
  type Administrators,
  type Validation,
  type Variable,
} from "./rule";

/** Name of a rule's policy and binding. */
export function policyName(rule: AdmissionRule): string {
  return `tenclave-${rule.id}`;
}

/**
 * The objects of all rules for a host. Policies fail closed: an expression that cannot be evaluated refuses.
 * RBAC alone protects these objects: Kubernetes asks no policy about policies.
 */
export function admissionPolicies(
  rules: readonly AdmissionRule[],
  platform: Administrators,
): KubernetesObject[] {
  return rules.flatMap((rule) => [policy(rule, platform), binding(rule)]);
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

function policy(rule: AdmissionRule, platform: Administrators): KubernetesObject {
  const conditions = conditionsOf(rule, platform);
  const variables = variablesOf(rule);
  const object = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: policyName(rule) },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: rule.matches.map(({ apiGroups, apiVersions, resources, operations }) => ({
          apiGroups,
          apiVersions,
          resources,
          operations,
        })),
      },
      ...(conditions.length > 0 ? { matchConditions: conditions } : {}),
      ...(variables.length > 0 ? { variables } : {}),
      validations: validationsOf(rule).map(({ expression, message, messageExpression }) => ({
        expression,
        message,
        ...(messageExpression ? { messageExpression } : {}),
      })),
    },
  };
  return object;
}

/** Tenants' namespaces, or everything: then the rule's conditions say what. */
function binding(rule: AdmissionRule): KubernetesObject {
  const tenants = { namespaceSelector: { matchExpressions: [{ key: LABELS.tenant, operator: "Exists" }] } };
  const object = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: policyName(rule) },
    spec: {
      policyName: policyName(rule),
      validationActions: ["Deny"],
      ...(rule.scope === RuleScope.TENANT_NAMESPACES ? { matchResources: tenants } : {}),
    },
  };
  return object;
}
