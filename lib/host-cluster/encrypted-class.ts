// A StorageClass whose volumes are encrypted with a key of ours: the host's, or a tenant's own.
import type { KubernetesObject } from "../core/manifest-release";
import type { StorageClassReference } from "./host-cluster";

/**
 * The class; nodes are chosen first, so that a volume is made in their zone.
 *
 * Volumes outlive their claims and their tenant, whatever the retention: a class's policy cannot be changed, so lifting
 * protection from a live platform would stop at this object. A kept volume costs money until somebody deletes it.
 */
export function encryptedClass(
  { name, provisioner, parameters }: StorageClassReference,
  metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  },
): KubernetesObject {
  const object = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, ...metadata },
    provisioner,
    parameters,
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    reclaimPolicy: "Retain",
  };
  return object;
}
