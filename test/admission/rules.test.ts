import { admissionPolicies, policyName } from "../../lib/admission/policies";
import { ADMISSION_RULES, findRule } from "../../lib/admission/rules";
import { unchanged, unchangedBut } from "../../lib/admission/cel";
import { Requesters, RuleScope, type AdmissionRule } from "../../lib/admission/rule";
import { ATTACKS } from "../../lib/testing/attacks";
import { OBJECT_ATTACKS } from "../../lib/testing/attacks/objects";

const PLATFORM = { users: ["deployer@example.com"], groups: ["tenclave:platform"] };

function expressionsOf(rule: AdmissionRule): string[] {
  return [
    ...(rule.conditions ?? []),
    ...(rule.variables ?? []),
    ...rule.validations.flatMap(({ expression, messageExpression }) => [
      { expression },
      ...(messageExpression ? [{ expression: messageExpression }] : []),
    ]),
  ].map(({ expression }) => expression);
}

const RULES = ADMISSION_RULES.map((rule) => [rule.id, rule] as const);
const OBJECT_RULES = RULES.filter(([, { family }]) => ["service", "storage", "platform"].includes(family));

test("ids are names of their own", () => {
  const ids = ADMISSION_RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(id).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
    expect(findRule(id)!.id).toBe(id);
  }
  expect(findRule("no-such-rule")).toBeUndefined();
});

test.each(RULES)("%s takes nothing the second engine lacks", (_, rule) => {
  for (const expression of expressionsOf(rule)) expect(expression).not.toMatch(/\b(authorizer|params)\b/);
  for (const { operations } of rule.matches) expect(operations.length).toBeGreaterThan(0);
});

test.each(RULES)("%s reads the Namespace only where there is one", (_, rule) => {
  // A cluster-wide object has none, and the expression would refuse whoever asks.
  if (rule.scope === RuleScope.CLUSTER)
    for (const expression of expressionsOf(rule)) expect(expression).not.toMatch(/namespaceObject/);
  else expect(rule.scope).toBe(RuleScope.TENANT_NAMESPACES);
});

test.each(RULES)("%s looks at changes as it looks at what is new", (_, { matches }) => {
  for (const { operations, resources } of matches) {
    const made = operations.includes("CREATE") && resources.some((name) => !name.includes("/"));
    if (made) expect(operations).toContain("UPDATE");
  }
});

test.each(OBJECT_RULES)("%s is attacked, alone and by name", (id) => {
  const alone = OBJECT_ATTACKS.filter(
    ({ stoppedBy }) =>
      stoppedBy.includes(`rule:${id}`) && stoppedBy.every((c) => c.startsWith("rule:") || c === "quota"),
  );
  expect(alone.length + ATTACKS.filter((a) => a.stoppedBy.join() === `rule:${id}`).length).toBeGreaterThan(0);
});

test.each(OBJECT_RULES.map(([id, rule]) => [id, kindsOf(rule)] as const))(
  "of what %s looks at, something passes",
  (_, kinds) => {
    const passing = OBJECT_ATTACKS.filter(({ expect: expected }) => expected === "allowed");
    const words = passing.map(({ id }) => id).join(" ");
    expect(kinds.some((kind) => new RegExp(kind).test(words))).toBe(true);
  },
);

/** What ids of attacks call the kinds of a rule. */
function kindsOf({ matches }: AdmissionRule): string[] {
  const names: Readonly<Record<string, string>> = {
    services: "service",
    endpoints: "endpoints|slice",
    persistentvolumeclaims: "claim",
    secrets: "secret|token|config",
    statefulsets: "workload",
    pods: "finalizer",
    "*/*": "elsewhere",
    namespaces: "namespace",
    resourcequotas: "quota",
    runtimeclasses: "class",
    clusterrolebindings: "grant",
  };
  return matches.flatMap(({ resources }) => resources).flatMap((name) => names[name] ?? []);
}

test("a rule about Namespaces hangs on no label that the request may take away", () => {
  const objects = admissionPolicies([findRule("platform-namespaces")!], PLATFORM) as unknown as {
    kind: string;
    spec: { matchResources?: unknown };
  }[];
  const [, binding] = objects;
  expect(binding!.kind).toBe("ValidatingAdmissionPolicyBinding");
  expect(binding!.spec.matchResources).toBeUndefined();
});

test.each([
  "helm-records",
  "platform-secrets",
  "control-plane-workloads",
  "chart-services",
  "platform-namespaces",
  "platform-guardrails",
  "platform-objects",
  "platform-records",
  "tenant-grants",
])("%s binds everybody but the platform and takes no exception", (id) => {
  const rule = findRule(id)!;
  expect(rule.binds).toBe(Requesters.ALL_BUT_PLATFORM);
  expect(rule.exception).toBeUndefined();
  const [policy] = admissionPolicies([rule], PLATFORM) as unknown as [
    {
      metadata: { name: string };
      spec: { failurePolicy: string; matchConditions: { expression: string }[] };
    },
  ];
  expect(policy.metadata.name).toBe(policyName(rule));
  expect(policy.spec.failurePolicy).toBe("Fail");
  const [{ expression }] = policy.spec.matchConditions as [{ expression: string }];
  for (const name of ["deployer@example.com", "tenclave:platform", "system:serviceaccounts:kube-system"])
    expect(expression).toContain(`'${name}'`);
});

test.each(["helm-records", "platform-secrets", "chart-services", "platform-guardrails", "platform-objects"])(
  "%s looks at deletion, too",
  (id) => {
    for (const { operations } of findRule(id)!.matches) expect(operations).toContain("DELETE");
  },
);

test("rules that protect neighbours take no exception; storage sources do", () => {
  const excepted = OBJECT_RULES.filter(([, { exception }]) => exception).map(([id]) => id);
  expect(excepted).toEqual(["volume-source"]);
});

test("helpers compare a path, and all but some of its keys", () => {
  expect(unchanged("metadata.labels")).toBe(
    "dyn(object).metadata.?labels.orValue({}) == dyn(oldObject).metadata.?labels.orValue({})",
  );
  expect(unchanged("data")).toBe("dyn(object).?data.orValue({}) == dyn(oldObject).?data.orValue({})");
  const both = unchangedBut("spec.template", ["metadata"]);
  expect(both).toContain("dyn(object).spec.?template.orValue({}).all(k, k in ['metadata'] ||");
  expect(both).toContain("dyn(oldObject).spec.?template.orValue({}).all(k, k in ['metadata'] ||");
});
