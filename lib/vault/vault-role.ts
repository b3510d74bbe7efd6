// The role a workload logs in with: what its token must say, and what it gets for it.
import { GenericEndpoint, JwtAuthBackendRole } from "../core/bindings/vault";
import type { Construct, ITerraformDependable } from "../core/cdk";
import { literalJson } from "../core/literal";
import type { ClaimValue } from "../attestation/vault-login";
import type { VaultLogin } from "./vault-login";
import { loginMount, policyName, roleName } from "./vault-names";

/** Seconds by which clocks may differ. Zero would be Vault's sixty. */
const CLOCK_SKEW = 30;
/** Nothing is added for a token without `exp` or `nbf`. Zero would be Vault's 150. */
const NO_LEEWAY = -1;

/** A role before it is made. */
export interface VaultRoleOptions {
  readonly login: VaultLogin;
  readonly owner: string;
  readonly workload: string;
  /** Claims beside the log-in's own; lists of good values. */
  readonly claims: Readonly<Record<string, ClaimValue>>;
  /** Life of Vault's token. */
  readonly tokenMinutes: number;
  /** Ranges a log-in and its token may come from. Empty: from anywhere. */
  readonly boundCidrs: readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

/** Defines the role. Claims that are no text need the plain API: Terraform's own resource takes texts alone. */
export function defineRole(scope: Construct, options: VaultRoleOptions): ITerraformDependable {
  const { login, owner, workload, dependsOn } = options;
  const id = `Role-${workload}`;
  const claims = { ...login.claims, ...options.claims };
  const settings = {
    roleType: "jwt",
    userClaim: login.userClaim,
    userClaimJsonPointer: login.userClaim.startsWith("/"),
    boundAudiences: [...login.audiences],
    boundClaimsType: "string",
    claimMappings: refusals(login.absent),
    clockSkewLeeway: CLOCK_SKEW,
    expirationLeeway: NO_LEEWAY,
    notBeforeLeeway: NO_LEEWAY,
    tokenType: "batch",
    tokenTtl: options.tokenMinutes * 60,
    tokenMaxTtl: options.tokenMinutes * 60,
    tokenNoDefaultPolicy: true,
    tokenPolicies: [policyName(owner, workload)],
    ...(options.boundCidrs.length === 0 ? {} : { tokenBoundCidrs: [...options.boundCidrs] }),
  };
  const backend = loginMount(login.name);
  const name = roleName(owner, workload);
  if (
    Object.values(claims)
      .flat()
      .every((value) => typeof value === "string")
  )
    return new JwtAuthBackendRole(scope, id, {
      ...settings,
      backend,
      roleName: name,
      // The provider splits at commas: a list is one text.
      boundClaims: Object.fromEntries(
        Object.entries(claims).map(([claim, value]) => [claim, [value].flat().join(",")]),
      ),
      dependsOn,
    });
  return new GenericEndpoint(scope, id, {
    path: `auth/${backend}/role/${name}`,
    dataJson: literalJson(
      snakeKeys({ ...settings, boundClaims: Object.fromEntries(Object.entries(claims)) }),
    ),
    // Vault answers with more than was written.
    ignoreAbsentFields: true,
    dependsOn,
  });
}

/**
 * A claim that is mapped to metadata must be a text when it is there: an object refuses the log-in, and nothing does not.
 * SOURCE: vault-plugin-auth-jwt 0.25.0, claims.go, extractMetadata.
 */
function refusals(absent: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    absent.map((claim) => [claim, `unexpected${claim.replace(/[^a-z0-9]+/gi, "_")}`]),
  );
}

/** Names of arguments as the API has them; claims and metadata keep theirs. */
function snakeKeys(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
