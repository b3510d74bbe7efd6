// Who judges a tenant's evidence: the verifier its file names, found among the platform's, and what is wrong with that.
import { workloadsOf, type AttestedWorkload } from "../attestation/attested-workload";
import { referenceValueFaults } from "../attestation/reference-values";
import type { IVerifier, TenantPlace } from "../attestation/verifier";
import { ConfigurationError } from "../core/errors";
import { assertShape, shape } from "../core/option-shape";
import * as z from "../core/zod";
import type { SpecProblem } from "./tenant-rules";
import type { TenantSpec } from "./tenant-spec";

/** What a tenant is checked with, beside its host. */
export interface TenantCheckOptions {
  /** Verifiers of the platform, each with a name of its own. @default - none, and no tenant may name one */
  readonly verifiers?: readonly IVerifier[];
  /** Day that exceptions, reference values and retirements are judged on, `YYYY-MM-DD`. @default - the machine's */
  readonly today?: string;
}

/** Who judges a tenant's evidence, and what its workloads are known by. */
export interface TenantAttestation {
  readonly verifier: IVerifier;
  readonly workloads: readonly AttestedWorkload[];
  /** Day the values were judged on, `YYYY-MM-DD`, so that what is bound later is bound for the same. @default - the machine's */
  readonly today?: string;
}

/** What a tenant's file says about attestation, resolved; undefined where it says nothing. */
export function attestationOf(
  spec: TenantSpec,
  { verifiers = [], today }: TenantCheckOptions,
): TenantAttestation | undefined {
  const verifier = verifiers.find(({ name }) => name === spec.attestation?.verifier);
  return verifier && { verifier, workloads: workloadsOf(spec), ...(today === undefined ? {} : { today }) };
}

const SHAPE = shape.open({
  verifiers: z
    .array(
      shape.open({
        name: shape.text,
        wiring: shape.withMember("cases", "a Wiring"),
        warnings: shape.texts,
      }),
      { error: 'a list of verifiers, like [NitroEnclaves.of({ name: "enclaves", … })]' },
    )
    .optional(),
  today: shape.day.optional(),
});

/**
 * Throws OPTION_TYPE for what is no verifier or no day, and ATTESTATION_VERIFIER when two verifiers have one name: a
 * tenant's file would not say which.
 */
export function assertVerifiers(scope: string, options: TenantCheckOptions): void {
  assertShape(scope, SHAPE, options);
  const { verifiers = [] } = options;
  const names = verifiers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new ConfigurationError(
    "ATTESTATION_VERIFIER",
    scope,
    `verifiers must have a name each, got '${twice}' twice; rename one`,
  );
}

/** What is wrong with a tenant's attestation on its host and pool. */
export function attestationProblems(
  spec: TenantSpec,
  place: TenantPlace,
  options: TenantCheckOptions,
): SpecProblem[] {
  if (!spec.attestation) return [];
  const { verifiers = [] } = options;
  const found = attestationOf(spec, options);
  if (!found) {
    const names = verifiers.map(({ name }) => name).join(", ");
    return [
      {
        code: "ATTESTATION_VERIFIER",
        path: ["attestation", "verifier"],
        text:
          `the verifier must be one of the platform's, got '${spec.attestation.verifier}'; ` +
          (names === ""
            ? "pass verifiers to TenantDirectory.load, or leave attestation out"
            : `name one of ${names}`),
      },
    ];
  }
  const unread = unreadFiles(spec);
  if (unread.length > 0) return unread;
  const problems = found.verifier.problems(spec, place);
  // Another host's verifier: what it would want of values is no help.
  if (problems.some(({ path }) => path.join(".") === "attestation.verifier")) return problems;
  return [
    ...found.workloads.flatMap((workload, index) =>
      referenceProblems(found.verifier, workload, index, place),
    ),
    ...problems,
  ];
}

/** A spec given in code has no folder that its paths could start from. */
function unreadFiles(spec: TenantSpec): SpecProblem[] {
  return spec.attestation!.workloads.flatMap((workload, at): SpecProblem[] => [
    ...workload.referenceValues.flatMap(({ file }, index): SpecProblem[] =>
      file === undefined
        ? []
        : [unread(["attestation", "workloads", at, "referenceValues", index, "file"], file, "values")],
    ),
    ...(workload.agentPolicyFile === undefined
      ? []
      : [
          unread(
            ["attestation", "workloads", at, "agentPolicyFile"],
            workload.agentPolicyFile,
            "agentPolicy",
          ),
        ]),
  ]);
}

function unread(path: readonly (string | number)[], file: string, instead: string): SpecProblem {
  return {
    code: "TENANT_FILE",
    path,
    text: `a tenant given in code must hold what its file would name, got '${file}'; give ${instead}, or load it with TenantDirectory.load`,
  };
}

function referenceProblems(
  { name, wiring }: IVerifier,
  { referenceValues, agentPolicy }: AttestedWorkload,
  index: number,
  { today }: TenantPlace,
): SpecProblem[] {
  const at = ["attestation", "workloads", index, "referenceValues"];
  const { measurements } = wiring;
  const known = measurements.map(({ key }) => key).join(", ");
  if (measurements.length === 0)
    return referenceValues.length === 0
      ? []
      : [
          {
            code: "ATTESTATION_REFERENCE",
            path: at,
            text:
              `a workload must have no reference values where the evidence names no workload (${wiring.covers}), ` +
              `got ${referenceValues.length} for verifier '${name}'; remove referenceValues`,
          },
        ];
  // Initialisation data holds the agent's policy, so its digest is computed.
  if (referenceValues.length === 0 && agentPolicy === undefined)
    return [
      {
        code: "ATTESTATION_REFERENCE",
        path: at,
        text:
          `a workload must have reference values (${known}), because verifier '${name}' opens for those alone, got none; ` +
          "add the values of the running release",
      },
    ];
  return referenceValueFaults(measurements, referenceValues, today).map(({ path, text }) => ({
    code: "ATTESTATION_REFERENCE",
    path: [...at, ...path],
    text,
  }));
}
