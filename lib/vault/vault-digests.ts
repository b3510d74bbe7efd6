// The digest that makes a role one workload's: whole, and of nobody else.
import { ConfigurationError } from "../core/errors";

/** Digests a role binds, with where they come from. */
export interface BoundDigests {
  /** `<tenant>.attestation.workloads.<workload>`. */
  readonly place: string;
  /** Log-ins are told apart by their signers. */
  readonly login: string;
  readonly digests: readonly string[];
}

/** SHA-256 or SHA-384 in hex, as claims have them: cut digests and globs are neither. */
const DIGEST = /^(sha256:)?([0-9a-f]{64}|[0-9a-f]{96})$/;
const CURE =
  "give the workload its agentPolicy and a verifier that makes initialisation data of it, or a release whose reference " +
  "values hold the digest";

/** What is wrong with a workload's digests. Fails with VAULT_ROLE. */
export function digestFaults(place: string, claim: string, digests: readonly string[]): ConfigurationError[] {
  if (digests.length === 0)
    return [
      role(
        place,
        `a role must bind the digest of its workload (${claim}), got none: any affirming result would log in; ${CURE}`,
      ),
    ];
  return digests
    .filter((one) => !DIGEST.test(one) || /^(sha256:)?0+$/.test(one))
    .map((one) =>
      role(
        place,
        `a digest must be whole, 64 or 96 lower-case hex digits and not all zeros, got '${one}'; ${CURE}`,
      ),
    );
}

/** Workloads that evidence cannot tell apart. Fails with VAULT_ROLE. */
export function sharedDigestFaults(bound: readonly BoundDigests[]): ConfigurationError[] {
  const first = new Map<string, string>();
  return bound.flatMap(({ place, login, digests }) =>
    [...new Set(digests)].flatMap((digest) => {
      const key = `${login} ${digest}`;
      const other = first.get(key);
      first.set(key, other ?? place);
      return other === undefined
        ? []
        : [
            role(
              place,
              `a digest must be one workload's, got ${digest} of ${other}: the same evidence would open both; give each ` +
                "workload initialisation data of its own",
            ),
          ];
    }),
  );
}

function role(place: string, text: string): ConfigurationError {
  return new ConfigurationError("VAULT_ROLE", place, text);
}
