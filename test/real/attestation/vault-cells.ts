// The cells of the table that the lane attacks on a live Vault.
import type { AttackedCell } from "./cell";
import { LOG_INS } from "./vault-log-ins";
import { OPERATIONS } from "./vault-operations";

/** Log-ins and operations that are cells. */
export const VAULT_CELLS: readonly AttackedCell[] = [...LOG_INS, ...OPERATIONS].flatMap(
  ({ name, cell, refused }) =>
    cell === undefined ? [] : [{ wiring: cell[0], negative: cell[1], refused, name: `vault: ${name}` }],
);
