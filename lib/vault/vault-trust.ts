// Vault or OpenBao as relying party: log-ins by attestation result, secrets and certificates of each tenant apart.
import { workloadsOf, type AttestedWorkload, type CertificateSpec } from "../attestation/attested-workload";
import type { ITrustPolicy } from "../attestation/trust-policy";
import type { ClaimValue } from "../attestation/vault-login";
import { JwtAuthBackend, Mount, Policy } from "../core/bindings/vault";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { literal } from "../core/literal";
import { ConfigurationError, throwTogether } from "../core/errors";
import { Retention } from "../core/retention";
import type { CheckedTenant } from "../tenant/tenant-checks";
import { VaultAudit } from "./vault-audit";
import { certificateFaults, defineCertificates } from "./vault-certificates";
import { digestFaults, sharedDigestFaults, type BoundDigests } from "./vault-digests";
import type { VaultLogin } from "./vault-login";
import { loginMount, PLATFORM_OWNER, policyName, secretsMount } from "./vault-names";
import { workloadPolicy } from "./vault-policy";
import { ensureVaultProvider } from "./vault-provider";
import { defineRole } from "./vault-role";
import { assertVaultTrust, TOKEN_MINUTES, type VaultTrustOptions } from "./vault-trust-options";

/** Somebody with workloads: a tenant, or the platform. */
interface Owner {
  readonly name: string;
  readonly workloads: readonly OwnedWorkload[];
}

interface OwnedWorkload {
  readonly name: string;
  readonly login: VaultLogin;
  readonly claims: Readonly<Record<string, ClaimValue>>;
  readonly certificate?: CertificateSpec;
}

/**
 * Everything in Vault that depends on the tenants directory: a JWT log-in for each verifier, and for each tenant that names
 * one a KV mount, a PKI of its own, and for each workload a role and a policy. No value of a secret passes through.
 *
 * Tenants of other verifiers get nothing.
 */
export class VaultTrust implements ITrustPolicy {
  /** Checks the options. Fails with OPTION_TYPE and the codes named there. */
  public static of(options: VaultTrustOptions): VaultTrust {
    assertVaultTrust(options);
    return new VaultTrust(options);
  }

  public readonly id = "Vault";

  private constructor(private readonly options: VaultTrustOptions) {}

  /**
   * Defines all of it in the stack of `scope`, with its Vault provider. Fails with VAULT_LOGIN for a tenant whose
   * verifier's evidence names no workload, VAULT_ROLE for a workload without a digest of its own, CERTIFICATE_LIFE and
   * CERTIFICATE_NAME: all of them together.
   */
  public define(scope: Construct, tenants: readonly CheckedTenant[]): ITerraformDependable[] {
    const owners = this.owners(tenants);
    ensureVaultProvider(scope, this.options);
    const { audit = VaultAudit.devices(), logins, retention = Retention.KEEP } = this.options;
    retention.note(scope);
    const audited = audit.define(scope);
    const mounts = new Map(logins.map((login) => [login.name, defineLogin(scope, login, audited)]));
    return [
      ...audited,
      ...mounts.values(),
      ...owners.flatMap((owner) => this.defineOwner(scope, owner, audited, mounts)),
    ];
  }

  private defineOwner(
    scope: Construct,
    { name, workloads }: Owner,
    audited: ITerraformDependable[],
    mounts: ReadonlyMap<string, ITerraformDependable>,
  ): ITerraformDependable[] {
    const { retention = Retention.KEEP, trustDomain, tokenMinutes, boundCidrs = [] } = this.options;
    const own = new Construct(scope, name === PLATFORM_OWNER ? "Platform" : `Tenant-${name}`);
    const lifecycle = retention.lifecycle;
    const secrets = new Mount(own, "Secrets", {
      path: secretsMount(name),
      type: "kv",
      options: { version: "2" },
      description: `secrets of ${name}`,
      dependsOn: audited,
      ...(lifecycle === undefined ? {} : { lifecycle }),
    });
    const certified = workloads.flatMap(({ name: workload, certificate }) =>
      certificate === undefined ? [] : [{ name: workload, certificate }],
    );
    const certificates =
      certified.length === 0
        ? []
        : defineCertificates(own, {
            owner: name,
            trustDomain,
            retention,
            dependsOn: audited,
            workloads: certified,
          });
    const roles = workloads.flatMap(({ name: workload, login, claims, certificate }) => {
      const policy = new Policy(own, `Policy-${workload}`, {
        name: policyName(name, workload),
        policy: literal(workloadPolicy(name, workload, certificate !== undefined)),
        dependsOn: audited,
      });
      const role = defineRole(own, {
        login,
        owner: name,
        workload,
        claims,
        tokenMinutes: tokenMinutes ?? TOKEN_MINUTES.most,
        boundCidrs,
        dependsOn: [mounts.get(login.name)!, policy],
      });
      return [policy, role];
    });
    return [secrets, ...certificates, ...roles];
  }

  private owners(tenants: readonly CheckedTenant[]): Owner[] {
    const { logins, platform = [], today } = this.options;
    const faults: ConfigurationError[] = [];
    const bound: BoundDigests[] = [];
    const owners = tenants.flatMap(({ spec }): Owner[] => {
      const login = logins.find(({ name }) => name === spec.attestation?.verifier);
      if (login === undefined) return [];
      const { digest } = login;
      if (digest === undefined) {
        faults.push(nodeFault(spec.name, login));
        return [];
      }
      const workloads = workloadsOf(spec).map((workload): OwnedWorkload => {
        const place = placeOf(spec.name, workload.name);
        const digests = digest.of(workload, today);
        faults.push(...digestFaults(place, digest.claim, digests), ...certificateProblems(place, workload));
        bound.push({ place, login: login.name, digests });
        return { ...owned(workload, login), claims: { [digest.claim]: digests } };
      });
      return [{ name: spec.name, workloads }];
    });
    throwTogether([...faults, ...sharedDigestFaults(bound)]);
    if (platform.length === 0) return owners;
    const own = platform.map((workload): OwnedWorkload => {
      const login = logins.find(({ name }) => name === workload.login)!;
      return { ...owned(workload, login), claims: workload.claims ?? {} };
    });
    return [{ name: PLATFORM_OWNER, workloads: own }, ...owners];
  }
}

function owned(
  { name, certificate }: { readonly name: string; readonly certificate?: CertificateSpec },
  login: VaultLogin,
): Omit<OwnedWorkload, "claims"> {
  return { name, login, ...(certificate === undefined ? {} : { certificate }) };
}

function placeOf(tenant: string, workload: string): string {
  return `${tenant}.attestation.workloads.${workload}`;
}

function certificateProblems(
  place: string,
  { certificate }: Pick<AttestedWorkload, "certificate">,
): ConfigurationError[] {
  return certificate === undefined ? [] : certificateFaults(`${place}.certificate`, certificate);
}

function nodeFault(tenant: string, { name, wiring }: VaultLogin): ConfigurationError {
  return new ConfigurationError(
    "VAULT_LOGIN",
    `${tenant}.attestation.verifier`,
    "a tenant's verifier must judge evidence that names its workload, got " +
      `'${name}' (${wiring.id}), whose evidence every pod on a node has; name a verifier of another kind: this one is for ` +
      "the platform's own workloads",
  );
}

function defineLogin(
  scope: Construct,
  login: VaultLogin,
  dependsOn: ITerraformDependable[],
): ITerraformDependable {
  return new JwtAuthBackend(scope, `Login-${login.name}`, {
    path: loginMount(login.name),
    type: "jwt",
    description: `results of ${login.name} (${login.wiring.id})`,
    boundIssuer: login.issuer,
    // Without it Vault takes ten algorithms.
    jwtSupportedAlgs: [...login.algorithms],
    ...login.keys.settings,
    dependsOn,
  });
}
