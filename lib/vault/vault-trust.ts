// Vault or OpenBao as relying party: log-ins by attestation result, secrets and certificates of each tenant apart.
import { workloadsOf, type AttestedWorkload, type CertificateSpec } from "../attestation/attested-workload";
import type { ITrustPolicy } from "../attestation/trust-policy";
import type { ClaimValue } from "../attestation/vault-login";
import { JwtAuthBackend, Mount, Policy } from "../core/bindings/vault";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { literal } from "../core/literal";
import { ConfigurationError, throwTogether } from "../core/errors";
import { assertName } from "../core/names";
import { assertShape, scopeOf, shape } from "../core/option-shape";
import { Retention, RETENTION_SHAPE } from "../core/retention";
import * as z from "../core/zod";
import { parseCidr } from "../network/cidr";
import type { CheckedTenant } from "../tenant/tenant-checks";
import { VaultAudit } from "./vault-audit";
import { certificateFaults, defineCertificates } from "./vault-certificates";
import { digestFaults, sharedDigestFaults, type BoundDigests } from "./vault-digests";
import { assertAddress } from "./vault-endpoint";
import type { VaultLogin } from "./vault-login";
import { loginMount, PLATFORM_OWNER, policyName, secretsMount } from "./vault-names";
import { workloadPolicy } from "./vault-policy";
import { ensureVaultProvider } from "./vault-provider";
import { defineRole } from "./vault-role";

/** A workload of the platform's own, on nodes whose evidence names a machine and no workload. */
export interface PlatformWorkload {
  /** DNS-1123. Its secrets are `kv-platform/<name>/`. */
  readonly name: string;
  /** Name of the log-in: a verifier whose evidence names machines. */
  readonly login: string;
  /** More claims its token must have, by name or JSON pointer. @default - the log-in's own */
  readonly claims?: Readonly<Record<string, ClaimValue>>;
  /** @default - no certificates */
  readonly certificate?: CertificateSpec;
}

export interface VaultTrustOptions {
  /** Address of Vault or OpenBao: https, host and port alone. Fails with VAULT_ENDPOINT. */
  readonly address: string;
  /** Path of a PEM file with the CA of its certificate, on the machine that runs Terraform. @default - the machine's CAs */
  readonly caCertFile?: string;
  /** Trust domain of the names in certificates, like `acme.example.com`. A change replaces certificates of all workloads. Fails with CERTIFICATE_NAME. */
  readonly trustDomain: string;
  /** One for each verifier. Fails with VAULT_LOGIN when a verifier has two. */
  readonly logins: readonly VaultLogin[];
  /** The platform's own workloads. Fails with VAULT_LOGIN for log-ins that name workloads. @default - none */
  readonly platform?: readonly PlatformWorkload[];
  /** Life of Vault's token in whole minutes, 2 to 5. Nothing renews it. Fails with VAULT_TOKEN. @default 5 */
  readonly tokenMinutes?: number;
  /** IPv4 ranges log-ins and tokens may come from. Fails with VAULT_TOKEN. @default - from anywhere */
  readonly boundCidrs?: readonly string[];
  /** @default VaultAudit.devices() */
  readonly audit?: VaultAudit;
  /** @default Retention.KEEP */
  readonly retention?: Retention;
  /** Day whose reference values are good, `YYYY-MM-DD`. @default - the machine's day */
  readonly today?: string;
}

/** A claim's value: of a list, one is enough. */
const CLAIM = z.custom<ClaimValue>(
  (value) =>
    ["string", "boolean"].includes(typeof value) ||
    Number.isFinite(value) ||
    (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string")),
  { error: "a text, a number, true or false, or a list of texts" },
);

const SHAPE = shape.object({
  address: shape.text,
  caCertFile: shape.text.optional(),
  trustDomain: shape.text,
  logins: z.array(shape.withMember("absent", "made by VaultLogin"), { error: "a list of log-ins" }),
  platform: z
    .array(
      shape.object({
        name: shape.text,
        login: shape.text,
        claims: shape.byName(CLAIM).optional(),
        certificate: shape.object({ dnsNames: shape.texts, minutes: shape.number }).optional(),
      } satisfies Record<keyof PlatformWorkload, z.ZodType>),
      { error: "a list of workloads" },
    )
    .optional(),
  tokenMinutes: shape.number.optional(),
  boundCidrs: shape.texts.optional(),
  audit: shape.withMember("define", "made by VaultAudit").optional(),
  retention: RETENTION_SHAPE,
  today: shape.day.optional(),
} satisfies Record<keyof VaultTrustOptions, z.ZodType>);

const TOKEN_MINUTES = { least: 2, most: 5 } as const;
const TRUST_DOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

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
    assertShape(scopeOf("vault", undefined), SHAPE, options);
    assertAddress("vault", "address", options.address);
    assertOptions(options);
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

function assertOptions(options: VaultTrustOptions): void {
  const { trustDomain, logins, platform = [], tokenMinutes, boundCidrs = [] } = options;
  if (trustDomain.length > 255 || !TRUST_DOMAIN.test(trustDomain))
    throw new ConfigurationError(
      "CERTIFICATE_NAME",
      "vault",
      `trustDomain must be a name in lower case, like acme.example.com, got '${trustDomain}'; write one`,
    );
  const { least, most } = TOKEN_MINUTES;
  const minutes = tokenMinutes ?? most;
  if (!Number.isInteger(minutes) || minutes < least || minutes > most)
    throw new ConfigurationError(
      "VAULT_TOKEN",
      "vault",
      `tokenMinutes must be ${least} to ${most} whole minutes, because a log-in is the only new attestation, got ${minutes}; ` +
        "use 5",
    );
  const range = boundCidrs.find((one) => parseCidr(one) === undefined || one.endsWith("/0"));
  if (range !== undefined)
    throw new ConfigurationError(
      "VAULT_TOKEN",
      "vault",
      `boundCidrs must be IPv4 ranges, none of them everything, got '${range}'; write them like 10.42.0.0/16, or leave them out`,
    );
  const twice = logins.map(({ name }) => name).find((name, index, names) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new ConfigurationError(
      "VAULT_LOGIN",
      `logins.${twice}`,
      "a verifier must have one log-in, got two; remove one",
    );
  throwTogether(platform.flatMap((workload) => platformFaults(workload, options)));
}

function platformFaults(
  workload: PlatformWorkload,
  { logins, platform = [] }: VaultTrustOptions,
): ConfigurationError[] {
  const { name, login: named, certificate } = workload;
  const place = `platform.${name}`;
  assertName(place, "name", name);
  const login = logins.find((one) => one.name === named);
  const more = platform.filter((one) => one.name === name).length > 1;
  return [
    ...(login !== undefined && login.digest === undefined
      ? []
      : [
          new ConfigurationError(
            "VAULT_LOGIN",
            place,
            "a platform's workload must log in with evidence of machines, got " +
              `'${named}' (${login?.wiring.id ?? "no such log-in"}); name one of ${
                logins
                  .filter(({ digest }) => digest === undefined)
                  .map((one) => one.name)
                  .join(", ") || "none here"
              }`,
          ),
        ]),
    ...(more
      ? [new ConfigurationError("VAULT_ROLE", place, "a workload must stand once, got it again; remove one")]
      : []),
    ...(certificate === undefined ? [] : certificateFaults(`${place}.certificate`, certificate)),
  ];
}
