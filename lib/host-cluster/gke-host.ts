// A GKE cluster that tenants share: owned, looked up, or given by attributes.
import { ContainerCluster, DataGoogleContainerCluster } from "../core/bindings/google";
import { dayOf } from "../core/clock";
import { Construct, Fn, type ITerraformDependable } from "../core/cdk";
import { warn } from "../core/notes";
import { Retention } from "../core/retention";
import { checkGkePool } from "../node-pool/gke-pool-reference";
import { ClusterAccess } from "./access";
import type { GkeHostOptions } from "./gke-host-options";
import { gkeHostReference, keyRing } from "./gke-host-reference";
import { GkeKeys } from "./gke-keys";
import { GkeNodeAccount } from "./gke-node-account";
import { ensureGoogleProvider } from "./google-provider";
import { assertCloud } from "./host-checks";
import type {
  HostReference,
  IHostCluster,
  IHostConnection,
  PodNetwork,
  WorkloadIdentity,
} from "./host-cluster";
import { hostVariables } from "./host-variables";

/** What a GKE host offers beyond the neutral contract. */
export interface IGkeHost extends IHostCluster {
  /** Name of the GKE cluster: the host's own. */
  readonly clusterName: string;
}

/** How a stack reaches a GKE host. */
export interface IGkeHostConnection extends IHostConnection {
  connect(scope: Construct): IGkeHost;
}

/** What another stack needs to know of a cluster to use it. */
export interface GkeHostAttributes {
  /** API server URL, starting with https://. */
  readonly endpoint: string;
  /** CA certificate, base64, as GKE prints it. @default - one that everybody trusts: the DNS endpoint's */
  readonly certificateAuthority?: string;
}

/** How a looked-up host is reached. */
export interface GkeLookupOptions {
  /**
   * True reaches the API by its DNS name, which the host must have open (`dnsEndpoint`).
   * @default false
   */
  readonly byDnsName?: boolean;
}

/**
 * What only the first nodes need. Above all their zones: a later change of the cluster's would move every pool's nodes
 * into them, confidential ones too. SOURCE: GKE API reference, Cluster.locations, 2026.
 */
const ONLY_AT_FIRST = ["initial_node_count", "node_config", "node_locations"];

/** Saturdays and Sundays: 64 hours or more in every 32 days, of which GKE asks for 48. */
const WEEKENDS = {
  start: "2026-01-03T02:00:00Z",
  end: "2026-01-03T10:00:00Z",
  recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
};

/** The control plane's own parts. Tenants' logs stay in the cluster: Cloud Logging is outside every TEE. */
const COMPONENTS = ["SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"];

/**
 * A regional GKE cluster without pools of its own, hardened by default: private nodes and endpoint, Dataplane V2 with
 * encryption between nodes, secrets under an own rotating key in hardware, workload identity, shielded nodes with
 * secure boot, binary authorization, no anonymous access, no client certificate, control-plane logs.
 */
export class GkeHost extends Construct implements IGkeHost {
  /**
   * Checks a host and its pools and returns them as plain data. Run it before `new App()`: an error then leaves
   * nothing behind. Fails with the codes named in GkeHostOptions and GkeNodePoolOptions.
   */
  public static reference(options: GkeHostOptions): HostReference {
    return gkeHostReference(options);
  }

  /** A host that is found by name with a data source: needs the cluster to exist at plan. */
  public static lookup(
    scope: Construct,
    id: string,
    reference: HostReference,
    options: GkeLookupOptions = {},
  ): IGkeHost {
    assertCloud(scope, "GkeHost", "google", reference);
    ensureGoogleProvider(scope, reference);
    const found = new DataGoogleContainerCluster(scope, id, {
      name: reference.name,
      location: reference.location,
      project: reference.account,
    });
    const attributes = options.byDnsName
      ? { endpoint: `https://${found.controlPlaneEndpointsConfig.get(0).dnsEndpointConfig.get(0).endpoint}` }
      : {
          endpoint: `https://${found.endpoint}`,
          certificateAuthority: found.masterAuth.get(0).clusterCaCertificate,
        };
    return new ImportedGkeHost(scope, `${id}Host`, reference, attributes);
  }

  /** A host given by values or Terraform variables: plans from nothing. */
  public static fromAttributes(
    scope: Construct,
    id: string,
    reference: HostReference,
    attributes: GkeHostAttributes,
  ): IGkeHost {
    return new ImportedGkeHost(scope, id, assertCloud(scope, "GkeHost", "google", reference), attributes);
  }

  /** Connects a stack by `lookup`. */
  public static byLookup(reference: HostReference, options: GkeLookupOptions = {}): IGkeHostConnection {
    return { reference, connect: (scope) => GkeHost.lookup(scope, "Host", reference, options) };
  }

  /** Connects a stack by `fromAttributes`. */
  public static byAttributes(reference: HostReference, attributes: GkeHostAttributes): IGkeHostConnection {
    return { reference, connect: (scope) => GkeHost.fromAttributes(scope, "Host", reference, attributes) };
  }

  /** Connects a stack by Terraform variables: `host_endpoint` and `host_certificate_authority` (base64). */
  public static byVariables(reference: HostReference): IGkeHostConnection {
    return {
      reference,
      connect: (scope) => GkeHost.fromAttributes(scope, "Host", reference, hostVariables(scope)),
    };
  }

  public readonly reference: HostReference;
  public readonly access: ClusterAccess;
  public readonly network: PodNetwork;
  public readonly workloadIdentity: WorkloadIdentity = GKE_WORKLOAD_IDENTITY;
  public readonly clusterName: string;
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GkeHostOptions) {
    super(scope, id);
    const reference = GkeHost.reference(props);
    const retention = props.retention ?? Retention.KEEP;
    retention.note(this);
    this.noteWeakenings(props);

    const keys = new GkeKeys(this, "Keys", { ...props, ringName: keyRing(props), retention });
    const { podCidr, serviceCidr, apiServerCidr } = reference.network;
    const place = props.network.define(this, { ...props, podCidr, serviceCidr });
    const firstNodes = new GkeNodeAccount(this, "FirstNodes", reference, "first");
    const cluster = new ContainerCluster(this, "Resource", {
      name: props.name,
      project: props.project,
      location: props.region,
      nodeLocations: systemZones(props),
      network: place.network,
      subnetwork: place.subnetwork,
      networkingMode: "VPC_NATIVE",
      ipAllocationPolicy: {
        clusterSecondaryRangeName: place.podRangeName,
        servicesSecondaryRangeName: place.serviceRangeName,
        stackType: "IPV4",
      },
      defaultMaxPodsPerNode: 110,
      minMasterVersion: props.kubernetesVersion,
      releaseChannel: { channel: props.releaseChannel ?? "REGULAR" },
      maintenancePolicy: maintenance(props),
      deletionProtection: retention.protects,

      // Network: Google's own Cilium, encrypting between nodes.
      datapathProvider: "ADVANCED_DATAPATH",
      inTransitEncryptionConfig: "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT",
      enableCiliumClusterwideNetworkPolicy: props.clusterwidePolicies ?? true,
      enableFqdnNetworkPolicy: false,
      serviceExternalIpsConfig: { enabled: false },

      // Who reaches the API, and as whom.
      privateClusterConfig: {
        enablePrivateNodes: true,
        enablePrivateEndpoint: props.publicEndpoint === undefined,
        masterIpv4CidrBlock: apiServerCidr,
        masterGlobalAccessConfig: { enabled: false },
      },
      masterAuthorizedNetworksConfig: {
        gcpPublicCidrsAccessEnabled: false,
        privateEndpointEnforcementEnabled: true,
        cidrBlocks: [...(props.apiClientCidrs ?? []), ...(props.publicEndpoint?.cidrs ?? [])].map(
          (cidrBlock) => ({ cidrBlock }),
        ),
      },
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: props.dnsEndpoint !== undefined },
        ipEndpointsConfig: { enabled: true },
      },
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      enableLegacyAbac: false,
      anonymousAuthenticationConfig: { mode: "LIMITED" },
      rbacBindingConfig: {
        enableInsecureBindingSystemAuthenticated: false,
        enableInsecureBindingSystemUnauthenticated: false,
      },
      authenticatorGroupsConfig: props.securityGroup ? { securityGroup: props.securityGroup } : undefined,
      workloadIdentityConfig: { workloadPool: `${props.project}.svc.id.goog` },

      // Data and images.
      databaseEncryption: { state: "ENCRYPTED", keyName: keys.id("etcd") },
      binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" },

      // Logs, metrics, add-ons.
      loggingConfig: { enableComponents: COMPONENTS },
      monitoringConfig: {
        enableComponents: COMPONENTS,
        managedPrometheus: { enabled: false },
        advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: false },
      },
      addonsConfig: {
        gcePersistentDiskCsiDriverConfig: { enabled: true },
        // Its classes and shares know no key of ours.
        gcpFilestoreCsiDriverConfig: { enabled: false },
        gcsFuseCsiDriverConfig: { enabled: false },
        // Tenants' fences name kube-dns itself.
        dnsCacheConfig: { enabled: false },
      },

      // Nodes that GKE starts with and that go at once; pools bring their own settings.
      enableShieldedNodes: true,
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      nodeConfig: {
        machineType: "e2-standard-2",
        imageType: "COS_CONTAINERD",
        diskType: "pd-balanced",
        diskSizeGb: 20,
        bootDiskKmsKey: keys.id("nodes"),
        serviceAccount: firstNodes.email,
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        metadata: { "disable-legacy-endpoints": "true" },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
      },
      nodePoolDefaults: { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
      nodePoolAutoConfig: { nodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
      lifecycle: { ...retention.lifecycle, ignoreChanges: ONLY_AT_FIRST },
      dependsOn: [...keys.ready, ...place.ready, ...firstNodes.ready],
    });

    this.reference = reference;
    this.network = reference.network;
    this.clusterName = cluster.name;
    this.access = execAccess({
      endpoint: `https://${cluster.endpoint}`,
      certificateAuthority: cluster.masterAuth.clusterCaCertificate,
    });
    this.ready = [cluster];
  }

  /** What somebody decided to open, and what GKE does unless it is told not to. */
  private noteWeakenings({
    publicEndpoint,
    dnsEndpoint,
    clusterwidePolicies,
    holdMinor,
    kubernetesVersion,
  }: GkeHostOptions): void {
    if (publicEndpoint)
      warn(
        this,
        `API endpoint is public for ${publicEndpoint.cidrs.join(", ")}: ${publicEndpoint.reason.trim()}`,
      );
    if (dnsEndpoint)
      warn(this, `API is open by its DNS name to whom IAM lets in: ${dnsEndpoint.reason.trim()}`);
    if (clusterwidePolicies === false)
      warn(
        this,
        "no clusterwide policies: whoever may write a policy in a tenant's namespace opens its fence",
      );
    if (!holdMinor || holdMinor.until < dayOf(undefined))
      warn(
        this,
        `GKE raises Kubernetes ${kubernetesVersion} by itself one day; virtual clusters then run another minor than the host: ` +
          (holdMinor ? `holdMinor ended on ${holdMinor.until}, move it on` : "set holdMinor"),
      );
  }
}

const GKE_WORKLOAD_IDENTITY: WorkloadIdentity = { kind: "gke-workload-identity" };

/** Zones of the first system pool: the cluster's own first nodes stand there. */
function systemZones({ region, kubernetesVersion, pools }: GkeHostOptions): string[] {
  const system = pools.find((pool) => pool.system)!;
  return [...checkGkePool({ location: region, kubernetesVersion }, system).zones];
}

function maintenance({ maintenanceWindow, holdMinor }: GkeHostOptions): object {
  const { start, end, recurrence } = maintenanceWindow ?? WEEKENDS;
  return {
    recurringWindow: { startTime: start, endTime: end, recurrence },
    maintenanceExclusion: holdMinor && [
      {
        exclusionName: "hold-minor",
        startTime: `${holdMinor.from}T00:00:00Z`,
        endTime: `${holdMinor.until}T23:59:59Z`,
        exclusionOptions: { scope: "NO_MINOR_UPGRADES" },
      },
    ],
  };
}

/** A cluster that another stack, or somebody else, owns. */
class ImportedGkeHost extends Construct implements IGkeHost {
  public readonly access: ClusterAccess;
  public readonly network: PodNetwork;
  public readonly workloadIdentity = GKE_WORKLOAD_IDENTITY;
  public readonly clusterName: string;
  public readonly ready: ITerraformDependable[] = [];

  public constructor(
    scope: Construct,
    id: string,
    public readonly reference: HostReference,
    attributes: GkeHostAttributes,
  ) {
    super(scope, id);
    this.network = reference.network;
    this.clusterName = reference.name;
    this.access = execAccess(attributes);
  }
}

/** Login by Google's plug-in: a token that lives an hour and never reaches state. */
function execAccess({ endpoint, certificateAuthority }: GkeHostAttributes): ClusterAccess {
  const certificate = certificateAuthority === undefined ? undefined : Fn.base64decode(certificateAuthority);
  return ClusterAccess.exec(endpoint, certificate, { command: "gke-gcloud-auth-plugin", args: [] });
}
