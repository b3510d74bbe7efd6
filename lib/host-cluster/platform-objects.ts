// Cluster-wide objects every host gets once: a RuntimeClass for each pool and the encrypted StorageClass.
import type { KubernetesObject } from "../core/manifest-release";
import { runtimeClass } from "../node-pool/node-pool";
import type { HostReference } from "./host-cluster";

/** The objects of a host's platform release. `keepVolumes`: volumes outlive their claims and their tenant. */
export function platformObjects(host: HostReference, keepVolumes: boolean): KubernetesObject[] {
  return [...host.pools.map(runtimeClass), storageClass(host, keepVolumes)];
}

/**
 * The class for volumes that name no other; nodes are chosen first, so that a volume is made in their zone.
 * A kept volume costs money until somebody deletes it; a deleted one is gone with everything a tenant had.
 */
function storageClass(
  { storageClass: { name, provisioner, parameters } }: HostReference,
  keepVolumes: boolean,
): KubernetesObject {
  const object = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner,
    parameters,
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    reclaimPolicy: keepVolumes ? "Retain" : "Delete",
  };
  return object;
}
