// What the trust-policy stack ships: resource policy of all tenants, attestation policies, reference values.
import type { ConfigMap } from "kubernetes-types/core/v1";
import type { KubernetesObject } from "../../core/manifest-release";
import { POLICY_MAPS } from "./names";
import type { CheckedTrustee } from "./options";
import { resourcePolicyObjects } from "./resource-policy-job";

/** Policies and values as text and data, whatever made them. */
export interface TrusteePolicies {
  /** Rego that decides about a path: package `policy`, rule `allow`. */
  readonly resource: string;
  /** Rego that appraises processors: package `policy`, rule `trust_claims`. */
  readonly cpu: string;
  /** What RVPS answers, by id. */
  readonly referenceValues: Readonly<Record<string, unknown>>;
}

/**
 * Appraisal of device classes: contraindicated. The attestation service writes its stock policy where one of the four is
 * missing, which it cannot do here, so it would not start.
 * SOURCE: v0.21.0, attestation-service/src/ear_token/broker.rs; 97: draft-ietf-rats-ar4si.
 */
export const NO_DEVICES = `package policy

import rego.v1

trust_claims := {"hardware": 97, "executables": 33, "configuration": 36}
`;

/** A day after all others: RVPS of v0.21.0 does not look at it, and values end by leaving them out. */
const NEVER = "9999-12-31T00:00:00Z";

/** ConfigMaps, and the Job that writes the resource policy. */
export function policyObjects(options: CheckedTrustee, policies: TrusteePolicies): KubernetesObject[] {
  const map = (name: string, data: Record<string, string>): ConfigMap => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: options.namespace },
    data,
  });
  return [
    map(POLICY_MAPS.attestation, {
      "default_cpu.rego": policies.cpu,
      "default_gpu.rego": NO_DEVICES,
      "default_ppcie.rego": NO_DEVICES,
      "default_switch.rego": NO_DEVICES,
    }),
    map(
      POLICY_MAPS.reference,
      Object.fromEntries(
        Object.entries(policies.referenceValues).map(([name, value]) => [name, storedValue(name, value)]),
      ),
    ),
    ...resourcePolicyObjects(options, policies.resource),
  ];
}

/** A value as RVPS stores it. SOURCE: v0.21.0, rvps/src/reference_value.rs. */
export function storedValue(name: string, value: unknown): string {
  return JSON.stringify({ version: "0.1.0", name, expiration: NEVER, value });
}
