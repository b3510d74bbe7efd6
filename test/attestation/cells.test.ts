// The table of wirings against the cases that judges run: a cell without its case is a claim.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { NegativeCase, Wiring } from "../../lib/attestation/wiring";
import { CELL_LISTS, differences } from "../real/attestation/cells";

const CELLS = Object.values(CELL_LISTS).flat();

test("every refused cell has a case that is refused, every cell not proven one that goes through", () => {
  expect(differences(Wiring.ALL, CELLS)).toEqual([]);
});

test("every list of cells is counted", () => {
  const folder = join(__dirname, "../real/attestation");
  const files = readdirSync(folder).filter((name) => name.endsWith("-cells.ts"));
  expect(files.map((name) => name.replace("-cells.ts", "")).sort()).toEqual(Object.keys(CELL_LISTS).sort());
});

test.each(Object.entries(CELL_LISTS))("cases of %s have names of their own", (_area, cells) => {
  const names = cells.map(({ wiring, negative, name }) => `${wiring} ${negative} ${name}`);
  expect(cells.length).toBeGreaterThan(0);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("the check bites", () => {
  const wirings = [Wiring.AZURE_ATTESTATION];
  const good = Wiring.AZURE_ATTESTATION.cases.map(({ case: { id }, refused }) => ({
    wiring: "azure-attestation",
    negative: id,
    refused,
    name: id,
  }));
  expect(differences(wirings, good)).toEqual([]);
  expect(differences(wirings, [])).toHaveLength(NegativeCase.ALL.length);
  for (const { negative, refused } of good) {
    const other = good.map((cell) => (cell.negative === negative ? { ...cell, refused: !refused } : cell));
    expect(differences(wirings, other)).toEqual([
      expect.stringContaining(`azure-attestation x ${negative}: `),
    ]);
  }
  expect(differences(wirings, [...good, { ...good[0]!, wiring: "none" }])).toHaveLength(1);
  expect(differences(wirings, [...good, { ...good[0]!, negative: "none" }])).toHaveLength(1);
});
