// An AKS cluster that tenants share: owned, looked up, or given by attributes.
import {
  DataAzurermKubernetesCluster,
  KubernetesCluster,
  LogAnalyticsWorkspace,
  MonitorDiagnosticSetting,
  ResourceGroup,
  UserAssignedIdentity,
  type KubernetesClusterConfig,
} from "../core/bindings/azurerm";
import { Construct, Fn, type ITerraformDependable } from "../core/cdk";
import { warn } from "../core/notes";
import { Retention } from "../core/retention";
import { address, parseCidr } from "../network/cidr";
import { aksNodeShape, aksProviderFloor, aksScaling } from "../node-pool/aks-pool-reference";
import type { PoolReference } from "../node-pool/node-pool";
import { ClusterAccess } from "./access";
import { AksCni, AksNodeOsChannel, type AksHostOptions } from "./aks-host-options";
import { AKS_MAINTENANCE, aksDefaultPool, aksHostReference, aksScope } from "./aks-host-reference";
import { AksKeys, assignRole } from "./aks-keys";
import { aksName, clusterId, hostTags, nodesGroup, volumesGroup, type AksScope } from "./aks-names";
import type { AzurePlace } from "./aks-network";
import { ensureAzurermProvider, raiseAzurermFloor } from "./azurerm-provider";
import { assertCloud } from "./host-checks";
import type {
  HostReference,
  IHostCluster,
  IHostConnection,
  PodNetwork,
  WorkloadIdentity,
} from "./host-cluster";
import { hostVariables, issuerVariable } from "./host-variables";

/** What an AKS host offers beyond the neutral contract. */
export interface IAksHost extends IHostCluster {
  /** Azure id of the cluster. */
  readonly clusterId: string;
  /** Azure id of the nodes' subnet. */
  readonly nodeSubnetId: string;
}

/** How a stack reaches an AKS host. */
export interface IAksHostConnection extends IHostConnection {
  connect(scope: Construct): IAksHost;
}

/** What another stack needs to know of a cluster to use it. Ids it computes. */
export interface AksHostAttributes {
  /** API server URL, starting with https://. */
  readonly endpoint: string;
  /** CA certificate, base64, as a kubeconfig holds it. */
  readonly certificateAuthority: string;
  /**
   * OIDC issuer URL, which AKS makes up. Tenants with Azure Attestation need it.
   * @default - not known
   */
  readonly oidcIssuer?: string;
}

/** What the control plane logs, but for the audit log. SOURCE: azure-aks-docs, monitor-aks.md, 2026-08-18. */
const LOG_CATEGORIES = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "cluster-autoscaler",
  "cloud-controller-manager",
  "guard",
  "csi-azuredisk-controller",
  "csi-snapshot-controller",
];

/**
 * An AKS cluster with its compulsory system pool, hardened by default: private endpoint, no local accounts, Entra groups
 * and Azure RBAC, no commands run from outside, Secrets in etcd and disks encrypted with keys of its own, control-plane
 * logs kept.
 *
 * The control plane is Microsoft's: it sees etcd's content, and uses the key itself.
 */
export class AksHost extends Construct implements IAksHost {
  /**
   * Checks a host and its pools and returns them as plain data. Run it before `new App()`: an error then leaves
   * nothing behind. Fails with the codes named in AksHostOptions and AksNodePoolOptions.
   */
  public static reference(options: AksHostOptions): HostReference {
    return aksHostReference(options);
  }

  /** A host that is found by name with a data source: needs the cluster to exist at plan. */
  public static lookup(scope: Construct, id: string, reference: HostReference): IAksHost {
    ensureAzurermProvider(scope, reference);
    const found = new DataAzurermKubernetesCluster(scope, id, {
      name: assertCloud(scope, "AksHost", "azure", reference).name,
      resourceGroupName: reference.resourceGroup!,
    });
    const config = found.kubeConfig.get(0);
    return new ImportedAksHost(scope, `${id}Host`, reference, {
      endpoint: config.host,
      certificateAuthority: config.clusterCaCertificate,
      get oidcIssuer() {
        return found.oidcIssuerUrl;
      },
    });
  }

  /** A host given by values or Terraform variables: plans from nothing. */
  public static fromAttributes(
    scope: Construct,
    id: string,
    reference: HostReference,
    attributes: AksHostAttributes,
  ): IAksHost {
    return new ImportedAksHost(scope, id, assertCloud(scope, "AksHost", "azure", reference), attributes);
  }

  /** Connects a stack by `lookup`. */
  public static byLookup(reference: HostReference): IAksHostConnection {
    return { reference, connect: (scope) => AksHost.lookup(scope, "Host", reference) };
  }

  /** Connects a stack by `fromAttributes`. */
  public static byAttributes(reference: HostReference, attributes: AksHostAttributes): IAksHostConnection {
    return { reference, connect: (scope) => AksHost.fromAttributes(scope, "Host", reference, attributes) };
  }

  /**
   * Connects a stack by Terraform variables: `host_endpoint`, `host_certificate_authority` (base64), and
   * `host_oidc_issuer` in stacks with tenants that use Azure Attestation.
   */
  public static byVariables(reference: HostReference): IAksHostConnection {
    return {
      reference,
      connect: (scope) =>
        AksHost.fromAttributes(scope, "Host", reference, {
          ...hostVariables(scope),
          get oidcIssuer() {
            return issuerVariable(scope);
          },
        }),
    };
  }

  public readonly reference: HostReference;
  public readonly access: ClusterAccess;
  public readonly network: PodNetwork;
  public readonly workloadIdentity: WorkloadIdentity;
  public readonly clusterId: string;
  public readonly nodeSubnetId: string;
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: AksHostOptions) {
    super(scope, id);
    const reference = AksHost.reference(props);
    const retention = props.retention ?? Retention.KEEP;
    const host = aksScope(props);
    retention.note(this);
    for (const warning of hostWarnings(props)) warn(this, warning);

    const place = this.place(props, host, retention);
    const network = props.network.define(this, host, place);
    const identity = new UserAssignedIdentity(this, "Identity", { ...place, name: aksName(host, "cluster") });
    const joins = assignRole(
      this,
      "NetworkContributor",
      "Network Contributor",
      network.virtualNetworkId,
      identity,
    );
    const volumes = new ResourceGroup(this, "Volumes", {
      name: volumesGroup(host),
      location: place.location,
      tags: place.tags,
      lifecycle: retention.lifecycle,
    });
    const makesDisks = assignRole(this, "VolumesContributor", "Contributor", volumes.id, identity);
    const keys = new AksKeys(this, "Keys", { ...props, host, place, cluster: identity, retention });
    const logs = new LogAnalyticsWorkspace(this, "Logs", {
      ...place,
      name: aksName(host, "logs"),
      sku: "PerGB2018",
      retentionInDays: props.logRetentionDays ?? 365,
      localAuthenticationEnabled: false,
      lifecycle: retention.lifecycle,
    });
    const cluster = new KubernetesCluster(this, "Resource", {
      ...place,
      ...hardening(props, network.egressAddress),
      ...upgrades(props),
      name: props.name,
      dnsPrefix: props.name,
      nodeResourceGroup: nodesGroup(host),
      kubernetesVersion: props.kubernetesVersion,
      skuTier: "Standard",
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      keyManagementService: { keyVaultKeyId: keys.etcdKeyId, keyVaultNetworkAccess: "Public" },
      diskEncryptionSetId: keys.diskEncryptionSetId,
      networkProfile: networkProfile(props, reference),
      defaultNodePool: this.defaultNodePool(props, reference, network.subnetId),
      microsoftDefender: props.defender ? { logAnalyticsWorkspaceId: logs.id } : undefined,
      lifecycle: retention.lifecycle,
      dependsOn: [joins, makesDisks, ...keys.ready, ...network.ready],
    });
    this.keepLogs(
      "ClusterLogs",
      cluster.id,
      logs,
      [...LOG_CATEGORIES, props.auditReads ? "kube-audit" : "kube-audit-admin"],
      "Dedicated",
    );
    for (const [index, vault] of keys.vaults.entries())
      this.keepLogs(`VaultLogs${index + 1}`, vault.id, logs, ["AuditEvent"]);

    const config = cluster.kubeConfig.get(0);
    this.reference = reference;
    this.network = reference.network;
    this.clusterId = cluster.id;
    this.workloadIdentity = workloadIdentity(() => cluster.oidcIssuerUrl);
    this.nodeSubnetId = network.subnetId;
    this.access = execAccess(config.host, config.clusterCaCertificate);
    this.ready = [cluster];
  }

  private place(props: AksHostOptions, host: AksScope, retention: Retention): AzurePlace {
    const { location } = props;
    const tags = hostTags(props.name);
    if (props.resourceGroup !== undefined) return { location, resourceGroupName: props.resourceGroup, tags };
    const group = new ResourceGroup(this, "ResourceGroup", {
      name: host.resourceGroup,
      location,
      tags,
      lifecycle: retention.lifecycle,
    });
    return { location, resourceGroupName: group.name, tags };
  }

  /**
   * The compulsory pool. Its name in AKS is fixed, because another name replaces the cluster. When its nodes must be new,
   * azurerm puts another pool in its place for a while, without draining.
   */
  private defaultNodePool(
    props: AksHostOptions,
    reference: HostReference,
    vnetSubnetId: string,
  ): KubernetesClusterConfig["defaultNodePool"] {
    const options = aksDefaultPool(props.pools);
    const pool = reference.pools.find(({ name }) => name === options.name) as PoolReference;
    for (const warning of pool.warnings) warn(this, `pool ${pool.name}: ${warning}`);
    raiseAzurermFloor(this, aksProviderFloor(options));
    return {
      ...aksNodeShape(options),
      ...aksScaling(options),
      name: "system",
      temporaryNameForRotation: "systemtmp",
      onlyCriticalAddonsEnabled: true,
      orchestratorVersion: reference.kubernetesVersion,
      nodeLabels: { ...pool.placement.nodeLabels },
      vnetSubnetId,
      upgradeSettings: { maxSurge: "1" },
    };
  }

  /**
   * `tables` is for resources that let one choose. Vaults do not, and forget what was asked for: each plan would ask
   * again (Azure/azure-rest-api-specs issue 22400, 2023-02-01).
   */
  private keepLogs(
    id: string,
    on: string,
    logs: LogAnalyticsWorkspace,
    categories: readonly string[],
    tables?: "Dedicated",
  ): void {
    new MonitorDiagnosticSetting(this, id, {
      name: "tenclave",
      targetResourceId: on,
      logAnalyticsWorkspaceId: logs.id,
      logAnalyticsDestinationType: tables,
      enabledLog: categories.map((category) => ({ category })),
    });
  }
}

/** What stands between the cluster and others. */
function hardening(
  props: AksHostOptions,
  egressAddress: string | undefined,
): Partial<KubernetesClusterConfig> {
  const { publicEndpoint } = props;
  // Nodes reach a public endpoint by their way out (azure-aks-docs, api-server-authorized-ip-ranges.md, 2026-08-03).
  const own = egressAddress ? [`${egressAddress}/32`] : [];
  return {
    privateClusterEnabled: !publicEndpoint,
    ...(publicEndpoint
      ? { apiServerAccessProfile: { authorizedIpRanges: [...publicEndpoint.cidrs, ...own] } }
      : { privateDnsZoneId: "System", privateClusterPublicFqdnEnabled: false }),
    localAccountDisabled: true,
    roleBasedAccessControlEnabled: true,
    azureActiveDirectoryRoleBasedAccessControl: {
      tenantId: props.tenant,
      adminGroupObjectIds: [...props.admins],
      azureRbacEnabled: true,
    },
    runCommandEnabled: false,
    oidcIssuerEnabled: true,
    workloadIdentityEnabled: true,
    azurePolicyEnabled: props.azurePolicy ?? false,
    confidentialComputing: props.sgx ? { sgxQuoteHelperEnabled: props.sgx.quoteHelper } : undefined,
    // File shares have classes without our key, and nothing here needs them.
    storageProfile: {
      diskDriverEnabled: true,
      fileDriverEnabled: false,
      blobDriverEnabled: false,
      snapshotControllerEnabled: true,
    },
  };
}

/** Patches of the same minor and of node images, in one weekly window. */
function upgrades(props: AksHostOptions): Partial<KubernetesClusterConfig> {
  const { dayOfWeek, startTime, hours } = props.maintenance ?? AKS_MAINTENANCE;
  const window = {
    frequency: "Weekly",
    interval: 1,
    dayOfWeek,
    startTime,
    utcOffset: "+00:00",
    duration: hours,
  };
  return {
    automaticUpgradeChannel: (props.automaticPatches ?? true) ? "patch" : undefined,
    nodeOsUpgradeChannel: (props.nodeOsChannel ?? AksNodeOsChannel.NODE_IMAGE).id,
    maintenanceWindowAutoUpgrade: window,
    maintenanceWindowNodeOs: window,
    imageCleanerEnabled: true,
    imageCleanerIntervalHours: 168,
  };
}

function networkProfile(
  props: AksHostOptions,
  { network }: HostReference,
): NonNullable<KubernetesClusterConfig["networkProfile"]> {
  const plugin =
    network.cni === AksCni.OWN_CILIUM.id
      ? { networkPlugin: "none" }
      : {
          networkPlugin: "azure",
          networkPluginMode: "overlay",
          networkDataPlane: "cilium",
          networkPolicy: "cilium",
        };
  return {
    ...plugin,
    podCidr: network.podCidr,
    serviceCidr: network.serviceCidr,
    // Not the first address, which is the API server's.
    dnsServiceIp: address(parseCidr(network.serviceCidr)!, 10),
    outboundType: props.network.egress.outboundType,
    loadBalancerSku: "standard",
  };
}

function hostWarnings({ publicEndpoint, cni }: AksHostOptions): string[] {
  return [
    ...(publicEndpoint
      ? [`API endpoint is public for ${publicEndpoint.cidrs.join(", ")}: ${publicEndpoint.reason.trim()}`]
      : []),
    ...(cni?.id === AksCni.MANAGED_CILIUM.id
      ? [
          "AKS' own Cilium: azurerm cannot switch its WireGuard on, so pod traffic between nodes is in clear and tenants are refused",
        ]
      : []),
  ];
}

/** The issuer is read only where it is needed: each reading makes a token, or a variable. */
function workloadIdentity(issuer: () => string | undefined): WorkloadIdentity {
  return {
    kind: "azure-workload-identity",
    get issuer() {
      return issuer();
    },
  };
}

/** A cluster that another stack, or somebody else, owns. */
class ImportedAksHost extends Construct implements IAksHost {
  public readonly access: ClusterAccess;
  public readonly network: PodNetwork;
  public readonly workloadIdentity: WorkloadIdentity;
  public readonly clusterId: string;
  public readonly nodeSubnetId: string;
  public readonly ready: ITerraformDependable[] = [];

  public constructor(
    scope: Construct,
    id: string,
    public readonly reference: HostReference,
    attributes: AksHostAttributes,
  ) {
    super(scope, id);
    this.network = reference.network;
    this.clusterId = clusterId({ ...reference, resourceGroup: reference.resourceGroup! });
    this.nodeSubnetId = reference.network.nodeSubnet!;
    this.workloadIdentity = workloadIdentity(() => attributes.oidcIssuer);
    this.access = execAccess(attributes.endpoint, attributes.certificateAuthority);
  }
}

/** The AKS API servers' own application in Entra, the same in every tenant. SOURCE: azure-aks-docs, kubelogin-authentication.md, 2023-11-28. */
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Login by kubelogin, as whoever the Azure CLI is logged in: a token that never reaches state. */
function execAccess(endpoint: string, certificateAuthority: string): ClusterAccess {
  return ClusterAccess.exec(endpoint, Fn.base64decode(certificateAuthority), {
    command: "kubelogin",
    args: ["get-token", "--login", "azurecli", "--server-id", AKS_SERVER_ID],
  });
}
