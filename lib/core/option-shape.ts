// The shape of options, at run time: TypeScript checks only what it sees, not JSON and not what comes as `any`.
import * as z from "./zod";
import { isDay } from "./clock";
import { ConfigurationError, type ErrorScope } from "./errors";

/** Building blocks of a shape; each says in words what it wants. */
export const shape = {
  text: z.string({ error: "a text" }),
  flag: z.boolean({ error: "true or false" }),
  /** Any number, NaN too: the checks of the number itself name its bounds. */
  number: z.custom<number>((value) => typeof value === "number", { error: "a number" }),
  day: z.custom<string>((value) => typeof value === "string" && isDay(value), {
    error: "a day like 2026-11-21",
  }),
  texts: z.array(z.string({ error: "a text" }), { error: "a list of texts" }),
  /** One of these by each name. */
  byName: (one: z.ZodType): z.ZodType => z.record(z.string(), one, { error: "an object" }),
  /** Whatever it is, something else checks it. */
  anything: z.unknown().optional(),
  /** A list whose elements are checked elsewhere. */
  objects: (what: string): z.ZodType =>
    z.array(z.looseObject({}, { error: "an object" }), { error: `a list of ${what}` }),
  /** One of a class' constants, also of the class' second copy: it is known by its fields. */
  constant: (constants: readonly object[], how: string): z.ZodType =>
    z.custom((value) => constants.some((one) => hasFields(value, one)), { error: how }),
  /** An instance of a class of this library, also of its second copy: it is known by one of its members. */
  withMember: (member: string, how: string): z.ZodType =>
    z.custom((value) => isObject(value) && member in value, { error: how }),
  /** An object with these keys and no others. */
  object: (keys: z.core.$ZodLooseShape): z.ZodType => z.strictObject(keys, { error: objectError }),
  /** An object with these keys; others are not even read. */
  open: (keys: z.core.$ZodLooseShape): z.ZodType => z.object(keys, { error: objectError }),
} as const;

/** Where an error about named options is: `host.prod`, or just `host` when the name is none. */
export function scopeOf(what: string, options: unknown): string {
  const name = isObject(options) ? options.name : undefined;
  return typeof name === "string" ? `${what}.${name}` : what;
}

/**
 * Throws OPTION_TYPE when options have another shape: a key nobody knows, a value of another type, or none where one is
 * needed. null is no value: an option is given or left out.
 */
export function assertShape(scope: ErrorScope, wanted: z.ZodType, options: unknown): void {
  const issue = wanted.safeParse(options).error?.issues[0];
  if (!issue) return;
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    throw new ConfigurationError(
      "OPTION_TYPE",
      scope,
      `${path.join(".") || "options"} must be made of keys this library knows, got ` +
        `${issue.keys.map((key) => `'${key}'`).join(", ")}; see the docstrings for its name, or leave it out`,
    );
  const got = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], options);
  throw new ConfigurationError(
    "OPTION_TYPE",
    scope,
    `${path.join(".") || "options"} must be ${issue.message}, got ${shown(got)}; ` +
      "write it so, or leave it out when it is optional",
  );
}

function objectError({ code }: { readonly code?: string | undefined }): string | undefined {
  return code === "invalid_type" ? "an object" : undefined;
}

function hasFields(value: unknown, one: object): boolean {
  return isObject(value) && Object.entries(one).every(([key, field]) => value[key] === field);
}

/** True for an object that is no list and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value in one short line, whatever it is. */
function shown(value: unknown): string {
  const text =
    typeof value === "string" ? `'${value}'` : Array.isArray(value) ? list(value) : String(plain(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function list(values: readonly unknown[]): string {
  return `[${values.map((value) => (Array.isArray(value) ? "a list" : shown(value))).join(", ")}]`;
}

/** Objects may be large, or have no words of their own. */
function plain(value: unknown): unknown {
  return isObject(value) ? "an object" : value;
}
