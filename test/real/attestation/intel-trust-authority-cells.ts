// Tokens of Intel Trust Authority, as they reach a log-in at Vault: who brought them, and whether they get in.
import type { AttackedCell } from "./cell";

export const POLICY = "749dd9b1-234f-41f5-a6ca-42c4312dd4f1";
const OTHER_POLICY = "1f1f13e0-9fb1-4a57-ba42-361d86157fa3";

/** A token, taken apart. Times are seconds from now. */
export interface TrustAuthorityToken {
  readonly algorithm: string;
  readonly issuer: string;
  readonly issuedSeconds: number;
  readonly expiresSeconds: number;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface TrustAuthorityCase extends AttackedCell {
  /** TEE the verifier is for. */
  readonly tee: "tdx" | "sevsnp";
  readonly token: TrustAuthorityToken;
}

const matched = (...ids: readonly string[]): Readonly<Record<string, unknown>> => ({
  policy_ids_matched: ids.map((id) => ({ id, version: "v2", hash: "aGFzaA==" })),
  policy_ids_unmatched: null,
});
const TDX = {
  attester_type: "TDX",
  attester_tcb_status: "UpToDate",
  dbgstat: "disabled",
  tdx_is_debuggable: false,
};
const SNP = { attester_type: "AMD SEV-SNP", sevsnp_is_debuggable: false };

const good = (change: Partial<TrustAuthorityToken> = {}): TrustAuthorityToken => ({
  algorithm: "PS384",
  issuer: "https://portal.eu.trustauthority.intel.com",
  issuedSeconds: -10,
  expiresSeconds: 290,
  claims: { ver: "2.0.0", ...matched(POLICY), tdx: TDX },
  ...change,
});
const saying = (claims: Readonly<Record<string, unknown>>): TrustAuthorityToken =>
  good({ claims: { ver: "2.0.0", ...matched(POLICY), tdx: TDX, ...claims } });

const cell = (
  negative: string,
  refused: boolean,
  name: string,
  token: TrustAuthorityToken,
  tee: "tdx" | "sevsnp" = "tdx",
): TrustAuthorityCase => ({ wiring: "intel-trust-authority", negative, refused, name, tee, token });

/** Whoever is not meant to get in. A case that gets in shows that nothing is proven. */
export const TRUST_AUTHORITY_CELLS: readonly TrustAuthorityCase[] = [
  cell("neighbour", false, "a neighbour's pod on the node shows the node's evidence", good()),
  cell("unmeasuredImage", false, "a pod with any image on the node shows the node's evidence", good()),
  cell(
    "debug",
    true,
    "a TDX machine in debug mode, though a policy matched",
    saying({ tdx: { ...TDX, dbgstat: "enabled" } }),
  ),
  cell(
    "debug",
    true,
    "a TDX token that does not speak of debug",
    saying({ tdx: { ...TDX, dbgstat: undefined } }),
  ),
  cell(
    "debug",
    true,
    "an SEV-SNP machine in debug mode, though a policy matched",
    saying({ tdx: undefined, sevsnp: { ...SNP, sevsnp_is_debuggable: true } }),
    "sevsnp",
  ),
  cell(
    "staleEvidence",
    false,
    "a token of eight hours, seven hours old",
    good({ issuedSeconds: -25_200, expiresSeconds: 3_600 }),
  ),
  cell("administrator", false, "a host administrator's own pod on the node", good()),
];

/** A token, and the TEE of the verifier it is shown to. */
export interface NamedToken {
  readonly name: string;
  readonly token: TrustAuthorityToken;
  /** @default tdx */
  readonly tee?: "tdx" | "sevsnp";
}

/** Tokens that are wrong for any caller. */
export const TRUST_AUTHORITY_FORGERIES: readonly NamedToken[] = [
  { name: "expired", token: good({ issuedSeconds: -400, expiresSeconds: -100 }) },
  { name: "signed with RS256, which the service offers too", token: good({ algorithm: "RS256" }) },
  { name: "not signed", token: good({ algorithm: "none" }) },
  { name: "of the other region", token: good({ issuer: "https://portal.trustauthority.intel.com" }) },
  {
    name: "without a policy, as it comes when none is asked for",
    token: saying({ policy_ids_matched: null }),
  },
  {
    name: "with our policy unmatched",
    token: saying({ policy_ids_matched: null, policy_ids_unmatched: [{ id: POLICY }] }),
  },
  { name: "with another policy of the same subscription", token: saying(matched(OTHER_POLICY)) },
  { name: "with another policy before ours", token: saying(matched(OTHER_POLICY, POLICY)) },
  {
    name: "of version 1, whose claims lie flat",
    token: good({ claims: { ver: "1.0.0", ...matched(POLICY), ...TDX } }),
  },
  {
    name: "of a version whose claims nobody here has seen",
    token: good({ claims: { ver: "3.0.0", ...matched(POLICY), tdx: TDX } }),
  },
  {
    name: "of a machine whose TCB is out of date",
    token: saying({ tdx: { ...TDX, attester_tcb_status: "OutOfDate" } }),
  },
  { name: "of TDX for a verifier of SEV-SNP", token: good(), tee: "sevsnp" },
];

/** Tokens the platform's own machines bring. */
export const TRUST_AUTHORITY_OWN: readonly NamedToken[] = [
  { name: "TDX", token: good() },
  { name: "SEV-SNP", token: saying({ tdx: undefined, sevsnp: SNP }), tee: "sevsnp" },
  { name: "with a second policy behind ours", token: saying(matched(POLICY, OTHER_POLICY)) },
];
