// What the operating system says of a file it will not open.

/** Its code, like `ENOENT`; else the cause in its own words. */
export function systemCode(cause: unknown): string {
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : String(cause);
}
