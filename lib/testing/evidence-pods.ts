// Pods that get secrets on evidence, as they arrive on the host: rules must not stand in their way.
import { INIT_DATA } from "../admission/parameters";
import { mutualTlsPods, type MutualTlsPodOptions } from "../workload/mutual-tls";
import { trusteePod } from "../workload/trustee-pod";
import type { WorkloadPod } from "../workload/workload-pod";
import { syncedPod } from "./legitimate-pods";
import { image, initData, type Manifest } from "./requests";
import type { TenantView } from "./tenant-view";

/** A snippet, synced. */
export function syncedWorkload(
  tenant: TenantView,
  name: string,
  { annotations, spec }: WorkloadPod,
): Manifest {
  return syncedPod(tenant, name, { annotations, spec: { ...spec } });
}

/** Gets resources of Trustee through the guest's agent, into memory. For tenants whose file lists initialisation data. */
export function brokerPod(tenant: TenantView): Manifest {
  return syncedWorkload(
    tenant,
    "broker-client",
    trusteePod({
      workload: { image: image(tenant) },
      fetcher: image(tenant, "curl"),
      initData: initData(tenant)[INIT_DATA] ?? "QQ==",
      resources: { db: `${tenant.name}/db/password` },
    }),
  );
}

/** Logs in to Vault, gets a secret and a certificate: a server, and a client of it. */
export function vaultPods(tenant: TenantView): { readonly server: Manifest; readonly client: Manifest } {
  const of = (name: string): MutualTlsPodOptions => ({
    workload: { image: image(tenant) },
    attester: { image: image(tenant, "attester") },
    agentImage: image(tenant, "vault"),
    login: {
      address: "https://vault.example.com:8200",
      mount: "jwt-trustee",
      role: `${tenant.name}.${name}`,
    },
    secrets: { db: { path: `kv-${tenant.name}/data/${name}/db`, field: "password" } },
    certificate: {
      mount: `pki-${tenant.name}`,
      role: name,
      dnsNames: [`${name}.${tenant.name}.example.com`],
    },
  });
  const { server, client } = mutualTlsPods({ server: of("web"), client: of("caller") });
  return {
    server: syncedWorkload(tenant, "vault-server", server),
    client: syncedWorkload(tenant, "vault-client", client),
  };
}
