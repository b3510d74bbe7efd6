import { ADMISSION_RULES, findRule } from "../../lib/admission/rules";
import { type ConfigurationError, Tenant, TenantDirectory } from "../../lib";
import { EksHost } from "../../lib/aws";
import { warningsOf } from "../../lib/core/notes";
import { exceptionDateProblems, exceptionWarnings } from "../../lib/tenant/exceptions";
import { namespaceAnnotations } from "../../lib/tenant/guardrails";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { parseTenantSpec } from "../../lib/tenant/tenant-parse";
import { lock, tenantsDirectory } from "../support/files";
import { exampleHost, exampleTenant, tenantInput } from "../support/host";
import { ATTRIBUTES, stack } from "../support/scope";

const TODAY = "2026-11-21";
const EXCEPTION = {
  rule: "volume-source",
  reason: "claims from nightly snapshots",
  owner: "storage team",
  expires: "2027-03-31",
};
const host = exampleHost();

test("some rules take exceptions, others protect neighbours", () => {
  expect(findRule(EXCEPTION.rule)!.exception).toMatch(/\w{4}/);
  expect(findRule("own-namespace")!.exception).toBeUndefined();
});

test("an exception of a good rule, reason, owner and day is taken", () => {
  const { spec, problems } = parseTenantSpec(tenantInput({ exceptions: [EXCEPTION] }));
  expect(problems).toEqual([]);
  expect(spec!.exceptions).toEqual([EXCEPTION]);
  expect(exceptionDateProblems(spec!, TODAY)).toEqual([]);
});

test.each([
  [
    { rule: "no-such-rule" },
    "exceptions.0.rule",
    /must name an admission rule, got 'no-such-rule'.*volume-source/,
  ],
  [
    { rule: "own-namespace" },
    "exceptions.0.rule",
    /protects neighbours or the platform.*got 'own-namespace'/,
  ],
  [{ reason: " " }, "exceptions.0.reason", /must say why, got ' '/],
  [{ owner: "" }, "exceptions.0.owner", /who answers for it, got ''/],
  [{ expires: "31.03.2027" }, "exceptions.0.expires", /end on a day, got '31\.03\.2027'/],
  [{ expires: "2027-02-30" }, "exceptions.0.expires", /end on a day, got '2027-02-30'/],
])("an exception with %j fails at %s", (change, path, words) => {
  const { problems } = parseTenantSpec(tenantInput({ exceptions: [{ ...EXCEPTION, ...change }] }));
  expect(problems.map((p) => [p.code, p.path.join(".")])).toEqual([["TENANT_EXCEPTION", path]]);
  expect(problems[0]!.text).toMatch(words);
});

test.each(["rule", "reason", "owner", "expires"] as const)("an exception without %s is refused", (key) => {
  const { [key]: _left, ...rest } = EXCEPTION;
  const { problems } = parseTenantSpec({ ...tenantInput(), exceptions: [rest] });
  expect(problems.map((p) => [p.code, p.path.join(".")])).toEqual([["TENANT_TYPE", `exceptions.0.${key}`]]);
});

test("a rule is excepted once", () => {
  const { problems } = parseTenantSpec(tenantInput({ exceptions: [EXCEPTION, EXCEPTION] }));
  expect(problems.map((p) => [p.code, p.path.join("."), p.text])).toEqual([
    ["TENANT_EXCEPTION", "exceptions.1.rule", expect.stringMatching(/once for a rule, got 'volume-source'/)],
  ]);
});

test.each([
  ["2026-11-20", [/ended before today, 2026-11-21, got '2026-11-20'/]],
  ["2026-11-21", []],
  ["2027-11-21", []],
  ["2027-11-22", [/within a year, by 2027-11-21, got '2027-11-22'/]],
])("on 2026-11-21 an exception until %s", (expires, words) => {
  const problems = exceptionDateProblems(exampleTenant({ exceptions: [{ ...EXCEPTION, expires }] }), TODAY);
  expect(problems).toHaveLength(words.length);
  for (const [index, word] of words.entries()) expect(problems[index]!.text).toMatch(word);
});

test("the directory checks the day, and says file, line and column", () => {
  const directory = tenantsDirectory({ "acme.json": tenantInput({ exceptions: [EXCEPTION] }) });
  lock(directory);
  const load = (today: string): TenantDirectory => TenantDirectory.load(directory, { host, today });
  expect(load(TODAY).tenants[0]!.spec.exceptions).toEqual([EXCEPTION]);
  const error = (() => {
    try {
      return load("2027-04-01");
    } catch (caught) {
      return caught;
    }
  })() as ConfigurationError;
  expect(error.code).toBe("TENANT_EXCEPTION");
  expect(error.path).toMatch(/acme\.json:\d+:\d+ exceptions\.0\.expires$/);
  expect(error.message).toMatch(/decide anew/);
});

test("a spec in code is checked for the day, too", () => {
  const spec = exampleTenant({ exceptions: [EXCEPTION] });
  expect(checkTenant(spec, host, TODAY).spec).toEqual(spec);
  expect(() => checkTenant(spec, host, "2027-04-01")).toThrow(/TENANT_EXCEPTION/);
});

test("an exception shows as parameter, in words, and as a warning at synth", () => {
  const spec = exampleTenant({ exceptions: [EXCEPTION] });
  const tenant = checkTenant(spec, host, TODAY);
  expect(namespaceAnnotations(tenant, host)).toMatchObject({
    "tenclave.dev/exceptions": "volume-source",
    "tenclave.dev/exception.volume-source": "claims from nightly snapshots (storage team, until 2027-03-31)",
  });
  const scope = stack();
  new Tenant(scope, "acme", { host: EksHost.fromAttributes(scope, "Host", host, ATTRIBUTES), tenant });
  const texts = warningsOf(scope).map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining(exceptionWarnings(spec)));
  expect(exceptionWarnings(spec)).toEqual([
    expect.stringMatching(/^tenant acme is excepted from admission rule volume-source: claims .* it risks: /),
  ]);
});

test("a tenant without exceptions has neither parameter nor warning", () => {
  const annotations = namespaceAnnotations(checkTenant(exampleTenant(), host), host);
  expect(Object.keys(annotations).filter((key) => key.includes("exception"))).toEqual([]);
  expect(exceptionWarnings(exampleTenant())).toEqual([]);
});

test("words of a reason are not Terraform's to read", () => {
  const spec = exampleTenant({ exceptions: [{ ...EXCEPTION, reason: "see ${ticket} 7" }] });
  expect(
    namespaceAnnotations(checkTenant(spec, host, TODAY), host)["tenclave.dev/exception.volume-source"],
  ).toMatch(/^see \$\$\{ticket\} 7 /);
});

test("every rule's id fits an annotation key", () => {
  for (const { id } of ADMISSION_RULES) expect(`exception.${id}`).toMatch(/^[a-z0-9.-]{1,63}$/);
});
