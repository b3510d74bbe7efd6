// Coded errors: one shape, one table of codes, one way to report many at once.
import type { IConstruct } from "./cdk";

/**
 * Every code the library can raise, with the rule it stands for. Codes are permanent.
 * docs/errors.md is generated from this table.
 */
export const ERROR_CODES = {
  AKS_ADMIN: "a cluster without local accounts names its administrators' groups, and who makes its keys",
  AKS_LOGS: "logs are kept for as many days as Log Analytics keeps them",
  AKS_MAINTENANCE: "upgrades come in a window of at least four hours, once a week",
  ATTESTATION_INIT_DATA:
    "initialisation data is whole text, known at synthesis, for evidence that carries its digest",
  ATTESTATION_REFERENCE:
    "reference values are what the evidence carries, well-formed, and good long enough for a roll-out",
  ATTESTATION_VERIFIER:
    "a tenant's verifier is one of the platform's, each named once, and claims no more than its wiring",
  ATTESTATION_WORKLOAD: "an attested workload has a name of its own, one agent policy, and whole DNS names",
  AZURE_ATTESTATION:
    "Azure Attestation judges confidential machines of its own host, in a region that has it and a jurisdiction somebody agreed to",
  AZURE_RELEASE_POLICY:
    "a release policy names an attestation service and what its token must say, in the grammar of Azure Key Vault",
  AZURE_VAULT: "a key vault says from where it may be reached",
  CERTIFICATE_LIFE: "a workload's certificate lives 15 to 60 minutes",
  CERTIFICATE_NAME: "certificates carry host names that are written out, and a trust domain in lower case",
  CHART_SOURCE: "a chart comes from a Helm repository, an OCI registry or a directory that exists",
  CROSS_STACK: "constructs of another stack are not accepted: stacks meet by HostReference",
  EKS_ACCOUNT: "an AWS account id has 12 digits",
  EKS_ADMIN:
    "a cluster whose creator is no administrator needs at least one other administrator, each named once",
  EKS_API_CLIENTS: "ranges that reach the private API endpoint are private IPv4 ranges, each once",
  EKS_ATTRIBUTES:
    "a cluster given by values has an https endpoint, a CA in base64, and subnets where it gets pools",
  EKS_GATEWAY: "the gateway's namespace is its own",
  EKS_KEY: "a given KMS key is named by its key ARN, in the host's region",
  EKS_KUBERNETES: "the Kubernetes version is a minor this library knows on EKS",
  EKS_LOGS: "logs are kept for a number of days CloudWatch knows",
  EKS_NAME:
    "a host name is a DNS-1123 label of at most 32 characters, because Cilium takes no longer cluster name",
  EKS_NETWORK_CIDR: "the VPC takes a private IPv4 range of /16 to /20",
  EKS_NETWORK_OVERLAP: "VPC, pod and service ranges are private and do not overlap",
  EKS_NETWORK_SUBNETS:
    "a given network has private subnets in at least two zones, with their VPC and its range, by id and each once",
  EKS_POD_RANGE: "the pod range holds a /24 for each node",
  EKS_PUBLIC_ENDPOINT: "a public API endpoint names the public ranges it is open to and a reason",
  EKS_REGION: "the region is a commercial or GovCloud one of AWS",
  EKS_SECURITY_GROUP: "self-managed nodes join with the cluster's own security group",
  EKS_ZONES: "zones are known for this region or given, three of them",
  GKE_ADMIN: "a GKE host names who administers it, because admission rules let them alone change guardrails",
  GKE_CNI: "Dataplane V2 is Cilium that Google runs: no second one is installed beside it",
  GKE_CPU_PLATFORM: "the minimum CPU platform is one the machine series has and the TEE works on",
  GKE_FQDN_POLICY: "FQDN policies and encryption between nodes exclude each other on GKE",
  GKE_MAINTENANCE: "a maintenance window and a hold on the minor version are written as GKE takes them",
  GKE_NETWORK: "a given network names its VPC, its subnet in the host's region and the two secondary ranges",
  GKE_RELEASE_CHANNEL: "the release channel is one GKE has",
  GKE_SECURITY_GROUP: "the group for RBAC is gke-security-groups at the organization's domain",
  GOOGLE_CONDITION:
    "a condition on Google's tokens names claims that the evidence carries, and locks nobody out",
  GOOGLE_TRUST: "pool and keys of Google's attestation live in a project of their own, by names Google takes",
  HOST_ADMIN: "a host says who administers it, and that is not everybody",
  HOST_CLOUD: "this construct works on the cloud it was written for",
  HOST_FILE: "a host file holds a HostReference as this library wrote it",
  HOST_GATEWAY: "the gateway's namespace is its own",
  HOST_KUBERNETES: "the Kubernetes version is a minor this library knows",
  HOST_LOCATION: "the location is written as the cloud writes it",
  HOST_NAME:
    "a host name is a DNS-1123 label of at most 32 characters, because Cilium takes no longer cluster name",
  HOST_NETWORK: "tenants need a network that enforces policies and encrypts between nodes",
  HOST_PUBLIC_ENDPOINT: "a public API endpoint names the ranges it is open to and a reason",
  HOST_RANGES: "node, pod and service ranges are private, large enough, and do not overlap",
  HOST_SCOPE: "subscription, tenant, project and account ids are written as the cloud writes them",
  IMAGES_UNREACHABLE: "nodes without a way to the internet need a mirror registry for every image",
  ITA_API_KEY: "Intel Trust Authority's API key is named by where it is, never written down",
  ITA_POLICY: "Intel Trust Authority judges by policies named by id, for a TEE whose claims are known",
  ITA_REGION: "Intel Trust Authority's endpoint, issuer and API key are of one region",
  ITA_TOKEN: "tokens of Intel Trust Authority live an hour at most",
  KEY_ADMIN: "a tenant's key names who administers it: roles and users, never the whole account",
  KEY_DELETION: "a deleted key waits long enough that a mistake can be taken back",
  LAYER_ORDER:
    "layers of one host are defined in the order host, cni, pools, platform, trust, trust-policy, tenants",
  MANIFEST_OBJECT:
    "a manifest release holds at least one object, each with apiVersion, kind and metadata.name",
  NAME: "a name is a DNS-1123 label of at most 40 characters",
  OPTION_TYPE: "options have the names and types their declaration says, also where they come from JSON",
  POOL_DEDICATED:
    "a pattern for dedicated pools is expanded for the tenants that name it, and is no system pool",
  POOL_DISK: "the disk type goes with the machine type and the TEE",
  POOL_DUPLICATE: "pool names are unique within a host",
  POOL_ENCLAVES: "enclaves fit the instance, which keeps CPUs and memory for itself",
  POOL_FEATURE: "features that exclude each other are not asked for together",
  POOL_INSTANCE_TYPE: "the instance type is in the table of its TEE",
  POOL_MACHINE_TYPE: "the Google machine type is in the table of its TEE",
  POOL_OS: "the operating system image exists for the TEE and the Kubernetes version",
  POOL_REFERENCE: "the pools a stack makes are the pools the host reference names",
  POOL_REGION: "the region sells the TEE",
  POOL_RETIRED: "a pool of a machine type the vendor took away stays only with acceptRetired and a reason",
  POOL_SIZE: "node counts are whole numbers with 0 <= min <= max and max >= 1, and a disk fits the image",
  POOL_SYSTEM: "a host has at least one plain system pool, where add-ons run and tenants do not",
  POOL_TEE: "the TEE can be had on nodes of this cloud",
  POOL_UNPROVEN: "a fact nobody proved is used only with acceptUnproven and a reason",
  POOL_VERSION: "the Kubernetes version is one the TEE works on",
  POOL_VM_SIZE: "the VM size is in the table of its TEE",
  POOL_ZONES: "the zones sell the machine type with its TEE",
  REASON: "a weakening takes a reason in words",
  STALENESS: "each part of the age of evidence is a number of minutes, and none is below zero",
  TEE_QUERY: "a question about TEEs names a sensitivity, parties and a cloud this library knows",
  TENANT_API: "an API exposed by gateway has a host name, and the host has a gateway namespace",
  TENANT_CAPACITY: "the tenants of a pool fit into its largest size",
  TENANT_DIRECTORY: "the tenants directory exists, can be read and holds at least one tenant",
  TENANT_DUPLICATE: "a tenant name is used by one file",
  TENANT_EGRESS: "egress names ranges outside the cluster, never everything, never a metadata address",
  TENANT_EXCEPTION:
    "an exception names a rule that takes one, a reason, an owner, and a day within a year that has not passed",
  TENANT_FILE: "a tenant file, and what it names in the tenants directory, can be read",
  TENANT_FQDN: "egress by name names one host outside, on a host that can tell names",
  TENANT_HOST: "a tenant runs on a host of the platform that can take it, and never moves",
  TENANT_JSON: "a tenant file is well-formed JSON",
  TENANT_KEY: "a tenant file has no keys but the known ones",
  TENANT_LIMIT: "a limit is not below its request",
  TENANT_LOCK:
    "the lock file is well-formed, of a known version, with at most 15 tenants a shard, written by one run at a time",
  TENANT_NAME: "a tenant name is a DNS-1123 label of at most 40 characters",
  TENANT_NAME_RESERVED: "some names belong to Kubernetes or to the platform",
  TENANT_NEW: "a new tenant is written into the lock file before it is synthesized",
  TENANT_OIDC:
    "an identity provider is reached by https on 443, by a name outside the cluster that the host's fence can open",
  TENANT_OIDC_GROUPS: "at least one group of the provider works inside, and none is Kubernetes' own",
  TENANT_POOL: "the pool exists on the host and takes tenants",
  TENANT_QUANTITY: "a quota is a Kubernetes quantity",
  TENANT_RETIRED: "the name of an off-boarded tenant is never used again",
  TENANT_TIER: "the trust tier that pool and verifier reach meets the tenant's sensitivity",
  TENANT_TYPE: "a value has the type the schema says",
  TENANT_VANISHED: "a tenant in the lock file has its file, or was off-boarded on purpose",
  TRUSTEE_ADMIN:
    "Trustee's admin API is closed, or opened for roles of an identity provider that write no policies",
  TRUSTEE_EGRESS: "ranges that Trustee talks with are named, and are not everything",
  TRUSTEE_ENDPOINT: "addresses of Trustee are https with a host name",
  TRUSTEE_HOST:
    "Trustee runs on a host that fences and encrypts pod traffic, and that is not the tenants' own",
  TRUSTEE_IMAGE: "images of a verifier are pinned by digest",
  TRUSTEE_POLICY:
    "Trustee's policies name whole digests, each of one repository, and nodes get no tenant's repository",
  TRUSTEE_SESSIONS: "sessions of several replicas are kept in Postgres",
  VAULT_AUDIT: "audit devices are a file by its absolute path, and standard output or a collector",
  VAULT_ENDPOINT: "Vault and the keys it reads are reached by https alone",
  VAULT_LOGIN:
    "a log-in takes one verifier's short-lived results, with keys, issuer and claims that bind; node evidence is the platform's",
  VAULT_ROLE: "a role binds the whole digest of one workload, and no two bind the same",
  VAULT_TOKEN: "Vault's tokens live 2 to 5 minutes, and ranges they come from are named",
  VCLUSTER_FLAG: "own flags of the virtual API server do not change those this library sets",
  VCLUSTER_HARDENED: "chart values that hold the fence are not overridden",
  VCLUSTER_KUBERNETES: "the virtual cluster runs the host's Kubernetes minor",
  VCLUSTER_LICENCE: "chart values that need a vCluster licence are set only with license",
  WORKLOAD_POD: "a pod that gets secrets names images by digest, and what it gets by well-formed names",
  WORKLOAD_SECRET: "above CONFIDENTIAL_NODE no Kubernetes Secret and no volume of the node carries a secret",
} as const satisfies Record<string, string>;

/** One of the permanent error codes. */
export type ErrorCode = keyof typeof ERROR_CODES;

const ERROR = Symbol.for("tenclave/ConfigurationError");

/** Where an error happened: a construct, or the path of a file and a key in it. */
export type ErrorScope = IConstruct | string;

/**
 * A wrong input, with a permanent code, the place, and what to do.
 *
 * The message reads `[CODE] path: rule in the caller's words, got value; do this`.
 */
export class ConfigurationError extends Error {
  /** True for an error of this kind, also when it comes from a second copy of the library. */
  public static is(thing: unknown): thing is ConfigurationError {
    return typeof thing === "object" && thing !== null && ERROR in thing;
  }

  public readonly code: ErrorCode;
  /** Construct path, or file and key. */
  public readonly path: string;
  /** The single errors when several are reported together, else just this one. */
  public readonly errors: readonly ConfigurationError[];

  public constructor(
    code: ErrorCode,
    scope: ErrorScope,
    message: string,
    errors?: readonly ConfigurationError[],
  ) {
    const path = typeof scope === "string" ? scope : scope.node.path;
    super(errors ? message : `[${code}] ${path}: ${message}`);
    this.name = "ConfigurationError";
    this.code = code;
    this.path = path;
    this.errors = errors ?? [this];
    Object.defineProperty(this, ERROR, { value: true });
  }
}

/** Throws nothing for none, the one for one, and all of them as one error for many. */
export function throwTogether(errors: readonly ConfigurationError[]): void {
  const [first, second] = errors;
  if (!first) return;
  if (!second) throw first;
  const message = errors.map((e) => e.message).join("\n");
  throw new ConfigurationError(first.code, first.path, message, errors);
}

/** Returns the reason, or throws REASON when it says nothing. */
export function reasonOf(scope: ErrorScope, prop: string, reason: string): string {
  const text = reason.trim();
  if (text.length < 5)
    throw new ConfigurationError(
      "REASON",
      scope,
      `${prop} takes a reason in words, got '${reason}'; say why, for whoever audits this later`,
    );
  return text;
}
