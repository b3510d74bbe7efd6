// An EKS node pool as plain data: its options checked, and what they stand for.
import { ConfigurationError } from "../core/errors";
import { runtimeClassName } from "../core/names";
import { assertShape, scopeOf } from "../core/option-shape";
import { assertKeyArn, assertRegionName } from "../host-cluster/eks-policies";
import { Tee } from "../tee/tee";
import { TrustTier } from "../tee/trust-tier";
import { eksEnclaveCapacity, ENCLAVE_NODE_LABEL } from "./eks-enclaves";
import { EKS_UNPROVEN, EKS_UNPROVEN_IN_MANAGED_GROUPS, eksNodeCapacity } from "./eks-instance-type";
import {
  assertEnclavesGoWithTee,
  assertManaged,
  assertRegion,
  assertRelease,
  assertTee,
  instanceTypeOf,
} from "./eks-pool-checks";
import type { EksNodePoolOptions } from "./eks-pool-options";
import { EKS_POOL_SHAPE } from "./eks-pool-shape";
import { provenAlternative } from "./machine-type";
import { poolPlacement, type EnclaveCapacity, type Placement, type PoolReference } from "./node-pool";
import { assertDisk, assertPoolOptions, teeOf } from "./pool-options";
import { unprovenWarnings } from "./refusal";

/**
 * Checks a pool against the tables and returns it as plain data. Runs before anything is synthesized. With the host's
 * Kubernetes minor, like `1.34`, the image's release is held against it. Fails with the codes named in EksNodePoolOptions.
 */
export function eksPoolReference(
  region: string,
  options: EksNodePoolOptions,
  kubernetesVersion?: string,
): PoolReference {
  const scope = scopeOf("pools", options);
  assertShape(scope, EKS_POOL_SHAPE, options);
  const tee = teeOf(options);
  const system = options.system ?? false;
  assertRegionName(scope, region);
  assertPoolOptions(scope, options);
  assertTee(scope, tee);
  assertKeyArn(scope, "rootVolumeKeyArn", region, options.rootVolumeKeyArn);
  assertDisk(
    scope,
    options.diskGiB ?? 100,
    { gib: 20, why: "what the image needs" },
    { gib: 16_384, why: "what gp3 allows" },
  );
  assertEnclavesGoWithTee(scope, tee, options);
  const type = instanceTypeOf(scope, options.instanceType, tee);
  assertRegion(scope, region, tee);
  if (system && tee !== Tee.NONE)
    throw new ConfigurationError(
      "POOL_SYSTEM",
      scope,
      `a system pool is plain, got tee '${tee.id}'; leave tee out, or make it a pool for tenants`,
    );
  assertManaged(scope, options);
  assertRelease(scope, options, kubernetesVersion);
  const enclaves =
    options.enclaves && eksEnclaveCapacity(scope, options.instanceType, type, options.enclaves);
  const unproven = (EKS_UNPROVEN.get(tee) ?? []).filter(
    (fact) => !(options.selfManaged && EKS_UNPROVEN_IN_MANAGED_GROUPS.includes(fact)),
  );
  return {
    name: options.name,
    tee: tee.id,
    tier: (TIERS.get(tee) ?? TrustTier.SHARED).name,
    machineType: options.instanceType,
    minNodes: options.minNodes,
    maxNodes: options.maxNodes,
    system,
    runtimeClassName: runtimeClassName(options.name),
    placement: placement(options.name, tee, system, enclaves),
    capacity: eksNodeCapacity(type, options.maxNodes, enclaves),
    handler: "runc",
    overhead: { milliCpu: 0, memoryMiB: 0 },
    owner: options.owner,
    warnings: [
      ...unprovenWarnings(scope, `${tee.label} on EKS`, unproven, options, {
        source: "AWS EC2 guide, AMD SEV-SNP for Amazon EC2 instances, 2026; Amazon EKS user guide, 2024-12",
        use: provenAlternative("aws", tee),
      }),
      ...(enclaves ? enclaveWarnings(options) : []),
      ...(options.selfManaged ? [SELF_MANAGED] : []),
    ],
  };
}

/** What ordinary pods reach on nodes with a TEE. Pods beside an enclave are outside it. */
const TIERS: ReadonlyMap<Tee, TrustTier> = new Map([[Tee.SEV_SNP, TrustTier.CONFIDENTIAL_NODE]]);

function placement(
  name: string,
  tee: Tee,
  system: boolean,
  enclaves: EnclaveCapacity | undefined,
): Placement {
  const { nodeLabels, taints } = poolPlacement(name, tee, system);
  return { nodeLabels: enclaves ? { ...nodeLabels, ...ENCLAVE_NODE_LABEL } : nodeLabels, taints };
}

/** What a self-managed group does not do. */
const SELF_MANAGED =
  "nodes are self-managed: nothing drains them when they are replaced, and each starts with the image recommended that day";

/** What a pool with enclaves does not give. */
function enclaveWarnings({ releaseVersion }: EksNodePoolOptions): string[] {
  return [
    "pods on these nodes are outside every enclave: the provider can read their memory as on plain nodes",
    "any pod on a node may reach its enclaves over vsock, unless its seccomp profile refuses AF_VSOCK " +
      "(AWS Nitro Enclaves User Guide, 2026; containerd#7442); an enclave must know its callers by itself",
    "AWS stays in the trust base of an enclave: the Nitro hypervisor carries the isolation and signs the evidence",
    ...(releaseVersion
      ? []
      : [
          "no releaseVersion: the image is the release EKS picks, and with 20250807 kubelet saw no huge pages " +
            "(amazon-eks-ami#2367, 2025-08-12)",
        ]),
  ];
}
