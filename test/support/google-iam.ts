// A model of Google's token service and of IAM: who may decrypt with which key, by what stacks synthesize.
// SOURCE: IAM documentation, workload identity federation, deny policies and principal identifiers, 2026; Cloud KMS
// documentation, separation of duties, 2026 (owners can decrypt).
import { celMap, isCelError, run, type CelInput } from "@bufbuild/cel";

/** Claims of a token, as JSON. */
export type Claims = Readonly<Record<string, unknown>>;

/** Somebody who asks for a decryption. */
export type Caller =
  | {
      /** A token, and the pool whose provider it is brought to. */
      readonly token: Claims;
      readonly pool: string;
      /** False for a token that somebody else signed. @default true */
      readonly signed?: boolean;
    }
  | {
      /** A user or service account, as IAM writes it. */
      readonly member: string;
      /** Roles on the project of the key. @default - none */
      readonly projectRoles?: readonly string[];
    };

type Block = Readonly<Record<string, unknown>>;

interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly [section: string]: unknown;
}

interface Provider {
  readonly workload_identity_pool_id: string;
  readonly attribute_condition: string;
  readonly attribute_mapping: Readonly<Record<string, string>>;
  readonly oidc: { readonly issuer_uri: string; readonly allowed_audiences: readonly string[] };
}

interface Grant {
  readonly crypto_key_id: string;
  readonly role: string;
  readonly member: string;
  readonly condition?: { readonly expression: string };
}

interface DenyPolicy {
  readonly parent: string;
  readonly rules: readonly {
    readonly deny_rule: {
      readonly denied_permissions: readonly string[];
      readonly denied_principals: readonly string[];
      readonly exception_principals: readonly string[];
    };
  }[];
}

/** Roles that hold cloudkms.cryptoKeyVersions.useToDecrypt. SOURCE: IAM documentation, Cloud KMS roles, 2026. */
const DECRYPTING = [
  "roles/owner",
  "roles/cloudkms.cryptoKeyDecrypter",
  "roles/cloudkms.cryptoKeyEncrypterDecrypter",
  "roles/cloudkms.cryptoOperator",
];

const DECRYPT = "cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt";

/** Bytes of google.subject. SOURCE: IAM API reference, WorkloadIdentityPoolProvider.attributeMapping, 2026. */
export const MAX_SUBJECT = 127;

/** What stacks say of pools, grants and denials. */
export class GoogleIam {
  private readonly providers: readonly Provider[];
  private readonly grants: readonly Grant[];
  private readonly denials: readonly DenyPolicy[];

  public constructor(configurations: readonly Configuration[]) {
    const all = <T>(type: string): T[] =>
      configurations.flatMap(({ resource }) => Object.values(resource?.[type] ?? {})) as T[];
    this.providers = all<Provider>("google_iam_workload_identity_pool_provider");
    this.grants = all<Grant>("google_kms_crypto_key_iam_member");
    this.denials = all<DenyPolicy>("google_iam_deny_policy");
  }

  /** True when the caller gets a plain text out of the key. `now` is a time of ISO 8601. */
  public decrypts(caller: Caller, key: string, now: string): boolean {
    const principals = "member" in caller ? [caller.member] : this.exchanged(caller, now);
    if (!principals) return false;
    const project = /^projects\/([^/]+)\//.exec(key)![1]!;
    if (this.denied(principals, project)) return false;
    const roles = "member" in caller ? (caller.projectRoles ?? []) : [];
    return (
      roles.some((role) => DECRYPTING.includes(role)) ||
      this.grants.some(
        ({ crypto_key_id: id, role, member, condition }) =>
          id === key &&
          DECRYPTING.includes(role) &&
          principals.includes(member) &&
          (condition === undefined || evaluate(condition.expression, { request: { time: now } }) === true),
      )
    );
  }

  /** Principals a token stands for after the exchange; undefined when the token service refuses it. */
  public exchanged(
    { token, pool, signed = true }: Extract<Caller, { token: Claims }>,
    now: string,
  ): string[] | undefined {
    const provider = this.providers.find(({ workload_identity_pool_id: id }) => id === pool);
    if (!provider || !signed) return undefined;
    const { issuer_uri: issuer, allowed_audiences: audiences } = provider.oidc;
    const seconds = Date.parse(now) / 1000;
    // Google's own tokens write the issuer without the slash that its pages register.
    if (String(token.iss) !== issuer.replace(/\/$/, "") || !audiences.includes(String(token.aud)))
      return undefined;
    if (Number(token.exp) <= seconds || Number(token.nbf) > seconds) return undefined;
    if (evaluate(provider.attribute_condition, { assertion: token }) !== true) return undefined;
    const mapped = Object.entries(provider.attribute_mapping).map(
      ([name, expression]) => [name, evaluate(expression, { assertion: token })] as const,
    );
    const subject = mapped.find(([name]) => name === "google.subject")?.[1];
    if (typeof subject !== "string" || Buffer.byteLength(subject) > MAX_SUBJECT) return undefined;
    if (mapped.some(([, value]) => typeof value !== "string")) return undefined;
    const base = `iam.googleapis.com/projects/987654321098/locations/global/workloadIdentityPools/${pool}`;
    return [
      `principal://${base}/subject/${subject}`,
      `principalSet://${base}/*`,
      ...mapped
        .filter(([name]) => name.startsWith("attribute."))
        .map(([name, value]) => `principalSet://${base}/${name}/${String(value)}`),
    ];
  }

  private denied(principals: readonly string[], project: string): boolean {
    const parent = `cloudresourcemanager.googleapis.com%2Fprojects%2F${project}`;
    return this.denials
      .filter((policy) => policy.parent === parent)
      .flatMap(({ rules }) => rules)
      .some(
        ({ deny_rule: rule }) =>
          rule.denied_permissions.includes(DECRYPT) &&
          rule.denied_principals.includes("principalSet://goog/public:all") &&
          !rule.exception_principals.some((one) => principals.includes(one)),
      );
  }
}

/** The value of a CEL expression; undefined for an error, such as a claim that is missing. */
export function evaluate(expression: string, variables: Readonly<Record<string, unknown>>): unknown {
  const bindings = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, input(value)]));
  const result = run(expression, bindings);
  return isCelError(result) ? undefined : result;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

function input(value: unknown): CelInput {
  if (Array.isArray(value)) return value.map(input);
  if (typeof value === "string" && TIME.test(value)) return run(`timestamp('${value}')`) as CelInput;
  if (typeof value === "object" && value !== null)
    return celMap(new Map(Object.entries(value).map(([key, one]) => [key, input(one)])) as never);
  return value as CelInput;
}
