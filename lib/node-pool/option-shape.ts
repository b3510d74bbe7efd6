// The shape of options, for callers without a type checker: every value has its type before anything reads it.
import { z } from "zod";
import type { ErrorCode, ErrorScope } from "../core/errors";
import { refusal } from "./refusal";

/** Building blocks of a shape; each says in words what it wants. */
export const shape = {
  text: z.string({ error: "a text" }),
  flag: z.boolean({ error: "true or false" }),
  /** Any number, NaN too: the checks of the number itself name its bounds. */
  number: z.custom<number>((value) => typeof value === "number", { error: "a number" }),
  texts: z.array(z.string({ error: "a text" }), { error: "a list of texts" }),
  /** Whatever it is, something else checks it. */
  anything: z.unknown().optional(),
  /** A list whose elements are checked elsewhere. */
  objects: (what: string): z.ZodType =>
    z.array(z.looseObject({}, { error: "an object" }), { error: `a list of ${what}` }),
  /** What passes a test, and how to get one. */
  made: (is: (value: unknown) => boolean, how: string): z.ZodType => z.custom(is, { error: how }),
  /** An instance of a class of this library, also of its second copy: what it is known by is one of its members. */
  withMember: (member: string, how: string): z.ZodType =>
    z.custom((value) => typeof value === "object" && value !== null && member in value, { error: how }),
  /** An object with these keys and no others. */
  object: <T extends z.core.$ZodLooseShape>(keys: T): z.ZodType =>
    z.strictObject(keys, { error: (issue) => (issue.code === "invalid_type" ? "an object" : undefined) }),
} as const;

/** Throws `code` when options have another shape: a key nobody knows, a value of another type, or none where one is needed. */
export function assertShape(scope: ErrorScope, code: ErrorCode, wanted: z.ZodType, options: unknown): void {
  const issue = wanted.safeParse(options).error?.issues[0];
  if (!issue) return;
  const at = (key: string): string =>
    [...issue.path.map(String), key].filter((part) => part !== "").join(".");
  if (issue.code === "unrecognized_keys")
    throw refusal(code, scope, {
      rule: "options must be ones this library has",
      got: issue.keys.map((key) => `'${at(key)}'`).join(", "),
      source: "types of this library, 2026",
      use: "see the docstrings for its name, or leave it out",
    });
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)[key],
    options,
  );
  throw refusal(code, scope, {
    rule: `${at("") || "options"} must be ${issue.message}`,
    got: literal(got),
    source: "types of this library, 2026",
    use: got === null ? "write one, or leave the option out if it has a default" : "write one",
  });
}

/** The value of `name` for an error's scope, whatever the caller passed. */
export function nameIn(options: unknown): string {
  const name = (options as { readonly name?: unknown } | null | undefined)?.name;
  return typeof name === "string" ? name : "?";
}

function literal(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
