// Types of options, at run time: TypeScript checks only what it sees, not JSON and not what comes as `any`.
import { ConfigurationError, type ErrorScope } from "./errors";

/** One type, and what to call it in an error. */
export interface Kind {
  /** Like `a text in quotes`. */
  readonly name: string;
  readonly is: (value: unknown) => boolean;
}

/** A kind for each key of T: the compiler refuses a table that forgets one. */
export type Shape<T> = { readonly [K in keyof Required<T>]: Kind };

export const TEXT: Kind = { name: "a text in quotes", is: (value) => typeof value === "string" };
export const NUMBER: Kind = { name: "a number", is: (value) => typeof value === "number" };
export const FLAG: Kind = { name: "true or false", is: (value) => typeof value === "boolean" };
export const OBJECT: Kind = { name: "an object in braces", is: (value) => isObject(value) };
export const DAY: Kind = {
  name: "a day like 2026-11-21",
  is: (value) => typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value),
};

/** A list whose entries are all of one kind. */
export function listOf(kind: Kind): Kind {
  return { name: `a list, each ${kind.name}`, is: (value) => Array.isArray(value) && value.every(kind.is) };
}

/** An object of a class of this library; `use` says where to get one. */
export function made(type: { [Symbol.hasInstance]: (value: unknown) => boolean }, use: string): Kind {
  return { name: use, is: (value) => type[Symbol.hasInstance](value) };
}

/** The kind, or undefined. null is neither. */
export function optional(kind: Kind): Kind {
  return { name: kind.name, is: (value) => value === undefined || kind.is(value) };
}

/** Where an error about named options is: `host.prod`, or just `host` when the name is none. */
export function scopeOf(what: string, options: { readonly name: string }): string {
  return isObject(options) && TEXT.is(options.name) ? `${what}.${options.name}` : what;
}

/** Throws OPTION_TYPE at the first option that is of another kind. `what` names the whole, like `the host's options`. */
export function assertShape<T extends object>(
  scope: ErrorScope,
  what: string,
  options: T,
  shape: Shape<T>,
): void {
  if (!isObject(options)) throw wrong(scope, what, OBJECT, options);
  for (const [key, kind] of Object.entries<Kind>(shape)) {
    const value = (options as Readonly<Record<string, unknown>>)[key];
    if (!kind.is(value)) throw wrong(scope, key, kind, value);
  }
}

function wrong(scope: ErrorScope, key: string, kind: Kind, value: unknown): ConfigurationError {
  return new ConfigurationError(
    "OPTION_TYPE",
    scope,
    `${key} must be ${kind.name}, got ${shown(value)}; write it so, or leave it out when it is optional`,
  );
}

/** The value in one short line, whatever it is. */
function shown(value: unknown): string {
  if (typeof value === "string") return `the text '${value}'`;
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  return isObject(value) ? "an object" : String(value);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
