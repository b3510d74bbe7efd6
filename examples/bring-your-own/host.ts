// The existing cluster, described: what is said here is what every check of a pool and a tenant relies on.
import { Tee } from "tenclave";
import { EksNetwork, type EksHostOptions } from "tenclave/aws";
import { LEGACY } from "./legacy";

export const host: EksHostOptions = {
  name: "legacy-eu",
  region: LEGACY.region,
  account: LEGACY.account,
  kubernetesVersion: "1.34",
  network: EksNetwork.given({
    vpcId: LEGACY.vpcId,
    cidr: LEGACY.vpcCidr,
    privateSubnetIds: [...LEGACY.privateSubnetIds],
    internetEgress: true,
  }),
  admins: ["arn:aws:iam::123456789012:role/platform-admin"],
  volumesKeyArn: LEGACY.keyArn,
  pools: [
    // Exists, with label and no taint: described, not made.
    { name: "system", instanceType: "m5.xlarge", minNodes: 2, maxNodes: 3, system: true },
    // New, in the stack they have.
    {
      name: "snp",
      instanceType: "m6a.2xlarge",
      tee: Tee.SEV_SNP,
      minNodes: 1,
      maxNodes: 3,
      rootVolumeKeyArn: LEGACY.keyArn,
      acceptUnproven: "one m6a.large group is tried on our account before the first customer moves in",
    },
  ],
};
