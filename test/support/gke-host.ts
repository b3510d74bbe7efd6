// A GKE host for tests: small, valid, and changed by what a test is about.
import {
  GkeHost,
  GkeNetwork,
  gkePoolReference,
  type GkeHostOptions,
  type GkeNodePoolOptions,
  type IGkeHost,
} from "../../lib/google";
import type { TerraformStack } from "../../lib/core/cdk";
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import type { PoolReference } from "../../lib/node-pool/node-pool";
import { Tee } from "../../lib/tee/tee";
import { ATTRIBUTES } from "./scope";

/** A plain pool for the platform's own pods. */
export const GKE_SYSTEM: GkeNodePoolOptions = {
  name: "system",
  machineType: "e2-standard-4",
  minNodes: 3,
  maxNodes: 3,
  system: true,
};

/** A valid confidential pool. */
export const GKE_TDX: GkeNodePoolOptions = {
  name: "tdx",
  machineType: "c3-standard-8",
  tee: Tee.TDX,
  minNodes: 1,
  maxNodes: 6,
};

/** Options of a valid host. */
export function gkeHostOptions(change: Partial<GkeHostOptions> = {}): GkeHostOptions {
  return {
    name: "prod",
    region: "europe-west4",
    project: "example-platform",
    projectNumber: "123456789012",
    admins: ["platform@example.com"],
    kubernetesVersion: "1.34",
    network: GkeNetwork.owned({ cidr: "10.42.0.0/20" }),
    holdMinor: { from: "2026-11-01", until: "2099-12-31" },
    pools: [
      GKE_SYSTEM,
      { name: "plain", machineType: "n2d-standard-4", minNodes: 0, maxNodes: 4 },
      GKE_TDX,
      { name: "snp", machineType: "n2d-standard-8", tee: Tee.SEV_SNP, minNodes: 0, maxNodes: 3 },
    ],
    ...change,
  };
}

/** The host as plain data. */
export function exampleGkeHost(change: Partial<GkeHostOptions> = {}): HostReference {
  return GkeHost.reference(gkeHostOptions(change));
}

/** Attributes of a cluster that exists. */
export const GKE_ATTRIBUTES = {
  endpoint: ATTRIBUTES.endpoint,
  certificateAuthority: ATTRIBUTES.certificateAuthority,
};

/** A host connected by values inside a stack. */
export function connectedGkeHost(scope: TerraformStack, change: Partial<GkeHostOptions> = {}): IGkeHost {
  return GkeHost.fromAttributes(scope, "Host", exampleGkeHost(change), GKE_ATTRIBUTES);
}

/** A checked pool: TDX on C3 in the Netherlands, changed by what a test is about. */
export function gkePool(
  change: Partial<GkeNodePoolOptions>,
  place: { readonly location?: string; readonly kubernetesVersion?: string } = {},
): PoolReference {
  return gkePoolReference(
    { location: "europe-west4", kubernetesVersion: "1.34", ...place },
    { ...GKE_TDX, ...change },
  );
}
