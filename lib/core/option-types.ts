// Options from untyped code: each must have the type it is declared with, before anything else reads it.
import { ConfigurationError, type ErrorScope } from "./errors";

const isText = (value: unknown): boolean => typeof value === "string";
const isGroup = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What an option can be, and how to tell. */
const TYPES = {
  text: isText,
  number: (value: unknown) => typeof value === "number",
  "true or false": (value: unknown) => typeof value === "boolean",
  "a list of texts": (value: unknown) => Array.isArray(value) && value.every(isText),
  "an object": isGroup,
  "a list of objects": (value: unknown) => Array.isArray(value) && value.every(isGroup),
} as const;

/** Type of one option; with a question mark when it may be left out. */
export type OptionType = keyof typeof TYPES | `${keyof typeof TYPES}?`;

/**
 * Throws OPTION_TYPE for the first option that is not of its type. `null` is none: an option is given or left out.
 * Other keys are not looked at.
 */
export function assertOptionTypes<T extends object>(
  scope: ErrorScope,
  options: T,
  types: { readonly [K in keyof T]?: OptionType },
): void {
  if (!isGroup(options))
    throw new ConfigurationError(
      "OPTION_TYPE",
      scope,
      `options must be an object, got ${shown(options)}; pass one`,
    );
  for (const [key, type] of Object.entries(types) as [string, OptionType][]) {
    const value: unknown = options[key as keyof T];
    const optional = type.endsWith("?");
    const name = (optional ? type.slice(0, -1) : type) as keyof typeof TYPES;
    if ((optional && value === undefined) || TYPES[name](value)) continue;
    throw new ConfigurationError(
      "OPTION_TYPE",
      scope,
      `${key} must be ${name}, got ${shown(value)}; write it so${optional ? ", or leave it out" : ""}`,
    );
  }
}

/** A value in few characters. JSON would print NaN as null. */
function shown(value: unknown): string {
  const text = typeof value === "number" ? `${value}` : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
