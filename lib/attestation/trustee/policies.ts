// What the trust-policy stack ships: resource policy of all tenants, attestation policies, reference values.
import type { ConfigMap } from "kubernetes-types/core/v1";
import type { KubernetesObject } from "../../core/manifest-release";
import { POLICY_MAPS } from "./names";
import { policyFault } from "./policy-checks";
import type { CheckedTrustee } from "./options";
import type { StoredReferenceValue } from "./reference-values";
import { resourcePolicyObjects } from "./resource-policy-job";

/** Policies and values as text and data, whatever made them. */
export interface TrusteePolicies {
  /** Rego that decides about a path. */
  readonly resource: string;
  /** Rego that appraises evidence, by policy id. */
  readonly attestation: Readonly<Record<string, string>>;
  readonly referenceValues: readonly StoredReferenceValue[];
}

/** Bytes of a ConfigMap's data. SOURCE: Kubernetes 1.34, MaxSecretSize of pkg/apis/core/validation. */
const MOST_BYTES = 1_048_576;

/** ConfigMaps, which attestation service and RVPS have as files, and the Job that writes the resource policy. */
export function policyObjects(options: CheckedTrustee, policies: TrusteePolicies): KubernetesObject[] {
  const map = (name: string, entries: readonly (readonly [string, string])[]): ConfigMap => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: options.namespace },
    data: Object.fromEntries(entries),
  });
  const objects = [
    map(
      POLICY_MAPS.attestation,
      // SOURCE: v0.21.0, deps/policy-engine/src/policy/rego.rs (the suffix), deps/key-value-storage/src/local_fs/mod.rs.
      Object.entries(policies.attestation).map(([id, rego]) => [`${id}.rego`, rego]),
    ),
    map(
      POLICY_MAPS.reference,
      policies.referenceValues.map((stored) => [stored.name, JSON.stringify(stored)]),
    ),
    ...resourcePolicyObjects(options, policies.resource),
  ];
  for (const { kind, metadata, data } of objects as ConfigMap[]) {
    const bytes = Buffer.byteLength(JSON.stringify(data ?? {}));
    if (bytes > MOST_BYTES)
      throw policyFault(
        `${kind} ${metadata!.name} must be at most ${MOST_BYTES} bytes, which is what Kubernetes stores, got ${bytes}; ` +
          "give some of the tenants a Trustee of their own",
      );
  }
  return objects;
}
