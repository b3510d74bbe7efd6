// Google's rows: what a pool of each asks GKE for.
import { ContainerNodePool } from "../../../lib/core/bindings/google";
import { GkeNodePool, gkePoolReference, type GkeNodePoolOptions } from "../../../lib/google";
import { ensureGoogleProvider } from "../../../lib/host-cluster/google-provider";
import type { MachineTypeRow } from "../../../lib";
import { Template } from "../../../lib/testing";
import { connectedGkeHost, GKE_SYSTEM } from "../gke-host";
import { stack } from "../scope";
import type { CatalogueCase } from "./catalogue";

const REGION = "us-central1";

function options(row: MachineTypeRow): GkeNodePoolOptions {
  return {
    name: "p",
    machineType: row.name,
    tee: row.tee,
    minNodes: 0,
    maxNodes: 3,
    acceptUnproven: row.unproven && "a test",
  };
}

function synthesized(row: MachineTypeRow): unknown {
  const scope = stack();
  const host = connectedGkeHost(scope, { region: REGION, pools: [GKE_SYSTEM, options(row)] });
  ensureGoogleProvider(scope, host.reference);
  new GkeNodePool(scope, "Pool", { ...options(row), host });
  const pool = Template.of(scope).only(ContainerNodePool);
  const node = pool.node_config as Record<string, unknown>;
  const fields = [
    "machine_type",
    "confidential_nodes",
    "min_cpu_platform",
    "disk_type",
    "image_type",
    "ephemeral_storage_local_ssd_config",
    "guest_accelerator",
  ];
  return {
    zones: pool.node_locations,
    label: host.reference.pools[1]!.placement.vendorLabels,
    ...Object.fromEntries(fields.filter((field) => field in node).map((field) => [field, node[field]])),
  };
}

/** SOURCE: Confidential VM documentation, supported configurations, 2026-10; GKE release notes, 2026-09-03, 2026-10-05. */
const INSTANCE_TYPES: Readonly<Record<string, string>> = { sev: "SEV", "sev-snp": "SEV_SNP", tdx: "TDX" };
const PLATFORMS: Readonly<Record<string, string>> = {
  "sev-snp n2d": "AMD Milan",
  "tdx c4": "Intel Granite Rapids",
};
const DISKS: Readonly<Record<string, string>> = { c4: "hyperdisk-balanced", c4d: "hyperdisk-balanced" };
const ZONES: Readonly<Record<string, string>> = { "c4-standard": "abf", "c3-standard-lssd": "ab" };
const LOCAL_SSDS: Readonly<Record<number, number>> = { 4: 1, 8: 2, 22: 4, 44: 8, 88: 16, 176: 32 };

function expected(row: MachineTypeRow): unknown {
  const type = INSTANCE_TYPES[row.tee.id]!;
  const shape = row.name.replace(/-\d+(?=-lssd$|$)/, "");
  const platform = PLATFORMS[`${row.tee.id} ${row.family}`];
  return {
    zones: [...(ZONES[shape] ?? "abc")].map((letter) => `${REGION}-${letter}`),
    label: { "cloud.google.com/gke-confidential-nodes-instance-type": type },
    machine_type: row.name,
    confidential_nodes: { enabled: true, confidential_instance_type: type },
    ...(platform ? { min_cpu_platform: platform } : {}),
    disk_type: DISKS[row.family] ?? "pd-balanced",
    image_type: "COS_CONTAINERD",
    ...(row.name.endsWith("-lssd")
      ? { ephemeral_storage_local_ssd_config: { local_ssd_count: LOCAL_SSDS[row.vcpus] } }
      : {}),
    ...(row.gpu === "H100"
      ? {
          guest_accelerator: [
            {
              type: "nvidia-h100-80gb",
              count: 1,
              gpu_driver_installation_config: { gpu_driver_version: "DEFAULT" },
            },
          ],
        }
      : {}),
  };
}

export const GOOGLE_CATALOGUE: CatalogueCase = {
  synthesized,
  expected,
  refuse: (row) => gkePoolReference({ location: REGION, kubernetesVersion: "1.34" }, options(row)),
};
