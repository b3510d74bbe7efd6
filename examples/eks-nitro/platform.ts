// The platform of this story: one host in Frankfurt with a system pool, a plain pool and a pool with Nitro Enclaves.
import { Retention, Tee } from "tenclave";
import { EksNetwork, NitroEnclaves, type EksHostOptions } from "tenclave/aws";

/** Keys, cluster and namespaces are protected unless THROWAWAY says why not. */
export const retention = process.env.THROWAWAY ? Retention.destroy(process.env.THROWAWAY) : Retention.KEEP;

export const host: EksHostOptions = {
  name: "vault-eu",
  region: "eu-central-1",
  account: "123456789012",
  kubernetesVersion: "1.34",
  network: EksNetwork.owned({ cidr: "10.42.0.0/16" }),
  admins: ["arn:aws:iam::123456789012:role/platform-admin"],
  retention,
  pools: [
    { name: "system", instanceType: "m7i.large", minNodes: 2, maxNodes: 3, system: true },
    { name: "plain", instanceType: "m7i.xlarge", minNodes: 1, maxNodes: 2 },
    {
      name: "vault",
      instanceType: "m6i.2xlarge",
      tee: Tee.NITRO_ENCLAVES,
      minNodes: 1,
      maxNodes: 2,
      // Each node: two enclaves with a core each, and 4 GiB between them.
      enclaves: { memoryMiB: 4096, vcpus: 4, maxEnclaves: 2 },
      // Pinned: test a release before you raise it.
      releaseVersion: "1.34.9-20260714",
    },
  ],
};

/** Releases a tenant's key to the enclave images on its list. Administrators of keys deploy, and cannot decrypt. */
export const enclaves = NitroEnclaves.of({
  name: "enclaves",
  keyAdministrators: ["arn:aws:iam::123456789012:role/platform-admin"],
  encrypters: ["arn:aws:iam::123456789012:role/secret-writer"],
  retention,
});
