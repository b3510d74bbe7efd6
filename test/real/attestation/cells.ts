// All cells that judges attack, against the table of wirings: add a file's list here when it comes.
import type { Wiring } from "../../../lib/attestation/wiring";
import { AWS_CELLS } from "./aws-cells";
import { AZURE_CELLS } from "./azure-cells";
import type { AttackedCell } from "./cell";
import { GOOGLE_CELLS } from "./google-cells";
import { TRUST_AUTHORITY_CELLS } from "./intel-trust-authority-cells";
import { REGO_CELLS } from "./rego-cells";
import { TRUSTEE_CELLS } from "./trustee-cells";
import { VAULT_CELLS } from "./vault-cells";

/** Lists by area. */
export const CELL_LISTS: Readonly<Record<string, readonly AttackedCell[]>> = {
  aws: AWS_CELLS,
  azure: AZURE_CELLS,
  google: GOOGLE_CELLS,
  "intel-trust-authority": TRUST_AUTHORITY_CELLS,
  rego: REGO_CELLS,
  trustee: TRUSTEE_CELLS,
  vault: VAULT_CELLS,
};

/**
 * Where cases and table differ, a line each. Something refused needs a case that is refused and none that goes through;
 * something not proven needs a case that goes through.
 */
export function differences(wirings: readonly Wiring[], cells: readonly AttackedCell[]): string[] {
  const ids = wirings.map(({ id }) => id);
  return [
    ...cells
      .filter(({ wiring }) => !ids.includes(wiring))
      .map(({ wiring, name }) => `${wiring}: no such wiring, for case '${name}'`),
    ...wirings.flatMap((wiring) => {
      const own = cells.filter((cell) => cell.wiring === wiring.id);
      const known = wiring.cases.map(({ case: { id } }) => id);
      return [
        ...own
          .filter(({ negative }) => !known.includes(negative))
          .map(({ negative, name }) => `${wiring} x ${negative}: no such negative case, for case '${name}'`),
        ...wiring.cases.flatMap(({ case: { id }, refused }) => {
          const tried = own.filter(({ negative }) => negative === id);
          const through = tried.filter((cell) => !cell.refused);
          if (refused && through.length > 0)
            return [`${wiring} x ${id}: the table says refused, '${through[0]!.name}' goes through`];
          if (refused && tried.length === 0)
            return [`${wiring} x ${id}: the table says refused, no case shows it`];
          if (!refused && through.length === 0)
            return [`${wiring} x ${id}: the table says not proven, no case goes through`];
          return [];
        }),
      ];
    }),
  ];
}
