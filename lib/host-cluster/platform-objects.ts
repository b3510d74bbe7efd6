// Cluster-wide objects every host gets once: RuntimeClasses, the encrypted StorageClass, the tenants' share of the API
// server, the fence around all tenants, device plug-ins.
import type { KubernetesObject } from "../core/manifest-release";
import { clusterFence } from "../network/cluster-fence";
import { enclaveDevicePlugin, hasEnclaves } from "../node-pool/enclave-device-plugin";
import { runtimeClass } from "../node-pool/node-pool";
import type { HostReference } from "./host-cluster";

/** The objects of a host's platform release. With `imageRegistry`, images come from that mirror. */
export function platformObjects(host: HostReference, imageRegistry?: string): KubernetesObject[] {
  return [
    ...host.pools.map(runtimeClass),
    storageClass(host),
    ...clusterFence(host),
    ...host.pools.filter(hasEnclaves).map((pool) => enclaveDevicePlugin(pool, imageRegistry)),
  ];
}

/**
 * The class for volumes that name no other; nodes are chosen first, so that a volume is made in their zone.
 *
 * Volumes outlive their claims and their tenant, whatever the retention: a class's policy cannot be changed, so lifting
 * protection from a live platform would stop at this object. A kept volume costs money until somebody deletes it.
 */
function storageClass({ storageClass: { name, provisioner, parameters } }: HostReference): KubernetesObject {
  const object = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner,
    parameters,
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    reclaimPolicy: "Retain",
  };
  return object;
}
