// Arithmetic on IPv4 ranges, as far as ranges must be checked and cut.

/** An IPv4 range: first address as a number, and prefix length. */
export interface Cidr {
  readonly start: number;
  readonly prefix: number;
}

/** Parses `10.0.0.0/16`; undefined when it is no IPv4 range or has host bits set. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  // A leading zero is octal to some readers and refused by others.
  if (/(^|[./])0\d/.test(text)) return undefined;
  const start = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return start % 2 ** (32 - prefix) === 0 ? { start, prefix } : undefined;
}

/** True when the two share an address. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  return (
    one.start < other.start + 2 ** (32 - other.prefix) && other.start < one.start + 2 ** (32 - one.prefix)
  );
}

/** The `index`-th part of a range that is cut into parts `newBits` longer. */
export function subnet(range: Cidr, newBits: number, index: number): string {
  const prefix = range.prefix + newBits;
  return `${dotted(range.start + index * 2 ** (32 - prefix))}/${prefix}`;
}

/** The `index`-th address of a range. */
export function address(range: Cidr, index: number): string {
  return dotted(range.start + index);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** RFC 1918. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) => parseCidr(text)!);

/** True for a range that lies in one of the private ones. */
export function isPrivate(range: Cidr | undefined): boolean {
  return range !== undefined && PRIVATE.some((one) => range.prefix >= one.prefix && overlaps(range, one));
}

/** True for a range that has an address in one of the private ones. */
export function touchesPrivate(range: Cidr | undefined): boolean {
  return range !== undefined && PRIVATE.some((one) => overlaps(range, one));
}
