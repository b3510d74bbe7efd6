// Attestation results (EAR) as Trustee makes them of what the attestation policy says.
import type { AttestedKind } from "../../../lib/attestation/trustee/claims";
import { evidenceOf, type Claims, type TenantName } from "./evidence";

export type Vector = Readonly<Record<string, number>>;

export const GOOD: Vector = { executables: 3, hardware: 2, configuration: 2, "file-system": 0 };

/** Status of a trust vector: the worst claim wins. SOURCE: IETF, draft-ietf-rats-ar4si and draft-fv-rats-ear. */
export function statusOf(vector: Vector): "none" | "affirming" | "warning" | "contraindicated" {
  const tiers = Object.values(vector).map((value) => {
    if (value > 95 || value < -96) return 3;
    if (value > 31 || value < -32) return 2;
    // -1, 0 and 1 say nothing of the attester.
    return value > 1 || value < -1 ? 1 : 0;
  });
  return (["none", "affirming", "warning", "contraindicated"] as const)[Math.max(0, ...tiers)]!;
}

/** One appraisal. */
export function appraisal(claims: Claims, vector: Vector = GOOD): Record<string, unknown> {
  return {
    "ear.status": statusOf(vector),
    "ear.trustworthiness-vector": vector,
    "ear.appraisal-policy-id": "default",
    "ear.veraison.annotated-evidence": claims,
  };
}

/** A result with these submodules. */
export function result(submods: unknown): Claims {
  return {
    eat_profile: "tag:github.com,2024:confidential-containers/Trustee",
    iat: 1_790_000_000,
    exp: 1_790_000_300,
    iss: "CoCo-Attestation-Service",
    "ear.verifier-id": {
      build: "attestation-service 0.21.0",
      developer: "https://confidentialcontainers.org",
    },
    submods,
  };
}

/** A good result of a pod of this tenant. */
export function resultOf(kind: AttestedKind, tenant: TenantName = "acme"): Claims {
  return result({ cpu0: appraisal(evidenceOf(kind, tenant)) });
}
