// An EKS host as plain data: every check that needs no construct.
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { assertName, PLATFORM_GROUP, STORAGE_CLASS } from "../core/names";
import { assertShape, scopeOf } from "../core/option-shape";
import { isPrivate, parseCidr, touchesPrivate } from "../network/cidr";
import { eksPoolReference } from "../node-pool/eks-pool-reference";
import type { PoolReference } from "../node-pool/node-pool";
import type { EksHostOptions } from "./eks-host-options";
import { EKS_HOST_SHAPE } from "./eks-host-shape";
import { assertKeyArn, assertRegionName, keyAliasArn, partitionOf, volumeKeyAlias } from "./eks-policies";
import {
  assertGateway,
  assertKubernetesVersion,
  assertPoolSet,
  assertPublicEndpoint,
  type PublicEndpoint,
} from "./host-checks";
import type { HostReference } from "./host-cluster";

/** Jumbo frames inside a VPC. SOURCE: Amazon EC2 user guide, network MTU. */
const VPC_MTU = 9001;

/**
 * Checks a host and its pools and returns them as plain data. Fails with the codes named in EksHostOptions and
 * EksNodePoolOptions.
 */
export function eksHostReference(options: EksHostOptions): HostReference {
  const scope = scopeOf("host", options);
  assertShape(scope, EKS_HOST_SHAPE, options);
  assertHost(scope, options);
  const podCidr = options.podCidr ?? "10.244.0.0/16";
  const serviceCidr = options.serviceCidr ?? "172.20.0.0/16";
  const vpc = options.network.check(scope, options.region, podCidr, serviceCidr);
  const pools = assertPoolSet(
    scope,
    options.pools.map((pool) => eksPoolReference(options.region, pool, options.kubernetesVersion)),
  );
  assertPodRange(scope, podCidr, pools);
  return {
    cloud: "aws",
    name: options.name,
    location: options.region,
    account: options.account,
    kubernetesVersion: options.kubernetesVersion,
    network: {
      cni: "cilium",
      podCidr,
      serviceCidr,
      nodeCidr: options.network.cidr,
      mtu: VPC_MTU,
      nodeResolvers: [options.network.resolver(vpc)],
      enforcesNetworkPolicy: true,
      encryptsPodTraffic: true,
      apiServerReachesPods: false,
      internetEgress: options.network.internetEgress,
    },
    pools,
    storageClass: {
      name: STORAGE_CLASS,
      provisioner: "ebs.csi.aws.com",
      // EKS makes this one in every cluster.
      refused: ["gp2"],
      parameters: {
        type: "gp3",
        encrypted: "true",
        kmsKeyId: options.volumesKeyArn ?? keyAliasArn(options, volumeKeyAlias(options.name)),
      },
    },
    administrators: { users: [], groups: [PLATFORM_GROUP] },
    gatewayNamespace: options.gatewayNamespace,
  };
}

function assertHost(scope: ErrorScope, options: EksHostOptions): void {
  assertName(scope, "name", options.name, "EKS_NAME", 32);
  if (!/^\d{12}$/.test(options.account))
    throw new ConfigurationError(
      "EKS_ACCOUNT",
      scope,
      `account must be 12 digits, got '${options.account}'; copy it from the AWS console`,
    );
  assertRegionName(scope, options.region);
  assertKubernetesVersion(scope, options.kubernetesVersion, "EKS_KUBERNETES");
  assertAdmins(scope, options);
  assertLogs(scope, options.logRetentionDays);
  assertKeyArn(scope, "volumesKeyArn", options.region, options.volumesKeyArn);
  assertGateway(scope, options.gatewayNamespace, "EKS_GATEWAY");
  assertInternet(scope, options.publicEndpoint);
  assertApiClients(scope, options);
}

/** EKS takes an access entry for a principal once, and none for a role that belongs to a service. */
function assertAdmins(scope: ErrorScope, { admins, region }: EksHostOptions): void {
  const shape = new RegExp(
    `^arn:${partitionOf(region)}:iam::\\d{12}:(role|user)/(?!aws-service-role/)[\\w+=,.@/-]+$`,
  );
  const known = admins.length > 0 && admins.every((arn) => shape.test(arn));
  if (known && new Set(admins).size === admins.length) return;
  throw new ConfigurationError(
    "EKS_ADMIN",
    scope,
    `admins must name at least one IAM role or user by ARN (arn:${partitionOf(region)}:iam::…), each once and no role of ` +
      `a service, because the creator is no administrator, got [${admins.join(", ")}]; add the role that runs the in-cluster stacks`,
  );
}

/** EKS opens the public endpoint to public ranges only. SOURCE: Amazon EKS user guide, cluster endpoint and quotas, 2026. */
function assertInternet(scope: ErrorScope, endpoint: PublicEndpoint | undefined): void {
  assertPublicEndpoint(scope, endpoint, "EKS_PUBLIC_ENDPOINT");
  const cidrs = endpoint?.cidrs ?? [];
  const inside = cidrs.find((cidr) => touchesPrivate(parseCidr(cidr)));
  if (inside === undefined && cidrs.length <= MOST_PUBLIC_RANGES && new Set(cidrs).size === cidrs.length)
    return;
  throw new ConfigurationError(
    "EKS_PUBLIC_ENDPOINT",
    scope,
    `publicEndpoint.cidrs must be public ranges, each once, at most ${MOST_PUBLIC_RANGES}, ` +
      `got ${inside === undefined ? `[${cidrs.join(", ")}]` : `'${inside}'`} (Amazon EKS user guide, cluster endpoint, 2026); ` +
      "for private ranges use apiClientCidrs",
  );
}

/** Default quota, which AWS does not raise. */
const MOST_PUBLIC_RANGES = 40;

/** Each range is a rule of the cluster's security group, which takes a rule once. */
function assertApiClients(scope: ErrorScope, { apiClientCidrs = [], network }: EksHostOptions): void {
  const stranger = apiClientCidrs.find(
    (cidr, index) =>
      !isPrivate(parseCidr(cidr)) || cidr === network.cidr || apiClientCidrs.indexOf(cidr) !== index,
  );
  if (stranger === undefined) return;
  throw new ConfigurationError(
    "EKS_API_CLIENTS",
    scope,
    `apiClientCidrs must be private IPv4 ranges, each once, without the VPC's own, got '${stranger}'; ` +
      "leave out what is double; for the internet use publicEndpoint, with a reason",
  );
}

/** What CloudWatch Logs takes. SOURCE: Amazon CloudWatch Logs API reference, PutRetentionPolicy. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function assertLogs(scope: ErrorScope, days: number | undefined): void {
  if (days === undefined || LOG_RETENTION_DAYS.includes(days)) return;
  throw new ConfigurationError(
    "EKS_LOGS",
    scope,
    `logRetentionDays must be a number of days CloudWatch knows, got ${days}; use one of ${LOG_RETENTION_DAYS.join(", ")}`,
  );
}

/** Each node takes a /24 of the pod range, also the one more that an update starts. */
function assertPodRange(scope: ErrorScope, podCidr: string, pools: readonly PoolReference[]): void {
  const nodes = pools.reduce((sum, pool) => sum + pool.maxNodes + 1, 0);
  const room = 2 ** (24 - parseCidr(podCidr)!.prefix);
  if (nodes <= room) return;
  throw new ConfigurationError(
    "EKS_POD_RANGE",
    scope,
    `podCidr must hold a /24 for each of ${nodes} nodes (every pool's maxNodes and one), got '${podCidr}' for ` +
      `${Math.floor(room)}; use a larger range, or fewer nodes`,
  );
}
