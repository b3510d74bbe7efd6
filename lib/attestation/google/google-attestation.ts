// Google's attestation: two kinds of evidence that are never mixed up, and what they are made of.
export { ConfidentialSpace, type ConfidentialSpaceOptions } from "./confidential-space";
export { GkeNodeAttestation, type GkeNodeAttestationOptions } from "./gke-node-attestation";
export { GOOGLE_CLAIMS, type GoogleClaim, type GoogleEvidence } from "./google-claims";
export type { GoogleTrustOptions, IGoogleVerifier } from "./google-verifier";
