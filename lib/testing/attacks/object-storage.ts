// A tenant claims volumes: refused and just allowed.
import { PARAMETERS } from "../../admission/parameters";
import { STORAGE_CLASS, tenantStorageClassName } from "../../core/names";
import { Attacker, type Attack, type AttackContext } from "../attack";
import { create, patch, synced, type Manifest } from "../requests";
import { refused, allowed, own, type More } from "./object-attack";

/** A claim as the syncer makes it. */
function claim(
  context: AttackContext,
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Manifest {
  return synced(
    context,
    "v1",
    "PersistentVolumeClaim",
    name,
    {
      spec: {
        storageClassName: context.tenant.storageClasses[0],
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        ...spec,
      },
    },
    metadata,
  );
}

const STANDING_CLAIM = (context: AttackContext): Manifest => claim(context, "standing");
const WITH_CLAIM: More = { setup: (context) => [STANDING_CLAIM(context)] };

const EXCEPTED = (context: AttackContext): boolean =>
  (context.tenant.annotations[PARAMETERS.exceptions] ?? "").split(",").includes("volume-source");
const BOUND: More = { when: (context) => !EXCEPTED(context) };

/** True where the tenant's class is its own. */
const ownKey = ({ tenant }: AttackContext): boolean =>
  tenant.storageClasses.includes(tenantStorageClassName(tenant.name));

const SNAPSHOT = {
  dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "nightly" },
};

/** Claims. */
export const STORAGE_ATTACKS: readonly Attack[] = [
  refused(
    "claim-other-class",
    ["rule:storage-class"],
    "claims a volume of another class",
    "another key, or storage that neighbours share",
    (c) => create(claim(c, "foreign", { storageClassName: "neighbours-own" })),
  ),
  refused(
    "claim-no-class",
    ["rule:storage-class"],
    "claims a volume of no class",
    "gets one that somebody made by hand",
    (c) => create(claim(c, "foreign", { storageClassName: "" })),
  ),
  refused(
    "claim-class-annotation",
    ["rule:storage-class"],
    "names another class in the older annotation",
    "it wins over the field",
    (c) =>
      create(
        claim(
          c,
          "foreign",
          {},
          { annotations: { "volume.beta.kubernetes.io/storage-class": "neighbours-own" } },
        ),
      ),
  ),
  refused(
    "claim-class-annotation-update",
    ["rule:storage-class", "api-server"],
    "names another class in the older annotation afterwards",
    "the volume is made when its first pod is scheduled",
    (c) =>
      patch(STANDING_CLAIM(c), {
        metadata: { annotations: { "volume.beta.kubernetes.io/storage-class": "neighbours-own" } },
      }),
    WITH_CLAIM,
  ),
  refused(
    "claim-attributes-class",
    ["rule:storage-class"],
    "names a VolumeAttributesClass",
    "performance others pay for",
    (c) => create(claim(c, "fast", { volumeAttributesClassName: "fastest" })),
  ),
  refused(
    "claim-volume-name",
    ["rule:volume-binding"],
    "claims a volume by its name",
    "one that was a neighbour's, with what is on it",
    (c) => create(claim(c, "loot", { volumeName: "pvc-of-a-neighbour" })),
  ),
  refused(
    "claim-volume-name-update",
    ["rule:volume-binding"],
    "names a volume after the claim is made",
    "Kubernetes lets it be written once",
    (c) => patch(STANDING_CLAIM(c), { spec: { volumeName: "pvc-of-a-neighbour" } }),
    WITH_CLAIM,
  ),
  refused(
    "claim-selector",
    ["rule:volume-binding"],
    "claims a volume by label",
    "one that was a neighbour's",
    (c) => create(claim(c, "loot", { selector: { matchLabels: { tenant: "globex" } } })),
  ),
  refused(
    "claim-snapshot",
    ["rule:volume-source"],
    "claims a volume filled from a snapshot",
    "of whoever made the snapshot",
    (c) => create(claim(c, "copy", SNAPSHOT)),
    BOUND,
  ),
  allowed(
    "claim-snapshot-excepted",
    "claims a volume filled from a snapshot, by exception",
    "the tenant's file asks for it, with reason, owner and end",
    (c) => create(claim(c, "copy", SNAPSHOT)),
    { when: EXCEPTED },
  ),
  refused(
    "claim-populator",
    ["rule:volume-source"],
    "claims a volume filled by a populator",
    "which runs with its own rights",
    (c) =>
      create(claim(c, "copy", { dataSourceRef: { apiGroup: "example.com", kind: "Image", name: "disk" } })),
    BOUND,
  ),
  allowed("claim", "claims a volume of its class", "every database", (c) => create(claim(c, "data"))),
  allowed(
    "claim-default",
    "claims a volume without a word about classes",
    "the host's default is the tenant's class",
    (c) => create(claim(c, "data", { storageClassName: undefined })),
    { when: (c) => !ownKey(c) },
  ),
  refused(
    "claim-default-own-key",
    ["rule:storage-class", "quota"],
    "claims a volume without a word about classes, where the tenant has a key of its own",
    "the host's default has the host's key",
    (c) => create(claim(c, "data", { storageClassName: undefined })),
    { when: ownKey },
  ),
  refused(
    "claim-host-class",
    ["rule:storage-class", "quota"],
    "claims a volume of the host's class, where the tenant has a key of its own",
    "a volume under the key of all",
    (c) => create(claim(c, "data", { storageClassName: STORAGE_CLASS })),
    { when: ownKey },
  ),
  refused(
    "claim-neighbour-class",
    ["rule:storage-class"],
    "claims a volume of a neighbour's class",
    "a volume under the neighbour's key, made by the driver on its behalf",
    (c) => create(claim(c, "data", { storageClassName: tenantStorageClassName(c.neighbour.name) })),
    { when: ownKey },
  ),
  allowed("claim-copy", "copies a claim of its own", "usual", (c) =>
    create(claim(c, "copy", { dataSource: { kind: "PersistentVolumeClaim", name: "data-0" } })),
  ),
  allowed(
    "claim-control-plane",
    "makes a claim of the control plane's StatefulSet",
    "the StatefulSet of the chart",
    (c) =>
      create(own(c, "v1", "PersistentVolumeClaim", `data-${c.tenant.name}-7`, { spec: claim(c, "x").spec })),
    { as: Attacker.CONTROLLER },
  ),
  allowed(
    "claim-bound",
    "writes the name of a volume into a claim",
    "the platform, which binds a kept volume by hand",
    (c) => patch(STANDING_CLAIM(c), { spec: { volumeName: "pvc-1" } }),
    { ...WITH_CLAIM, as: Attacker.ADMINISTRATOR },
  ),
];
