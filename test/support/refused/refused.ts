// A combination that cannot work, as the table of refusals holds it.
import type { ErrorCode } from "../../../lib";

/** One refused combination. test/node-pool/refused.test.ts runs all of them. */
export interface Refused {
  /** What somebody tried, like `TDX on AKS`. Unique. */
  readonly what: string;
  /** The fact it rests on, in a sentence. */
  readonly fact: string;
  readonly code: ErrorCode;
  /** Tries it. Must throw. */
  readonly attempt: () => unknown;
  /** The value the message must quote. */
  readonly value: string;
  /** Words of the source the message must name, with its date. */
  readonly source: RegExp;
  /** Words of the working alternative the message must name. */
  readonly alternative: RegExp;
}
