// Good evidence and good results with one thing changed at random, the same for the same seed. Nobody says what the verdict
// must be: only that all engines give the same.
import { random } from "../support/random";
import type { RegoCase } from "./cases";
import { read } from "./cases";
import { claimOf, evidenceOf, KINDS, measurementOf } from "./evidence";
import { resultOf } from "./result";

/** What takes the place of a value. */
const STRANGE: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -1,
  2,
  31.5,
  1e40,
  "",
  "affirming",
  "default",
  "cpu0",
  "acme",
  "false",
  [],
  {},
  [[]],
  { cpu0: {} },
  claimOf("acme", "snp"),
  measurementOf("snp"),
];

/** Every place in a document. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const holder = value as Record<string, unknown>;
  const inner = replaced(holder[key], rest, by);
  if (Array.isArray(value)) return value.map((one: unknown, at) => (String(at) === key ? inner : one));
  return { ...holder, [key]: inner };
}

/** So many cases; `passes` is not meant. */
export function mutations(count: number): RegoCase[] {
  const next = random(count);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  return Array.from({ length: count }, (_, at): RegoCase => {
    const kind = pick(KINDS);
    const policy = pick(["pod-attestation", "pod-resource", "node-attestation", "node-resource"] as const);
    const attests = policy.endsWith("-attestation");
    const good = {
      input: attests ? evidenceOf(kind) : resultOf(kind),
      request: attests ? {} : { ...read(policy === "pod-resource" ? "acme" : "platform", "key", "database") },
    };
    // The document itself stays: Trustee makes it.
    const path = pick(places(good).filter(({ length }) => length > 1));
    const by = pick(STRANGE);
    const { input, request } = replaced(good, path, by) as { input: unknown; request: never };
    return {
      name: `${at}: ${kind}, ${path.join(".")} is ${String(JSON.stringify(by))}`,
      policy,
      input,
      ...(attests ? {} : { request }),
      passes: false,
    };
  });
}
