// The platform of this story: one host in Ireland with a system pool, a plain pool and an SEV-SNP pool.
import { Retention, Tee } from "tenclave";
import { EksNetwork, type EksHostOptions } from "tenclave/aws";

/** Keys, cluster and namespaces are protected unless THROWAWAY says why not. */
export const retention = process.env.THROWAWAY ? Retention.destroy(process.env.THROWAWAY) : Retention.KEEP;

export const host: EksHostOptions = {
  name: "prod-eu",
  region: "eu-west-1",
  account: "123456789012",
  kubernetesVersion: "1.34",
  network: EksNetwork.owned({ cidr: "10.42.0.0/16" }),
  admins: ["arn:aws:iam::123456789012:role/platform-admin"],
  retention,
  pools: [
    { name: "system", instanceType: "m7i.large", minNodes: 2, maxNodes: 3, system: true },
    { name: "plain", instanceType: "m7i.xlarge", minNodes: 1, maxNodes: 2 },
    {
      name: "snp",
      instanceType: "m6a.2xlarge",
      tee: Tee.SEV_SNP,
      minNodes: 1,
      maxNodes: 3,
      // For when EKS refuses the launch template: see README.md.
      selfManaged: process.env.SELF_MANAGED === "yes",
      acceptUnproven: "one m6a.large group is tried on our account before the first customer moves in",
    },
  ],
};
