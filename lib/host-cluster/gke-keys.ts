// The KMS keys of a GKE host and who may use them: etcd's, the nodes' boot disks', the volumes'.
import { KmsCryptoKey, KmsCryptoKeyIamMember, KmsKeyRing } from "../core/bindings/google";
import { Construct, type ITerraformDependable } from "../core/cdk";
import type { Retention } from "../core/retention";
import { computeAgent, gkeAgent, type GkeKey, type GkeScope } from "./gke-names";

export interface GkeKeysProps extends GkeScope {
  readonly projectNumber: string;
  readonly ringName: string;
  readonly retention: Retention;
}

/** Seconds between rotations: 90 days. */
const ROTATION = "7776000s";

/**
 * Seconds a destroyed key version can still be brought back: 30 days, whatever the retention. A change replaces the key,
 * which destroys it and cannot make it again: names stay taken. SOURCE: terraform-provider-google 6.50, kms_crypto_key, 2025.
 */
const WAITING = "2592000s";

/**
 * A key ring with three keys in hardware. GKE's own account may use etcd's key, Compute Engine's the two for disks,
 * and nobody else is granted any. What the project's own policy grants, to owners for example, stays in force.
 */
export class GkeKeys extends Construct {
  /** Grants: what uses a key must wait for its grant. */
  public readonly ready: ITerraformDependable[];
  private readonly ids: Readonly<Record<GkeKey, string>>;

  public constructor(scope: Construct, id: string, props: GkeKeysProps) {
    super(scope, id);
    const { project, projectNumber, region, retention } = props;
    const ring = new KmsKeyRing(this, "Ring", {
      project,
      name: props.ringName,
      location: region,
      lifecycle: retention.lifecycle,
    });
    const disks = computeAgent(projectNumber);
    const etcd = this.key("Etcd", ring.id, "etcd", gkeAgent(projectNumber), retention);
    const nodes = this.key("Nodes", ring.id, "nodes", disks, retention);
    const volumes = this.key("Volumes", ring.id, "volumes", disks, retention);
    this.ids = { etcd: etcd.id, nodes: nodes.id, volumes: volumes.id };
    this.ready = [etcd.grant, nodes.grant, volumes.grant];
  }

  /** Resource name of a key, known when it is made. */
  public id(key: GkeKey): string {
    return this.ids[key];
  }

  /** A key in hardware and the one who may use it. */
  private key(
    id: string,
    keyRing: string,
    name: GkeKey,
    member: string,
    retention: Retention,
  ): { readonly id: string; readonly grant: ITerraformDependable } {
    const scope = new Construct(this, id);
    const key = new KmsCryptoKey(scope, "Key", {
      name,
      keyRing,
      purpose: "ENCRYPT_DECRYPT",
      rotationPeriod: ROTATION,
      destroyScheduledDuration: WAITING,
      versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "HSM" },
      lifecycle: retention.lifecycle,
    });
    const grant = new KmsCryptoKeyIamMember(scope, "Grant", {
      cryptoKeyId: key.id,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member,
    });
    return { id: key.id, grant };
  }
}
