import { Party, Tee, TEE_COMPARISON, TEE_OFFERS, type TeeComparison, type TeeFact } from "../../lib";
import { shortfalls } from "../../lib/tee/trust-tier";
import { teesPage } from "../../scripts/tees-page";

const ROWS = [...TEE_COMPARISON.values()];
const isFact = (value: unknown): value is TeeFact =>
  typeof value === "object" && value !== null && "text" in value;

/** The statements of a row by property, limits apart. */
function facts(row: TeeComparison): (readonly [property: string, fact: TeeFact])[] {
  return Object.entries(row).flatMap(([property, value]) =>
    isFact(value) ? [[property, value] as const] : [],
  );
}

const ALL_FACTS = ROWS.flatMap((row) => [...facts(row).map(([, fact]) => fact), ...row.limits]);

test("every TEE has one row with nine statements, in the order of Tee.ALL", () => {
  expect([...TEE_COMPARISON.keys()]).toEqual(Tee.ALL.filter((tee) => tee !== Tee.NONE));
  for (const [tee, row] of TEE_COMPARISON) {
    expect(row.tee).toBe(tee);
    expect(facts(row)).toHaveLength(9);
  }
});

test("every statement names its dated sources or is marked unsure", () => {
  for (const { text, sources, unsure } of ALL_FACTS) {
    expect(text).toMatch(/\w.*[^.]$/);
    expect(sources.length > 0 || unsure).toBe(true);
    for (const source of sources) expect(source).toMatch(/, .*20\d\d/);
  }
});

// By hand, from the vendors' pages: what pools can have it on, unchanged applications, GPU, integrity, distances, tier.
test.each([
  [Tee.SEV, ["google"], true, false, false, "OUT TRUSTED OUT", "CONFIDENTIAL_NODE"],
  [Tee.SEV_ES, [], true, false, false, "OUT TRUSTED OUT", undefined],
  [
    Tee.SEV_SNP,
    ["aws", "azure", "google"],
    true,
    false,
    true,
    "OUT_PROVEN OUT_PROVEN OUT_PROVEN",
    "CONFIDENTIAL_NODE",
  ],
  [Tee.TDX, ["google"], true, false, true, "OUT_PROVEN OUT_PROVEN OUT_PROVEN", "CONFIDENTIAL_NODE"],
  [Tee.SGX, ["azure"], false, false, true, "OUT_PROVEN OUT_PROVEN OUT_PROVEN", "SHARED"],
  [Tee.NITRO_ENCLAVES, ["aws"], false, false, true, "TRUSTED OUT_PROVEN OUT_PROVEN", "SHARED"],
  [Tee.IBM_SECURE_EXECUTION, [], true, false, true, "OUT_PROVEN OUT_PROVEN OUT_PROVEN", undefined],
  [Tee.ARM_CCA, [], true, false, true, "OUT_PROVEN OUT_PROVEN OUT_PROVEN", undefined],
  [Tee.TRUSTZONE, [], false, false, true, "TRUSTED OUT ISOLATED", undefined],
  [Tee.NVIDIA_CC, [], true, true, true, "OUT_PROVEN OUT_PROVEN OUT_PROVEN", undefined],
] as const)("%s", (tee, clouds, unmodifiedApp, gpu, keepsIntegrity, atBest, today) => {
  const { reach, notForPools, ...row } = TEE_COMPARISON.get(tee)!;
  expect(row).toMatchObject({ clouds, unmodifiedApp, gpu, keepsIntegrity });
  expect(Party.ALL.map(({ key }) => reach.atBest[key].name).join(" ")).toBe(atBest);
  expect(reach.today?.name).toBe(today);
  expect(notForPools === undefined).toBe(clouds.length > 0);
});

// What nobody read a source for, or what sources contradict each other on.
test.each([
  [Tee.SEV, ["integrity", "recoverability"]],
  [
    Tee.SEV_ES,
    [
      "confidentiality",
      "integrity",
      "recoverability",
      "isolationUnit",
      "codeChanges",
      "soldBy",
      "evidence",
      "verifiers",
    ],
  ],
  [Tee.SEV_SNP, []],
  [Tee.TDX, ["recoverability"]],
  [Tee.SGX, []],
  [Tee.NITRO_ENCLAVES, ["integrity"]],
  [Tee.IBM_SECURE_EXECUTION, ["recoverability"]],
  [Tee.ARM_CCA, ["recoverability", "codeChanges", "soldBy"]],
  [Tee.TRUSTZONE, ["confidentiality", "attestability", "recoverability", "soldBy", "evidence", "verifiers"]],
  [Tee.NVIDIA_CC, ["recoverability"]],
] as const)("what is unsure about %s", (tee, unsure) => {
  expect(
    facts(TEE_COMPARISON.get(tee)!).flatMap(([property, fact]) => (fact.unsure ? [property] : [])),
  ).toEqual(unsure);
});

test("nobody is kept farther today than at best, nor by a cloud farther than by the TEE", () => {
  for (const { reach } of ROWS.filter((row) => row.reach.today))
    expect(shortfalls(reach.atBest, reach.today!.distances)).toEqual([]);
  const limited = TEE_OFFERS.filter((offer) => offer.reach);
  expect(limited.map(({ cloud, tee }) => `${cloud} ${tee.id}`)).toEqual(["aws sev-snp"]);
  for (const { tee, reach } of limited)
    expect(shortfalls(TEE_COMPARISON.get(tee)!.reach.atBest, reach!.atBest)).toEqual([]);
});

test("the page prints every statement, source and mark", () => {
  const page = teesPage();
  for (const { text } of ALL_FACTS) expect(page).toContain(text);
  for (const page_ of new Set([
    ...ALL_FACTS.flatMap(({ sources }) => sources),
    ...TEE_OFFERS.map(({ source }) => source),
  ]))
    expect(page).toMatch(new RegExp(`^\\d+\\. ${page_.replace(/[()[\]./]/g, "\\$&")}$`, "m"));
  // One more explains the mark.
  expect(page.split("**(unsure)**")).toHaveLength(ALL_FACTS.filter(({ unsure }) => unsure).length + 2);
});
