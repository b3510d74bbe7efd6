import { AdmissionEngine } from "../../lib/admission/engine";
import { constraintKind, constraints, constraintTemplates } from "../../lib/admission/gatekeeper";
import { gatekeeperValues, webhookCondition, webhookRules } from "../../lib/admission/gatekeeper-values";
import { kindOf, withTwins } from "../../lib/admission/resource-kinds";
import { admissionPolicies, policyName } from "../../lib/admission/policies";
import { PODS } from "../../lib/admission/matches";
import { Requesters, RuleScope, type AdmissionRule } from "../../lib/admission/rule";
import { ADMISSION_RULES } from "../../lib/admission/rules";
import { Release } from "../../lib/core/bindings/helm";
import type { KubernetesObject } from "../../lib/core/manifest-release";
import { EksHost } from "../../lib/aws";
import { PlatformStack } from "../../stacks/aws";
import { Template } from "../../lib/testing";
import { exampleHost } from "../support/host";
import { app, ATTRIBUTES } from "../support/scope";

const PLATFORM = { users: ["root@example.com"], groups: ["tenclave:platform"] };

/** A rule with everything a rule can have, changed by what a test is about. */
function rule(change: Partial<AdmissionRule> = {}): AdmissionRule {
  return {
    id: "no-kittens",
    refuses: "a pod with kittens",
    family: "pod",
    scope: RuleScope.TENANT_NAMESPACES,
    binds: Requesters.TENANTS,
    matches: [PODS],
    conditions: [{ name: "named", expression: "object.metadata.name != ''" }],
    variables: [{ name: "kittens", expression: "object.metadata.labels['kittens']" }],
    validations: [
      {
        expression: "variables.kittens == '0'",
        message: "no kittens",
        messageExpression: "'got ' + variables.kittens",
      },
    ],
    exception: "it may have kittens",
    source: "a test",
    ...change,
  };
}

/** The CEL of a rule's template. */
function source(subject: AdmissionRule): {
  matchCondition: { name: string; expression: string }[];
  variables?: { name: string; expression: string }[];
  validations: { expression: string; message: string }[];
} {
  const [, template] = constraintTemplates([subject], PLATFORM) as unknown as {
    spec: { targets: { code: { source: ReturnType<typeof source> }[] }[] };
  }[];
  return template!.spec.targets[0]!.code[0]!.source;
}

/** What a rule's constraint matches. */
function match(subject: AdmissionRule): unknown {
  const [constraint] = constraints([subject]) as unknown as { spec: { match: unknown } }[];
  return constraint!.spec.match;
}

describe("a rule for Gatekeeper", () => {
  const resource =
    "(request.resource.group + '/' + request.resource.resource + " +
    "(has(request.subResource) && request.subResource != '' ? '/' + request.subResource : ''))";

  test("is a template that holds the same CEL as the policy, and what a constraint cannot match", () => {
    const [, template] = constraintTemplates([rule()], PLATFORM);
    expect(template).toEqual({
      apiVersion: "templates.gatekeeper.sh/v1",
      kind: "ConstraintTemplate",
      metadata: { name: "tenclavenokittens" },
      spec: {
        crd: { spec: { names: { kind: "TenclaveNoKittens" } } },
        targets: [
          {
            target: "admission.k8s.gatekeeper.sh",
            code: [
              {
                engine: "K8sNativeValidation",
                source: {
                  failurePolicy: "Fail",
                  generateVAP: false,
                  matchCondition: [
                    {
                      name: "request",
                      expression:
                        "request.operation in ['CREATE', 'UPDATE'] && " +
                        `${resource} in ['/pods', '/pods/ephemeralcontainers']`,
                    },
                    {
                      name: "requester",
                      expression:
                        "request.userInfo.groups.exists(g, g.startsWith('system:serviceaccounts:tenant-'))",
                    },
                    { name: "named", expression: "object.metadata.name != ''" },
                  ],
                  variables: [
                    {
                      name: "exceptions",
                      expression: expect.stringContaining("'tenclave.dev/exceptions'") as string,
                    },
                    { name: "kittens", expression: "object.metadata.labels['kittens']" },
                  ],
                  validations: [
                    {
                      expression: `request.resource.version in ['v1'] && ${resource} in ['/pods', '/pods/ephemeralcontainers']`,
                      message: "this object must be written in API version v1; convert it",
                    },
                    {
                      expression: "'tenclave.dev/tenant' in namespaceObject.metadata.labels",
                      message: "Gatekeeper must be 3.22.0 or later; upgrade it",
                    },
                    {
                      expression: "'no-kittens' in variables.exceptions || (variables.kittens == '0')",
                      message: "no kittens",
                      messageExpression: "'got ' + variables.kittens",
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    });
  });

  test("is a constraint in tenants' namespaces", () => {
    expect(constraints([rule()])).toEqual([
      {
        apiVersion: "constraints.gatekeeper.sh/v1beta1",
        kind: "TenclaveNoKittens",
        metadata: { name: "tenclave-no-kittens" },
        spec: {
          enforcementAction: "deny",
          match: {
            kinds: [{ apiGroups: [""], kinds: ["Pod"] }],
            namespaceSelector: { matchExpressions: [{ key: "tenclave.dev/tenant", operator: "Exists" }] },
          },
        },
      },
    ]);
  });

  test("comes with the definition of its constraint's kind, open to what Gatekeeper makes of it", () => {
    const [definition] = constraintTemplates([rule()], PLATFORM);
    const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    expect(definition).toEqual({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: {
        name: "tenclavenokittens.constraints.gatekeeper.sh",
        labels: { "gatekeeper.sh/constraint": "yes" },
      },
      spec: {
        group: "constraints.gatekeeper.sh",
        names: {
          kind: "TenclaveNoKittens",
          listKind: "TenclaveNoKittensList",
          plural: "tenclavenokittens",
          singular: "tenclavenokittens",
          categories: ["constraint", "constraints"],
        },
        scope: "Cluster",
        versions: [
          { name: "v1beta1", served: true, storage: true, subresources: { status: {} }, schema },
          { name: "v1alpha1", served: true, storage: false, subresources: { status: {} }, schema },
        ],
      },
    });
  });

  test("that covers the cluster has no namespace selector", () => {
    expect(match(rule({ scope: RuleScope.CLUSTER }))).toEqual({
      kinds: [{ apiGroups: [""], kinds: ["Pod"] }],
    });
  });

  test("that binds everybody asks for the request only", () => {
    const { matchCondition } = source(rule({ binds: Requesters.EVERYBODY, conditions: [] }));
    expect(matchCondition.map(({ name }) => name)).toEqual(["request"]);
  });

  test("that binds all but the platform knows its administrators", () => {
    const { matchCondition } = source(rule({ binds: Requesters.ALL_BUT_PLATFORM }));
    expect(matchCondition[1]!.expression).toContain("'tenclave:platform'");
    expect(matchCondition[1]!.expression).toContain("'root@example.com'");
  });

  test("narrows by kind only as long as every kind is known: a kind left out would never be asked about", () => {
    const matches = [PODS, { ...PODS, apiGroups: ["cilium.io"], resources: ["ciliumnetworkpolicies"] }];
    expect(match(rule({ matches, scope: RuleScope.CLUSTER }))).toEqual({});
    expect(match(rule({ matches: [{ ...PODS, resources: ["*"] }], scope: RuleScope.CLUSTER }))).toEqual({});
  });

  test("takes the kind that a subresource's request carries", () => {
    const matches = [{ ...PODS, resources: ["pods/binding", "pods/eviction", "serviceaccounts/token"] }];
    expect(match(rule({ matches, scope: RuleScope.CLUSTER }))).toEqual({
      kinds: [
        { apiGroups: [""], kinds: ["Binding"] },
        { apiGroups: ["policy"], kinds: ["Eviction"] },
        { apiGroups: ["authentication.k8s.io"], kinds: ["TokenRequest"] },
      ],
    });
  });

  test("sees a resource under its other group, and refuses it there", () => {
    const events = rule({ matches: [{ ...PODS, resources: ["events"] }] });
    const [request] = source(events).matchCondition;
    expect(request!.expression).toContain("in ['/events', 'events.k8s.io/events']");
    const [version] = source(events).validations;
    expect(version!.expression).toContain("in ['/events']");
    // Its kind there is not in the table: the constraint must not narrow.
    expect(match(events)).not.toHaveProperty("kinds");
  });

  test.each([
    ["*", "^/[^/]+$"],
    ["*/*", "^/.+$"],
    ["pods/*", "^/pods/[^/]+$"],
    ["*/scale", "^/[^/]+/scale$"],
  ])("resource %s is one expression", (resources, regex) => {
    const [request] = source(rule({ matches: [{ ...PODS, resources: [resources] }] })).matchCondition;
    expect(request!.expression).toContain(`.matches('${regex}')`);
  });

  test("with several matches is asked by any of them, in the versions each names", () => {
    const matches = [PODS, { ...PODS, apiGroups: ["policy"], resources: ["poddisruptionbudgets"] }];
    const { matchCondition, validations } = source(rule({ matches }));
    expect(matchCondition[0]!.expression).toMatch(/^\(request.*\) \|\| \(request.*\)$/);
    expect(validations[0]!.message).toContain("v1, policy/v1;");
  });

  test("that takes every version has no check of the version", () => {
    const { validations } = source(rule({ matches: [{ ...PODS, apiVersions: ["*"] }] }));
    expect(validations.map(({ message }) => message)).not.toContainEqual(
      expect.stringContaining("API version"),
    );
  });

  test.each([
    ["reads no namespace", { exception: undefined }],
    ["covers the cluster, where there may be none", { scope: RuleScope.CLUSTER }],
  ])("that %s does not insist on one", (_, change) => {
    const { validations } = source(rule(change));
    expect(validations.map(({ message }) => message)).not.toContainEqual(
      expect.stringContaining("Gatekeeper"),
    );
  });
});

describe("all rules for Gatekeeper", () => {
  test("use nothing that its CEL has not, and none of its own names", () => {
    for (const subject of ADMISSION_RULES) {
      const { matchCondition, variables = [], validations } = source(subject);
      const cel = [...matchCondition, ...variables, ...validations]
        .map(({ expression }) => expression)
        .join("\n");
      expect(cel).not.toMatch(/\b(authorizer|params|variables\.(params|anyObject))\b/);
      // Gatekeeper empties it on requests about Namespaces, the API server does not.
      const aboutNamespaces =
        subject.matches.some(({ resources }) => resources.some((name) => /^(namespaces|\*)/.test(name))) &&
        !cel.includes("request.resource.resource != 'namespaces'");
      if (aboutNamespaces) expect(cel).not.toMatch(/request\.namespace\b/);
      for (const { name } of variables) expect(["params", "anyObject"]).not.toContain(name);
    }
  });

  test("ask in their conditions neither the namespace nor variables: both are missing there", () => {
    for (const subject of ADMISSION_RULES)
      for (const { expression } of source(subject).matchCondition)
        expect(expression).not.toMatch(/\b(namespaceObject|variables)\b/);
  });

  test("have kinds of their own, in 63 characters", () => {
    const kinds = ADMISSION_RULES.map((subject) => constraintKind(subject).toLowerCase());
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds.filter((kind) => kind.length > 63)).toEqual([]);
  });

  test("carry the policies' names", () => {
    expect(constraints(ADMISSION_RULES).map(({ metadata }) => metadata?.name)).toEqual(
      ADMISSION_RULES.map(policyName),
    );
  });
});

describe("the engine of the platform stack", () => {
  const host = EksHost.byAttributes(exampleHost(), ATTRIBUTES);

  /** Objects by Helm release, and what each release waits for. */
  function releases(admission?: AdmissionEngine): Record<string, { kinds: string[]; after: string[] }> {
    const stack = new PlatformStack(app(), "platform", { host, ...(admission ? { admission } : {}) });
    return Object.fromEntries(
      Template.of(stack)
        .all(Release)
        .map((release) => {
          const { objects } = JSON.parse((release.values as string[])[0]!) as { objects: KubernetesObject[] };
          const kinds = [...new Set(objects.map(({ kind }) => kind!))].sort();
          return [release.name as string, { kinds, after: (release.depends_on as string[]) ?? [] }];
        }),
    );
  }

  const namespace = "kubernetes_namespace_v1.Namespace";

  test("is the API server's own by default", () => {
    const found = releases();
    expect(found["tenclave-admission"]).toEqual({
      kinds: ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
      after: [namespace],
    });
    expect(found).not.toHaveProperty("tenclave-admission-templates");
    expect(releases(AdmissionEngine.VALIDATING_ADMISSION_POLICY)).toEqual(found);
  });

  test("Gatekeeper: definitions and templates, then constraints in the place of policies", () => {
    const found = releases(AdmissionEngine.GATEKEEPER);
    expect(found["tenclave-admission-templates"]).toEqual({
      kinds: ["ConstraintTemplate", "CustomResourceDefinition"],
      after: [namespace],
    });
    expect(found["tenclave-admission"]).toEqual({
      kinds: ADMISSION_RULES.map(constraintKind).sort(),
      after: [expect.stringContaining("AdmissionTemplates") as string],
    });
  });

  test("holds every rule in either", () => {
    const policies = admissionPolicies(ADMISSION_RULES, PLATFORM);
    const sayings = policies.flatMap((object) => {
      const { spec } = object as { spec: { validations?: { message: string }[] } };
      return (spec.validations ?? []).map(({ message }) => message);
    });
    for (const { validations } of ADMISSION_RULES)
      for (const { message } of validations)
        expect(sayings.some((saying) => saying.endsWith(message))).toBe(true);
    expect(constraints(ADMISSION_RULES)).toHaveLength(ADMISSION_RULES.length);
    expect(constraintTemplates(ADMISSION_RULES, PLATFORM)).toHaveLength(2 * ADMISSION_RULES.length);
  });
});

describe("Gatekeeper's chart values", () => {
  const host = (apiServerReachesPods: boolean) => ({
    network: { apiServerReachesPods },
    administrators: PLATFORM,
  });

  test("ask about a rule's requests by whom it binds, each group of requesters once", () => {
    const tenants = "request.userInfo.groups.exists(g, g.startsWith('system:serviceaccounts:tenant-'))";
    const one = webhookCondition([rule()], PLATFORM);
    expect(one.startsWith(`${tenants} && (request.operation in ['CREATE', 'UPDATE'] && `)).toBe(true);
    expect(webhookCondition([rule(), rule()], PLATFORM)).toBe(one);
    const everybody = rule({ binds: Requesters.EVERYBODY });
    expect(webhookCondition([everybody], PLATFORM)).not.toContain("userInfo");
    expect(webhookCondition([rule(), everybody], PLATFORM)).toContain(`) || (${tenants} && (`);
  });

  test("hold what the webhook must be asked about, the user's own rules too", () => {
    const further = { ...webhookRules([rule()])[0]!, resources: ["secrets"] };
    const {
      validatingWebhookMatchConditions: [condition],
    } = gatekeeperValues(host(true), {
      furtherRules: [further],
    }) as { validatingWebhookMatchConditions: { expression: string }[] };
    expect(condition!.expression).toContain("'/secrets'");
    expect(condition!.expression).toContain("^constraints[.]gatekeeper[.]sh/[^/]+$");
  });

  test("make the webhook see the rules' requests in every version, and fail closed", () => {
    expect(gatekeeperValues(host(true))).toMatchObject({
      validatingWebhookFailurePolicy: "Fail",
      enableK8sNativeValidation: true,
      validatingWebhookExemptNamespacesLabels: { "kubernetes.io/metadata.name": ["kube-system"] },
      controllerManager: { exemptNamespaces: [], exemptNamespacePrefixes: [], exemptNamespaceSuffixes: [] },
    });
    expect(webhookRules([rule({ matches: [PODS, PODS] })])).toEqual([
      {
        apiGroups: [""],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE"],
        resources: ["pods", "pods/ephemeralcontainers"],
        scope: "*",
      },
    ]);
  });

  test("hold the rules of ADMISSION_RULES, Gatekeeper's own objects and the user's", () => {
    const further = { ...webhookRules([rule()])[0]!, resources: ["secrets"] };
    const values = gatekeeperValues(host(true), { furtherRules: [further] });
    const rules = values.validatingWebhookCustomRules as { apiGroups: string[] }[];
    expect(rules).toEqual(expect.arrayContaining([...webhookRules(ADMISSION_RULES), further]));
    expect(rules.flatMap(({ apiGroups }) => apiGroups)).toEqual(
      expect.arrayContaining(["templates.gatekeeper.sh", "constraints.gatekeeper.sh"]),
    );
  });

  test("name a resource's other group, which the webhook would not see otherwise", () => {
    const events = rule({ matches: [{ ...PODS, resources: ["events"], operations: ["DELETE"] }] });
    expect(webhookRules([events])).toEqual([
      { apiGroups: [""], apiVersions: ["*"], operations: ["DELETE"], resources: ["events"], scope: "*" },
      {
        apiGroups: ["events.k8s.io"],
        apiVersions: ["*"],
        operations: ["DELETE"],
        resources: ["events"],
        scope: "*",
      },
    ]);
  });

  test("put the webhook on the host network where the API server does not reach pods", () => {
    expect(gatekeeperValues(host(false))).toMatchObject({
      controllerManager: { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" },
    });
    expect(gatekeeperValues(host(true)).controllerManager).not.toHaveProperty("hostNetwork");
  });
});

test("kinds: the group is part of the name", () => {
  expect(kindOf("/pods")).toEqual({ group: "", kind: "Pod" });
  expect(kindOf("apps/pods")).toBeUndefined();
  expect(withTwins("events.k8s.io/events")).toEqual(["/events", "events.k8s.io/events"]);
  expect(withTwins("/pods")).toEqual(["/pods"]);
});
