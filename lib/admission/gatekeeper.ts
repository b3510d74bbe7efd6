// Rules as Gatekeeper's ConstraintTemplates with the CEL engine, and a constraint of each: the second engine.
//
// A constraint matches kinds and namespaces only. Operation, resource, subresource and API version go into the CEL,
// generated from the same matches that a ValidatingAdmissionPolicy takes as they are.
import type { KubernetesObject } from "../core/manifest-release";
import { LABELS } from "../core/names";
import { kindOf, withTwins, type Kind } from "./resource-kinds";
import { conditionsOf, policyName, validationsOf, variablesOf } from "./policies";
import { list, text } from "./cel";
import {
  RuleScope,
  type Administrators,
  type AdmissionRule,
  type ResourceMatch,
  type Validation,
} from "./rule";

/** First version whose webhook hands the namespace to CEL: `namespaceObject` is null before. */
export const GATEKEEPER_MIN_VERSION = "3.22.0";

const CONSTRAINTS_GROUP = "constraints.gatekeeper.sh";

/** Requests as CEL knows them. An empty subresource is absent, not empty. */
const RESOURCE =
  "(request.resource.group + '/' + request.resource.resource + " +
  "(has(request.subResource) && request.subResource != '' ? '/' + request.subResource : ''))";

/** The kind of a rule's constraint. Shape: `TenclaveNodeName`. */
export function constraintKind(rule: AdmissionRule): string {
  const words = ["tenclave", ...rule.id.split("-")];
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/**
 * The definitions of the constraints' kinds and the templates that carry the rules.
 *
 * Gatekeeper makes the definitions itself, some time after it has seen a template. They are here so that constraints can
 * follow without waiting for it; it takes each over and puts its own schema in.
 */
export function constraintTemplates(
  rules: readonly AdmissionRule[],
  platform: Administrators,
): KubernetesObject[] {
  return [...rules.map(definition), ...rules.map((rule) => template(rule, platform))];
}

/** The constraints: they need the definitions. */
export function constraints(rules: readonly AdmissionRule[]): KubernetesObject[] {
  return rules.map(constraint);
}

function definition(rule: AdmissionRule): KubernetesObject {
  const kind = constraintKind(rule);
  const plural = kind.toLowerCase();
  const version = (name: string, storage: boolean) => ({
    name,
    served: true,
    storage,
    subresources: { status: {} },
    schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
  });
  const object = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${CONSTRAINTS_GROUP}`, labels: { "gatekeeper.sh/constraint": "yes" } },
    spec: {
      group: CONSTRAINTS_GROUP,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: plural,
        categories: ["constraint", "constraints"],
      },
      scope: "Cluster",
      versions: [version("v1beta1", true), version("v1alpha1", false)],
    },
  };
  return object;
}

function template(rule: AdmissionRule, platform: Administrators): KubernetesObject {
  const kind = constraintKind(rule);
  const variables = variablesOf(rule);
  const object = {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    // Gatekeeper takes no other name.
    metadata: { name: kind.toLowerCase() },
    spec: {
      crd: { spec: { names: { kind } } },
      targets: [
        {
          target: "admission.k8s.gatekeeper.sh",
          code: [
            {
              engine: "K8sNativeValidation",
              source: {
                failurePolicy: "Fail",
                // A second engine beside the first would answer twice, and not see what the webhook sees.
                generateVAP: false,
                // Singular: Gatekeeper ignores `matchConditions`.
                matchCondition: [
                  { name: "request", expression: anyOf(rule.matches.map(asked)) },
                  ...conditionsOf(rule, platform),
                ],
                ...(variables.length > 0 ? { variables } : {}),
                validations: [...knownVersions(rule), ...knownNamespace(rule), ...validationsOf(rule)].map(
                  ({ expression, message, messageExpression }) => ({
                    expression,
                    message,
                    ...(messageExpression ? { messageExpression } : {}),
                  }),
                ),
              },
            },
          ],
        },
      ],
    },
  };
  return object;
}

function constraint(rule: AdmissionRule): KubernetesObject {
  const kinds = matchedKinds(rule);
  const tenants = { matchExpressions: [{ key: LABELS.tenant, operator: "Exists" }] };
  const object = {
    apiVersion: `${CONSTRAINTS_GROUP}/v1beta1`,
    kind: constraintKind(rule),
    metadata: { name: policyName(rule) },
    spec: {
      enforcementAction: "deny",
      match: {
        ...(kinds ? { kinds: kinds.map(({ group, kind }) => ({ apiGroups: [group], kinds: [kind] })) } : {}),
        ...(rule.scope === RuleScope.TENANT_NAMESPACES ? { namespaceSelector: tenants } : {}),
      },
    },
  };
  return object;
}

/** Kinds a rule's requests carry; undefined, which is every kind, as soon as one of them is not known. */
function matchedKinds(rule: AdmissionRule): readonly Kind[] | undefined {
  const kinds = new Map<string, Kind>();
  for (const resource of rule.matches.flatMap(resourcesOf).flatMap(withTwins)) {
    const kind = kindOf(resource);
    if (!kind) return undefined;
    kinds.set(`${kind.group}/${kind.kind}`, kind);
  }
  return [...kinds.values()];
}

/** A match's resources as `<group>/<resource>`. */
function resourcesOf({
  apiGroups,
  resources,
}: Pick<ResourceMatch, "apiGroups" | "resources">): readonly string[] {
  return apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`));
}

/** CEL: the request is one of this match, in whatever version, and in the group of a twin, too. */
export function asked(match: Omit<ResourceMatch, "apiVersions">): string {
  return `request.operation in ${list(match.operations)} && ${oneOf(resourcesOf(match).flatMap(withTwins))}`;
}

/**
 * A policy gets its object converted into a version it names; Gatekeeper gets what was sent, and a rule would look for
 * fields where they are not. So other versions are refused.
 */
function knownVersions({ matches }: AdmissionRule): readonly Validation[] {
  if (matches.some(({ apiVersions }) => apiVersions.includes("*"))) return [];
  const known = matches.map(
    (match) => `request.resource.version in ${list(match.apiVersions)} && ${oneOf(resourcesOf(match))}`,
  );
  const versions = matches.flatMap(({ apiGroups, apiVersions }) =>
    apiGroups.flatMap((group) => apiVersions.map((version) => (group ? `${group}/${version}` : version))),
  );
  const named = [...new Set(versions)].join(", ");
  return [
    { expression: anyOf(known), message: `this object must be written in API version ${named}; convert it` },
  ];
}

/**
 * A rule takes a missing parameter as an empty one where it may be missing; from a Gatekeeper that hands over no namespace,
 * every parameter is missing. So such a rule refuses there.
 */
function knownNamespace(rule: AdmissionRule): readonly Validation[] {
  const cel = [...variablesOf(rule), ...validationsOf(rule)].map(({ expression }) => expression).join();
  if (rule.scope !== RuleScope.TENANT_NAMESPACES || !cel.includes("namespaceObject")) return [];
  return [
    {
      expression: `${text(LABELS.tenant)} in namespaceObject.metadata.labels`,
      message: `Gatekeeper must be ${GATEKEEPER_MIN_VERSION} or later; upgrade it`,
    },
  ];
}

/** CEL: the request's resource is one of these, with the wildcards that webhooks and policies know. */
function oneOf(resources: readonly string[]): string {
  const plain = resources.filter((resource) => !resource.includes("*"));
  const patterns = resources.filter((resource) => resource.includes("*")).map(pattern);
  return anyOf([
    ...(plain.length > 0 ? [`${RESOURCE} in ${list(plain)}`] : []),
    ...patterns.map((regex) => `${RESOURCE}.matches(${text(regex)})`),
  ]);
}

/** `*` alone is every resource without its subresources, `*` + `/*` everything. */
function pattern(resource: string): string {
  const [group, ...parts] = resource.split("/");
  const any = (part: string) => (part === "*" ? "[^/]+" : part.replace(/\./g, "[.]"));
  const path = parts.join("/") === "*/*" ? ".+" : parts.map(any).join("/");
  return `^${group === "*" ? "[^/]*" : any(group!)}/${path}$`;
}

/** CEL: one of these at least. */
export function anyOf(expressions: readonly string[]): string {
  return expressions.length === 1 ? expressions[0]! : expressions.map((one) => `(${one})`).join(" || ");
}
