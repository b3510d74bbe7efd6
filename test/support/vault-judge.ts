// Vault's JWT log-in in a few lines, for unit tests. SOURCE: vault-plugin-auth-jwt 0.25.0, claims.go and path_login.go.
import type { ClaimValue, VaultLoginSource } from "../../lib";

/** A token as the log-in reads it. Times are seconds from now. */
export interface JudgedToken {
  readonly algorithm: string;
  readonly issuer: string;
  readonly expiresSeconds: number;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What a log-in finds wrong with a token; nothing when it lets it in. Signature and audience are the lane's matter. */
export function loginFaults(source: VaultLoginSource, token: JudgedToken, skewSeconds = 30): string[] {
  return [
    ...(source.algorithms.includes(token.algorithm) ? [] : ["algorithm"]),
    ...(source.issuer === token.issuer ? [] : ["issuer"]),
    ...(token.expiresSeconds + skewSeconds > 0 ? [] : ["expired"]),
    ...(typeof claimOf(token.claims, source.userClaim) === "string" ? [] : ["user claim"]),
    ...Object.entries(source.claims)
      .filter(([claim, wanted]) => !matches(claimOf(token.claims, claim), wanted))
      .map(([claim]) => claim),
  ];
}

/** By name, or by JSON pointer when it begins with a slash. */
function claimOf(claims: unknown, name: string): unknown {
  const steps = name.startsWith("/") ? name.slice(1).split("/") : [name];
  return steps.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | null | undefined)?.[step.replace(/~1/g, "/")],
    claims,
  );
}

/** One element of one list in the other is enough; a missing claim is none. */
function matches(got: unknown, wanted: ClaimValue): boolean {
  const list = (value: unknown): unknown[] =>
    Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list(got).some((one) => list(wanted).includes(one));
}
