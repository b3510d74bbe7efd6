// Terraform's version constraints, as far as release versions go.

const OPERATORS: Readonly<Record<string, (version: string, bound: string) => boolean>> = {
  "=": (version, bound) => compareVersions(version, bound) === 0,
  "!=": (version, bound) => compareVersions(version, bound) !== 0,
  ">": (version, bound) => compareVersions(version, bound) > 0,
  ">=": (version, bound) => compareVersions(version, bound) >= 0,
  "<": (version, bound) => compareVersions(version, bound) < 0,
  "<=": (version, bound) => compareVersions(version, bound) <= 0,
  "~>": (version, bound) => compareVersions(version, bound) >= 0 && sameButLast(version, bound),
};

/** Whether a version meets every condition of a constraint such as `>= 4.78.0, < 5.0.0`. Throws on other syntax. */
export function meets(version: string, constraint: string): boolean {
  return constraint.split(",").every((condition) => {
    const match = /^\s*(=|!=|>=|<=|>|<|~>)?\s*(\d+(?:\.\d+){0,2})\s*$/.exec(condition);
    if (!match) throw new Error(`not a version constraint of releases: "${constraint}"`);
    return OPERATORS[match[1] ?? "="]!(version, match[2]!);
  });
}

/** Orders versions by number; what is not written counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  return left[0]! - right[0]! || left[1]! - right[1]! || left[2]! - right[2]!;
}

/** `~>` lets only the last written number grow. */
function sameButLast(version: string, bound: string): boolean {
  const fixed = Math.max(1, bound.split(".").length - 1);
  return numbers(version).slice(0, fixed).join(".") === numbers(bound).slice(0, fixed).join(".");
}

function numbers(version: string): number[] {
  const written = version.split(".").map(Number);
  return [...written, 0, 0].slice(0, 3);
}
