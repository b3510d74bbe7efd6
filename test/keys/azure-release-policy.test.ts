// Release policies of Azure Key Vault: what is taken, and what would let too many in.
import { confidentialMachinePolicy, releasePolicyFaults } from "../../lib/azure";
import { assertReleasePolicy } from "../../lib/keys/azure-release-policy";
import { BAD_TOKENS, machineToken, OWN_URL } from "../support/azure-attacks";
import { policyMet } from "../support/azure-release-policy";

const AUTHORITY = "https://sharedweu.weu.attest.azure.net";
const good = confidentialMachinePolicy(AUTHORITY);
const [branch] = good.anyOf;
const PREFIX = "x-ms-isolation-tee.";

test("the policy is anyOf authorities, each allOf conditions on the machine's object", () => {
  expect(good).toEqual({
    version: "1.0.0",
    anyOf: [
      {
        authority: AUTHORITY,
        allOf: [
          { claim: `${PREFIX}x-ms-attestation-type`, equals: "sevsnpvm" },
          { claim: `${PREFIX}x-ms-compliance-status`, equals: "azure-compliant-cvm" },
          { claim: `${PREFIX}x-ms-sevsnpvm-is-debuggable`, equals: "false" },
        ],
      },
    ],
  });
  expect(releasePolicyFaults(good)).toEqual([]);
});

/** Policies that are seen in the wild, or nearly the right one. */
const WRONG: readonly [name: string, policy: unknown, words: RegExp][] = [
  ["allOf on top", { version: "1.0.0", allOf: [branch] }, /got 'allOf' on top/],
  ["no authority", { version: "1.0.0", anyOf: [] }, /at least one authority/],
  ["no version", { anyOf: [branch] }, /version must be 1\.0\.0/],
  ["an old version", { ...good, version: "0.2" }, /got '0\.2'/],
  [
    "claims without the prefix",
    {
      ...good,
      anyOf: [{ authority: AUTHORITY, allOf: [{ claim: "x-ms-attestation-type", equals: "sevsnpvm" }] }],
    },
    /must begin with x-ms-isolation-tee\., got 'x-ms-attestation-type'/,
  ],
  [
    "a shared provider under another region's name",
    { ...good, anyOf: [{ ...branch, authority: "https://sharedeus2.weu.attest.azure.net" }] },
    /must be https:\/\/sharedeus2\.eus2\.attest\.azure\.net/,
  ],
  [
    "a region that is none",
    { ...good, anyOf: [{ ...branch, authority: "https://sharedeus2.weu2.attest.azure.net" }] },
    /https:\/\/<provider>\.<region>\.attest\.azure\.net/,
  ],
  [
    "an address in clear",
    { ...good, anyOf: [{ ...branch, authority: AUTHORITY.replace("https", "http") }] },
    /must be https/,
  ],
  ["another service", { ...good, anyOf: [{ ...branch, authority: "https://example.com" }] }, /must be https/],
  [
    "a second branch that lets any token in",
    { ...good, anyOf: [branch, { authority: AUTHORITY, allOf: [{ claim: "secureboot", equals: "true" }] }] },
    /is-debuggable equals false/,
  ],
  [
    "any condition instead of all",
    { ...good, anyOf: [{ authority: AUTHORITY, anyOf: branch!.allOf }] },
    /must ask for allOf/,
  ],
  [
    "debugging allowed",
    { ...good, anyOf: [{ authority: AUTHORITY, allOf: branch!.allOf.slice(0, 2) }] },
    /x-ms-sevsnpvm-is-debuggable equals false/,
  ],
  ["a text", "policy", /must be an object/],
];

describe("a wrong policy is refused", () => {
  test.each(WRONG)("%s", (_, policy, words) => {
    expect(releasePolicyFaults(policy).join("; ")).toMatch(words);
    expect(() => assertReleasePolicy("key", policy)).toThrow(/^\[AZURE_RELEASE_POLICY\] key: /);
  });
});

describe("the judge", () => {
  const own = confidentialMachinePolicy(OWN_URL) as unknown as Record<string, unknown>;
  const genuine = machineToken();

  test("meets the policy with a genuine machine's claims, with a slash at the end or without", () => {
    expect(policyMet(own, OWN_URL, genuine.claims)).toBe(true);
    expect(policyMet(own, `${OWN_URL}/`, genuine.claims)).toBe(true);
  });

  const tokens = Object.entries(BAD_TOKENS).filter(([name]) => !["no token", "expired"].includes(name));
  test.each(tokens)("does not meet it with: %s", (_, token) => {
    expect(policyMet(own, token!.issuer, token!.claims)).toBe(false);
  });

  const met = (condition: object, claims: Record<string, unknown>): boolean =>
    policyMet({ version: "1.0.0", anyOf: [{ authority: OWN_URL, allOf: [condition] }] }, OWN_URL, claims);

  test.each([
    [{ claim: "a", equals: 1 }, { a: 1 }, true],
    [{ claim: "a", equals: "false" }, { a: false }, true],
    [{ claim: "a", equals: false }, { a: true }, false],
    [{ claim: "a", equals: "x" }, {}, false],
    [{ claim: "a", notEquals: "x" }, { a: "y" }, true],
    [{ claim: "a", notEquals: "x" }, {}, false],
    [{ claim: "a", less: 2 }, { a: 1 }, true],
    [{ claim: "a", less: 1 }, { a: 1 }, false],
    [{ claim: "a", lessOrEquals: 1 }, { a: 1 }, true],
    [{ claim: "a", greater: 10 }, { a: 9 }, false],
    [{ claim: "a", greater: 9 }, { a: 10 }, true],
    [{ claim: "a", greaterOrEquals: 10 }, { a: 10 }, true],
    [{ claim: "a", exists: true }, { a: 0 }, true],
    [{ claim: "a", exists: true }, {}, false],
    [{ claim: "a.b.c", equals: 1 }, { a: { b: { c: 1 } } }, true],
    [{ claim: "a.b", equals: 1 }, { a: [{ b: 1 }] }, false],
    [{ claim: "a", equals: "[object Object]" }, { a: {} }, false],
    [
      {
        anyOf: [
          { claim: "a", equals: 1 },
          {
            allOf: [
              { claim: "b", equals: 1 },
              { claim: "c", equals: 1 },
            ],
          },
        ],
      },
      { b: 1, c: 1 },
      true,
    ],
    [
      {
        allOf: [
          { claim: "b", equals: 1 },
          {
            anyOf: [
              { claim: "c", equals: 1 },
              { claim: "d", equals: 1 },
            ],
          },
        ],
      },
      { b: 1 },
      false,
    ],
  ])("%j with %j: %s", (condition, claims, verdict) => {
    expect(met(condition, claims)).toBe(verdict);
  });

  test.each([
    [{ version: "1.0.0", allOf: [branch] }],
    [{ version: "1.0.0", anyOf: [] }],
    [{ version: "1.0.0", anyOf: [{ authority: OWN_URL, allOf: [{ claim: "a", like: "x" }] }] }],
    [{ version: "1.0.0", anyOf: [{ authority: OWN_URL, allOf: [{ claim: "a", equals: 1, less: 2 }] }] }],
  ])("refuses what the grammar does not know: %j", (policy) => {
    expect(() => policyMet(policy, OWN_URL, {})).toThrow();
  });
});
