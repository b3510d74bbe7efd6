import { ConfigurationError } from "../../lib";
import { retirementWarnings, unprovenWarnings, type AcceptedFacts } from "../../lib/node-pool/refusal";

const RETIREMENT = {
  what: "DCsv3 sizes",
  day: "2029-10-31",
  source: "Azure documentation, DCsv3 series, 2026-03-10",
  use: "move to Standard_DC4as_v5",
};

const BASIS = { source: "the guide, 2026", use: "use that" };

function retired(today: string, accepted: AcceptedFacts = {}): string[] {
  return retirementWarnings("pools.sgx", RETIREMENT, accepted, today);
}

function failure(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (ConfigurationError.is(error)) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

test.each([
  ["more than a year ahead", "2028-10-30", []],
  ["a year ahead", "2028-10-31", [/^DCsv3 sizes retire on 2029-10-31 \(Azure documentation/]],
  ["on the day", "2029-10-31", [/^DCsv3 sizes retire on 2029-10-31/]],
])("%s, a pool of machines that go is told", (_, today, words) => {
  expect(retired(today)).toEqual(words.map((word) => expect.stringMatching(word) as string));
});

test("after the day it is refused, with what to move to and how a live pool stays", () => {
  expect(failure(() => retired("2029-11-01"))).toMatch(
    /^\[POOL_RETIRED\] pools\.sgx: DCsv3 sizes must still be sold, got .*2029-10-31.*\(Azure documentation.*2026-03-10\); move to Standard_DC4as_v5; .*acceptRetired/,
  );
});

test("with a reason it stays, and the reason shows", () => {
  expect(retired("2030-01-01", { acceptRetired: "until the enclave is ported" })).toEqual([
    expect.stringMatching(/retired on 2029-10-31 .*accepted: until the enclave is ported$/),
  ]);
  expect(failure(() => retired("2030-01-01", { acceptRetired: " " }))).toMatch(/^\[REASON\]/);
});

test("what does not retire says nothing", () => {
  expect(retirementWarnings("pools.p", undefined, {}, "2099-01-01")).toEqual([]);
});

test("facts nobody proved need a reason, and show with it", () => {
  const facts = ["it boots", "it attests"];
  expect(unprovenWarnings("pools.p", "H100 on AKS", [], {}, BASIS)).toEqual([]);
  expect(failure(() => unprovenWarnings("pools.p", "H100 on AKS", facts, {}, BASIS))).toMatch(
    /^\[POOL_UNPROVEN\] pools\.p: H100 on AKS rests on facts nobody proved: it boots; it attests, got no acceptUnproven \(read: the guide, 2026\); use that, or test it/,
  );
  expect(
    failure(() => unprovenWarnings("pools.p", "H100 on AKS", facts, { acceptUnproven: "x" }, BASIS)),
  ).toMatch(/^\[REASON\]/);
  expect(unprovenWarnings("pools.p", "H100 on AKS", facts, { acceptUnproven: "tried it" }, BASIS)).toEqual([
    "unproven: it boots; accepted: tried it",
    "unproven: it attests; accepted: tried it",
  ]);
});
