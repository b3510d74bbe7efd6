// Reference values: which measurements a workload may have on a day, with room for old and new ones during a roll-out.
import { dayOf, daysBetween } from "../core/clock";
import { measurementFault, type Measurement } from "./measurement";

/** The values of one release of a workload. */
export interface ReferenceValueSet {
  /** What the values are of, like a version. Unique within a workload. */
  readonly release: string;
  /** First day, `YYYY-MM-DD`. @default - always was */
  readonly from?: string;
  /** Last day, `YYYY-MM-DD`. @default - until it is removed */
  readonly until?: string;
  /** By key of the wiring's measurements: lower-case hex. */
  readonly values: Readonly<Record<string, string>>;
}

/** Something wrong with reference values: where in their list, and in words. */
export interface ReferenceValueFault {
  /** Index and key. */
  readonly path: readonly (string | number)[];
  /** `rule, got value; do this`. */
  readonly text: string;
}

/** Days for which old and new values must both be good, so that a roll-out can end. */
export const ROLL_OUT_DAYS = 3;

/** The sets that are good on a day. `today` is `YYYY-MM-DD`, by default the machine's. */
export function referenceValuesOn(
  sets: readonly ReferenceValueSet[],
  today?: string,
): readonly ReferenceValueSet[] {
  const now = dayOf(today);
  return sets.filter(({ from, until }) => (from ?? now) <= now && (until ?? now) >= now);
}

/**
 * What is wrong with reference values for these measurements: malformed values, unknown and missing keys, nothing that
 * is good today, a release that ends before the next one's roll-out can.
 */
export function referenceValueFaults(
  measurements: readonly Measurement[],
  sets: readonly ReferenceValueSet[],
  today?: string,
): ReferenceValueFault[] {
  const own = [
    ...sets.flatMap((set, index) => setFaults(measurements, set, index)),
    ...sets.flatMap((set, index) => releaseFaults(sets, set, index)),
  ];
  if (sets.length === 0 || referenceValuesOn(sets, today).length > 0)
    return [...own, ...sets.flatMap((set, index) => rollOutFaults(sets, set, index))];
  // Values or days that are wrong by themselves leave none that is good: one mistake is one error.
  if (own.length > 0) return own;
  return [
    {
      path: [],
      text: `one release must be good on ${dayOf(today)}, got none; add the values of the running release`,
    },
  ];
}

function setFaults(
  measurements: readonly Measurement[],
  { values }: ReferenceValueSet,
  index: number,
): ReferenceValueFault[] {
  const known = measurements.map(({ key }) => key).join(", ");
  const unknown = Object.keys(values).filter((key) => !measurements.some((one) => one.key === key));
  return [
    ...unknown.map((key) => ({
      path: [index, "values", key],
      text: `a value must be one the evidence carries (${known}), got '${key}'; remove it`,
    })),
    ...measurements.flatMap((one) => {
      const value = values[one.key];
      const path = [index, "values", one.key];
      if (value === undefined)
        return one.required
          ? [
              {
                path,
                text: `${one.key} must be given (${one.of}), got nothing; copy it from the build's output`,
              },
            ]
          : [];
      const fault = measurementFault(one, value);
      if (fault === undefined) return [];
      const lower = measurementFault(one, value.toLowerCase()) === undefined;
      const cure = lower ? "write it in lower case" : "copy it from the build's output";
      return [{ path, text: `${one.key} ${fault}, got '${value}'; ${cure}` }];
    }),
    ...(Object.keys(values).length === 0
      ? [{ path: [index, "values"], text: `a release must have values (${known}), got none; add them` }]
      : []),
  ];
}

/** A release stands once, and its days are in order. */
function releaseFaults(
  sets: readonly ReferenceValueSet[],
  { release, from, until }: ReferenceValueSet,
  index: number,
): ReferenceValueFault[] {
  const twice = sets.findIndex((other) => other.release === release) < index;
  return [
    ...(twice
      ? [{ path: [index, "release"], text: `a release must stand once, got '${release}' again; remove one` }]
      : []),
    ...(from !== undefined && until !== undefined && from > until
      ? [
          {
            path: [index, "until"],
            text: `until must not be before from, got ${from} to ${until}; swap them`,
          },
        ]
      : []),
  ];
}

/** A release must outlive the beginning of the next one by a roll-out. */
function rollOutFaults(
  sets: readonly ReferenceValueSet[],
  { release, from, until }: ReferenceValueSet,
  index: number,
): ReferenceValueFault[] {
  const next = sets
    .map((other) => other.from)
    .filter(
      (day) =>
        day !== undefined &&
        until !== undefined &&
        day > (from ?? "") &&
        daysBetween(day, until) < ROLL_OUT_DAYS &&
        !lastsLonger(sets, day, until),
    )
    .sort()[0];
  const alone =
    until !== undefined &&
    !sets.some((other) => other.release !== release && (other.until === undefined || other.until > until));
  return [
    ...(next !== undefined
      ? [
          {
            path: [index, "until"],
            text:
              `old values must stay good for ${ROLL_OUT_DAYS} days after new ones begin, so that the roll-out can end, ` +
              `got until ${until} with a release from ${next}; move until to a later day`,
          },
        ]
      : []),
    ...(alone
      ? [
          {
            path: [index, "until"],
            text: `the last release must not end, got until ${until} and no release after it; remove until, or add the next release`,
          },
        ]
      : []),
  ];
}

/** True when another release from before that day ends later: that one has to last, then. */
function lastsLonger(sets: readonly ReferenceValueSet[], day: string, until: string): boolean {
  return sets.some((other) => (other.from ?? "") < day && (other.until === undefined || other.until > until));
}
