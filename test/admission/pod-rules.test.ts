// Rules about pods: their shape, and that attacks stand on both sides of each. Verdicts are the live server's.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { INIT_DATA, PARAMETERS, parameterAnnotations } from "../../lib/admission/parameters";
import { everyContainer, podMetadataRule, podRule } from "../../lib/admission/pod-rule";
import { admissionPolicies, policyGroups } from "../../lib/admission/policies";
import { Requesters, type AdmissionRule } from "../../lib/admission/rule";
import { ADMISSION_RULES } from "../../lib/admission/rules";
import { CHARTS } from "../../lib/core/charts";
import type { KubernetesObject } from "../../lib/core/manifest-release";
import { namespaceAnnotations } from "../../lib/tenant/guardrails";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { vclusterImages } from "../../lib/tenant/vcluster-images";
import { POD_ATTACKS } from "../../lib/testing/attacks/pods";
import { rulesTable } from "../../scripts/admission-pages";
import { exampleHost, exampleTenant } from "../support/host";
import { legitimatePods, onKata, onNitro, onSnp } from "../support/pods";

const FAMILIES = ["placement", "pod", "image", "confidential"];
const RULES = ADMISSION_RULES.filter(({ family }) => FAMILIES.includes(family));
const PLATFORM = { users: [], groups: ["platform"] };

interface Policy extends KubernetesObject {
  readonly spec: {
    readonly matchConstraints: { readonly resourceRules: readonly { readonly resources: string[] }[] };
    readonly matchConditions?: readonly unknown[];
    readonly variables: readonly { readonly name: string; readonly expression: string }[];
    readonly validations: readonly {
      readonly expression: string;
      readonly message: string;
      readonly messageExpression?: string;
    }[];
  };
}

const policies = (rules: readonly AdmissionRule[]): Policy[] =>
  admissionPolicies(rules, PLATFORM).filter(
    ({ kind }) => kind === "ValidatingAdmissionPolicy",
  ) as unknown as Policy[];

const example = (change: Partial<Parameters<typeof podRule>[0]> = {}): AdmissionRule =>
  podRule({
    id: "example",
    refuses: "examples",
    family: "pod",
    validations: [{ expression: "object.spec.a", message: "no a; remove it" }],
    source: "a test",
    ...change,
  });

test("every rule of the folder is on the list", () => {
  const folder = join(__dirname, "../../lib/admission/rules");
  const written = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/^ +id: "([-a-z0-9]+)",$/gm)].map(([, id]) => id),
  );
  expect(written.sort()).toEqual(ADMISSION_RULES.map(({ id }) => id).sort());
});

describe.each(RULES.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  test("is asked about new and changed pods, ephemeral containers among the changes", () => {
    const asked = rule.matches.flatMap(({ resources, operations }) =>
      resources.flatMap((resource) => operations.map((operation) => `${operation} ${resource}`)),
    );
    // That one is about what passes through pods/status, and nothing else.
    if (id === "pod-status") return expect(asked).toEqual(["UPDATE pods/status"]);
    expect(asked).toContain("UPDATE pods/ephemeralcontainers");
    if (id !== "confidential-access")
      expect(asked).toEqual(expect.arrayContaining(["CREATE pods", "UPDATE pods"]));
  });

  test("tells the tenant's admin the rule, and what to do", () => {
    for (const { message } of rule.validations) {
      expect(message).toMatch(/^[^;]+(; [^;]+|, .+)$/);
      expect(message).not.toMatch(/[\n"]/);
    }
  });

  test("is attacked, by requests that it alone or Pod Security beside it refuses", () => {
    const attacks = POD_ATTACKS.filter(({ stoppedBy }) => stoppedBy.includes(`rule:${id}`));
    expect(attacks.length).toBeGreaterThan(0);
    // Only the selector has the class' own admission before it, so that it never stands alone.
    const alone = attacks.filter(({ stoppedBy }) =>
      stoppedBy.every((c) => c === `rule:${id}` || c === "pod-security"),
    );
    expect(alone.length > 0).toBe(id !== "node-selector");
  });
});

test("attacks by pods have ids of their own, and controls where they are refused", () => {
  const ids = POD_ATTACKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { expect: verdict, stoppedBy } of POD_ATTACKS)
    expect(stoppedBy.length > 0).toBe(verdict === "refused");
  expect(POD_ATTACKS.filter(({ expect: verdict }) => verdict === "allowed").length).toBeGreaterThanOrEqual(
    20,
  );
});

describe("a rule about pods", () => {
  test("passes an update that leaves the spec alone, whatever the parameters say by then", () => {
    const { expression } = example().validations[0]!;
    expect(expression).toBe("variables.same || (object.spec.a)");
    expect(example().variables).toEqual([
      { name: "same", expression: "oldObject != null && object.spec == oldObject.spec" },
    ]);
  });

  test("knows the containers when it speaks of them, and names those that break it", () => {
    const rule = example({ validations: [everyContainer("c.name != 'a'", "no 'a'; rename it")] });
    expect(rule.variables!.map(({ name }) => name)).toEqual(["same", "containers"]);
    expect(rule.validations[0]).toEqual({
      expression: "variables.same || (variables.containers.all(c, c.name != 'a'))",
      message: "no 'a'; rename it",
      messageExpression:
        "'no \\'a\\'; rename it (containers: ' + " +
        "variables.containers.filter(c, !(c.name != 'a')).map(c, c.name).join(', ') + ')'",
    });
  });

  test("about labels and annotations also looks at pods/status, where both change", () => {
    const { matches } = podMetadataRule(example());
    expect(matches[0]!.resources).toEqual(["pods", "pods/ephemeralcontainers", "pods/status"]);
  });
});

describe("rules that share a policy", () => {
  const other = example({
    id: "other",
    binds: Requesters.TENANTS,
    exception: "its own risk",
    validations: [{ expression: "object.spec.b", message: "no b; remove it", messageExpression: "'b'" }],
  });

  test("are one policy and one binding, and each says who it is and whom it binds", () => {
    expect([...policyGroups([example(), other]).keys()]).toEqual(["tenclave-pods"]);
    const [policy, ...more] = policies([example(), other]);
    expect(more).toEqual([]);
    expect(policy!.spec.matchConditions).toBeUndefined();
    expect(policy!.spec.variables.map(({ name }) => name)).toEqual(["same", "tenants", "exceptions"]);
    expect(policy!.spec.validations).toEqual([
      { expression: "variables.same || (object.spec.a)", message: "[example] no a; remove it" },
      {
        expression:
          "!variables.tenants || ('other' in variables.exceptions || (variables.same || (object.spec.b)))",
        message: "[other] no b; remove it",
        messageExpression: "'[other] ' + ('b')",
      },
    ]);
  });

  test("must mean the same by a variable's name", () => {
    const first = example({ variables: [{ name: "a", expression: "1" }] });
    const second = example({ variables: [{ name: "a", expression: "2" }] });
    expect(() => policies([first, second])).toThrow("variable 'a' means two things in policy 'pods'");
  });

  test("are asked about the same requests, in the same namespaces, under the same conditions", () => {
    for (const group of policyGroups(ADMISSION_RULES).values())
      for (const rule of group)
        expect([rule.matches, rule.scope, rule.conditions]).toEqual([
          group[0]!.matches,
          group[0]!.scope,
          group[0]!.conditions,
        ]);
  });

  test("leave a pod two policies of its own, not thirty", () => {
    const pods = RULES.filter(({ policy }) => policy !== undefined);
    expect(pods.length).toBeGreaterThan(25);
    expect([...policyGroups(pods).keys()].sort()).toEqual(["tenclave-pod-metadata", "tenclave-pods"]);
  });
});

describe("parameters", () => {
  const { pool } = checkTenant(exampleTenant(), exampleHost());
  const input = { pool, storageClass: "encrypted" };

  test("of confidential pods: asked for by the word, their initialisation data allowed as an annotation", () => {
    const found = parameterAnnotations({
      ...input,
      kataAnnotations: ["io.katacontainers.a"],
      confidential: { plainSecrets: ["default/pull"], initData: ["QQ=="] },
    });
    expect(found).toMatchObject({
      [PARAMETERS.confidentialPrerequisites]: "required",
      [PARAMETERS.plainSecrets]: "default/pull",
      [PARAMETERS.initData]: "QQ==",
      [PARAMETERS.kataAnnotations]: `io.katacontainers.a,${INIT_DATA}`,
    });
    expect(parameterAnnotations(input)).not.toHaveProperty(PARAMETERS.confidentialPrerequisites);
  });

  test("of a pool with enclaves: the seccomp profile its nodes carry; of others none", () => {
    expect(onNitro().tenant.annotations[PARAMETERS.seccompProfiles]).toBe("tenclave/enclave.json");
    expect(onSnp().tenant.annotations).not.toHaveProperty(PARAMETERS.seccompProfiles);
  });

  test("name vCluster's own images where the tenant's file restricts images, and only there", () => {
    const images = ["a", "b"];
    const of = (change: object): string | undefined =>
      namespaceAnnotations(checkTenant(exampleTenant(change), exampleHost()), exampleHost(), images)[
        PARAMETERS.systemImages
      ];
    expect(of({ images: { registries: ["registry.example.com"] } })).toBe("a,b");
    expect(of({ images: { digests: true } })).toBe("a,b");
    expect(of({ confidential: {} })).toBe("a,b");
    expect(of({})).toBeUndefined();
  });
});

test("vCluster's own images are named by version, licence and mirror", () => {
  const { version } = CHARTS.vcluster;
  expect(vclusterImages({ kubernetesVersion: "1.34", licensed: false })).toEqual([
    `ghcr.io/loft-sh/vcluster-oss:${version}`,
    "ghcr.io/loft-sh/kubernetes:v1.34.0",
    "docker.io/coredns/coredns:1.12.1",
    "mirror.gcr.io/library/alpine:3.20",
  ]);
  expect(
    vclusterImages({ kubernetesVersion: "1.35", licensed: true, imageRegistry: "mirror.example.com/" }),
  ).toEqual([
    `mirror.example.com/loft-sh/vcluster-pro:${version}`,
    "mirror.example.com/loft-sh/kubernetes:v1.35.0",
    "mirror.example.com/coredns/coredns:1.14.1",
    "mirror.example.com/library/alpine:3.20",
  ]);
});

test("pods of every pool carry their tenant's class, account and label", () => {
  for (const owner of [onSnp(), onNitro(), onKata()])
    for (const { metadata, spec } of legitimatePods(owner)) {
      expect(spec).toMatchObject({
        runtimeClassName: owner.tenant.runtimeClass,
        serviceAccountName: `vc-workload-${owner.tenant.name}`,
        automountServiceAccountToken: false,
      });
      expect(metadata.labels).toMatchObject({ "vcluster.loft.sh/managed-by": owner.tenant.name });
    }
  expect(legitimatePods(onNitro())).toHaveLength(5);
});

test("the docs' tables hold each rule with what the tenant reads", () => {
  for (const { id, family, validations } of ADMISSION_RULES) {
    const row = rulesTable(family)
      .split("\n")
      .find((line) => line.startsWith(`| \`${id}\` |`));
    expect(row).toBeDefined();
    for (const { message } of validations) expect(row).toContain(message.replace(/\|/g, "\\|"));
  }
});
