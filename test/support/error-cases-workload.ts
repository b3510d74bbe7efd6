// How to raise the codes of workloads that get secrets, and of Intel Trust Authority.
import {
  assertNoPlainSecrets,
  IntelTrustAuthority,
  staleness,
  trusteePod,
  TrustTier,
  type IntelTrustAuthorityOptions,
} from "../../lib";

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
  WORKLOAD_POD: (): unknown =>
    trusteePod({
      workload: { image: "registry.example.com/app:1" },
      initData: "QQ==",
      resources: { db: "acme/db/password" },
    }),
  WORKLOAD_SECRET: (): unknown =>
    assertNoPlainSecrets(
      { containers: [], volumes: [{ name: "db", secret: { secretName: "db" } }] },
      TrustTier.CONFIDENTIAL_POD,
    ),
  STALENESS: (): unknown => staleness({ tokenMinutes: -1 }),
};
