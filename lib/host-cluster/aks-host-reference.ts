// An AKS host as plain data: every check that needs no construct.
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { isUuid } from "../core/formats";
import { STORAGE_CLASS } from "../core/names";
import { assertShape, scopeOf } from "../core/option-shape";
import { isPrivate, parseCidr } from "../network/cidr";
import type { AksNodePoolOptions } from "../node-pool/aks-pool-options";
import { aksPoolReference } from "../node-pool/aks-pool-reference";
import type { PoolReference } from "../node-pool/node-pool";
import { AKS_NODE_SIZES } from "../node-pool/aks-vm-size";
import { teeOf } from "../node-pool/pool-options";
import { refusal } from "../node-pool/refusal";
import { Tee } from "../tee/tee";
import { AksCni, AksNodeOsChannel, type AksHostOptions, type AksMaintenance } from "./aks-host-options";
import { AKS_HOST_SHAPE } from "./aks-host-shape";
import { diskEncryptionSetId, volumesGroup, type AksScope } from "./aks-names";
import {
  assertGateway,
  assertHostName,
  assertKubernetesVersion,
  assertPoolSet,
  assertPublicEndpoint,
} from "./host-checks";
import type { HostReference } from "./host-cluster";

/** Azure's virtual network. SOURCE: Azure documentation, TCP/IP performance tuning for Azure VMs, 2026. */
const VNET_MTU = 1500;
/** Azure's resolver, the same in every virtual network. SOURCE: Azure documentation, What is IP address 168.63.129.16, 2026. */
const RESOLVER = "168.63.129.16";

/** Classes AKS makes itself, without our key, and writes back when changed. SOURCE: azure-aks-docs, concepts-storage.md, 2026-07-30. */
const AKS_STORAGE_CLASSES = [
  "default",
  "managed",
  "managed-premium",
  "managed-csi",
  "managed-csi-premium",
  "managed-csi-premium-v2",
  "azurefile",
  "azurefile-premium",
  "azurefile-csi",
  "azurefile-csi-premium",
];

/** When nobody says otherwise. */
export const AKS_MAINTENANCE: AksMaintenance = { dayOfWeek: "Sunday", startTime: "02:00", hours: 4 };

/** Where a host's resources are. */
export function aksScope(options: AksHostOptions): AksScope {
  return {
    name: options.name,
    account: options.subscription,
    resourceGroup: options.resourceGroup ?? `tenclave-${options.name}`,
  };
}

/** The pool that AKS makes with the cluster: the first system pool. */
export function aksDefaultPool(pools: readonly AksNodePoolOptions[]): AksNodePoolOptions {
  return pools.find((pool) => pool.system)!;
}

/**
 * Checks a host and its pools and returns them as plain data. Fails with the codes named in AksHostOptions and
 * AksNodePoolOptions.
 */
export function aksHostReference(options: AksHostOptions): HostReference {
  const scope = scopeOf("host", options);
  assertShape(scope, AKS_HOST_SHAPE, options);
  assertHost(scope, options);
  const podCidr = options.podCidr ?? "10.244.0.0/16";
  const serviceCidr = options.serviceCidr ?? "172.20.0.0/16";
  const pools = assertPoolSet(
    scope,
    options.pools.map((pool) => aksPoolReference(options.kubernetesVersion, pool)),
  );
  assertSgx(options);
  assertPatchable(options);
  assertClusterSize(scope, pools);
  const nodes = pools.reduce((sum, pool) => sum + pool.maxNodes + 1, 0);
  options.network.check(scope, podCidr, serviceCidr, nodes);
  const place = aksScope(options);
  const cni = options.cni ?? AksCni.OWN_CILIUM;
  return {
    cloud: "azure",
    name: options.name,
    location: options.location,
    account: options.subscription,
    resourceGroup: place.resourceGroup,
    kubernetesVersion: options.kubernetesVersion,
    network: {
      cni: cni.id,
      podCidr,
      serviceCidr,
      nodeCidr: options.network.cidr,
      nodeSubnet: options.network.subnetId(place),
      mtu: VNET_MTU,
      nodeResolvers: [RESOLVER],
      enforcesNetworkPolicy: true,
      encryptsPodTraffic: cni.encryptsPodTraffic,
      // By the konnectivity tunnel. SOURCE: azure-aks-docs, use-byo-cni.md, 2026-04-16: the control plane reaches the pod range.
      apiServerReachesPods: true,
      internetEgress: options.network.internetEgress,
    },
    pools,
    storageClass: {
      name: STORAGE_CLASS,
      provisioner: "disk.csi.azure.com",
      refused: AKS_STORAGE_CLASSES,
      parameters: {
        skuName: "Premium_LRS",
        resourceGroup: volumesGroup(place),
        diskEncryptionSetID: diskEncryptionSetId(place),
        // Nobody downloads a volume by a link.
        networkAccessPolicy: "DenyAll",
      },
    },
    administrators: { users: [], groups: options.admins },
    gatewayNamespace: options.gatewayNamespace,
  };
}

function assertHost(scope: ErrorScope, options: AksHostOptions): void {
  assertHostName(scope, options.name);
  if (!/^(?!china|usgov|usdod)[a-z]+[a-z0-9]*$/.test(options.location))
    throw new ConfigurationError(
      "HOST_LOCATION",
      scope,
      `location must be a region of Azure's public cloud, in one word, like westeurope, got '${options.location}'; ` +
        "copy the name from `az account list-locations`",
    );
  for (const prop of ["subscription", "tenant"] as const)
    if (!isUuid(options[prop]))
      throw new ConfigurationError(
        "HOST_SCOPE",
        scope,
        `${prop} must be an id of 32 hexadecimal digits in lower case, got '${options[prop]}'; copy it from \`az account show\``,
      );
  if (options.resourceGroup !== undefined && !/^[\w().-]{0,89}[\w()-]$/.test(options.resourceGroup))
    throw new ConfigurationError(
      "HOST_SCOPE",
      scope,
      `resourceGroup must be the name of a resource group, at most 90 characters and none but letters, digits, ._()-, got '${options.resourceGroup}'; ` +
        "leave it out for one of the host's own",
    );
  assertKubernetesVersion(scope, options.kubernetesVersion);
  for (const prop of ["admins", "keyOfficers"] as const)
    if (
      options[prop].length === 0 ||
      new Set(options[prop]).size < options[prop].length ||
      !options[prop].every((id) => isUuid(id))
    )
      throw new ConfigurationError(
        "AKS_ADMIN",
        scope,
        `${prop} must name at least one Entra object id, in lower case and each once, because there are no local accounts and only key officers make keys, ` +
          `got [${options[prop].join(", ")}]; copy them from \`az ad group show\` or \`az ad signed-in-user show\``,
      );
  const days = options.logRetentionDays ?? 365;
  if (!Number.isInteger(days) || days < 30 || days > 730)
    throw new ConfigurationError(
      "AKS_LOGS",
      scope,
      `logRetentionDays must be a whole number from 30 to 730, which is what Log Analytics keeps, got ${days}; change it`,
    );
  assertMaintenance(scope, options.maintenance ?? AKS_MAINTENANCE);
  assertGateway(scope, options.gatewayNamespace);
  assertPublicEndpoint(scope, options.publicEndpoint);
  assertAuthorizedRanges(scope, options.publicEndpoint?.cidrs ?? []);
}

/** What AKS takes, less the one of the NAT gateway. SOURCE: azure-aks-docs, api-server-authorized-ip-ranges.md, 2026-08-03. */
const MAX_AUTHORIZED_RANGES = 199;

function assertAuthorizedRanges(scope: ErrorScope, cidrs: readonly string[]): void {
  const source = "azure-aks-docs, api-server-authorized-ip-ranges.md, 2026-08-03";
  const inside = cidrs.find((cidr) => isPrivate(parseCidr(cidr)));
  if (inside !== undefined)
    throw refusal("HOST_PUBLIC_ENDPOINT", scope, {
      rule: "publicEndpoint.cidrs must be public ranges: nobody reaches a public endpoint from a private one",
      got: `'${inside}'`,
      source,
      use: "name the public addresses your administrators come from, or leave publicEndpoint out",
    });
  if (cidrs.length <= MAX_AUTHORIZED_RANGES && new Set(cidrs).size === cidrs.length) return;
  throw refusal("HOST_PUBLIC_ENDPOINT", scope, {
    rule: `publicEndpoint.cidrs must be at most ${MAX_AUTHORIZED_RANGES} ranges, each once`,
    got: `${cidrs.length} ranges, ${new Set(cidrs).size} different`,
    source,
    use: "join ranges that lie side by side",
  });
}

/** What AKS takes in all. SOURCE: Azure documentation, AKS service limits, 2024, and best-practices-performance-scale-large.md, 2026. */
const MAX_POOLS = 100;
const MAX_NODES = 5000;

function assertClusterSize(scope: ErrorScope, pools: readonly PoolReference[]): void {
  const nodes = pools.reduce((sum, pool) => sum + pool.maxNodes, 0);
  if (pools.length <= MAX_POOLS && nodes <= MAX_NODES) return;
  throw refusal("POOL_SIZE", scope, {
    rule: `a cluster must have at most ${MAX_POOLS} pools and ${MAX_NODES} nodes`,
    got: `${pools.length} pools with ${nodes} nodes at most`,
    source: "azure-aks-docs, best-practices-performance-scale-large.md, 2026; AKS service limits, 2024",
    use: "use a second host, or fewer and larger nodes",
  });
}

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

function assertMaintenance(scope: ErrorScope, { dayOfWeek, startTime, hours }: AksMaintenance): void {
  const time = /^([01]\d|2[0-3]):[0-5]\d$/.test(startTime);
  if (DAYS.includes(dayOfWeek) && time && Number.isInteger(hours) && hours >= 4 && hours <= 24) return;
  throw new ConfigurationError(
    "AKS_MAINTENANCE",
    scope,
    `maintenance must name a day, a time as HH:mm and 4 to 24 hours, got ${dayOfWeek} ${startTime} for ${hours} hours ` +
      "(azure-aks-docs, planned-maintenance.md, 2025-12-19); write it like Sunday 02:00 for 4 hours",
  );
}

/** SGX pools without the cluster's tooling have no device plug-in, so no pod gets an enclave. */
function assertSgx({ pools, sgx }: AksHostOptions): void {
  const pool = pools.find((one) => teeOf(one) === Tee.SGX);
  if (!pool || sgx) return;
  throw refusal("POOL_FEATURE", `pools.${pool.name}`, {
    rule: "an SGX pool must have the host's SGX tooling, else no pod gets an enclave",
    got: `tee 'sgx' with '${pool.vmSize}' on a host without sgx`,
    source: "azure-docs, confidential-nodes-aks-addon.md, 2021-11",
    use: `set sgx: { quoteHelper: false } on the host, and keep ${pool.vmSize}`,
  });
}

/** Nodes that no channel patches would look patched on every report. */
function assertPatchable({ pools, nodeOsChannel }: AksHostOptions): void {
  if (nodeOsChannel?.id !== AksNodeOsChannel.SECURITY_PATCH.id) return;
  const pool = pools.find(
    ({ vmSize, osSku }) =>
      AKS_NODE_SIZES.get(vmSize)?.gpu && (osSku ?? "AzureLinux").startsWith("AzureLinux"),
  );
  if (!pool) return;
  throw refusal("POOL_OS", `pools.${pool.name}`, {
    rule: "AzureLinux on a GPU size must go with AksNodeOsChannel.NODE_IMAGE: it gets no security patches otherwise",
    got: `'${pool.osSku ?? "AzureLinux"}' on '${pool.vmSize}' with channel 'SecurityPatch'`,
    source: "azure-aks-docs, auto-upgrade-node-os-image.md, 2026-06-26",
    use: `use osSku: "Ubuntu" on ${pool.vmSize}, or leave nodeOsChannel out`,
  });
}
