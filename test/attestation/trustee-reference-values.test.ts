// What Trustee's reference value service holds on a day.
import {
  referenceNames,
  referenceValuesStored,
  type TrusteeReferenceValue,
} from "../../lib/attestation/trustee/reference-values";
import { KINDS, REFERENCE_VALUES } from "../real/rego/evidence";

const TODAY = "2026-11-21";
const options = { kinds: ["tdx"], today: TODAY } as const;
const OTHER = "ab".repeat(48);

const of = (...names: readonly string[]): TrusteeReferenceValue[] =>
  REFERENCE_VALUES.filter(({ name }) => names.includes(name));
const TDX = of("mr_td", "rtmr_1", "rtmr_2", "xfam");
const withoutFirmware = TDX.filter(({ name }) => name !== "mr_td");
const firmware = TDX.find(({ name }) => name === "mr_td")!.values;

const stored = (list: readonly TrusteeReferenceValue[], today: string = TODAY): unknown =>
  referenceValuesStored(list, { kinds: ["tdx"], today }).find(({ name }) => name === "mr_td")!.value;

it("names what policies ask for", () => {
  expect([...referenceNames(["tdx"]).keys()].sort()).toEqual(["mr_td", "rtmr_1", "rtmr_2", "xfam"]);
  expect([...referenceNames().keys()].sort()).toEqual(REFERENCE_VALUES.map(({ name }) => name).sort());
});

it("stores a record for each name, in their order", () => {
  const records = referenceValuesStored(REFERENCE_VALUES, { kinds: KINDS, today: TODAY });
  expect(records.map(({ name }) => name)).toEqual(REFERENCE_VALUES.map(({ name }) => name).sort());
  expect(records.find(({ name }) => name === "snp_microcode")).toEqual({
    version: "0.1.0",
    name: "snp_microcode",
    expiration: "2027-12-31T23:59:59Z",
    value: [218, 219],
  });
});

it("holds old and new values while both are good, and each alone before and after", () => {
  const list = [
    ...withoutFirmware,
    { name: "mr_td", values: firmware, until: "2026-12-10" },
    { name: "mr_td", values: [OTHER], from: "2026-12-01" },
  ];
  expect(stored(list, "2026-11-30")).toEqual(firmware);
  expect(stored(list, "2026-12-01")).toEqual([...firmware, OTHER]);
  expect(stored(list, "2026-12-10")).toEqual([...firmware, OTHER]);
  expect(stored(list, "2026-12-11")).toEqual([OTHER]);
});

it("takes a value once", () => {
  expect(stored([...TDX, { name: "mr_td", values: firmware }])).toEqual(firmware);
});

it("says when the last of what it holds ends", () => {
  const list = [...withoutFirmware, { name: "mr_td", values: firmware, until: "2026-12-10" }];
  const record = referenceValuesStored(list, options).find(({ name }) => name === "mr_td")!;
  expect(record.expiration).toBe("2026-12-10T23:59:59Z");
});

it.each<[string, TrusteeReferenceValue[], RegExp]>([
  ["a name without a value", withoutFirmware, /must have a value on 2026-11-21, got none for mr_td/],
  [
    "a name whose values have ended",
    [...withoutFirmware, { name: "mr_td", values: firmware, until: "2026-11-20" }],
    /got none for mr_td/,
  ],
  [
    "a name whose values have not begun",
    [...withoutFirmware, { name: "mr_td", values: firmware, from: "2026-11-22" }],
    /got none for mr_td/,
  ],
  [
    "a name of another kind",
    [...TDX, ...of("snp_microcode")],
    /one the policy asks for.*got 'snp_microcode'/,
  ],
  ["no values", [...TDX, { name: "mr_td", values: [] }], /mr_td must have values, got none/],
  [
    "a short digest",
    [...TDX, { name: "mr_td", values: ["ab"] }],
    /mr_td must be 96 lower-case hex digits.*got "ab"/,
  ],
  ["upper case", [...TDX, { name: "mr_td", values: [OTHER.toUpperCase()] }], /96 lower-case hex digits/],
  ["zeros", [...TDX, { name: "mr_td", values: ["0".repeat(96)] }], /not all zeros/],
  [
    "a window the wrong way round",
    [...TDX, { name: "mr_td", values: [OTHER], from: "2026-12-02", until: "2026-12-01" }],
    /until must not be before from/,
  ],
  [
    "old values that end before the roll-out can",
    [
      ...withoutFirmware,
      { name: "mr_td", values: firmware, until: "2026-12-02" },
      { name: "mr_td", values: [OTHER], from: "2026-12-01" },
    ],
    /old values must stay good for 3 days.*got until 2026-12-02 with new values of mr_td from 2026-12-01/,
  ],
])("refuses %s", (_, list, words) => {
  expect(() => referenceValuesStored(list, options)).toThrow(words);
  expect(() => referenceValuesStored(list, options)).toThrow(/^\[TRUSTEE_POLICY\]/);
});

it.each<[string, readonly (string | number | boolean)[]]>([
  ["snp_microcode", ["219"]],
  ["snp_microcode", [1.5]],
  ["snp_smt_enabled", ["true"]],
  ["tcb_microcode", [219]],
  ["tcb_microcode", ["0219"]],
  ["smt_enabled", [true]],
  ["measurement", ["ab".repeat(48)]],
  ["measurement", ["A".repeat(64)]],
  ["snp_pcr11", [OTHER]],
  ["xfam", ["e7"]],
])("refuses values of %s like %j", (name, values) => {
  const list = REFERENCE_VALUES.map((one) => (one.name === name ? { name, values } : one));
  expect(() => referenceValuesStored(list, { kinds: KINDS, today: TODAY })).toThrow(
    new RegExp(`TRUSTEE_POLICY.*${name} must be `),
  );
});

it.each([
  ["a day that is none", [{ ...TDX[0]!, from: "tomorrow" }]],
  ["a key nobody knows", [{ ...TDX[0]!, expires: "2027-01-01" }]],
  ["values that are no list", [{ ...TDX[0]!, values: "ab" }]],
  ["a list of texts", ["mr_td"]],
])("refuses %s", (_, list) => {
  expect(() => referenceValuesStored(list as never, options)).toThrow(/OPTION_TYPE/);
});
