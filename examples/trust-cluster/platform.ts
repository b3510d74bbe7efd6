// The platform of this story: tenants on a GKE host, and a small cluster of another cloud that judges evidence.
import { Tee } from "tenclave";
import { EksNetwork, type EksHostOptions } from "tenclave/aws";
import { GkeNetwork, type GkeHostOptions } from "tenclave/google";

/** Where tenants are. Described here because policies name its tenants; its stacks live in the platform's repository. */
export const tenantsHost: GkeHostOptions = {
  name: "prod-eu",
  region: "europe-west4",
  project: "example-platform",
  projectNumber: "123456789012",
  admins: ["platform@example-platform.iam.gserviceaccount.com"],
  kubernetesVersion: "1.34",
  network: GkeNetwork.owned({ cidr: "10.42.0.0/20" }),
  apiClientCidrs: ["10.8.0.0/24"],
  pools: [
    { name: "system", machineType: "e2-standard-4", minNodes: 3, maxNodes: 6, system: true },
    {
      name: "tdx",
      machineType: "c3-standard-8",
      tee: Tee.TDX,
      zones: ["europe-west4-a", "europe-west4-b"],
      minNodes: 2,
      maxNodes: 4,
    },
  ],
};

/** Where Trustee is: made elsewhere, run by other people, with nodes of SEV-SNP. */
export const trustHost: EksHostOptions = {
  name: "trust-eu",
  region: "eu-west-1",
  account: "210987654321",
  kubernetesVersion: "1.34",
  network: EksNetwork.owned({ cidr: "10.60.0.0/16" }),
  admins: ["arn:aws:iam::210987654321:role/trust-admin"],
  pools: [
    { name: "system", instanceType: "m7i.large", minNodes: 2, maxNodes: 3, system: true },
    {
      name: "snp",
      instanceType: "m6a.2xlarge",
      tee: Tee.SEV_SNP,
      minNodes: 2,
      maxNodes: 3,
      acceptUnproven: "one m6a.large group is tried on our account before the first secret moves in",
    },
  ],
};
