// What a lane is: something held against a real part, with a row in the closing table.

/** One thing a lane looked at. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Why not, or what was seen. */
  readonly detail?: string;
}

/** What a lane reports. */
export interface LaneReport {
  readonly checks: readonly Check[];
  /** The real parts, with versions. */
  readonly parts: string;
  /** Arguments and resources taken out of copies; the notes name each with its reason. */
  readonly leftOut: number;
  /** Lines printed under the lane: what was left out, and why. */
  readonly notes: readonly string[];
}

/** A lane. `run` throws NotHere when its part is missing. */
export interface Lane {
  readonly name: string;
  readonly proves: string;
  run(): Promise<LaneReport>;
}

/** The part a lane needs is not on this machine. The closing table says so; it never counts as passed. */
export class NotHere extends Error {
  public readonly notHere = true;
}

/** A check that holds when there is no problem. */
export function check(name: string, problems: readonly string[]): Check {
  return { name, ok: problems.length === 0, detail: problems.join("\n") };
}
