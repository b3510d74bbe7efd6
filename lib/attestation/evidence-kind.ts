// Kinds of evidence Trustee verifies, and how initialisation data stands in each.
import { createHash } from "node:crypto";

/** Digest algorithms that initialisation data may name. */
export type InitDataAlgorithm = "sha256" | "sha384" | "sha512";

/** How initialisation data stands in one kind of evidence. */
export interface InitDataClaim {
  /** What the hardware calls the register. */
  readonly register: string;
  /** Bytes of the claim `init_data`. */
  readonly bytes: number;
  /** Algorithm whose digest fits whole. */
  readonly algorithm: InitDataAlgorithm;
  /** True where the register is a PCR: the digest is extended into it, and no other length works. */
  readonly extended: boolean;
}

/**
 * By kind, as Trustee names it. SOURCE: confidential-containers/trustee, deps/verifier (snp, tdx, az_snp_vtpm,
 * az_tdx_vtpm, tpm) and regularize_data, 2026-08.
 */
export const INIT_DATA_CLAIMS = {
  snp: { register: "HOSTDATA", bytes: 32, algorithm: "sha256", extended: false },
  tdx: { register: "MRCONFIGID", bytes: 48, algorithm: "sha384", extended: false },
  "az-snp-vtpm": { register: "PCR8", bytes: 32, algorithm: "sha256", extended: true },
  "az-tdx-vtpm": { register: "PCR8", bytes: 32, algorithm: "sha256", extended: true },
  tpm: { register: "PCR8", bytes: 32, algorithm: "sha256", extended: true },
} as const satisfies Record<string, InitDataClaim>;

/** A kind of evidence that carries initialisation data. `se` (IBM Secure Execution) ignores it. */
export type EvidenceKind = keyof typeof INIT_DATA_CLAIMS;

/** All of them. */
export const EVIDENCE_KINDS = Object.keys(INIT_DATA_CLAIMS) as readonly EvidenceKind[];

/** Bytes of each algorithm's digest. */
export const DIGEST_BYTES: Readonly<Record<InitDataAlgorithm, number>> = {
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/**
 * Claim `init_data` for a digest: hex. A longer digest is cut and a shorter one padded with zeros; a PCR holds
 * SHA-256(32 zero bytes || digest), as after one extension.
 */
export function claimOfDigest(kind: EvidenceKind, digest: Buffer): string {
  const { bytes, extended } = INIT_DATA_CLAIMS[kind];
  if (extended) return createHash("sha256").update(Buffer.alloc(bytes)).update(digest).digest("hex");
  const claim = Buffer.alloc(bytes);
  digest.copy(claim);
  return claim.toString("hex");
}
