// The platform of this story: one host in the Netherlands with a system pool, a plain pool, a TDX and an SEV-SNP pool;
// who judges evidence, and whose keys lie where.
import { Retention, Tee } from "tenclave";
import {
  ConfidentialSpace,
  GkeHost,
  GkeNetwork,
  GoogleVolumeKeys,
  type GkeHostOptions,
} from "tenclave/google";

/** Keys, cluster and namespaces are protected unless THROWAWAY says why not. */
export const retention = process.env.THROWAWAY ? Retention.destroy(process.env.THROWAWAY) : Retention.KEEP;

export const host: GkeHostOptions = {
  name: "prod-eu",
  region: "europe-west4",
  project: "example-platform",
  projectNumber: "123456789012",
  admins: ["platform@example-platform.iam.gserviceaccount.com"],
  kubernetesVersion: "1.34",
  network: GkeNetwork.owned({ cidr: "10.42.0.0/20" }),
  apiClientCidrs: ["10.8.0.0/24"],
  holdMinor: { from: "2026-11-01", until: "2027-02-28" },
  retention,
  pools: [
    { name: "system", machineType: "e2-standard-4", minNodes: 3, maxNodes: 6, system: true },
    { name: "plain", machineType: "n2d-standard-4", minNodes: 0, maxNodes: 3 },
    {
      name: "tdx",
      machineType: "c3-standard-8",
      tee: Tee.TDX,
      zones: ["europe-west4-a", "europe-west4-b"],
      minNodes: 2,
      maxNodes: 4,
    },
    { name: "snp", machineType: "n2d-standard-8", tee: Tee.SEV_SNP, minNodes: 0, maxNodes: 3 },
  ],
};

/** The host as plain data: everything is checked here, before the first folder is made. */
export const reference = GkeHost.reference(host);

/** Containers on Confidential Space, by their digest. Pool and keys lie in a project that holds nothing else. */
export const space = ConfidentialSpace.of({
  name: "space",
  project: "example-trust",
  projectNumber: "987654321098",
  trustDomain: "example-prod-eu",
  encrypters: ["group:release@example.com"],
  retention,
});

/** Who judges tenants' evidence. */
export const verifiers = [space];

/** A key for each tenant's volumes. */
export const keys = GoogleVolumeKeys.of({
  host: reference,
  projectNumber: host.projectNumber,
  retention,
});
