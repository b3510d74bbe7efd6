// GKE node pools, plain or confidential: AMD SEV, AMD SEV-SNP, Intel TDX, Intel TDX with an H100.
import { ContainerNodePool } from "../core/bindings/google";
import type { Construct, ITerraformDependable } from "../core/cdk";
import { assertSameStack } from "../core/depend";
import type { IGkeHost } from "../host-cluster/gke-host";
import { gkeHostKey, shortHash } from "../host-cluster/gke-names";
import { GkeNodeAccount } from "../host-cluster/gke-node-account";
import { GKE_MAX_PODS } from "./gke-machine-type";
import type { GkeNodePoolOptions } from "./gke-pool-options";
import { checkGkePool, type CheckedGkePool } from "./gke-pool-reference";
import { NodePoolBase } from "./node-pool-base";

export interface GkeNodePoolProps extends GkeNodePoolOptions {
  /** The host, connected to in the same stack. Fails with CROSS_STACK. */
  readonly host: IGkeHost;
  /**
   * What nodes wait for beside the host.
   * @default - nothing
   */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Nodes of one machine type.
 *
 * The TEE is set on the pool, with its type written out: GKE takes SEV when it is left out. Private nodes with secure
 * boot, a boot disk under the host's key, workload identity instead of the node's, a service account of the pool's own
 * with two roles. GKE scales between `minNodes` and `maxNodes`, over all zones together.
 */
export class GkeNodePool extends NodePoolBase {
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GkeNodePoolProps) {
    const host = props.host.reference;
    const checked = checkGkePool(host, props);
    const { reference: pool, type, confidential, zones } = checked;
    super(scope, id, pool);
    assertSameStack(this, "host", props.host);

    const account = new GkeNodeAccount(this, "Account", host, pool.name);
    const resource = new ContainerNodePool(this, "Resource", {
      name: nodePoolName(props, checked),
      project: host.account,
      cluster: props.host.clusterName,
      location: host.location,
      nodeLocations: [...zones],
      maxPodsPerNode: GKE_MAX_PODS,
      // A zone's share of the least; GKE scales from there.
      initialNodeCount: pool.minNodes === 0 ? 0 : Math.max(1, Math.floor(pool.minNodes / zones.length)),
      autoscaling: {
        totalMinNodeCount: pool.minNodes,
        totalMaxNodeCount: pool.maxNodes,
        locationPolicy: props.spot ? "ANY" : "BALANCED",
      },
      version: props.nodeVersion,
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
      networkConfig: { enablePrivateNodes: true },
      nodeConfig: {
        machineType: type.name,
        minCpuPlatform: checked.minCpuPlatform,
        confidentialNodes: confidential && {
          enabled: true,
          confidentialInstanceType: confidential.instanceType,
        },
        spot: props.spot ?? false,
        imageType: checked.imageType,
        diskType: checked.diskType,
        diskSizeGb: props.diskGiB ?? 100,
        bootDiskKmsKey: gkeHostKey(host, "nodes"),
        // Left out when off: null and false are different pools to some provider versions.
        enableConfidentialStorage: props.confidentialStorage ? true : undefined,
        ...localSsds(props, checked),
        guestAccelerator: checked.gpuDriver
          ? [
              {
                type: "nvidia-h100-80gb",
                count: 1,
                gpuDriverInstallationConfig: { gpuDriverVersion: checked.gpuDriver },
              },
            ]
          : undefined,
        reservationAffinity: props.reservation
          ? {
              consumeReservationType: "SPECIFIC_RESERVATION",
              key: "compute.googleapis.com/reservation-name",
              values: [props.reservation],
            }
          : { consumeReservationType: "NO_RESERVATION" },
        soleTenantConfig: props.soleTenantNodeGroup
          ? {
              nodeAffinity: [
                {
                  key: "compute.googleapis.com/node-group-name",
                  operator: "IN",
                  values: [props.soleTenantNodeGroup],
                },
              ],
            }
          : undefined,
        gvnic: { enabled: true },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        serviceAccount: account.email,
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        metadata: { "disable-legacy-endpoints": "true" },
        kubeletConfig: {
          cpuManagerPolicy: props.staticCpuManager ? "static" : "none",
          // Written out, because its default differs between provider versions.
          cpuCfsQuota: true,
          insecureKubeletReadonlyPortEnabled: "FALSE",
        },
        labels: { ...pool.placement.nodeLabels },
        taint: pool.placement.taints.map(({ key, value, effect }) => ({
          key,
          value,
          effect: GKE_EFFECTS[effect]!,
        })),
      },
      lifecycle: {
        createBeforeDestroy: true,
        // Auto-upgrade raises the version; the first number of nodes cannot be changed.
        ignoreChanges: ["initial_node_count", "version"],
      },
      dependsOn: [...account.ready, ...props.host.ready, ...(props.dependsOn ?? [])],
    });

    this.ready = [resource];
  }
}

/**
 * Name of a pool in GKE: at most 40 characters. It ends in eight that stand for all settings that make a new pool, so
 * that the new one stands beside the old one before that goes.
 */
function nodePoolName(props: GkeNodePoolProps, { reference, ...checked }: CheckedGkePool): string {
  const settings = [
    reference.machineType,
    reference.tee,
    checked.diskType,
    checked.minCpuPlatform ?? "",
    checked.gpuDriver ?? "",
    props.confidentialStorage ?? false,
    props.localSsdEncryption ?? "",
    props.spot ?? false,
    props.reservation ?? "",
    props.soleTenantNodeGroup ?? "",
    gkeHostKey(props.host.reference, "nodes"),
  ];
  return `${reference.name}-${shortHash(...settings)}`;
}

/** Local SSDs serve as scratch space: with Intel TDX they can be nothing else. */
function localSsds(
  { localSsdEncryption }: GkeNodePoolProps,
  { type }: CheckedGkePool,
): {
  ephemeralStorageLocalSsdConfig?: { localSsdCount: number };
  localSsdEncryptionMode?: string;
} {
  if (type.localSsds === 0) return {};
  return {
    ephemeralStorageLocalSsdConfig: { localSsdCount: type.localSsds },
    localSsdEncryptionMode: localSsdEncryption ?? "STANDARD_ENCRYPTION",
  };
}

/** Kubernetes' taint effects, as GKE writes them. */
const GKE_EFFECTS: Readonly<Record<string, string>> = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
};
