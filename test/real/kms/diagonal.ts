// Who may open which key, said from the tenants' files and not from the policies: what the simulator must find.
import type { Caller, Evidence } from "./callers";
import { callers, EVIDENCE } from "./callers";
import {
  ACCOUNT,
  DAYS,
  DRIVER,
  ENCRYPTER,
  HOST,
  PLATFORM,
  type KeyTenant,
  type SynthesizedKey,
} from "./tenants";

/** A call, and what must become of it. */
export interface Call {
  /** Name of the check it counts in. */
  readonly topic: string;
  readonly name: string;
  readonly caller: Caller;
  readonly action: string;
  /** Whose key or role it is about. */
  readonly key: SynthesizedKey;
  /** ARN of what is called. */
  readonly resource: string;
  /** Its own policy. */
  readonly policy: object;
  readonly context: Readonly<Record<string, string>>;
  readonly allowed: boolean;
}

/** What answers with a plain text or a data key to evidence. */
export const OPENS = ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"];

/** What else gets at, or around, what a key protects. */
const AROUND = [
  "kms:CreateGrant",
  "kms:DeriveSharedSecret",
  "kms:GenerateDataKeyPairWithoutPlaintext",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** The keys for secrets: every caller, action and piece of evidence, on each day. */
export function secretsCalls(keys: readonly SynthesizedKey[], only = keys): Call[] {
  return only.flatMap((key) =>
    daysOf(key.tenant).flatMap((day) =>
      callers(keys).flatMap((caller) =>
        [...OPENS, ...AROUND, "kms:Encrypt"].flatMap((action) =>
          EVIDENCE.filter((evidence) => OPENS.includes(action) || isTelling(key.tenant, evidence)).map(
            (evidence) => secretsCall(key, caller, action, evidence, day),
          ),
        ),
      ),
    ),
  );
}

/** Enough for actions that evidence should not help with: none, the tenant's own, debug mode. */
function isTelling({ name }: KeyTenant, evidence: Evidence): boolean {
  return evidence.name.startsWith(name) || ["none", "an enclave in debug mode"].includes(evidence.name);
}

/** One call to a key for secrets. */
export function secretsCall(
  key: SynthesizedKey,
  caller: Caller,
  action: string,
  evidence: Evidence,
  day = DAYS[0]!,
): Call {
  const opens =
    OPENS.includes(action) && caller.tenant === key.tenant.name && onList(key.tenant, evidence, day);
  return {
    topic: `who opens the key of ${key.tenant.name}`,
    name: `${caller.name}: ${action} with the key of ${key.tenant.name}, evidence: ${evidence.name}, on ${day}`,
    caller,
    action,
    key,
    resource: key.key,
    policy: key.policy,
    context: contextOf(caller, day, evidence.registers),
    allowed: opens || (action === "kms:Encrypt" && caller.arn === ENCRYPTER),
  };
}

/** Days on which a tenant's list differs. */
function daysOf({ images }: KeyTenant): readonly string[] {
  return images.some(({ from, until }) => from ?? until) ? DAYS : DAYS.slice(0, 1);
}

function onList({ pool, images }: KeyTenant, { sound }: Evidence, day: string): boolean {
  return (
    sound?.pool === pool &&
    images.some(
      ({ image, signer, from = day, until = day }) =>
        image === sound.image &&
        (signer === undefined || signer === sound.signer) &&
        from <= day &&
        day <= until,
    )
  );
}

/** Who manages a key: rows of who is let to do it. */
const MANAGEMENT: readonly { readonly action: string; readonly who: (caller: Caller) => boolean }[] = [
  { action: "kms:PutKeyPolicy", who: (caller) => isPlatform(caller) || isRootUser(caller) },
  { action: "kms:CancelKeyDeletion", who: (caller) => isPlatform(caller) || isRootUser(caller) },
  { action: "kms:ScheduleKeyDeletion", who: isPlatform },
  { action: "kms:DisableKey", who: isPlatform },
  { action: "kms:UpdateAlias", who: isPlatform },
  { action: "kms:GetKeyPolicy", who: (caller) => isPlatform(caller) || isMighty(caller) },
];

function isPlatform({ arn }: Caller): boolean {
  return arn === PLATFORM;
}

function isRootUser({ arn }: Caller): boolean {
  return arn === `arn:aws:iam::${ACCOUNT}:root`;
}

/** Somebody of the account whom IAM lets do everything. */
function isMighty({ arn, policies }: Caller): boolean {
  return policies.length > 0 && arn.includes(`:${ACCOUNT}:`);
}

/** Managing the keys for secrets. */
export function managementCalls(keys: readonly SynthesizedKey[]): Call[] {
  return keys.flatMap((key) =>
    callers(keys).flatMap((caller) =>
      MANAGEMENT.map(({ action, who }) => ({
        topic: "who manages keys",
        name: `${caller.name}: ${action} of the key of ${key.tenant.name}`,
        caller,
        action,
        key,
        resource: key.key,
        policy: key.policy,
        context: contextOf(caller, DAYS[0]!, {}),
        allowed: who(caller),
      })),
    ),
  );
}

const EC2 = { "kms:ViaService": `ec2.${HOST.location}.amazonaws.com` };
const WAYS: readonly { readonly name: string; readonly context: Readonly<Record<string, string>> }[] = [
  { name: "by itself", context: {} },
  { name: "through EC2", context: EC2 },
  { name: "through EC2, for EC2", context: { ...EC2, "kms:GrantIsForAWSResource": "true" } },
  { name: "by itself, for a service", context: { "kms:GrantIsForAWSResource": "true" } },
  { name: "through another service", context: { "kms:ViaService": `s3.${HOST.location}.amazonaws.com` } },
];
const VOLUME_USE = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom"];

/** The keys for volumes: every caller, every way. */
export function volumesCalls(keys: readonly SynthesizedKey[]): Call[] {
  return keys.flatMap((key) =>
    callers(keys).flatMap((caller) =>
      WAYS.flatMap((way) =>
        [...VOLUME_USE, "kms:CreateGrant"].map((action) => {
          const throughEc2 = caller.arn === DRIVER && way.name.startsWith("through EC2");
          return {
            topic: "who uses the keys of volumes",
            name: `${caller.name}, ${way.name}: ${action} with the volumes' key of ${key.tenant.name}`,
            caller,
            action,
            key,
            resource: key.key,
            policy: key.volumesPolicy,
            // Only a grant carries it, only services call through themselves.
            context: { ...contextOf(caller, DAYS[0]!, {}), ...way.context },
            allowed: throughEc2 && (action !== "kms:CreateGrant" || way.name === "through EC2, for EC2"),
          };
        }),
      ),
    ),
  );
}

function contextOf(
  { arn }: Caller,
  day: string,
  registers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    "aws:PrincipalArn": arn,
    "aws:CurrentTime": `${day}T12:00:00Z`,
    "kms:CallerAccount": arn.split(":")[4]!,
    ...Object.fromEntries(
      Object.entries(registers).map(([register, value]) => [`kms:RecipientAttestation:${register}`, value]),
    ),
    ...(registers.PCR0 === undefined ? {} : { "kms:RecipientAttestation:ImageSha384": registers.PCR0 }),
  };
}
