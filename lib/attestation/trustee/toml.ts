// TOML, as far as Trustee's configuration needs it: tables in tables, lists of tables, plain values.

/** A value of a table. */
export type TomlValue = string | number | boolean | readonly string[] | TomlTable | readonly TomlTable[];
export interface TomlTable {
  readonly [key: string]: TomlValue | undefined;
}

/** The document. Plain values of a table come before its tables, as TOML wants it. */
export function toml(table: TomlTable, path: readonly string[] = []): string {
  const entries = Object.entries(table).filter(
    (entry): entry is [string, TomlValue] => entry[1] !== undefined,
  );
  const plain = entries.filter(([, value]) => !isTable(value) && !isTables(value));
  const head = plain.map(([key, value]) => `${name(key)} = ${text(value)}\n`).join("");
  const below = entries.flatMap(([key, value]) => {
    const at = [...path, name(key)];
    if (isTable(value)) return [`\n[${at.join(".")}]\n${toml(value, at)}`];
    if (isTables(value)) return value.map((one) => `\n[[${at.join(".")}]]\n${toml(one, at)}`);
    return [];
  });
  return head + below.join("");
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value);
}

function isTables(value: TomlValue): value is readonly TomlTable[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === "object";
}

function name(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

/** A basic string of TOML escapes as JSON does. */
function text(value: TomlValue): string {
  if (Array.isArray(value)) return `[${value.map((one) => JSON.stringify(one)).join(", ")}]`;
  return JSON.stringify(value);
}
