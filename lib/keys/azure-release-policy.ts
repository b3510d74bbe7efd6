// Release policies of Azure Key Vault: what a token must say before a key leaves the vault.
import { attestationUrlFault } from "../attestation/azure/azure-regions";
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { isObject } from "../core/option-shape";

/** A condition on one claim. Dots lead into objects. A claim that is missing meets none. */
export interface ClaimCondition {
  readonly claim: string;
  readonly equals: string | number;
}

/** What a token of one attestation service must say. */
export interface ReleaseAuthority {
  /** Address of the service, https, without a slash at the end. */
  readonly authority: string;
  readonly allOf: readonly ClaimCondition[];
}

/** SOURCE: Azure Key Vault documentation, secure key release policy grammar, 2025. */
export interface ReleasePolicy {
  readonly version: "1.0.0";
  readonly anyOf: readonly ReleaseAuthority[];
}

/** Claims about the machine stand in this object of a token for confidential virtual machines. */
const MACHINE = "x-ms-isolation-tee";

/**
 * What a confidential machine's token says. Key Vault turns true and false into texts, so they are written as texts
 * (SOURCE: azure-sdk-for-js, keyvault-keys, tests of release policies, 2024; confidential-computing-cvm-guest-attestation,
 * sample policies, 2026).
 */
const CONFIDENTIAL_MACHINE: readonly ClaimCondition[] = [
  { claim: `${MACHINE}.x-ms-attestation-type`, equals: "sevsnpvm" },
  { claim: `${MACHINE}.x-ms-compliance-status`, equals: "azure-compliant-cvm" },
  { claim: `${MACHINE}.x-ms-sevsnpvm-is-debuggable`, equals: "false" },
];

/** Releases a key to confidential virtual machines with SEV-SNP and without debugging, judged by one service. */
export function confidentialMachinePolicy(authority: string): ReleasePolicy {
  return { version: "1.0.0", anyOf: [{ authority, allOf: CONFIDENTIAL_MACHINE }] };
}

/**
 * What is wrong with a release policy for confidential machines, in words: another grammar, an address that is none, or
 * a branch that a machine of another kind meets. None for what confidentialMachinePolicy makes.
 */
export function releasePolicyFaults(policy: unknown): string[] {
  if (!isObject(policy)) return ["a policy must be an object"];
  const unknown = Object.keys(policy).filter((key) => key !== "version" && key !== "anyOf");
  const branches = Array.isArray(policy.anyOf) ? (policy.anyOf as readonly unknown[]) : [];
  return [
    ...(policy.version === "1.0.0" ? [] : [`version must be 1.0.0, got '${String(policy.version)}'`]),
    ...unknown.map((key) => `a policy must have version and anyOf alone, got '${key}' on top`),
    ...(branches.length > 0 ? [] : ["anyOf on top must list at least one authority"]),
    ...branches.flatMap(branchFaults),
  ];
}

/** Throws AZURE_RELEASE_POLICY with everything that is wrong. */
export function assertReleasePolicy(scope: ErrorScope, policy: unknown): void {
  const faults = releasePolicyFaults(policy);
  if (faults.length === 0) return;
  throw new ConfigurationError(
    "AZURE_RELEASE_POLICY",
    scope,
    `${faults.join("; ")}; write it as confidentialMachinePolicy does`,
  );
}

/** Each branch alone lets somebody in, so each must ask for everything. */
function branchFaults(branch: unknown): string[] {
  if (!isObject(branch)) return ["an authority must be an object"];
  const { authority, allOf } = branch;
  const url = attestationUrlFault(String(authority));
  const unprefixed = claims(allOf).find((claim) => /^x-ms-(attestation|compliance|sevsnpvm)-/.test(claim));
  const wanted = CONFIDENTIAL_MACHINE.filter((one) => !asksFor(allOf, one));
  return [
    ...(url === undefined ? [] : [`authority ${url}, got '${String(authority)}'`]),
    ...Object.keys(branch)
      .filter((key) => key !== "authority" && key !== "allOf")
      .map((key) => `an authority must ask for allOf its conditions, got '${key}'`),
    ...(unprefixed === undefined
      ? []
      : [
          `claims of a confidential machine must begin with ${MACHINE}., got '${unprefixed}', which its token lacks`,
        ]),
    ...wanted.map(({ claim, equals }) => `allOf must ask that ${claim} equals ${String(equals)}`),
  ];
}

function claims(conditions: unknown): string[] {
  return Array.isArray(conditions)
    ? conditions.flatMap((one) => (isObject(one) && typeof one.claim === "string" ? [one.claim] : []))
    : [];
}

function asksFor(conditions: unknown, wanted: ClaimCondition): boolean {
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (one) => isObject(one) && one.claim === wanted.claim && String(one.equals) === String(wanted.equals),
    )
  );
}
