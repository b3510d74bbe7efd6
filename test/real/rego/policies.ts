// The four policies that are judged, as the library generates them for these cases.
import { attestationPolicies } from "../../../lib/attestation/trustee/attestation-policy";
import { nodeResourcePolicy, podResourcePolicy } from "../../../lib/attestation/trustee/resource-policy";
import { referenceValuesStored } from "../../../lib/attestation/trustee/reference-values";
import type { PolicyName } from "./cases";
import { claimOf, KINDS, measurementOf, REFERENCE_VALUES, TENANTS } from "./evidence";

const initData = Object.fromEntries(
  KINDS.map((kind) => [kind, TENANTS.map((tenant) => claimOf(tenant, kind))]),
);

export const POLICIES: Readonly<Record<PolicyName, string>> = {
  "pod-attestation": attestationPolicies({ initData }).default_cpu!,
  "pod-resource": podResourcePolicy({
    entries: KINDS.flatMap((evidence) =>
      TENANTS.map((tenant) => ({ evidence, initData: claimOf(tenant, evidence), repository: tenant })),
    ),
    platformRepositories: ["platform"],
  }),
  "node-attestation": attestationPolicies().default_cpu!,
  "node-resource": nodeResourcePolicy({
    entries: KINDS.map((evidence) => ({
      evidence,
      measurement: measurementOf(evidence),
      repository: "platform",
    })),
    tenantRepositories: TENANTS,
  }),
};

/** What the reference value service holds. */
export const REFERENCES: Readonly<Record<string, unknown>> = Object.fromEntries(
  referenceValuesStored(REFERENCE_VALUES, { kinds: KINDS }).map(({ name, value }) => [name, value]),
);
