// A tenant file's content against its schema and rules: the spec, or everything that is wrong with it.
import type * as z from "../core/zod";
import { ConfigurationError } from "../core/errors";
import { specProblems, type SpecProblem } from "./tenant-rules";
import { tenantSchema, type CodedIssue, type TenantSpec, type TenantSpecInput } from "./tenant-spec";

/** Parses a tenant file's content; returns the spec, or everything wrong with it. */
export function parseTenantSpec(content: unknown): { spec?: TenantSpec; problems: SpecProblem[] } {
  // A compiled parser pays off beyond thousands of tenants only.
  const result = tenantSchema.safeParse(content, { jitless: true });
  if (!result.success)
    return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, content)) };
  const problems = specProblems(result.data);
  return problems.length === 0 ? { spec: result.data, problems } : { problems };
}

/** Validates one spec given in code. Fails with the codes of a tenant file. */
export function tenantSpec(input: TenantSpecInput): TenantSpec {
  const { spec, problems } = parseTenantSpec(input);
  const [first] = problems;
  if (first) throw new ConfigurationError(first.code, ["tenant", ...first.path].join("."), first.text);
  return spec!;
}

function problemsOf(issue: z.core.$ZodIssue, content: unknown): SpecProblem[] {
  const path = issue.path as (string | number)[];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      code: "TENANT_KEY",
      path: [...path, key],
      text: `a tenant file has known keys only, got '${key}'; remove it, or correct the spelling (see tenant.schema.json)`,
    }));
  const got = shown(path.reduce<unknown>(valueAt, content));
  const custom = issue.code === "custom" ? (issue.params?.coded as CodedIssue | undefined) : undefined;
  if (custom) {
    const [rule, cure] = custom.text.split("; ") as [string, string];
    return [{ code: custom.code, path, text: `${rule}, got ${got}; ${cure}` }];
  }
  return [
    {
      code: "TENANT_TYPE",
      path,
      text: `${issue.message.replace(/^Invalid input: /, "").replace(/, received .*$/, "")}, got ${got}; write what tenant.schema.json says`,
    },
  ];
}

function valueAt(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
}
