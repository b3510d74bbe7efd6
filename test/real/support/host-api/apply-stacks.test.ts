// The order of a stack's graph, and a grant too many.
import { SYNCER_ACCESS, EVERYBODYS_ACCESS, EVERYBODYS_PATHS } from "../../../../lib/tenant/syncer-access";
import { accessProblems, type Rules } from "./access-checks";
import { graphOrder } from "./apply-stacks";

test("a block comes after those it names, in depends_on or in an expression", () => {
  const blocks = new Map<string, Record<string, unknown>>([
    ["helm_release.a-b", { depends_on: ["helm_release.a"] }],
    ["helm_release.a", { namespace: "${kubernetes_namespace_v1.n.metadata[0].name}" }],
    ["kubernetes_namespace_v1.n", {}],
  ]);
  expect(graphOrder(blocks)).toEqual(["kubernetes_namespace_v1.n", "helm_release.a", "helm_release.a-b"]);
});

test("a longer name is another name", () => {
  const blocks = new Map<string, Record<string, unknown>>([
    ["helm_release.x", { depends_on: ["helm_release.y-long"] }],
    ["helm_release.y", {}],
    ["helm_release.y-long", {}],
  ]);
  expect(graphOrder(blocks)).toEqual(["helm_release.y-long", "helm_release.x", "helm_release.y"]);
});

test("a circle is refused", () => {
  const blocks = new Map([
    ["helm_release.x", { depends_on: ["helm_release.y"] }],
    ["helm_release.y", { depends_on: ["helm_release.x"] }],
  ]);
  expect(() => graphOrder(blocks)).toThrow("a circle: helm_release.x -> helm_release.y -> helm_release.x");
});

/** What a server answers that grants exactly the list. */
function granted(): Rules {
  return {
    incomplete: false,
    resourceRules: [...SYNCER_ACCESS, ...EVERYBODYS_ACCESS].map(({ apiGroup, resources, verbs }) => ({
      apiGroups: [apiGroup],
      resources,
      verbs,
    })),
    nonResourceRules: [{ verbs: ["get"], nonResourceURLs: EVERYBODYS_PATHS }],
  };
}

test.each([
  ["nothing", granted(), []],
  [
    "a wildcard",
    {
      ...granted(),
      resourceRules: [...granted().resourceRules, { apiGroups: ["*"], resources: ["*"], verbs: ["get"] }],
    },
    ["not on the list: get *.*"],
  ],
  [
    "a path",
    { ...granted(), nonResourceRules: [{ verbs: ["get", "post"], nonResourceURLs: ["/metrics"] }] },
    ["not on the list: get /metrics", "not on the list: post /metrics"],
  ],
  ["a part", { ...granted(), incomplete: true }, ["the server knows only a part of the rules"]],
  [
    "less",
    { ...granted(), resourceRules: granted().resourceRules.slice(1, -1) },
    expect.arrayContaining(["on the list, but not granted: create pods"]),
  ],
] as [string, Rules, string[]][])("the list and the server differ by %s", (_name, live, problems) => {
  expect(accessProblems(SYNCER_ACCESS, live)).toEqual(problems);
});
