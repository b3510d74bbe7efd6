// A tenant's file may name claims of initialisation data of every kind of evidence, and nothing shorter.
import { EVIDENCE_KINDS } from "../../lib/attestation/evidence-kind";
import { initData } from "../../lib/attestation/init-data";
import { MEASUREMENTS, measurementFault } from "../../lib/attestation/measurement";
import { initDataOptions } from "../support/init-data";

const [measurement] = MEASUREMENTS.trusteePod;

it.each(EVIDENCE_KINDS)("takes the claim of %s", (evidence) => {
  expect(measurementFault(measurement, initData(initDataOptions({ evidence })).claim)).toBeUndefined();
});

it.each([
  ["a byte less", "ab".repeat(31)],
  ["a length between", "ab".repeat(40)],
  ["a whole SHA-512", "ab".repeat(64)],
  ["upper case", "AB".repeat(32)],
])("refuses %s", (_, value) => {
  expect(measurementFault(measurement, value)).toMatch(/must be <hex>, 64 or 96 lower-case hex digits/);
});

it("refuses zeros of either length", () => {
  for (const bytes of [32, 48])
    expect(measurementFault(measurement, "00".repeat(bytes))).toMatch(/must not be all zeros/);
});
