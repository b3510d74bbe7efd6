// What Google's attestation tokens carry, by kind of evidence, and the hardware's names in them.
import { Tee } from "../../tee/tee";

/** Where a token comes from. The two are never mixed up: a condition for one lets nobody in with the other. */
export type GoogleEvidence = "confidential-space" | "gke-node";

/** The one that signs both kinds. SOURCE: Google Cloud documentation, attestation token claims, 2026. */
export const GOOGLE_ISSUER = "https://confidentialcomputing.googleapis.com/";

/** Audience of tokens that Google's token service takes: what Confidential Space asks for by itself. */
export const STS_AUDIENCE = "https://sts.googleapis.com";

/** A claim of a token. */
export interface GoogleClaim {
  /** Path below `assertion`, like `submods.gce.project_number`. */
  readonly path: string;
  /** True where the value is a list: one element is looked for. */
  readonly list?: boolean;
  /** Why nobody can rely on it. @default - it was seen in tokens */
  readonly unproven?: string;
}

/** In every token of Google's. */
const COMMON: readonly GoogleClaim[] = [
  { path: "sub" },
  { path: "oemid" },
  { path: "hwmodel" },
  { path: "secboot" },
  { path: "swname" },
  { path: "eat_nonce", list: true },
  { path: "google_service_accounts", list: true },
  { path: "submods.gce.project_id" },
  { path: "submods.gce.project_number" },
  { path: "submods.gce.zone" },
  { path: "submods.gce.instance_id" },
  { path: "submods.gce.instance_name" },
];

/**
 * Claims by evidence.
 *
 * A token of a plain virtual machine, which a GKE node is, names no image. Nor does it say that debugging is off: the
 * example of 2024 has dbgstat `enabled`, those of 2026 have none.
 * SOURCE: Google Cloud documentation, Confidential Space token claims and Confidential VM token claims, 2024 to 2026.
 */
export const GOOGLE_CLAIMS: Readonly<Record<GoogleEvidence, readonly GoogleClaim[]>> = {
  "confidential-space": [
    ...COMMON,
    { path: "dbgstat" },
    { path: "swversion", list: true },
    { path: "attester_tcb", list: true, unproven: "only tokens of Intel TDX have it" },
    { path: "submods.confidential_space.support_attributes", list: true },
    { path: "submods.confidential_space.monitoring_enabled" },
    { path: "submods.container.args", list: true },
    { path: "submods.container.cmd_override", list: true, unproven: "only overridden containers have it" },
    { path: "submods.container.env" },
    { path: "submods.container.env_override", unproven: "only overridden containers have it" },
    { path: "submods.container.image_digest" },
    { path: "submods.container.image_id" },
    { path: "submods.container.image_reference" },
    { path: "submods.container.image_signatures", list: true, unproven: "only signed images have it" },
    { path: "submods.container.restart_policy" },
  ],
  "gke-node": [
    ...COMMON,
    { path: "dbgstat", unproven: "tokens of plain virtual machines were seen without it, or with 'enabled'" },
    { path: "attester_tcb", list: true, unproven: "only tokens of Intel TDX have it" },
  ],
};

/** How a token names a TEE. */
export interface GoogleHardware {
  readonly tee: Tee;
  readonly hwmodel: string;
  /** Why nobody can rely on it. @default - documented, or seen in tokens */
  readonly unproven?: string;
}

/** SOURCE: Google Cloud documentation, token claims (`hwmodel`), 2026: SNP is not among its values. */
export const GOOGLE_HARDWARE: readonly GoogleHardware[] = [
  { tee: Tee.TDX, hwmodel: "GCP_INTEL_TDX" },
  { tee: Tee.SEV, hwmodel: "GCP_AMD_SEV" },
  {
    tee: Tee.SEV_SNP,
    hwmodel: "GCP_AMD_SEV_SNP",
    unproven: "no page of Google's names the hwmodel of AMD SEV-SNP",
  },
];
