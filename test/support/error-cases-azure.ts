// How to raise the codes that are first met on azure.
import { AksHost, AksNetwork, aksPoolReference, type AksNodePoolOptions } from "../../lib/azure";
import { Tee } from "../../lib/tee/tee";
import { assertReleasePolicy } from "../../lib/keys/azure-release-policy";
import { aksOptions, azureTrust } from "./aks";

const POOL = { name: "p", vmSize: "Standard_DC4as_v5", tee: Tee.SEV_SNP, minNodes: 1, maxNodes: 2 };

/** Describes one changed SEV-SNP pool. */
function pool(change: Partial<AksNodePoolOptions>): unknown {
  return aksPoolReference("1.34", { ...POOL, ...change });
}

export const AZURE_CASES = {
  AKS_ADMIN: (): unknown => AksHost.reference(aksOptions({ admins: [] })),
  AKS_LOGS: (): unknown => AksHost.reference(aksOptions({ logRetentionDays: 7 })),
  AKS_MAINTENANCE: (): unknown =>
    AksHost.reference(aksOptions({ maintenance: { dayOfWeek: "Sunday", startTime: "02:00", hours: 2 } })),
  AZURE_ATTESTATION: (): unknown => azureTrust({ shared: { region: "eastus2" } }),
  AZURE_RELEASE_POLICY: (): unknown => assertReleasePolicy("key", { version: "1.0.0", allOf: [] }),
  AZURE_VAULT: (): unknown => azureTrust({ vaultAccess: {} }),
  HOST_LOCATION: (): unknown => AksHost.reference(aksOptions({ location: "West Europe" })),
  HOST_RANGES: (): unknown =>
    AksHost.reference(aksOptions({ network: AksNetwork.owned({ cidr: "10.244.0.0/16" }) })),
  HOST_SCOPE: (): unknown => AksHost.reference(aksOptions({ subscription: "my-subscription" })),
  OPTION_TYPE: (): unknown => AksHost.reference(aksOptions({ name: null as unknown as string })),
  POOL_OS: (): unknown => pool({ osSku: "Ubuntu2204" }),
  POOL_RETIRED: (): unknown => pool({ vmSize: "Standard_DC4s_v2", tee: Tee.SGX, today: "2026-11-21" }),
  POOL_VM_SIZE: (): unknown => pool({ vmSize: "Standard_DC6as_v5" }),
};
