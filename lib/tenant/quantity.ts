// Kubernetes quantities: parse, add, print.

const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

const MIB = 2 ** 20;

/** The number a quantity like `500m`, `16Gi` or `2` stands for; undefined when it is none, zero, or beyond 2^53. */
export function parseQuantity(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text);
  const factor = SUFFIXES[match?.[2] ?? "none"];
  if (!match || factor === undefined) return undefined;
  const value = Number(match[1]) * factor;
  return value > 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** Millicores of a CPU quantity. */
export function milliCpu(text: string): number {
  return Math.round(parsed(text) * 1000);
}

/** MiB of a memory quantity, rounded up. */
export function mebibytes(text: string): number {
  return Math.ceil(parsed(text) / MIB);
}

/** CPU as Kubernetes prints it. */
export function cpuQuantity(millis: number): string {
  return `${millis}m`;
}

/** Memory or storage as Kubernetes prints it. */
export function memoryQuantity(mib: number): string {
  return `${mib}Mi`;
}

function parsed(text: string): number {
  const value = parseQuantity(text);
  if (value === undefined) throw new RangeError(`not a quantity: ${text}`);
  return value;
}
