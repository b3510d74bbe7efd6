// The platform of this story: one host on each cloud. The pools have the same names everywhere, so that a tenant's file
// says what it needs and not where that is.
import { Retention, Tee } from "tenclave";
import { EksNetwork, type EksHostOptions } from "tenclave/aws";
import { AksNetwork, type AksHostOptions } from "tenclave/azure";
import { GkeNetwork, type GkeHostOptions } from "tenclave/google";

/** Keys, clusters and namespaces are protected unless THROWAWAY says why not. */
export const retention = process.env.THROWAWAY ? Retention.destroy(process.env.THROWAWAY) : Retention.KEEP;

export const onAzure: AksHostOptions = {
  name: "prod-azure",
  location: "westeurope",
  subscription: "00000000-0000-0000-0000-000000000001",
  tenant: "00000000-0000-0000-0000-000000000002",
  kubernetesVersion: "1.34",
  network: AksNetwork.owned({ cidr: "10.42.0.0/16" }),
  admins: ["00000000-0000-0000-0000-000000000003"],
  keyOfficers: ["00000000-0000-0000-0000-000000000004"],
  retention,
  pools: [
    { name: "system", vmSize: "Standard_D4s_v5", minNodes: 2, maxNodes: 3, system: true },
    { name: "plain", vmSize: "Standard_D4s_v5", minNodes: 1, maxNodes: 2 },
    { name: "confidential", vmSize: "Standard_DC8as_v5", tee: Tee.SEV_SNP, minNodes: 1, maxNodes: 2 },
    // A pattern: a tenant that names it gets such a pool of its own.
    { name: "own", vmSize: "Standard_DC4as_v5", tee: Tee.SEV_SNP, minNodes: 1, maxNodes: 2, dedicated: true },
  ],
};

export const onGoogle: GkeHostOptions = {
  name: "prod-google",
  region: "europe-west4",
  project: "example-platform",
  projectNumber: "123456789012",
  admins: ["platform@example-platform.iam.gserviceaccount.com"],
  kubernetesVersion: "1.34",
  network: GkeNetwork.owned({ cidr: "10.43.0.0/20" }),
  holdMinor: { from: "2026-11-01", until: "2027-02-28" },
  retention,
  pools: [
    { name: "system", machineType: "e2-standard-4", minNodes: 3, maxNodes: 6, system: true },
    {
      name: "confidential",
      machineType: "c3-standard-8",
      tee: Tee.TDX,
      zones: ["europe-west4-a", "europe-west4-b"],
      minNodes: 2,
      maxNodes: 4,
    },
  ],
};

export const onAws: EksHostOptions = {
  name: "prod-aws",
  region: "eu-west-1",
  account: "123456789012",
  kubernetesVersion: "1.34",
  network: EksNetwork.owned({ cidr: "10.44.0.0/16" }),
  admins: ["arn:aws:iam::123456789012:role/platform-admin"],
  retention,
  pools: [
    { name: "system", instanceType: "m7i.large", minNodes: 2, maxNodes: 3, system: true },
    { name: "plain", instanceType: "m7i.xlarge", minNodes: 1, maxNodes: 2 },
    {
      name: "confidential",
      instanceType: "m6a.2xlarge",
      tee: Tee.SEV_SNP,
      minNodes: 1,
      maxNodes: 3,
      acceptUnproven: "one m6a.large group is tried on our account before the first customer moves in",
    },
  ],
};
