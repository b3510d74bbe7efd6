// How a row of the catalogue is held against what a pool of it synthesizes to.
import type { MachineTypeRow } from "../../../lib";

/** What one cloud knows about its rows. test/node-pool/catalogue.test.ts runs every row through it. */
export interface CatalogueCase {
  /** The confidential part of what a pool of this row synthesizes to: exactly the fields the cloud needs. */
  readonly synthesized: (row: MachineTypeRow) => unknown;
  /** The same, written by hand from the vendor's pages: not computed by the code under test. */
  readonly expected: (row: MachineTypeRow) => unknown;
  /** For a row no pool can have: tries it, and must throw POOL_TEE. */
  readonly refuse: (row: MachineTypeRow) => unknown;
}
