// Reference values of a roll-out: old and new ones are good together for long enough.
import { MEASUREMENTS } from "../../lib/attestation/measurement";
import { referenceValueFaults, type ReferenceValueSet } from "../../lib/attestation/reference-values";

const set = (release: string, from?: string, until?: string): ReferenceValueSet => ({
  release,
  ...(from === undefined ? {} : { from }),
  ...(until === undefined ? {} : { until }),
  values: { imageDigest: `sha256:${release.repeat(64)}` },
});

const faults = (...sets: ReferenceValueSet[]): (string | number)[] =>
  referenceValueFaults(MEASUREMENTS.confidentialSpace, sets, "2026-11-21").map(({ path }) => path.join("."));

test.each<[string, ReferenceValueSet[], string[]]>([
  [
    "a release that ended long ago need not meet one that comes, when another lies between",
    [set("1", undefined, "2026-06-30"), set("2", "2026-06-01"), set("3", "2027-06-01")],
    [],
  ],
  [
    "the release that ends last before the next one must last",
    [set("1", undefined, "2026-06-30"), set("2", "2026-06-01", "2027-06-02"), set("3", "2027-06-01")],
    ["1.until"],
  ],
  ["a gap is refused", [set("1", undefined, "2026-12-01"), set("2", "2026-12-02")], ["0.until"]],
  ["three days are enough", [set("1", undefined, "2026-12-04"), set("2", "2026-12-01")], []],
])("%s", (_name, sets, wanted) => {
  expect(faults(...sets)).toEqual(wanted);
});
