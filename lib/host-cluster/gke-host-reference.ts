// A GKE host as plain data: every check that needs no construct.
import { ConfigurationError, reasonOf, type ErrorScope } from "../core/errors";
import { STORAGE_CLASS } from "../core/names";
import { assertShape, scopeOf } from "../core/option-shape";
import { isPrivate, overlaps, parseCidr } from "../network/cidr";
import {
  checkGkePool,
  gkeVolumeTypes,
  VOLUME_TYPES,
  type CheckedGkePool,
} from "../node-pool/gke-pool-reference";
import type { PoolReference } from "../node-pool/node-pool";
import { refusal } from "../node-pool/refusal";
import type { GkeHostOptions } from "./gke-host-options";
import { GKE_HOST_SHAPE } from "./gke-host-shape";
import { isDay, isWindow } from "./gke-maintenance";
import { gkeKeyName, KMS_PARAMETER } from "./gke-names";
import {
  assertGateway,
  assertHostName,
  assertKubernetesVersion,
  assertPoolSet,
  assertPublicEndpoint,
  assertRanges,
} from "./host-checks";
import type { HostReference } from "./host-cluster";

/** Ranges a host gets when none are given. */
export const GKE_RANGES = {
  podCidr: "10.244.0.0/16",
  serviceCidr: "172.20.0.0/20",
  controlPlaneCidr: "172.16.0.0/28",
} as const;

/** Name server of Compute Engine's own metadata server: what nodes ask. SOURCE: Compute Engine documentation, internal DNS, 2026. */
const METADATA_DNS = "169.254.169.254";

/** Classes GKE makes by itself. SOURCE: GKE documentation, persistent volumes and dynamic default storage class, 2026. */
const GKE_CLASSES = ["standard", "standard-rwo", "premium-rwo", "dynamic-rwo"];

/**
 * Checks a host and its pools and returns them as plain data. Fails with the codes named in GkeHostOptions and
 * GkeNodePoolOptions.
 */
export function gkeHostReference(options: GkeHostOptions): HostReference {
  const scope = scopeOf("host", options);
  assertShape(scope, GKE_HOST_SHAPE, options);
  assertHost(scope, options);
  const ranges = { ...GKE_RANGES, ...given(options) };
  const place = { location: options.region, kubernetesVersion: options.kubernetesVersion };
  const checked = options.pools.map((pool) => checkGkePool(place, pool));
  const pools = assertPoolSet(
    scope,
    checked.map(({ reference }) => reference),
  );
  assertNetworkRanges(scope, options.network.cidr, ranges, pools);
  return {
    cloud: "google",
    name: options.name,
    location: options.region,
    account: options.project,
    kubernetesVersion: options.kubernetesVersion,
    network: {
      cni: "gke-dataplane-v2",
      podCidr: ranges.podCidr,
      serviceCidr: ranges.serviceCidr,
      nodeCidr: options.network.cidr,
      mtu: options.network.mtu,
      nodeResolvers: [METADATA_DNS],
      enforcesNetworkPolicy: true,
      clusterwidePolicies: options.clusterwidePolicies ?? true,
      encryptsPodTraffic: true,
      apiServerCidr: ranges.controlPlaneCidr,
      apiServerReachesPods: true,
      internetEgress: options.network.internetEgress,
    },
    pools,
    storageClass: {
      name: STORAGE_CLASS,
      provisioner: "pd.csi.storage.gke.io",
      refused: GKE_CLASSES,
      parameters: {
        type: volumeType(scope, checked),
        [KMS_PARAMETER]: gkeKeyName(options, keyRing(options), "volumes"),
      },
    },
    administrators: { users: options.admins, groups: options.securityGroup ? options.admins : [] },
    gatewayNamespace: options.gatewayNamespace,
  };
}

/** Name of the host's key ring. */
export function keyRing({ name, keyRing: ring }: GkeHostOptions): string {
  return ring ?? `tenclave-${name}`;
}

type Ranges = Readonly<Record<keyof typeof GKE_RANGES, string>>;

/** The ranges the options name, without those they leave out. */
function given({ podCidr, serviceCidr, controlPlaneCidr }: GkeHostOptions): Partial<Ranges> {
  return Object.fromEntries(
    Object.entries({ podCidr, serviceCidr, controlPlaneCidr }).filter(([, range]) => range !== undefined),
  );
}

/** Release channels; the rapid one takes versions before Google stands by them. */
const CHANNELS = ["STABLE", "REGULAR", "EXTENDED"];

/** Google names an account by its e-mail address, in lower case. */
const EMAIL = /^[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(\.[a-z0-9-]+)+$/;

function assertAdmins(scope: ErrorScope, { admins }: GkeHostOptions): void {
  if (admins.length > 0 && new Set(admins).size === admins.length && admins.every((name) => EMAIL.test(name)))
    return;
  throw new ConfigurationError(
    "GKE_ADMIN",
    scope,
    `admins must name at least one account by its e-mail address, in lower case and each once, got [${admins.join(", ")}]; ` +
      "add the account that runs the in-cluster stacks",
  );
}

function assertHost(scope: ErrorScope, options: GkeHostOptions): void {
  assertHostName(scope, options.name);
  assertKubernetesVersion(scope, options.kubernetesVersion);
  assertAdmins(scope, options);
  assertGateway(scope, options.gatewayNamespace);
  assertPublicEndpoint(scope, options.publicEndpoint);
  if (options.dnsEndpoint) reasonOf(scope, "dnsEndpoint.reason", options.dnsEndpoint.reason);
  assertWritten(scope, options);
  const stranger = options.apiClientCidrs?.find((cidr) => !isPrivate(parseCidr(cidr)));
  if (stranger !== undefined)
    throw refusal("HOST_PUBLIC_ENDPOINT", scope, {
      rule: "apiClientCidrs must be private IPv4 ranges",
      got: `'${stranger}'`,
      source: "RFC 1918, 1996",
      use: "for the internet use publicEndpoint, with a reason",
    });
  options.network.assertRegion(scope, options.region);
  if (options.fqdnPolicies)
    throw refusal("GKE_FQDN_POLICY", scope, {
      rule: "fqdnPolicies must be off: GKE has FQDN policies or encryption between nodes, and tenants need the latter",
      got: "fqdnPolicies: true",
      source: "GKE documentation, FQDN network policies, 2026",
      use: "name ranges in tenants' egress",
    });
  const channel = options.releaseChannel ?? "REGULAR";
  if (!CHANNELS.includes(channel))
    throw refusal("GKE_RELEASE_CHANNEL", scope, {
      rule: `releaseChannel must be one of ${CHANNELS.join(", ")}`,
      got: `'${channel}'`,
      source: "GKE documentation, release channels, 2026",
      use: "use REGULAR, or EXTENDED to stay on a minor longer",
    });
}

/** Ids and texts that Google takes in one spelling only. */
function assertWritten(scope: ErrorScope, options: GkeHostOptions): void {
  const { maintenanceWindow: window, holdMinor: hold, securityGroup } = options;
  const rules = [
    {
      code: "HOST_LOCATION" as const,
      bad: !/^[a-z]+-[a-z]+\d+$/.test(options.region),
      rule: "region must be a region of Google Cloud, not a zone",
      got: `'${options.region}'`,
      use: "write it like europe-west4",
    },
    {
      code: "HOST_SCOPE" as const,
      bad: !/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(options.project),
      rule: "project must be a project id",
      got: `'${options.project}'`,
      use: "write it as `gcloud projects list` prints it",
    },
    {
      code: "HOST_SCOPE" as const,
      bad: !/^\d{6,19}$/.test(options.projectNumber),
      rule: "projectNumber must be the project's number, digits only",
      got: `'${options.projectNumber}'`,
      use: "write it as `gcloud projects list` prints it",
    },
    {
      code: "GKE_SECURITY_GROUP" as const,
      bad: securityGroup !== undefined && !/^gke-security-groups@[^@\s]+\.[^@\s]+$/.test(securityGroup),
      rule: "securityGroup must be the group gke-security-groups of your domain",
      got: `'${securityGroup}'`,
      use: "make that group, put your groups into it, and write gke-security-groups@example.com",
    },
    {
      code: "GKE_MAINTENANCE" as const,
      bad: window !== undefined && !isWindow(window),
      rule:
        "maintenanceWindow must have start and end in UTC, 4 to 24 hours apart, a recurrence of RFC 5545 that is daily, weekly or " +
        "monthly, and 48 hours in 32 days",
      got: JSON.stringify(window),
      use: 'write it like { start: "2026-01-03T02:00:00Z", end: "2026-01-03T10:00:00Z", recurrence: "FREQ=WEEKLY;BYDAY=SA,SU" }',
    },
    {
      code: "GKE_MAINTENANCE" as const,
      bad: hold !== undefined && !(isDay(hold.from) && isDay(hold.until) && hold.from < hold.until),
      rule: "holdMinor must run from a day to a later day",
      got: JSON.stringify(hold),
      use: 'write it like { from: "2026-11-01", until: "2027-02-28" }',
    },
    {
      code: "NAME" as const,
      bad: !/^[a-zA-Z0-9_-]{1,63}$/.test(keyRing(options)),
      rule: "keyRing must have 1 to 63 letters, digits, '_' and '-'",
      got: `'${keyRing(options)}'`,
      use: "choose another name",
    },
  ];
  const broken = rules.find(({ bad }) => bad);
  if (broken) throw refusal(broken.code, scope, { ...broken, source: "Google Cloud documentation, 2026" });
}

/** Nodes GKE makes for itself while it builds the cluster: one a zone. */
const FIRST_NODES = 3;
/** Addresses of a subnet that Google keeps. SOURCE: VPC documentation, subnets, 2026. */
const KEPT_ADDRESSES = 4;
/** Range no part of a private cluster may have. SOURCE: GKE documentation, private clusters, restrictions, 2026. */
const DOCKER_BRIDGE = parseCidr("172.17.0.0/16")!;

function assertNetworkRanges(
  scope: ErrorScope,
  nodeCidr: string,
  ranges: Ranges,
  pools: readonly PoolReference[],
): void {
  assertRanges(scope, { "network.cidr": nodeCidr, ...ranges });
  const prefix = (text: string): number => parseCidr(text)!.prefix;
  // An upgrade starts one node more in a pool.
  const nodes = pools.reduce((sum, pool) => sum + pool.maxNodes + 1, FIRST_NODES);
  const taken = Object.entries({ "network.cidr": nodeCidr, ...ranges }).find(([, range]) =>
    overlaps(parseCidr(range)!, DOCKER_BRIDGE),
  );
  const rules = [
    {
      bad: taken !== undefined,
      rule: `${taken?.[0]} must be apart from 172.17.0.0/16, which GKE's nodes keep for themselves`,
      got: taken?.[1] ?? "",
      use: "choose another range",
    },
    {
      bad: prefix(ranges.controlPlaneCidr) !== 28,
      rule: "controlPlaneCidr must be a /28",
      got: ranges.controlPlaneCidr,
      use: "use one like 172.16.0.0/28",
    },
    {
      bad: prefix(ranges.serviceCidr) < 16 || prefix(ranges.serviceCidr) > 27,
      rule: "serviceCidr must be a /16 to a /27",
      got: ranges.serviceCidr,
      use: "use one like 172.20.0.0/20",
    },
    {
      bad: 2 ** (24 - prefix(ranges.podCidr)) < nodes,
      rule: `podCidr must hold a /24 for each of ${nodes} nodes (every pool's maxNodes and one, and ${FIRST_NODES} that GKE starts with)`,
      got: ranges.podCidr,
      use: "use a larger range, or fewer nodes",
    },
    {
      bad: 2 ** (32 - prefix(nodeCidr)) - KEPT_ADDRESSES < nodes,
      rule: `network.cidr must hold ${nodes} nodes and ${KEPT_ADDRESSES} addresses that Google keeps`,
      got: nodeCidr,
      use: "use a larger range, or fewer nodes",
    },
  ];
  const broken = rules.find(({ bad }) => bad);
  if (broken)
    throw refusal("HOST_RANGES", scope, {
      ...broken,
      got: `'${broken.got}'`,
      source: "GKE documentation, VPC-native clusters, 2026",
    });
}

/** The type of volumes that nodes of all tenants' pools can attach: there is one class, and pods move between pools. */
function volumeType(scope: ErrorScope, checked: readonly CheckedGkePool[]): string {
  const pools = checked.filter(({ reference }) => !reference.system);
  const type = VOLUME_TYPES.find((one) => pools.every((pool) => gkeVolumeTypes(pool).includes(one)));
  if (type) return type;
  const words = pools.map((pool) => `${pool.reference.name}: ${gkeVolumeTypes(pool).join(" or ")}`);
  throw refusal("POOL_DISK", scope, {
    rule: "pools for tenants must have one type of volume in common, for the host's StorageClass",
    got: words.join(", "),
    source: "Compute Engine documentation, machine families and disks, copy of 2026-04",
    use: "put machine types that take Hyperdisk only (c4-standard-8, c4d-standard-8) on a host of their own",
  });
}
