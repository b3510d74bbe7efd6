// How to raise the codes of workloads that get secrets, and of Intel Trust Authority.
import { IntelTrustAuthority, staleness, type IntelTrustAuthorityOptions } from "../../lib";

/** A verifier in order. */
export const trustAuthority = (
  change: Partial<IntelTrustAuthorityOptions> = {},
): IntelTrustAuthorityOptions => ({
  name: "intel",
  region: "eu",
  tee: "tdx",
  policyIds: ["749dd9b1-234f-41f5-a6ca-42c4312dd4f1"],
  apiKey: { secret: "kv/platform/trust-authority", region: "eu" },
  tokenMinutes: 5,
  ...change,
});

export const WORKLOAD_CASES = {
  ATTESTATION_VERIFIER: (): unknown => IntelTrustAuthority.of(trustAuthority()).bind(),
  ITA_API_KEY: (): unknown =>
    IntelTrustAuthority.of(
      trustAuthority({ apiKey: { secret: "djE6ZXhhbXBsZTpub3RhcmVhbGtleQ==", region: "eu" } }),
    ),
  ITA_POLICY: (): unknown => IntelTrustAuthority.of(trustAuthority({ policyIds: [] })),
  ITA_REGION: (): unknown => IntelTrustAuthority.of(trustAuthority({ region: "us" })),
  ITA_TOKEN: (): unknown => IntelTrustAuthority.of(trustAuthority({ tokenMinutes: 480 })),
  STALENESS: (): unknown => staleness({ tokenMinutes: -1 }),
};
