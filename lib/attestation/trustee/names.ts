// Names, ports and folders that Trustee's objects, its configuration files and its fences must agree on.

/** What Trustee is made of, on our objects. `policy` writes the resource policy into Postgres and ends. */
export const PARTS = ["kbs", "as", "rvps", "jwks", "policy"] as const;
export type Part = (typeof PARTS)[number];

/**
 * Ports. SOURCE: confidential-containers/trustee v0.21.0, deployment/helm-chart/values.yaml; `jwks` is ours.
 */
export const PORTS = { kbs: 8080, as: 50004, rvps: 50003, jwks: 8443 } as const;

/** Where Postgres seems to be for the key broker: its sidecar, which speaks TLS with the real one. */
export const POSTGRES_LOOPBACK = 5432;

/** Name of a part's objects. */
export function partName(part: Part): string {
  return `trustee-${part}`;
}

/**
 * The label that selects a part's pods. Cilium of this library makes identities of few labels, and a policy that selects by
 * another selects nothing: `k8s-app` is one of them.
 */
export function partLabels(part: Part): { "k8s-app": string } {
  return { "k8s-app": partName(part) };
}

/** ConfigMaps that the trust-policy stack writes, and without which attestation service and RVPS do not start. */
export const POLICY_MAPS = {
  attestation: "trustee-attestation-policies",
  reference: "trustee-reference-values",
} as const;

/** Folders in the containers. */
export const FOLDERS = {
  config: "/etc/trustee/config",
  /** Storage `LocalFs`: a folder in it for each namespace, mounted read-only from a ConfigMap. */
  storage: "/etc/trustee/storage",
  signer: "/etc/trustee/signer",
  tls: "/etc/trustee/tls",
  postgres: "/etc/trustee/postgres",
  temporary: "/tmp",
} as const;

/**
 * Namespaces of Trustee's storage.
 * SOURCE: v0.21.0, kbs/src/api_server.rs, kbs/src/attestation/session.rs, kbs/src/plugins/implementations/resource/backend.rs,
 * attestation-service/src/lib.rs, rvps/src/lib.rs.
 */
export const STORAGE = {
  policy: "kbs",
  sessions: "kbs_protocol_session",
  repository: "repository",
  attestationPolicies: "attestation_service_policy",
  referenceValues: "reference_value",
} as const;

/** Key of the resource policy in `STORAGE.policy`. SOURCE: v0.21.0, kbs/src/api_server.rs, deps/policy-engine/src/policy/rego.rs. */
export const RESOURCE_POLICY_KEY = "resource-policy.rego";
