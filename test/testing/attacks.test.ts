// The table of attacks: complete, without doubles, and judged by who refused.
import { gzipSync } from "node:zlib";
import { Attacker, ATTACKS, BENCHMARKS, type Attack, type AttackContext } from "../../lib/testing";
import { betrayed } from "../../lib/testing/attacks/helm";
import type { Answer } from "../../lib/testing/attack";
import { controlOf, judge } from "../../lib/testing/verdict";
import { tenantView } from "../../lib/testing/tenant-view";
import { ADMISSION_RULES } from "../../lib/admission/rules";
import { TABLE } from "../real/attacks/table";

const view = (name: string) =>
  tenantView(
    `tenant-${name}`,
    { "tenclave.dev/tenant": name },
    {
      "tenclave.dev/runtime-class": "tenclave-snp",
      "tenclave.dev/tolerations": "tenclave.dev/pool=snp:NoSchedule",
      "tenclave.dev/storage-classes": "tenclave-encrypted,other",
    },
  );

const CONTEXT: AttackContext = {
  tenant: view("acme"),
  neighbour: view("globex"),
  lookalike: view("acme-x"),
  runtimeClasses: ["tenclave-snp"],
  administrators: { users: [], groups: ["platform"] },
  quota: {},
  platformNamespace: "tenclave-system",
  helm: true,
};

const answer = (status: number, message: string, body: unknown = {}): Answer => ({
  status,
  message,
  body,
  warnings: [],
});

describe("the table", () => {
  test("has no id twice", () => {
    const ids = TABLE.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  });

  test("has at least 90 attacks and 20 legitimate requests", () => {
    expect(ATTACKS.filter(({ expect: verdict }) => verdict !== "allowed").length).toBeGreaterThanOrEqual(90);
    expect(ATTACKS.filter(({ expect: verdict }) => verdict === "allowed").length).toBeGreaterThanOrEqual(20);
  });

  test("names a control for what is refused, and none for what passes", () => {
    expect(
      ATTACKS.filter(
        ({ expect: verdict, stoppedBy }) => (verdict === "refused") !== stoppedBy.length > 0,
      ).map(({ id }) => id),
    ).toEqual([]);
  });

  test("names rules that exist, and tries every rule", () => {
    const named = ATTACKS.flatMap(({ stoppedBy }) => stoppedBy)
      .filter((control) => control.startsWith("rule:"))
      .map((control) => control.replace("rule:", ""));
    expect([...new Set(named)].sort()).toEqual(ADMISSION_RULES.map(({ id }) => id).sort());
  });

  test("holds the nineteen benchmarks, one id twice", () => {
    expect(BENCHMARKS).toHaveLength(19);
    expect(new Set(BENCHMARKS.map(({ id }) => id)).size).toBe(18);
    for (const { id, attack } of BENCHMARKS)
      expect([attack, ATTACKS.find((one) => one.id === attack)?.mtb]).toEqual([
        attack,
        expect.arrayContaining([id]) as unknown,
      ]);
  });

  test("is sent by everybody it should be", () => {
    const by = new Set(ATTACKS.map(({ as }) => as));
    for (const attacker of [
      Attacker.SYNCER,
      Attacker.WORKLOAD,
      Attacker.NEIGHBOUR,
      Attacker.LOOKALIKE,
      Attacker.NOBODY,
      Attacker.DEVELOPER,
      Attacker.OPERATOR,
    ])
      expect(by).toContain(attacker);
  });
});

describe("who refused", () => {
  test.each([
    [403, 'pods is forbidden: User "x" cannot create resource "pods" in API group ""', "rbac"],
    [403, 'pods "x" is forbidden: violates PodSecurity "restricted:v1.34": privileged', "pod-security"],
    [403, 'secrets "x" is forbidden: exceeded quota: tenclave-tenant, requested: secrets=1', "quota"],
    [403, 'pods "x" is forbidden: maximum memory usage per Container is 4Gi, but limit is 5Gi', "limits"],
    [
      422,
      "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'tenclave-node-name' with binding 'tenclave-node-name' denied request: no",
      "rule:node-name",
    ],
    [
      422,
      "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'tenclave-node-name' with binding 'tenclave-node-name' denied request: expression 'a.b' resulted in error: no such key",
      "api-server",
    ],
    [422, 'Pod "x" is invalid: spec.containers: Required value', "api-server"],
    [404, 'pods "x" not found', "api-server"],
    [401, "Unauthorized", "authentication"],
  ])("%i %s", (status, message, control) => {
    expect(controlOf(answer(status, message), false)).toBe(control);
  });

  test("an answer that is no refusal names nobody", () => {
    expect(controlOf(answer(201, ""), false)).toBeUndefined();
  });

  const attack: Attack = {
    id: "x",
    as: Attacker.SYNCER,
    does: "x",
    why: "x",
    expect: "refused",
    stoppedBy: ["rbac"],
    request: () => ({ method: "GET", path: "/" }),
  };

  test("a refusal by the wrong control is a problem, and so is none", () => {
    const rbac = 'pods is forbidden: User "x" cannot list resource "pods"';
    expect(judge(attack, CONTEXT, answer(403, rbac)).problem).toBeUndefined();
    expect(judge(attack, CONTEXT, answer(422, "is invalid")).problem).toBe(
      "refused by api-server, not by rbac",
    );
    expect(judge(attack, CONTEXT, answer(200, "")).problem).toBe("got through");
  });

  test("a legitimate request that is refused is a problem", () => {
    const legitimate: Attack = { ...attack, expect: "allowed", stoppedBy: [] };
    expect(judge(legitimate, CONTEXT, answer(422, "is invalid")).problem).toBe("refused by api-server");
    expect(judge(legitimate, CONTEXT, answer(200, "")).problem).toBeUndefined();
  });

  test("the words of Kubernetes' own refusal count where an attack says which", () => {
    const large: Attack = { ...attack, stoppedBy: ["api-server"], says: /too large/ };
    expect(judge(large, CONTEXT, answer(413, "request entity too large")).problem).toBeUndefined();
    expect(judge(large, CONTEXT, answer(404, "not found")).problem).toMatch("other words");
  });
});

describe("Helm's record", () => {
  const record = (release: object) =>
    answer(200, "", {
      data: {
        release: Buffer.from(gzipSync(JSON.stringify(release)).toString("base64")).toString("base64"),
      },
    });

  test("of the tenant alone betrays nothing", () => {
    expect(betrayed(record({ name: "acme", config: { a: 1 }, manifest: "kind: Service" }), CONTEXT)).toEqual(
      [],
    );
  });

  test.each([
    [{ name: "acme", config: { token: "eyJhbGciOiJ" } }, "a token is in it"],
    [{ name: "acme", manifest: "namespace: tenant-globex" }, "another tenant's namespace is in it"],
    [{ name: "globex" }, "a record of release 'globex'"],
  ])("%j", (release, problem) => {
    expect(betrayed(record(release), CONTEXT)).toEqual([problem]);
  });

  test("that is not there proves nothing", () => {
    expect(betrayed(answer(200, "", {}), CONTEXT)).toEqual(["no record in the answer"]);
  });
});
