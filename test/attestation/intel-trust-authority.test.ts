// Intel Trust Authority as a source of log-ins at Vault: options, and what a token must say.
import { IntelTrustAuthority, TRUST_AUTHORITY_REGIONS, type IntelTrustAuthorityOptions } from "../../lib";
import { Wiring } from "../../lib/attestation/wiring";
import {
  POLICY,
  TRUST_AUTHORITY_CELLS,
  TRUST_AUTHORITY_FORGERIES,
  TRUST_AUTHORITY_OWN,
} from "../real/attestation/intel-trust-authority-cells";
import { trustAuthority } from "../support/error-cases-workload";
import { loginFaults } from "../support/vault-judge";

const of = (change: Partial<IntelTrustAuthorityOptions> = {}): IntelTrustAuthority =>
  IntelTrustAuthority.of(trustAuthority(change));
const login = (tee: "tdx" | "sevsnp" = "tdx"): ReturnType<IntelTrustAuthority["vaultLogin"]> =>
  of({ tee }).vaultLogin();

describe("a log-in with its tokens", () => {
  test.each(TRUST_AUTHORITY_OWN)("takes one of the platform: $name", ({ token, tee }) => {
    expect(loginFaults(login(tee), token)).toEqual([]);
  });

  test.each(TRUST_AUTHORITY_FORGERIES)("refuses one $name", ({ token, tee }) => {
    expect(loginFaults(login(tee), token)).not.toEqual([]);
  });

  test.each(TRUST_AUTHORITY_CELLS.map((cell) => [cell.name, cell] as const))(
    "does as the table says: %s",
    (_, cell) => {
      const row = Wiring.find(cell.wiring)!.cases.find(({ case: one }) => one.id === cell.negative)!;
      expect(loginFaults(login(cell.tee), cell.token).length > 0).toBe(row.refused);
      expect(cell.refused).toBe(row.refused);
    },
  );

  test("has a case for every cell of the table", () => {
    const tried = new Set(TRUST_AUTHORITY_CELLS.map(({ negative }) => negative));
    expect([...tried]).toEqual(Wiring.INTEL_TRUST_AUTHORITY.cases.map(({ case: { id } }) => id));
  });

  test("takes either policy during a roll-out, and no third", () => {
    const next = "0b1c2d3e-0000-4000-8000-000000000001";
    const both = of({ policyIds: [next, POLICY] }).vaultLogin();
    const { token } = TRUST_AUTHORITY_OWN[0]!;
    expect(loginFaults(both, token)).toEqual([]);
    expect(loginFaults(of({ policyIds: [next] }).vaultLogin(), token)).toEqual(["/policy_ids_matched/0/id"]);
  });
});

describe("endpoint, issuer and keys", () => {
  test.each(Object.entries(TRUST_AUTHORITY_REGIONS))(
    "are those of region %s",
    (region, { api, issuer, jwksUrl }) => {
      const verifier = of({ region, apiKey: { secret: "trust-authority", region } });
      expect(verifier.vaultLogin()).toMatchObject({ issuer, jwksUrl, algorithms: ["PS384"] });
      expect(verifier.workload("auth/intel/node").url).toBe(api);
      // One domain each, so that no region's key or issuer stands in another's row.
      const domain = api.replace("https://api", "");
      expect([issuer, jwksUrl]).toEqual([`https://portal${domain}`, `https://portal${domain}/certs`]);
    },
  );

  test("of regions that nobody listed do not exist, prototypes' names included", () => {
    for (const region of ["apac", "constructor", "US", ""])
      expect(() => of({ region, apiKey: { secret: "a", region } })).toThrow(
        "[ITA_REGION] verifiers.intel: region must be",
      );
  });

  test("and the API key are of one region", () => {
    expect(() => of({ apiKey: { secret: "trust-authority", region: "us" } })).toThrow(
      "[ITA_REGION] verifiers.intel: an API key works in the region of its subscription alone, got a key of 'us' for region 'eu'",
    );
  });
});

test("a client asks for the policy to match, and for PS384", () => {
  expect(of().workload("auth/intel/node")).toEqual({
    url: "https://api.eu.trustauthority.intel.com",
    policyId: POLICY,
    resource: "auth/intel/node",
    settings: {
      noncePath: "/appraisal/v2/nonce",
      attestPath: "/appraisal/v2/attest",
      policy_must_match: "true",
      token_signing_alg: "PS384",
      apiKeySecret: "kv/platform/trust-authority",
    },
  });
});

test.each([
  ["none", []],
  ["one that is no UUID", ["default"]],
  ["one in capitals", [POLICY.toUpperCase()]],
  ["one twice", [POLICY, POLICY]],
])("policies: %s is refused", (_, policyIds) => {
  expect(() => of({ policyIds })).toThrow("[ITA_POLICY]");
});

test("a TEE whose claims nobody knows is refused", () => {
  expect(() => of({ tee: "sgx" })).toThrow(
    "[ITA_POLICY] verifiers.intel: tee must be one whose claims are known here",
  );
});

describe("the API key", () => {
  const KEYS = [
    "djE6ZXhhbXBsZTpub3RhcmVhbGtleQ==",
    "v1.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "a3f0c945b36eb0fca6533cdec93d72f8",
    "c7c21d7b-9cdc-4441-88a9-e2e15c2a25ed",
    "kv/platform/c7c21d7b-9cdc-4441-88a9-e2e15c2a25ed",
    "TRUSTAUTHORITY",
    "",
  ];

  test.each(KEYS)("is refused as a value, and not printed: %s", (secret) => {
    const attempt = (): unknown => of({ apiKey: { secret, region: "eu" } });
    expect(attempt).toThrow("[ITA_API_KEY]");
    if (secret) expect(attempt).not.toThrow(secret);
  });

  test.each(["trust-authority", "kv/platform/trust-authority", "kv/data/platform/ita.eu"])(
    "is taken as a reference: %s",
    (secret) => {
      expect(of({ apiKey: { secret, region: "eu" } }).workload("x").settings!.apiKeySecret).toBe(secret);
    },
  );
});

test.each([0, 61, 480, 2.5, Number.NaN])("tokens of %s minutes are refused", (tokenMinutes) => {
  expect(() => of({ tokenMinutes })).toThrow("[ITA_TOKEN]");
});

test("tokens of an hour are the most, and the life stands on every report as what the platform says", () => {
  expect(of({ tokenMinutes: 60 }).vaultLogin().tokenMinutes).toBe(60);
  expect(of({ tokenMinutes: 7 }).warnings.join()).toContain("7 minutes is what the platform says");
});

test("a tenant that names it is told why not, gets no tier and no binding", () => {
  const [problem, ...more] = of().problems();
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ code: "ATTESTATION_VERIFIER", path: ["attestation", "verifier"] });
  expect(problem!.text).toContain("evidence that names its workload");
  expect(of().grants()).toBeUndefined();
  expect(() => of().bind()).toThrow("[ATTESTATION_VERIFIER] verifiers.intel");
});
