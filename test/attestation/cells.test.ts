// The table of wirings against the cases that judges run: a cell without its case is a claim.
import { NegativeCase, Wiring } from "../../lib/attestation/wiring";
import { CELL_LISTS, differences } from "../real/attestation/cells";

const CELLS = Object.values(CELL_LISTS).flat();

/** What judges that are not on the list yet will show. Empty when all are. */
const AWAITED = [
  "trustee-pod x staleEvidence: the table says refused, no case shows it",
  "trustee-node x staleEvidence: the table says refused, no case shows it",
];

test("every refused cell has a case that is refused, every cell not proven one that goes through", () => {
  expect(differences(Wiring.ALL, CELLS)).toEqual(AWAITED);
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
