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
 * A key ring with three keys in hardware. GKE's own account may use etcd's key, Compute Engine's the two for disks,
 * and nobody else is granted any. What the project's own policy grants, to owners for example, stays in force.
 */
export class GkeKeys extends Construct {
  /** Grants: what uses a key must wait for its grant. */
  public readonly ready: ITerraformDependable[];
  private readonly keys: Readonly<Record<GkeKey, KmsCryptoKey>>;

  public constructor(scope: Construct, id: string, props: GkeKeysProps) {
    super(scope, id);
    const { project, projectNumber, region, retention } = props;
    const ring = new KmsKeyRing(this, "Ring", {
      project,
      name: props.ringName,
      location: region,
      lifecycle: retention.lifecycle,
    });
    const key = (constructId: string, name: GkeKey): KmsCryptoKey =>
      new KmsCryptoKey(this, constructId, {
        name,
        keyRing: ring.id,
        purpose: "ENCRYPT_DECRYPT",
        rotationPeriod: ROTATION,
        destroyScheduledDuration: `${retention.keyWaitingDays * 86_400}s`,
        versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "HSM" },
        lifecycle: retention.lifecycle,
      });
    this.keys = {
      etcd: key("EtcdKey", "etcd"),
      nodes: key("NodesKey", "nodes"),
      volumes: key("VolumesKey", "volumes"),
    };
    const users: Readonly<Record<GkeKey, string>> = {
      etcd: gkeAgent(projectNumber),
      nodes: computeAgent(projectNumber),
      volumes: computeAgent(projectNumber),
    };
    this.ready = Object.values(this.keys).map(
      (one, index) =>
        new KmsCryptoKeyIamMember(this, ["EtcdGrant", "NodesGrant", "VolumesGrant"][index]!, {
          cryptoKeyId: one.id,
          role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
          member: Object.values(users)[index]!,
        }),
    );
  }

  /** Resource name of a key, known when it is made. */
  public id(key: GkeKey): string {
    return this.keys[key].id;
  }
}
