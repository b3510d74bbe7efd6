// Files that a tenant's file names: reference values and agents' policies, read from below the tenants directory.
import { readFileSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { nitroMeasurements } from "../attestation/aws/nitro-measurements";
import { ConfigurationError } from "../core/errors";
import { systemCode } from "../core/system-code";
import type { SpecProblem } from "./tenant-rules";
import type { TenantSpec } from "./tenant-spec";

type Path = readonly (string | number)[];
type Attestation = NonNullable<TenantSpec["attestation"]>;
type Workload = Attestation["workloads"][number];
type Problems = SpecProblem[];

/**
 * The spec with what its files say in their place, or what is wrong with them. Paths start from the tenant's file and
 * stay below its directory, links followed. A spec that names no file comes back as it is.
 */
export function withFiles(spec: TenantSpec, tenantFile: string): { spec?: TenantSpec; problems: Problems } {
  const { attestation } = spec;
  if (!attestation || !attestation.workloads.some(namesFiles)) return { spec, problems: [] };
  const problems: Problems = [];
  const directory = dirname(tenantFile);
  const workloads = attestation.workloads.map((workload, index) =>
    resolved(workload, ["attestation", "workloads", index], directory, problems),
  );
  return problems.length > 0
    ? { problems }
    : { spec: { ...spec, attestation: { ...attestation, workloads } }, problems };
}

function namesFiles({ referenceValues, agentPolicyFile }: Workload): boolean {
  return agentPolicyFile !== undefined || referenceValues.some(({ file }) => file !== undefined);
}

function resolved(workload: Workload, path: Path, directory: string, problems: Problems): Workload {
  const { agentPolicyFile, ...plain } = workload;
  const referenceValues = workload.referenceValues.map((set, index) => {
    const { file, ...rest } = set;
    if (file === undefined) return set;
    const at = [...path, "referenceValues", index, "file"];
    const text = textOf(directory, file, at, problems);
    const values = text === undefined ? undefined : measurementsOf(text, file, at, problems);
    return values === undefined ? set : { ...rest, values };
  });
  if (agentPolicyFile === undefined) return { ...plain, referenceValues };
  const agentPolicy = textOf(directory, agentPolicyFile, [...path, "agentPolicyFile"], problems);
  return { ...plain, referenceValues, ...(agentPolicy === undefined ? {} : { agentPolicy }) };
}

/** The text of a file below the directory; a problem, and nothing, where it may not or cannot be read. */
function textOf(directory: string, file: string, path: Path, problems: Problems): string | undefined {
  const refuse = (rule: string, cure: string): undefined => {
    problems.push({ code: "TENANT_FILE", path, text: `${rule}, got '${file}'; ${cure}` });
    return undefined;
  };
  const outside = "a file must lie below the tenants directory, by its path from the tenant's file";
  const inside = "copy it there, like measurements/app-1.0.json";
  if (file === "" || isAbsolute(file) || file.split(/[\\/]/).includes("..")) return refuse(outside, inside);
  try {
    const real = realpathSync(join(directory, file));
    const from = relative(realpathSync(directory), real);
    if (from === ".." || from.startsWith(`..${sep}`) || isAbsolute(from))
      return refuse(`${outside}, links followed`, inside);
    return readFileSync(real, "utf8");
  } catch (cause) {
    return refuse(
      `a file must be readable (this one is not: ${systemCode(cause)})`,
      "correct the path, its case, or the rights",
    );
  }
}

/** What `nitro-cli` prints of an image. */
function measurementsOf(
  text: string,
  file: string,
  path: Path,
  problems: Problems,
): Readonly<Record<string, string>> | undefined {
  try {
    return nitroMeasurements(text, file);
  } catch (error) {
    if (!ConfigurationError.is(error)) throw error;
    // The place is the tenant's file; which file that names stands behind it.
    problems.push({ code: error.code, path, text: error.message.slice(`[${error.code}] `.length) });
    return undefined;
  }
}
