// What Vault must know of a verifier to let its tokens log in. Plain data: which tenant may do what is Vault's own matter.

/** A value a claim must have; of a list, one is enough. */
export type ClaimValue = string | boolean | number | readonly string[];

/** A verifier whose signed results Vault's JWT log-in accepts. */
export interface VaultLoginSource {
  /** Name of the verifier, DNS-1123. */
  readonly name: string;
  /** `iss` of its tokens, verbatim. */
  readonly issuer: string;
  /** Where its keys are. Exactly one of this and `discoveryUrl`. */
  readonly jwksUrl?: string;
  /** Where its OpenID configuration is. */
  readonly discoveryUrl?: string;
  /** Signature algorithms, by their JOSE names; no other is taken. */
  readonly algorithms: readonly string[];
  /** Audiences its tokens carry. @default - its tokens have none */
  readonly boundAudiences?: readonly string[];
  /** Minutes from `iat` to `exp`. Vault judges `exp` alone. At most 60. */
  readonly tokenMinutes: number;
  /** Claim that names the caller in the audit log: a name, or a JSON pointer. */
  readonly userClaim: string;
  /** What every token must say, whoever it is of: by claim, a name or a JSON pointer. */
  readonly claims: Readonly<Record<string, ClaimValue>>;
}

/** Minutes a token may live that logs in at Vault: it is as good as its evidence for all of them. */
export const MOST_TOKEN_MINUTES = 60;
