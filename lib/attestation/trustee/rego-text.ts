// Data in Rego's words. Everything is checked before it gets here: this only writes.

/** Claims that stand beside the TEE's own in annotated evidence. */
export const SIDE_CLAIMS = ["init_data", "init_data_claims", "report_data", "runtime_data_claims"] as const;

/** A value as Rego, keys sorted, an entry a line. JSON is Rego; sorted, the same data is the same text. */
export function regoValue(value: unknown, indent = ""): string {
  if (Array.isArray(value))
    return block(
      "[",
      "]",
      value.map((one) => regoValue(one, `${indent}\t`)),
      indent,
    );
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, one]) => `${JSON.stringify(key)}: ${regoValue(one, `${indent}\t`)}`);
    return block("{", "}", entries, indent);
  }
  return JSON.stringify(value);
}

/** A set of texts. Rego has no empty literal for one. */
export function regoSet(values: readonly string[]): string {
  const sorted = [...new Set(values)].sort().map((one) => JSON.stringify(one));
  return sorted.length === 0 ? "set()" : block("{", "}", sorted, "");
}

function block(open: string, close: string, lines: readonly string[], indent: string): string {
  if (lines.length === 0) return `${open}${close}`;
  return `${open}\n${lines.map((line) => `${indent}\t${line},\n`).join("")}${indent}${close}`;
}
