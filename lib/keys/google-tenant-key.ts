// A tenant's key in Cloud KMS: in hardware, rotated, and used by those alone who are named.
import { KmsCryptoKey, KmsCryptoKeyIamMember } from "../core/bindings/google";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { dayAfter } from "../core/clock";
import { after } from "../core/depend";
import type { Retention } from "../core/retention";
import { deletionDays, type DeletionWindow } from "./tenant-key";

/** Days a destroyed key version can still be brought back. SOURCE: Cloud KMS documentation, destroy keys, 2026. */
export const GOOGLE_DELETION: DeletionWindow = { least: 7, most: 120, default: 30 };

/** Seconds between rotations: 90 days. */
const ROTATION = "7776000s";

/** Somebody who may use a key. */
export interface GoogleKeyUse {
  /** Id of its construct, stable while the member is. */
  readonly id: string;
  readonly role: string;
  readonly member: string;
  /** When. First and last day, `YYYY-MM-DD`, UTC. @default - always */
  readonly from?: string;
  readonly until?: string;
}

export interface GoogleTenantKeyProps {
  /** Resource name of the key. */
  readonly keyName: string;
  readonly uses: readonly GoogleKeyUse[];
  /** @default 30. A change replaces the key. Fails with KEY_DELETION. */
  readonly deletionDays?: number;
  readonly retention: Retention;
}

/** The key and its grants. What the project's own policy grants, to owners for example, stays in force. */
export class GoogleTenantKey extends Construct {
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GoogleTenantKeyProps) {
    super(scope, id);
    const [keyRing, name] = props.keyName.split("/cryptoKeys/") as [string, string];
    const days = deletionDays(this, GOOGLE_DELETION, props.deletionDays);
    const key = new KmsCryptoKey(this, "Key", {
      name,
      keyRing,
      purpose: "ENCRYPT_DECRYPT",
      rotationPeriod: ROTATION,
      destroyScheduledDuration: `${days * 86_400}s`,
      versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "HSM" },
      lifecycle: props.retention.lifecycle,
    });
    const grants = props.uses.map(({ id: useId, role, member, from, until }) => {
      const expression = timeCondition(from, until);
      const grant = new KmsCryptoKeyIamMember(this, useId, {
        cryptoKeyId: props.keyName,
        role,
        member,
        ...(expression === undefined ? {} : { condition: { title: "reference values", expression } }),
      });
      after(grant, key);
      return grant;
    });
    this.ready = [key, ...grants];
  }
}

/** An IAM condition that holds from the first day to the end of the last; undefined when always. */
function timeCondition(from: string | undefined, until: string | undefined): string | undefined {
  const tests = [
    ...(from === undefined ? [] : [`request.time >= timestamp('${from}T00:00:00Z')`]),
    ...(until === undefined ? [] : [`request.time < timestamp('${dayAfter(until)}T00:00:00Z')`]),
  ];
  return tests.length === 0 ? undefined : tests.join(" && ");
}
