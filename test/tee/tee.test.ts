import { Distance, Sensitivity, Tee, TrustTier } from "../../lib";

const D = Distance;

test("distances are ordered", () => {
  const order = [D.TRUSTED, D.ISOLATED, D.OUT, D.OUT_PROVEN];
  for (const [i, one] of order.entries())
    for (const [j, other] of order.entries())
      expect([one.reaches(other), one.stepsBelow(other)]).toEqual([i >= j, Math.max(0, j - i)]);
});

// The table of the design: party by party.
test.each([
  [TrustTier.SHARED, D.TRUSTED, D.TRUSTED, D.TRUSTED],
  [TrustTier.ISOLATED, D.TRUSTED, D.TRUSTED, D.ISOLATED],
  [TrustTier.CONFIDENTIAL_NODE, D.OUT, D.TRUSTED, D.TRUSTED],
  [TrustTier.ATTESTED_NODE, D.OUT_PROVEN, D.TRUSTED, D.TRUSTED],
  [TrustTier.CONFIDENTIAL_POD, D.OUT_PROVEN, D.OUT_PROVEN, D.OUT_PROVEN],
  [TrustTier.NITRO_ENCLAVE, D.TRUSTED, D.OUT_PROVEN, D.OUT_PROVEN],
  [TrustTier.SGX_ENCLAVE, D.OUT_PROVEN, D.OUT_PROVEN, D.OUT_PROVEN],
])("%s keeps provider %s, host admins %s, neighbours %s", (tier, provider, hostAdmin, neighbours) => {
  expect(tier.distances).toEqual({ provider, hostAdmin, neighbours });
});

test.each([
  [Sensitivity.PUBLIC, D.TRUSTED, D.TRUSTED, D.TRUSTED],
  [Sensitivity.INTERNAL, D.OUT, D.TRUSTED, D.TRUSTED],
  [Sensitivity.CONFIDENTIAL, D.OUT, D.TRUSTED, D.OUT],
  [Sensitivity.REGULATED, D.OUT_PROVEN, D.TRUSTED, D.OUT],
  [Sensitivity.SEALED, D.TRUSTED, D.OUT_PROVEN, D.OUT_PROVEN],
])(
  "%s requires provider %s, host admins %s, neighbours %s",
  (sensitivity, provider, hostAdmin, neighbours) => {
    expect(sensitivity.requires).toEqual({ provider, hostAdmin, neighbours });
  },
);

test("tiers are compared column by column, not as a ladder", () => {
  // An enclave beats a node for administrators and loses for the provider.
  expect(TrustTier.NITRO_ENCLAVE.meets(Sensitivity.SEALED.requires)).toBe(true);
  expect(TrustTier.NITRO_ENCLAVE.meets(Sensitivity.INTERNAL.requires)).toBe(false);
  expect(TrustTier.CONFIDENTIAL_NODE.meets(Sensitivity.INTERNAL.requires)).toBe(true);
  expect(TrustTier.CONFIDENTIAL_NODE.shortfalls(Sensitivity.CONFIDENTIAL.requires)).toEqual([
    { party: "neighbours", has: D.TRUSTED, needs: D.OUT },
  ]);
});

test("what pools reach today is SHARED, ISOLATED and CONFIDENTIAL_NODE; every other tier says why not", () => {
  expect(TrustTier.ALL.filter((tier) => tier.notGranted === undefined).map(({ label }) => label)).toEqual([
    "SHARED",
    "SHARED, own pool",
    "ISOLATED",
    "ISOLATED, own pool",
    "CONFIDENTIAL_NODE",
    "CONFIDENTIAL_NODE, own pool",
  ]);
  expect(TrustTier.ATTESTED_NODE.notGranted).toMatch(/no node attester exists/);
  expect(TrustTier.SGX_ENCLAVE.notGranted).toMatch(/nothing in this release attests what runs in an enclave/);
});

test("an own pool keeps neighbours out, and nobody else any farther", () => {
  for (const tier of TrustTier.ALL.filter((t) => t.ownPool)) {
    const shared = TrustTier.find(tier.name)!;
    expect(shared.ownPool).toBe(false);
    expect(shared.onOwnPool).toBe(tier);
    expect(tier.distances).toEqual({ ...shared.distances, neighbours: D.OUT });
    expect(shared.stillTrusted.filter((trusted) => !tier.stillTrusted.includes(trusted))).toMatchObject([
      { who: "neighbours" },
    ]);
    expect(tier.reachedBy).toMatch(/of the tenant's own, with the admission rules/);
  }
  // Where neighbours are out on any pool, nothing changes.
  expect(TrustTier.SGX_ENCLAVE.onOwnPool).toBe(TrustTier.SGX_ENCLAVE);
  expect(TrustTier.find("NOT_A_TIER")).toBeUndefined();
});

test("confidential is met on an own confidential pool, and nowhere else of what pools reach", () => {
  const granted = TrustTier.ALL.filter((tier) => tier.notGranted === undefined);
  expect(granted.filter((tier) => tier.meets(Sensitivity.CONFIDENTIAL.requires))).toEqual([
    TrustTier.CONFIDENTIAL_NODE.onOwnPool,
  ]);
  expect(granted.filter((tier) => tier.meets(Sensitivity.REGULATED.requires))).toEqual([]);
});

test("every tier that pools reach says who is still trusted, and why; neighbours on shared pools", () => {
  for (const tier of TrustTier.ALL.filter((t) => t.notGranted === undefined)) {
    const who = tier.stillTrusted.map((trusted) => trusted.who);
    expect(who).toContain("host admins");
    expect(who.includes("neighbours")).toBe(!tier.ownPool);
    expect(who.join()).toMatch(/provider/);
    for (const { why } of tier.stillTrusted) expect(why.length).toBeGreaterThan(10);
  }
});

test("sensitivities and TEEs are found by name", () => {
  expect(Sensitivity.find("sealed")).toBe(Sensitivity.SEALED);
  expect(Sensitivity.find("secret")).toBeUndefined();
  expect(Tee.find("sev-snp")).toBe(Tee.SEV_SNP);
  expect(Tee.find("sgx2")).toBeUndefined();
  expect(`${Tee.SEV_SNP} ${Sensitivity.PUBLIC} ${TrustTier.SHARED} ${D.OUT}`).toBe(
    "AMD SEV-SNP public SHARED OUT",
  );
});
