// How Azure's rows of the catalogue are held against what a pool of them synthesizes to.
import { AksNodePool, aksPoolReference, type AksNodePoolOptions } from "../../../lib/azure";
import { KubernetesClusterNodePool } from "../../../lib/core/bindings/azurerm";
import { ensureAzurermProvider } from "../../../lib/host-cluster/azurerm-provider";
import { Template } from "../../../lib/testing";
import { Tee, type MachineTypeRow } from "../../../lib";
import { connectedAks } from "../aks";
import { stack } from "../scope";
import type { CatalogueCase } from "./catalogue";

function options({ name, tee }: MachineTypeRow): AksNodePoolOptions {
  return {
    name: "row",
    vmSize: name,
    tee,
    minNodes: 0,
    maxNodes: 1,
    acceptUnproven: "tried by hand",
    today: "2026-11-21",
  };
}

/** The GPU mode is the one thing beside the size. SOURCE: azure-aks-docs, use-nvidia-gpu.md, 2026-07-02. */
const H100 = { gpu_driver: "None" };

export const AZURE_CATALOGUE: CatalogueCase = {
  synthesized: (row) => {
    const scope = stack();
    const host = connectedAks(scope);
    ensureAzurermProvider(scope, host.reference);
    new AksNodePool(scope, "Pool", { ...options(row), host });
    const {
      vm_size,
      os_sku,
      os_type,
      os_disk_type,
      gpu_driver,
      node_labels,
      workload_runtime,
      fips_enabled,
    } = Template.of(scope).only(KubernetesClusterNodePool);
    const fields = {
      vm_size,
      os_sku,
      os_type,
      os_disk_type,
      gpu_driver,
      node_labels,
      workload_runtime,
      fips_enabled,
    };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  },
  expected: ({ name, tee, gpu }) => ({
    vm_size: name,
    os_sku: "AzureLinux",
    os_type: "Linux",
    os_disk_type: "Managed",
    ...(gpu ? H100 : {}),
    node_labels: {
      "tenclave.dev/pool": "row",
      "tenclave.dev/tee": tee === Tee.SEV_SNP ? "sev-snp" : "sgx",
    },
  }),
  refuse: (row) => aksPoolReference("1.34", options(row)),
};
