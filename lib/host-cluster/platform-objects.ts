// Cluster-wide objects every host gets once: RuntimeClasses, the encrypted StorageClass, the tenants' share of the API
// server, the fence around all tenants, device plug-ins.
import type { KubernetesObject } from "../core/manifest-release";
import { clusterFence } from "../network/cluster-fence";
import { enclaveDevicePlugin, hasEnclaves } from "../node-pool/enclave-device-plugin";
import { runtimeClass } from "../node-pool/node-pool";
import { encryptedClass } from "./encrypted-class";
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

/** The class for volumes that name no other. */
function storageClass({ storageClass: reference }: HostReference): KubernetesObject {
  return encryptedClass(reference, {
    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
  });
}
