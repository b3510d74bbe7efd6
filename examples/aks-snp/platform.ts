// The platform of this story: one AKS host in the Netherlands with a system pool, a plain pool and an SEV-SNP pool.
import { Retention, Tee } from "tenclave";
import { AksNetwork, type AksHostOptions, type AzureTrustOptions } from "tenclave/azure";

/** Keys, cluster and namespaces are protected unless THROWAWAY says why not. */
export const retention = process.env.THROWAWAY ? Retention.destroy(process.env.THROWAWAY) : Retention.KEEP;

export const host: AksHostOptions = {
  name: "prod-eu",
  location: "westeurope",
  subscription: "00000000-0000-0000-0000-000000000001",
  tenant: "00000000-0000-0000-0000-000000000002",
  kubernetesVersion: "1.34",
  network: AksNetwork.owned({ cidr: "10.42.0.0/16" }),
  // The Entra group of the platform's administrators; whoever deploys makes the keys.
  admins: ["00000000-0000-0000-0000-000000000003"],
  keyOfficers: ["00000000-0000-0000-0000-000000000004"],
  retention,
  pools: [
    { name: "system", vmSize: "Standard_D4s_v5", minNodes: 2, maxNodes: 3, system: true },
    { name: "plain", vmSize: "Standard_D4s_v5", minNodes: 1, maxNodes: 2 },
    { name: "snp", vmSize: "Standard_DC8as_v5", tee: Tee.SEV_SNP, minNodes: 1, maxNodes: 3 },
  ],
};

/** Attestation and key vaults of the tenants. */
export const trustOptions: Omit<AzureTrustOptions, "host"> = {
  tenant: host.tenant,
  keyOfficers: host.keyOfficers,
  // Where deployments run, and the address by which nodes leave.
  vaultAccess: { ranges: ["203.0.113.0/24"] },
  retention,
};
