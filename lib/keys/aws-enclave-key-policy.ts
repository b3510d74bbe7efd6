// The policy of a KMS key that opens for evidence alone: who manages it, who encrypts, and what evidence decrypts.
import { dayAfter } from "../core/clock";
import { accountRoot, KEY_ADMINISTRATION, type AwsScope } from "../host-cluster/eks-policies";

/** A statement of a key policy. */
export interface KeyPolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: { readonly AWS: string | readonly string[] };
  readonly Action: readonly string[];
  readonly Resource: "*";
  /** By operator and condition key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A key policy. */
export interface KeyPolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly KeyPolicyStatement[];
}

/** Evidence that opens the key. */
export interface AttestedRelease {
  /** By name of the register, like `PCR0`: lower-case hex. At least one. */
  readonly registers: Readonly<Record<string, string>>;
  /** First day, `YYYY-MM-DD`, UTC. @default - always was */
  readonly from?: string;
  /** Last day, `YYYY-MM-DD`, UTC. @default - until it is removed */
  readonly until?: string;
}

/** What a policy is made of. */
export interface AttestedKeyPolicyOptions extends AwsScope {
  /** ARN of the role that calls, beside the evidence. */
  readonly roleArn: string;
  readonly releases: readonly AttestedRelease[];
  /** ARNs of roles and users that manage the key. */
  readonly administrators: readonly string[];
  /** ARNs of roles and users that encrypt with it. */
  readonly encrypters: readonly string[];
}

/** Bytes of a key policy. SOURCE: AWS KMS Developer Guide, Resource quotas, 2026. */
export const MOST_POLICY_BYTES = 32_768;

/**
 * What answers with a key or a plain text to the evidence's own key, when the call carries evidence.
 * SOURCE: AWS KMS Developer Guide, condition keys for attested platforms, 2026.
 */
const RELEASES = ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"];

/** What can lead to a plain text, with evidence or without. */
const OPENS = ["kms:Decrypt", "kms:GenerateDataKey*"];

/** What hands the key on to somebody no condition binds: a grant, or a text under another key. Nobody needs it here. */
const HANDS_ON = ["kms:CreateGrant", "kms:DeriveSharedSecret", "kms:ReEncrypt*"];

const EVERYBODY = { AWS: "*" };

/**
 * The policy. One statement allows each release, all its registers together, to the role alone. The statements that deny
 * stand against whatever else allows: an IAM policy, a grant, a statement somebody adds. They cannot say "none of these
 * sets" (IAM knows no `or` of sets), so they say it register by register; a mixture of two releases is refused because
 * nothing allows it.
 *
 * Administrators are principals without a condition, so that KMS' check against locking oneself out passes for them.
 * The account's own user can put the policy back when they are gone, and nobody else of the account can change it.
 */
export function attestedKeyPolicy(options: AttestedKeyPolicyOptions): KeyPolicyDocument {
  const { roleArn, releases, administrators, encrypters } = options;
  const root = accountRoot(options);
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Administration", administrators, KEY_ADMINISTRATION),
      allow("Audit", [root], ["kms:Describe*", "kms:Get*", "kms:List*"]),
      allow("Recovery", [root], ["kms:CancelKeyDeletion", "kms:EnableKey", "kms:PutKeyPolicy"], {
        ArnEquals: { "aws:PrincipalArn": root },
      }),
      ...(encrypters.length > 0 ? [allow("Encryption", encrypters, ["kms:Encrypt"])] : []),
      ...releases.map((release, index) =>
        allow(`Release${index + 1}`, [roleArn], RELEASES, releaseCondition(release)),
      ),
      deny(
        "WithoutEvidence",
        OPENS,
        releases.length > 0 ? { Null: fromKeys(registersOf(releases), () => "true") } : undefined,
      ),
      ...registersOfAll(releases).map((register) =>
        deny(`Other${register}`, OPENS, {
          StringNotEqualsIgnoreCase: {
            [conditionKey(register)]: [...new Set(releases.map(({ registers }) => registers[register]!))],
          },
        }),
      ),
      deny("OtherPrincipals", OPENS, { ArnNotEquals: { "aws:PrincipalArn": roleArn } }),
      deny("HandingOn", HANDS_ON),
    ],
  };
}

/** A register as KMS names it in a condition. Those of NitroTPM begin with `NitroTPM`. */
function conditionKey(register: string): string {
  return `kms:RecipientAttestation:${register}`;
}

type Condition = NonNullable<KeyPolicyStatement["Condition"]>;

function allow(
  Sid: string,
  principals: readonly string[],
  Action: readonly string[],
  condition?: Condition,
): KeyPolicyStatement {
  return {
    Sid,
    Effect: "Allow",
    Principal: { AWS: principals },
    Action,
    Resource: "*",
    ...(condition ? { Condition: condition } : {}),
  };
}

function deny(Sid: string, Action: readonly string[], condition?: Condition): KeyPolicyStatement {
  return {
    Sid,
    Effect: "Deny",
    Principal: EVERYBODY,
    Action,
    Resource: "*",
    ...(condition ? { Condition: condition } : {}),
  };
}

/** KMS holds the days itself: an old release ends without a deployment. */
function releaseCondition({ registers, from, until }: AttestedRelease): Condition {
  return {
    StringEqualsIgnoreCase: fromKeys(Object.keys(registers), (register) => registers[register]!),
    ...(from === undefined ? {} : { DateGreaterThanEquals: { "aws:CurrentTime": `${from}T00:00:00Z` } }),
    ...(until === undefined ? {} : { DateLessThan: { "aws:CurrentTime": `${dayAfter(until)}T00:00:00Z` } }),
  };
}

function fromKeys(registers: readonly string[], value: (register: string) => string): Record<string, string> {
  return Object.fromEntries(registers.map((register) => [conditionKey(register), value(register)]));
}

/** Registers that any release names. */
function registersOf(releases: readonly AttestedRelease[]): string[] {
  return [...new Set(releases.flatMap(({ registers }) => Object.keys(registers)))].sort();
}

/** Registers that every release names. */
function registersOfAll(releases: readonly AttestedRelease[]): string[] {
  return registersOf(releases).filter((register) =>
    releases.every(({ registers }) => registers[register] !== undefined),
  );
}
