// What both kinds of Google's evidence share: options, names, the tenant's key and what its workload is told.
import type { Construct } from "../../core/cdk";
import { ConfigurationError, type ErrorScope } from "../../core/errors";
import { assertName, isName } from "../../core/names";
import { assertShape, shape } from "../../core/option-shape";
import { RETENTION_SHAPE, Retention } from "../../core/retention";
import { ensureGoogleProvider } from "../../host-cluster/google-provider";
import type { HostReference } from "../../host-cluster/host-cluster";
import { GOOGLE_DELETION, GoogleTenantKey, type GoogleKeyUse } from "../../keys/google-tenant-key";
import { deletionDays } from "../../keys/tenant-key";
import type { Trusted } from "../../tee/trust-tier";
import type { SpecProblem } from "../../tenant/tenant-rules";
import type { TenantSpec } from "../../tenant/tenant-spec";
import { workloadsOf } from "../attested-workload";
import { STS_AUDIENCE } from "./google-claims";
import type { GoogleCondition } from "./google-condition";
import {
  GoogleTrustDomain,
  MAX_TRUST_DOMAIN,
  poolId,
  poolMembers,
  providerAudience,
  tenantKeyName,
  type GoogleTrustNames,
} from "./google-trust-domain";
import type { AttestationBinding, IVerifier, TenantContext, TenantPlace } from "../verifier";
import type { Wiring } from "../wiring";

/** What both verifiers need to be told. Fails with OPTION_TYPE when a value has another type. */
export interface GoogleTrustOptions {
  /** What a tenant's file names. DNS-1123. Fails with NAME. */
  readonly name: string;
  /**
   * Id of the project that holds pool and keys, and no host: a deny policy on it keeps everybody from decrypting who is
   * not in the pool, owners too. A change replaces everything. Fails with GOOGLE_TRUST.
   */
  readonly project: string;
  /** Number of that project, digits: pools are named by it. Fails with GOOGLE_TRUST. */
  readonly projectNumber: string;
  /**
   * Names the pool: DNS-1123, at most 26 characters, not `gcp-…`. A pool's id stays taken for 30 days after deletion. A
   * change replaces pool, provider and grants. Fails with GOOGLE_TRUST.
   */
  readonly trustDomain: string;
  /**
   * CEL over claims of `assertion` that a token must meet, too, like `assertion.submods.gce.zone == 'europe-west4-a'`.
   * Fails with GOOGLE_CONDITION when it names a claim that the evidence does not carry.
   * @default - nothing more
   */
  readonly extraCondition?: string;
  /**
   * Why claims that no source settles are relied on. Shows on every report. Fails with GOOGLE_CONDITION when missing,
   * REASON when it says nothing.
   */
  readonly acceptUnproven?: string;
  /**
   * Who may encrypt with every tenant's key, as IAM writes members: `group:release@example.com`. Fails with GOOGLE_TRUST.
   * @default - nobody is granted it here
   */
  readonly encrypters?: readonly string[];
  /**
   * Days a destroyed key version can still be brought back, 7 to 120. A change replaces the key. Fails with KEY_DELETION.
   * @default 30
   */
  readonly deletionDays?: number;
  /** @default Retention.KEEP */
  readonly retention?: Retention;
}

/** The keys of GoogleTrustOptions, with each verifier's own. */
export const trustShape = (own: Parameters<typeof shape.object>[0]): ReturnType<typeof shape.object> =>
  shape.object({
    name: shape.text,
    project: shape.text,
    projectNumber: shape.text,
    trustDomain: shape.text,
    extraCondition: shape.text.optional(),
    acceptUnproven: shape.text.optional(),
    encrypters: shape.texts.optional(),
    deletionDays: shape.number.optional(),
    retention: RETENTION_SHAPE,
    ...own,
  });

/** Throws what is wrong with options that both verifiers share. */
export function assertTrustOptions(
  scope: ErrorScope,
  wanted: ReturnType<typeof shape.object>,
  options: GoogleTrustOptions,
): void {
  assertShape(scope, wanted, options);
  assertName(scope, "name", options.name);
  const { project, projectNumber, trustDomain, encrypters = [] } = options;
  const stranger = encrypters.find((member) => !/^(user|group|serviceAccount):[^\s@]+@[^\s@]+$/.test(member));
  const rules = [
    {
      bad: stranger !== undefined,
      text: `encrypters must be people, groups or service accounts, got '${stranger}'; write one like group:release@example.com`,
    },
    {
      bad: !/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(project),
      text: `project must be a project id, got '${project}'; write it as \`gcloud projects list\` prints it`,
    },
    {
      bad: !isName(trustDomain, MAX_TRUST_DOMAIN) || trustDomain.startsWith("gcp-"),
      text:
        `trustDomain must be a DNS-1123 label of at most ${MAX_TRUST_DOMAIN} characters that does not begin with 'gcp-', ` +
        `got '${trustDomain}'; choose another name`,
    },
  ];
  const broken = rules.find(({ bad }) => bad);
  if (broken) throw new ConfigurationError("GOOGLE_TRUST", scope, broken.text);
  assertProjectNumber(scope, "projectNumber", projectNumber);
  deletionDays(scope, GOOGLE_DELETION, options.deletionDays);
}

/** Throws GOOGLE_TRUST for what is no project's number: ids do not stand where tokens and pools have numbers. */
export function assertProjectNumber(scope: ErrorScope, prop: string, number: string): void {
  if (/^\d{6,19}$/.test(number)) return;
  throw new ConfigurationError(
    "GOOGLE_TRUST",
    scope,
    `${prop} must be a project's number, digits only, got '${number}'; write it as \`gcloud projects list\` prints it`,
  );
}

/** The rule that keeps a deny policy away from a host's own keys. */
function ownProjectText(project: string, host: HostReference): string | undefined {
  if (project !== host.account) return undefined;
  return (
    `keys that open for evidence must lie in a project of their own, because the policy that denies owners to decrypt ` +
    `holds for a whole project, got '${project}', which host ${host.name} is in; make a project for them`
  );
}

/** A verifier whose pool and deny policy GoogleTrustStack makes. */
export interface IGoogleVerifier extends IVerifier {
  /** Project of pool and keys. */
  readonly project: string;
  /** Id of its workload identity pool. */
  readonly poolId: string;
  /** Everybody whose token its pool takes, as IAM writes it. */
  readonly members: string;
  /** Makes pool and provider in the stack of `scope`. */
  defineTrust(scope: Construct, host: HostReference): GoogleTrustDomain;
}

/** What the kinds of evidence differ in. */
export abstract class GoogleVerifier implements IGoogleVerifier {
  public abstract readonly wiring: Wiring;
  public abstract readonly warnings: readonly string[];

  protected constructor(
    protected readonly options: GoogleTrustOptions,
    private readonly condition: GoogleCondition,
  ) {}

  public get name(): string {
    return this.options.name;
  }

  public get project(): string {
    return this.options.project;
  }

  public get poolId(): string {
    return poolId(this.names);
  }

  public get members(): string {
    return poolMembers(this.names);
  }

  protected get names(): GoogleTrustNames {
    const { project, projectNumber, trustDomain } = this.options;
    return { evidence: this.condition.evidence, project, projectNumber, trustDomain };
  }

  public defineTrust(scope: Construct, host: HostReference): GoogleTrustDomain {
    const text = ownProjectText(this.project, host);
    if (text !== undefined) throw new ConfigurationError("GOOGLE_TRUST", scope, text);
    return new GoogleTrustDomain(scope, this.name, {
      names: this.names,
      condition: this.condition,
      retention: this.retention,
    });
  }

  public problems(spec: TenantSpec, place: TenantPlace): SpecProblem[] {
    const path = ["attestation", "verifier"];
    if (place.host.cloud !== "google")
      return [
        {
          code: "ATTESTATION_VERIFIER",
          path,
          text: `keys of Google's attestation lie beside a host on google, got '${place.host.cloud}'; name a verifier of that cloud`,
        },
      ];
    const shared = ownProjectText(this.project, place.host);
    return [
      ...(shared === undefined ? [] : [{ code: "GOOGLE_TRUST" as const, path, text: shared }]),
      ...workloadsOf(spec).flatMap((workload, index) =>
        (["agentPolicy", "certificate"] as const)
          .filter((key) => workload[key] !== undefined)
          .map((key) => ({
            code: "ATTESTATION_VERIFIER" as const,
            path: ["attestation", "workloads", index, key],
            text:
              `Cloud KMS decrypts and does nothing else, got ${key} for workload '${workload.name}'; ` +
              "leave it out, or name a verifier in front of Vault or Trustee",
          })),
      ),
      ...this.ownProblems(spec, place),
    ];
  }

  /** Evidence adds nothing to the tier of the tenant's pods: see each verifier. */
  public grants(): undefined {
    return undefined;
  }

  public bind(scope: Construct, context: TenantContext): AttestationBinding {
    const { tenant, host } = context;
    ensureGoogleProvider(scope, host.reference);
    const keyName = tenantKeyName(this.project, host.reference, tenant.spec.name, "secrets");
    const key = new GoogleTenantKey(scope, "Kms", {
      keyName,
      uses: [...this.uses(scope, context), ...this.encryption()],
      deletionDays: this.options.deletionDays,
      retention: this.retention,
    });
    return {
      grants: tenant.tier,
      proves: this.wiring.cases,
      workload: {
        url: "https://cloudkms.googleapis.com",
        policyId: providerAudience(this.names).replace("//iam.googleapis.com/", ""),
        audience: STS_AUDIENCE,
        resource: keyName,
        settings: this.settings(context),
      },
      stillTrusted: [...this.wiring.stillTrusted, ...this.encrypters()],
      ready: key.ready,
    };
  }

  protected get retention(): Retention {
    return this.options.retention ?? Retention.KEEP;
  }

  /** What is wrong with a tenant for this kind of evidence. */
  protected abstract ownProblems(spec: TenantSpec, place: TenantPlace): SpecProblem[];

  /** Who may decrypt with the tenant's key. */
  protected abstract uses(scope: Construct, context: TenantContext): GoogleKeyUse[];

  /** What a client needs beside token and key. */
  protected abstract settings(context: TenantContext): Readonly<Record<string, string>>;

  private encrypters(): Trusted[] {
    const { encrypters = [] } = this.options;
    return encrypters.length === 0
      ? []
      : [
          {
            who: `encrypters (${encrypters.join(", ")})`,
            why: "they cannot decrypt, but the workload cannot tell their secrets from others",
          },
        ];
  }

  private encryption(): GoogleKeyUse[] {
    return (this.options.encrypters ?? []).map((member, index) => ({
      id: `Encrypter${index + 1}`,
      role: "roles/cloudkms.cryptoKeyEncrypter",
      member,
    }));
  }
}

/** The only role a workload gets. */
export const DECRYPTER = "roles/cloudkms.cryptoKeyDecrypter";

/**
 * What a client library of Google's reads to trade a token for access: no service account stands between, because the
 * deny policy lets the pool alone decrypt.
 */
export function credentialConfiguration(names: GoogleTrustNames, tokenFile: string): string {
  return JSON.stringify({
    type: "external_account",
    audience: providerAudience(names),
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: "https://sts.googleapis.com/v1/token",
    credential_source: { file: tokenFile },
  });
}
