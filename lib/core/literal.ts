// Text that Terraform must take as it is.

/** Escapes Terraform's template marks, so that `${` and `%{` in data stay text. */
export function literal(text: string): string {
  // A function, because `$$` in a replacement text stands for one `$`.
  return text.replace(/[$%]\{/g, (mark) => mark[0]! + mark);
}

/** JSON with escaped marks: JSON is YAML, so it also serves as Helm values. */
export function literalJson(value: unknown): string {
  return literal(JSON.stringify(value));
}
