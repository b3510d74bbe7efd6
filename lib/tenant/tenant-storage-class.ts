// The StorageClass of one tenant: its volumes are encrypted with a key of its own, and admission keeps others off it.
import type { KubernetesObject } from "../core/manifest-release";
import { LABELS } from "../core/names";
import { encryptedClass } from "../host-cluster/encrypted-class";
import type { StorageClassReference } from "../host-cluster/host-cluster";
import type { TenantSpec } from "./tenant-spec";

/** The class. It goes with the tenant; its volumes do not, and a volume needs no class to be read. */
export function tenantStorageClass(spec: TenantSpec, ownClass: StorageClassReference): KubernetesObject {
  return encryptedClass(ownClass, { labels: { [LABELS.tenant]: spec.name } });
}
