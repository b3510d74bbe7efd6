// An AKS node pool as plain data: its options checked, and what they stand for.
import { createHash } from "node:crypto";
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { runtimeClassName } from "../core/names";
import { assertShape, scopeOf } from "../core/option-shape";
import { Tee } from "../tee/tee";
import { TrustTier } from "../tee/trust-tier";
import { aksOsFacts, aksOsSku } from "./aks-os-sku";
import type { AksNodePoolOptions } from "./aks-pool-options";
import { AKS_POOL_SHAPE } from "./aks-pool-shape";
import { AKS_MAX_PODS, AKS_NODE_SIZES, aksNodeCapacity, aksVmSizesWith, type AksVmSize } from "./aks-vm-size";
import { provenAlternative } from "./machine-type";
import {
  poolPlacement,
  type NodeTaint,
  type Placement,
  type PodOverhead,
  type PoolReference,
} from "./node-pool";
import { assertDisk, assertPoolOptions, teeOf } from "./pool-options";
import { refusal, retirementWarnings, unprovenWarnings } from "./refusal";

const USE_CVM = "azure-aks-docs, use-cvm.md, 2026-06-24";
const SYSTEM_POOLS = "azure-aks-docs, use-system-pools.md, 2026-04-30";

/** Label AKS puts on confidential nodes. SOURCE: Azure documentation, Trusted Hardware Identity Management, 2022-10-24. */
const CONFIDENTIAL_LABEL = { "kubernetes.azure.com/security-type": "ConfidentialVM" };

/** What AKS taints a dedicated system pool with. Keys of other taints are not accepted there. SOURCE: SYSTEM_POOLS. */
export const AKS_SYSTEM_TAINT: NodeTaint = {
  key: "CriticalAddonsOnly",
  value: "true",
  effect: "NoSchedule",
};

/** What the class of sandboxed pods says. SOURCE: azure-aks-docs, considerations-pod-sandboxing.md, 2025-11-18. */
const SANDBOX = { handler: "kata", overhead: { milliCpu: 0, memoryMiB: 600 } };
const NO_OVERHEAD: PodOverhead = { milliCpu: 0, memoryMiB: 0 };

/**
 * Checks a pool against the tables and returns it as plain data. Runs before anything is synthesized.
 * Fails with the codes named in AksNodePoolOptions and
 * with HOST_KUBERNETES for a version that is no minor.
 */
export function aksPoolReference(kubernetesVersion: string, options: AksNodePoolOptions): PoolReference {
  const scope = scopeOf("pools", options);
  assertShape(scope, AKS_POOL_SHAPE, options);
  assertMinor(scope, kubernetesVersion);
  const tee = teeOf(options);
  const system = options.system ?? false;
  assertPoolOptions(scope, options);
  assertNodes(scope, options);
  const size = vmSize(scope, options.vmSize, tee);
  const retirement = retirementWarnings(scope, size.retires, options, options.today);
  assertSystem(scope, options, size);
  assertFeatures(scope, options, size);
  assertHostGroup(scope, options.hostGroupId);
  aksOsSku(scope, options, size, kubernetesVersion);
  assertZones(scope, options.zones);
  assertOsDisk(scope, options, size);
  const unproven = unprovenWarnings(
    scope,
    `${options.vmSize} on AKS`,
    unprovenFacts(options, size),
    options,
    {
      source: `${size.source}, ${size.date}; azure-aks-docs, 2026-08-21`,
      use: provenAlternative("azure", tee),
    },
  );
  return {
    name: options.name,
    tee: tee.id,
    tier: tierOf(tee, options.sandbox ?? false).name,
    machineType: options.vmSize,
    minNodes: options.minNodes,
    maxNodes: options.maxNodes,
    system,
    runtimeClassName: runtimeClassName(options.name),
    placement: placement(options.name, tee, system),
    capacity: aksNodeCapacity(size, options.maxNodes),
    handler: options.sandbox ? SANDBOX.handler : "runc",
    overhead: options.sandbox ? SANDBOX.overhead : NO_OVERHEAD,
    owner: options.owner,
    warnings: [...retirement, ...unproven, ...limits(size, options.sandbox ?? false)],
  };
}

/** What nodes of a pool are made of, all of it needed at their birth. */
export interface AksNodeShape {
  readonly vmSize: string;
  readonly osSku: string;
  readonly osDiskType: string;
  readonly osDiskSizeGb?: number;
  readonly maxPods: number;
  readonly workloadRuntime?: string;
  readonly gpuDriver?: string;
  readonly hostEncryptionEnabled?: boolean;
  readonly fipsEnabled?: boolean;
  readonly hostGroupId?: string;
  readonly zones?: string[];
  readonly kubeletConfig?: { readonly cpuManagerPolicy: string; readonly topologyManagerPolicy?: string };
}

/** The node shape of checked options. */
export function aksNodeShape(options: AksNodePoolOptions): AksNodeShape {
  const size = AKS_NODE_SIZES.get(options.vmSize)!;
  return {
    vmSize: options.vmSize,
    osSku: options.osSku ?? "AzureLinux",
    osDiskType: options.ephemeralOsDisk ? "Ephemeral" : "Managed",
    osDiskSizeGb: diskGiB(options),
    maxPods: AKS_MAX_PODS,
    workloadRuntime: options.sandbox ? "KataVmIsolation" : undefined,
    // AKS would install a driver that knows nothing of confidential computing.
    gpuDriver: size.gpu ? "None" : undefined,
    hostEncryptionEnabled: options.hostEncryption ? true : undefined,
    fipsEnabled: options.fips ? true : undefined,
    hostGroupId: options.hostGroupId,
    zones: options.zones && [...options.zones],
    kubeletConfig: options.staticCpuManager
      ? {
          cpuManagerPolicy: "static",
          topologyManagerPolicy: options.numaAligned ? "single-numa-node" : undefined,
        }
      : undefined,
  };
}

/**
 * The pool's name inside AKS, at most 12 characters: the beginning of ours, and seven that stand for everything a node
 * is born with. A change of any of it so makes another pool, beside the old one, and azurerm never cycles one in place
 * (it does that without draining).
 */
export function aksPoolName(name: string, shape: AksNodeShape, subnetId: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([name, shape, subnetId]))
    .digest("hex");
  return name.replace(/[^a-z0-9]/g, "").slice(0, 5) + hash.slice(0, 7);
}

/** How many nodes: a number, or AKS' autoscaler between two. */
export function aksScaling(options: AksNodePoolOptions): {
  readonly autoScalingEnabled?: boolean;
  readonly minCount?: number;
  readonly maxCount?: number;
  readonly nodeCount?: number;
} {
  return options.autoscaled
    ? { autoScalingEnabled: true, minCount: options.minNodes, maxCount: options.maxNodes }
    : { nodeCount: options.maxNodes };
}

/** Least azurerm a pool needs, when that is above the binding's own. */
export function aksProviderFloor(options: AksNodePoolOptions): string | undefined {
  if (options.sandbox) return "4.78.0";
  return options.osSku === "Ubuntu2404" ? "4.67.0" : undefined;
}

/** TEEs that AKS nodes cannot have: why, and where that stands. */
const REFUSED_TEES: ReadonlyMap<Tee, { readonly why: string; readonly source: string }> = new Map([
  [Tee.TDX, { why: "AKS does not support confidential VMs with Intel TDX", source: USE_CVM }],
  [Tee.SEV, { why: "Azure's AMD sizes run SEV-SNP", source: USE_CVM }],
  [Tee.SEV_ES, { why: "Azure's AMD sizes run SEV-SNP", source: USE_CVM }],
  [
    Tee.NITRO_ENCLAVES,
    { why: "Nitro Enclaves are a part of EC2", source: "AWS Nitro Enclaves user guide, 2026" },
  ],
  [
    Tee.IBM_SECURE_EXECUTION,
    { why: "it runs on IBM Z and LinuxONE", source: "IBM, Introducing Secure Execution for Linux, 2026" },
  ],
  [
    Tee.ARM_CCA,
    {
      why: "Azure sells no machine with it, and confidential nodes are x86 only",
      source: `${USE_CVM}: no ARM64`,
    },
  ],
  [
    Tee.TRUSTZONE,
    {
      why: "it is one secure world per chip, and confidential nodes are x86 only",
      source: `${USE_CVM}: no ARM64`,
    },
  ],
  [
    Tee.NVIDIA_CC,
    {
      why: "the GPU's mode comes with its VM size, whose TEE is SEV-SNP",
      source: "azure-compute-docs, nccadsh100v5-series.md, 2024-08-06",
    },
  ],
]);

/** Names of sizes that are refused for a reason of their own. First match counts. */
const REFUSED_SIZES: readonly { readonly name: RegExp; readonly why: string; readonly source: string }[] = [
  {
    name: /_cc_v5$/i,
    why: "sizes for confidential containers (kata-cc) are refused: the preview ended in March 2026 and new nodes have no image",
    source: "azure-aks-docs, confidential-containers-overview.md, 2026-05-22",
  },
  {
    name: /^Standard_[A-Z]+\d+[a-z]*p[a-z]*_v\d+$/,
    why: "Arm sizes (a 'p' in the name) are refused: no image of this library's pools is built for Arm",
    source: "azure-aks-docs, use-arm64-vms.md, 2025-02-25",
  },
  {
    name: /^Standard_[DE]C\d+es_v5$/,
    why: "Intel TDX sizes are refused: AKS does not support them",
    source: USE_CVM,
  },
];

function vmSize(scope: ErrorScope, name: string, tee: Tee): AksVmSize {
  const refused = REFUSED_TEES.get(tee);
  if (refused)
    throw refusal("POOL_TEE", scope, {
      rule: `tee must be one that AKS nodes can have: ${refused.why}`,
      got: `'${tee.id}' with vmSize '${name}'`,
      source: refused.source,
      use: `use Tee.SEV_SNP with one of ${choices(Tee.SEV_SNP)}`,
    });
  const size = AKS_NODE_SIZES.get(name);
  if (size?.tee === tee) return size;
  const odd = REFUSED_SIZES.find((entry) => entry.name.test(name));
  const rule = size?.notForPools
    ? "vmSize must be one that AKS takes: it does not support Intel TDX"
    : size
      ? `vmSize and tee must go together: the size alone decides, and ${name} runs ${size.tee === Tee.NONE ? "in no TEE" : size.tee.label}`
      : (odd?.why ?? `vmSize must be in the table${tee === Tee.NONE ? "" : ` of ${tee.label}`}`);
  throw refusal("POOL_VM_SIZE", scope, {
    rule,
    got: `'${name}' with tee '${tee.id}'`,
    source: size?.notForPools
      ? USE_CVM
      : size
        ? `${size.source}, ${size.date}`
        : (odd?.source ?? "azure-compute-docs, pages of the size series, 2026-03-10"),
    use: `use one of ${choices(tee)}`,
  });
}

/** Sizes to choose from, in words. */
function choices(tee: Tee): string {
  return aksVmSizesWith(tee).join(", ");
}

function assertSystem(scope: ErrorScope, options: AksNodePoolOptions, size: AksVmSize): void {
  if (!options.system) return;
  const rules: readonly (readonly [boolean, string, string, string, string?])[] = [
    [
      size.gpu !== undefined || options.hostGroupId !== undefined,
      "a system pool has neither a GPU nor dedicated hosts: a change of either on the first one replaces the cluster",
      size.gpu ? `'${size.name}'` : `hostGroupId '${options.hostGroupId}'`,
      "make it a pool for tenants, and use Standard_D4s_v5 or Standard_DC4as_v5 for the system",
      "azurerm 4.55.0, azurerm_kubernetes_cluster default_node_pool, 2025-12",
    ],
    [
      size.tee === Tee.SGX || options.sandbox === true,
      "a system pool is plain or SEV-SNP",
      options.sandbox ? "sandbox: true" : `tee '${size.tee.id}'`,
      "leave it out, or make it a pool for tenants",
    ],
    [
      size.vcpus < 4,
      "a system pool needs a size of at least 4 vCPUs and 4 GiB",
      `'${size.name}'`,
      `use one of ${aksVmSizesWith(size.tee)
        .filter((name) => AKS_NODE_SIZES.get(name)!.vcpus >= 4)
        .join(", ")}`,
    ],
    [
      options.minNodes < 2,
      "a system pool needs at least two nodes",
      `minNodes ${options.minNodes}`,
      "set minNodes: 2",
    ],
  ];
  const broken = rules.find(([wrong]) => wrong);
  if (!broken) return;
  const [, rule, got, use, source = SYSTEM_POOLS] = broken;
  throw refusal("POOL_SYSTEM", scope, { rule, got, source, use });
}

function assertFeatures(scope: ErrorScope, options: AksNodePoolOptions, size: AksVmSize): void {
  const confidential = size.tee === Tee.SEV_SNP;
  const plain = choices(Tee.NONE);
  const rules: readonly (readonly [boolean | undefined, string, string, string, string])[] = [
    [
      options.sandbox && size.tee !== Tee.NONE,
      "pod sandboxing must go without a TEE: nodes inside one run no virtual machines",
      `sandbox: true with '${size.name}'`,
      USE_CVM,
      `leave sandbox out, or tee, and use one of ${plain}`,
    ],
    [
      options.fips && confidential,
      "FIPS must go without a confidential size: AKS has no such image",
      `fips: true with '${size.name}'`,
      USE_CVM,
      `leave fips out, or use one of ${plain}`,
    ],
    [
      options.fips && options.sandbox,
      "FIPS must go without pod sandboxing: AKS has no such image",
      "fips: true with sandbox: true",
      "Azure/karpenter-provider-azure pull request 1721, 2026-06-10",
      "leave one of them out",
    ],
    [
      options.hostGroupId !== undefined && confidential,
      "dedicated hosts must go without a confidential size",
      `hostGroupId with '${size.name}'`,
      "azure-docs, confidential-vm-overview.md, 2023-11",
      `leave hostGroupId out, or use one of ${plain}`,
    ],
  ];
  const broken = rules.find(([wrong]) => wrong);
  if (!broken) return;
  const [, rule, got, source, use] = broken;
  throw refusal("POOL_FEATURE", scope, { rule, got, source, use });
}

/** SOURCE: azurerm 4.55.0 refuses more at plan; azure-aks-docs, best-practices-performance-scale-large.md, 2026. */
const MAX_POOL_NODES = 1000;

function assertNodes(scope: ErrorScope, { maxNodes }: AksNodePoolOptions): void {
  if (maxNodes <= MAX_POOL_NODES) return;
  throw refusal("POOL_SIZE", scope, {
    rule: `maxNodes must be at most ${MAX_POOL_NODES}`,
    got: `maxNodes ${maxNodes}`,
    source: "azure-aks-docs, best-practices-performance-scale-large.md, 2026",
    use: "use several pools, or a larger vmSize",
  });
}

/** Tables go by minors; anything else would pass between their rows. */
function assertMinor(scope: ErrorScope, version: string): void {
  if (typeof version === "string" && /^1\.\d{2}$/.test(version)) return;
  throw new ConfigurationError(
    "HOST_KUBERNETES",
    scope,
    `kubernetesVersion must be a minor in quotes, like "1.34", got ${typeof version} '${version}'; write it without the patch`,
  );
}

const HOST_GROUP_ID =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.Compute\/hostGroups\/[^/]+$/;

function assertHostGroup(scope: ErrorScope, id: string | undefined): void {
  if (id === undefined || HOST_GROUP_ID.test(id)) return;
  throw new ConfigurationError(
    "HOST_SCOPE",
    scope,
    `hostGroupId must be a host group's id, /subscriptions/…/Microsoft.Compute/hostGroups/…, got '${id}'; ` +
      "copy it from `az vm host group show --query id`",
  );
}

function assertZones(scope: ErrorScope, zones: readonly string[] | undefined): void {
  if (!zones) return;
  if (zones.length > 0 && new Set(zones).size === zones.length && zones.every((zone) => /^[1-3]$/.test(zone)))
    return;
  throw refusal("POOL_ZONES", scope, {
    rule: "zones must be some of 1, 2 and 3, each once",
    got: `[${zones.join(", ")}]`,
    source: "Azure documentation, availability zones, 2026",
    use: 'write them like ["1", "2", "3"], or leave zones out',
  });
}

/** A managed disk that nobody sized. Ephemeral ones are left to AKS, which fits them to the local disk. */
const DISK_GIB = 128;

function diskGiB({ diskGiB, ephemeralOsDisk }: AksNodePoolOptions): number | undefined {
  return diskGiB ?? (ephemeralOsDisk ? undefined : DISK_GIB);
}

function assertOsDisk(scope: ErrorScope, options: AksNodePoolOptions, size: AksVmSize): void {
  if (options.ephemeralOsDisk && size.ephemeralOsDisk === "no")
    throw refusal("POOL_DISK", scope, {
      rule: "an ephemeral OS disk must have a size that supports it",
      got: `ephemeralOsDisk: true with '${size.name}'`,
      source: `${size.source}, ${size.date}`,
      use: `leave it out, or use one of ${aksVmSizesWith(size.tee)
        .filter((name) => AKS_NODE_SIZES.get(name)!.ephemeralOsDisk === "yes")
        .concat(aksVmSizesWith(size.tee).slice(0, 1))
        .join(", ")}`,
    });
  const local = options.ephemeralOsDisk ? size.tempDiskGiB : undefined;
  const gib = diskGiB(options);
  if (gib === undefined) return;
  if (local !== undefined && gib > local)
    throw refusal("POOL_DISK", scope, {
      rule: `an ephemeral OS disk must fit the local disk of ${local} GiB`,
      got: `diskGiB ${gib} with '${size.name}'`,
      source: `${size.source}, ${size.date}`,
      use: `set diskGiB: ${local}, or a larger size`,
    });
  assertDisk(
    scope,
    gib,
    { gib: 30, why: "what AKS images need" },
    { gib: 2048, why: "what AKS allows for an OS disk" },
  );
}

function unprovenFacts(options: AksNodePoolOptions, size: AksVmSize): string[] {
  const facts: readonly (readonly [boolean | undefined, string])[] = [
    [
      options.ephemeralOsDisk && size.ephemeralOsDisk === "unproven",
      `whether ${size.family} takes an ephemeral OS disk: its page (${size.date}) does not settle it`,
    ],
    [
      options.hostEncryption && size.tee !== Tee.NONE,
      `whether encryption at host works on ${size.family} nodes of AKS: no page says so (2026)`,
    ],
    [options.fips, "whether Cilium's WireGuard runs on a FIPS image: no page says so (2026)"],
  ];
  return [
    ...(size.unproven ?? []),
    ...aksOsFacts(options),
    ...facts.filter(([holds]) => holds).map(([, fact]) => fact),
  ];
}

function tierOf(tee: Tee, sandbox: boolean): TrustTier {
  if (tee === Tee.SEV_SNP) return TrustTier.CONFIDENTIAL_NODE;
  return sandbox ? TrustTier.ISOLATED : TrustTier.SHARED;
}

function placement(name: string, tee: Tee, system: boolean): Placement {
  const base = poolPlacement(name, tee, system);
  return {
    ...base,
    taints: system ? [AKS_SYSTEM_TAINT] : base.taints,
    ...(tee === Tee.SEV_SNP ? { vendorLabels: CONFIDENTIAL_LABEL } : {}),
  };
}

/** What the pool does not give, for every report. */
function limits(size: AksVmSize, sandbox: boolean): string[] {
  const rules: readonly (readonly [boolean, string])[] = [
    [
      size.tee === Tee.SEV_SNP,
      "node disks lie outside the TEE: AKS cannot ask for confidential OS-disk encryption, so keep secrets in memory",
    ],
    [
      size.tee === Tee.SGX,
      `pods are outside the enclave: only code started in SGX, with kubernetes.azure.com/sgx_epc_mem_in_MiB of the node's ${size.epcMiB ?? 0} MiB, is inside`,
    ],
    [sandbox, "pod sandboxing keeps pods from each other, not the host from pods"],
  ];
  return rules.filter(([holds]) => holds).map(([, text]) => text);
}
