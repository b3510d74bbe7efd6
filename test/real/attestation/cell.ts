// One case of a judge, as the table of wirings counts it.

/** A wiring was attacked by a negative case, and this is what happened. */
export interface AttackedCell {
  /** Id of the wiring. */
  readonly wiring: string;
  /** Id of the negative case. */
  readonly negative: string;
  /** True when it was refused. */
  readonly refused: boolean;
  /** What was tried, unique within its area. */
  readonly name: string;
}
