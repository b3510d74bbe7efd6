// A row of the catalogue of confidential machine types.
import type { Tee } from "../tee/tee";

/** One machine type in one TEE. */
export interface MachineTypeRow {
  /** aws, azure or google. */
  readonly cloud: string;
  /** The vendor's own name. */
  readonly name: string;
  /** The vendor's name of the family, like `DCasv5`, `n2d`, `m6a`. */
  readonly family: string;
  readonly tee: Tee;
  /** Confidential GPU on board, like `H100`. */
  readonly gpu?: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** x86_64 or arm64. */
  readonly arch: string;
  /** The vendor's page. */
  readonly source: string;
  /** Day the page was last changed or copied, as exactly as it is known: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. */
  readonly date: string;
  /** Regions that sell it; undefined when the vendor publishes no list we know. */
  readonly regions?: readonly string[];
  /** Why no node pool can have it, though the cloud sells the machine. */
  readonly notForPools?: string;
  /** Facts no source settles: a pool needs `acceptUnproven`. */
  readonly unproven?: readonly string[];
  /** Day the vendor takes it away, `YYYY-MM-DD`. */
  readonly retires?: string;
}
