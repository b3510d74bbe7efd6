// Pieces of CEL that several rules share.

/** A CEL list of texts. */
export function list(texts: readonly string[]): string {
  return `[${texts.map(text).join(", ")}]`;
}

/** A CEL text. */
export function text(value: string): string {
  return `'${value.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
}

/** A text as part of a regular expression inside a CEL text: its dots are dots. */
export function literally(value: string): string {
  return value.replace(/\./g, "[.]");
}

/** True when `test` holds for the object before the request or after it; `o` in the test is that object. */
export function either(test: string): string {
  // dyn: the same expression is checked against every kind a rule matches, and one side may be null.
  return `[dyn(object), dyn(oldObject)].exists(o, o != null && (${test}))`;
}

/** For `either`: the object has a name that starts like this. */
export function named(prefix: string): string {
  return `has(o.metadata.name) && o.metadata.name.startsWith('${prefix}')`;
}

/** For `either`: the object carries this label, with this value where one is given. */
export function labelled(key: string, value?: string): string {
  const has = `has(o.metadata.labels) && '${key}' in o.metadata.labels`;
  return value === undefined ? has : `${has} && o.metadata.labels['${key}'] == '${value}'`;
}

/**
 * True on an UPDATE of metadata alone: of an object from before the rule, whose finalizer a controller takes away, too.
 * Not by deletionTimestamp: what is being deleted can be held there, and works on.
 */
export const SAME_SPEC = "(oldObject != null && dyn(object).spec == dyn(oldObject).spec)";

/** True on an UPDATE that leaves a map or list of the object as it was. Absent and empty are the same. */
export function unchanged(path: string, empty: "{}" | "[]" = "{}"): string {
  const [last, ...above] = path.split(".").reverse();
  const at = [...above]
    .reverse()
    .map((key) => `.${key}`)
    .join("");
  return `dyn(object)${at}.?${last}.orValue(${empty}) == dyn(oldObject)${at}.?${last}.orValue(${empty})`;
}

/** True on an UPDATE that changes no entry of a map but those of the given keys. */
export function unchangedBut(path: string, keys: readonly string[]): string {
  const [last, ...above] = path.split(".").reverse();
  const at = [...above]
    .reverse()
    .map((key) => `.${key}`)
    .join("");
  const map = (name: string): string => `dyn(${name})${at}.?${last}.orValue({})`;
  const free = `[${keys.map((key) => `'${key}'`).join(", ")}]`;
  const oneWay = (a: string, b: string): string =>
    `${map(a)}.all(k, k in ${free} || (k in ${map(b)} && ${map(b)}[k] == ${map(a)}[k]))`;
  return `${oneWay("object", "oldObject")} && ${oneWay("oldObject", "object")}`;
}
