// Judges Azure Key Vault's release policies as their grammar is documented: a token's claims in, verdict out.

/** Claims of a token, objects inside objects. */
export type Claims = Readonly<Record<string, unknown>>;

type Value = string | number | boolean;
type Condition = Readonly<Record<string, unknown>>;

/** By operator: the claim's value, and the condition's. True and false are texts, as Key Vault stores them. */
const OPERATORS: Readonly<Record<string, (has: unknown, wanted: Value) => boolean>> = {
  equals: (has, wanted) => isValue(has) && String(has) === String(wanted),
  notEquals: (has, wanted) => isValue(has) && String(has) !== String(wanted),
  less: (has, wanted) => isValue(has) && Number(has) < Number(wanted),
  lessOrEquals: (has, wanted) => isValue(has) && Number(has) <= Number(wanted),
  greater: (has, wanted) => isValue(has) && Number(has) > Number(wanted),
  greaterOrEquals: (has, wanted) => isValue(has) && Number(has) >= Number(wanted),
  exists: (has, wanted) => String(has !== undefined) === String(wanted),
};

/** True when a policy is met by claims that `authority` signed. Throws on what the grammar does not know. */
export function policyMet(policy: Condition, authority: string, claims: Claims): boolean {
  if (policy.version !== "1.0.0") throw new Error(`version ${String(policy.version)}`);
  const keys = Object.keys(policy).sort();
  if (keys.join() !== "anyOf,version") throw new Error(`a policy of ${keys.join()}: anyOf must be on top`);
  return listOf(policy.anyOf).some((branch) => {
    const { authority: wanted, ...condition } = branch;
    return sameAuthority(String(wanted), authority) && conditionMet(condition, claims);
  });
}

/** One condition: on a claim, or a list of which any or all must hold. A claim that is missing holds nowhere. */
function conditionMet(condition: Condition, claims: Claims): boolean {
  const keys = Object.keys(condition);
  if (keys.length === 1 && keys[0] === "allOf")
    return listOf(condition.allOf).every((one) => conditionMet(one, claims));
  if (keys.length === 1 && keys[0] === "anyOf")
    return listOf(condition.anyOf).some((one) => conditionMet(one, claims));
  const { claim, ...rest } = condition;
  const [operator, ...more] = Object.keys(rest);
  const holds = OPERATORS[operator ?? ""];
  if (typeof claim !== "string" || !holds || more.length > 0)
    throw new Error(`a condition of ${keys.join()}`);
  return holds(claimAt(claims, claim), rest[operator!] as Value);
}

/** Dots lead into objects. No claim of these tokens has a dot in its own name. */
function claimAt(claims: Claims, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, key) => (isObject(at) && key in at ? at[key] : undefined), claims);
}

function listOf(value: unknown): readonly Condition[] {
  if (!Array.isArray(value) || value.length === 0) throw new Error("a list of conditions has at least one");
  return value as readonly Condition[];
}

function sameAuthority(one: string, other: string): boolean {
  return one.startsWith("https://") && one.replace(/\/$/, "") === other.replace(/\/$/, "");
}

function isValue(value: unknown): value is Value {
  return ["string", "number", "boolean"].includes(typeof value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
