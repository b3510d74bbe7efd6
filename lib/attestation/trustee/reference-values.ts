// Reference values of Trustee as data: what its reference value service holds on a day.
import * as z from "../../core/zod";
import { dayOf, daysBetween } from "../../core/clock";
import { assertShape, shape } from "../../core/option-shape";
import { ROLL_OUT_DAYS } from "../reference-values";
import { ATTESTED_KINDS, TEE_CLAIMS, type AttestedKind, type ClaimFormat, type TeeClaims } from "./claims";
import { policyFault, POLICY_SCOPE } from "./policy-checks";

/** A value as a claim carries it. */
export type ReferenceData = string | number | boolean;

/** Values of one name, good from one day to another. */
export interface TrusteeReferenceValue {
  /** One of the names of `TEE_CLAIMS`, like `snp_launch_measurement`. */
  readonly name: string;
  /** Written as the claim writes them: hex in lower case, base64 for Azure's `measurement`, texts for its numbers. */
  readonly values: readonly ReferenceData[];
  /** First day, `YYYY-MM-DD`. @default - always was */
  readonly from?: string;
  /** Last day, `YYYY-MM-DD`. @default - until it is removed */
  readonly until?: string;
}

/** What is stored under a name. Trustee reads the list and does not look at the day: what is stored is what counts. */
export interface StoredReferenceValue {
  readonly version: string;
  readonly name: string;
  /** The last second of the last day that is known, else of a year from the day asked about. */
  readonly expiration: string;
  readonly value: readonly ReferenceData[];
}

const FORMATS: Readonly<
  Record<ClaimFormat, { readonly says: string; readonly holds: (value: unknown) => boolean }>
> = {
  hex48: hex(48),
  hex32: hex(32),
  hex8: hex(8),
  base64of48: {
    says: "base64 of 48 bytes, not all zeros",
    holds: (value) => typeof value === "string" && /^[A-Za-z0-9+/]{64}$/.test(value) && !/^A+$/.test(value),
  },
  number: { says: "a whole number", holds: (value) => Number.isInteger(value) && (value as number) >= 0 },
  flag: { says: "true or false", holds: (value) => typeof value === "boolean" },
  numberText: {
    says: "a whole number as text, as Azure's claim is",
    holds: (value) => typeof value === "string" && /^(0|[1-9]\d*)$/.test(value),
  },
  flagText: {
    says: "'true' or 'false' as text, as Azure's claim is",
    holds: (value) => value === "true" || value === "false",
  },
};

function hex(bytes: number): { readonly says: string; readonly holds: (value: unknown) => boolean } {
  const digits = new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
  return {
    says: `${bytes * 2} lower-case hex digits, not all zeros`,
    holds: (value) => typeof value === "string" && digits.test(value) && !/^0+$/.test(value),
  };
}

/** Names a policy for these kinds asks for, with the format of their values. */
export function referenceNames(
  kinds: readonly AttestedKind[] = ATTESTED_KINDS,
): ReadonlyMap<string, ClaimFormat> {
  const claims = kinds.flatMap((kind) => {
    const { executables, hardware, configuration }: TeeClaims = TEE_CLAIMS[kind];
    return [...executables, ...hardware, ...configuration];
  });
  return new Map(claims.map(({ name, format }) => [name, format]));
}

/**
 * What is stored on a day (`YYYY-MM-DD`, by default the machine's): a record for each name the policies for these kinds
 * ask for, with the values of all windows the day is in. Trustee does not look at days: a value whose window is over
 * goes with the next deployment, and not before. Throws OPTION_TYPE, and TRUSTEE_POLICY for unknown names, values of
 * another format, windows the wrong way round, a name without a value on that day, and old values that end before the
 * roll-out of new ones can.
 */
export function referenceValuesStored(
  list: readonly TrusteeReferenceValue[],
  options: { readonly kinds: readonly AttestedKind[]; readonly today?: string },
): readonly StoredReferenceValue[] {
  assertShape(POLICY_SCOPE, shape.object({ referenceValues: shape.objects("reference values") }), {
    referenceValues: list,
  });
  const names = referenceNames(options.kinds);
  const today = dayOf(options.today);
  for (const one of list) assertReferenceValue(names, one, list);
  return [...names.keys()].sort().map((name) => {
    const good = list.filter(
      ({ name: other, from, until }) =>
        other === name && (from ?? today) <= today && (until ?? today) >= today,
    );
    if (good.length === 0)
      throw policyFault(
        `every reference value the policy asks for must have a value on ${today}, got none for ${name}; ` +
          "without one no evidence of that kind is affirmed: add it, or take the kind out",
      );
    const value = [...new Set(good.flatMap(({ values }) => values))];
    const last = good.map(({ until }) => until ?? `${Number(today.slice(0, 4)) + 1}-12-31`).sort()[
      good.length - 1
    ]!;
    return { version: "0.1.0", name, expiration: `${last}T23:59:59Z`, value };
  });
}

function assertReferenceValue(
  names: ReadonlyMap<string, ClaimFormat>,
  one: TrusteeReferenceValue,
  list: readonly TrusteeReferenceValue[],
): void {
  assertShape(
    POLICY_SCOPE,
    shape.object({
      name: shape.text,
      values: z.array(z.unknown(), { error: "a list of values" }),
      from: shape.day.optional(),
      until: shape.day.optional(),
    }),
    one,
  );
  const { name, values, from, until } = one;
  const format = names.get(name);
  if (format === undefined)
    throw policyFault(
      `a reference value must be one the policy asks for (${[...names.keys()].sort().join(", ")}), got '${name}'; ` +
        "remove it, or name its kind of evidence",
    );
  if (values.length === 0)
    throw policyFault(`${name} must have values, got none; add one, or remove the entry`);
  const wrong = values.find((value) => !FORMATS[format].holds(value));
  if (wrong !== undefined)
    throw policyFault(
      `${name} must be ${FORMATS[format].says}, got ${JSON.stringify(wrong)}; copy it as the claim shows it`,
    );
  if (from !== undefined && until !== undefined && from > until)
    throw policyFault(`until must not be before from, got ${from} to ${until} for ${name}; swap them`);
  const next = list.find(
    (other) =>
      other.name === name &&
      other.from !== undefined &&
      until !== undefined &&
      other.from > (from ?? "") &&
      daysBetween(other.from, until) < ROLL_OUT_DAYS &&
      !values.every((value) => other.values.includes(value)),
  );
  if (next !== undefined)
    throw policyFault(
      `old values must stay good for ${ROLL_OUT_DAYS} days after new ones begin, so that the roll-out can end, ` +
        `got until ${until} with new values of ${name} from ${next.from}; move until to a later day`,
    );
}
