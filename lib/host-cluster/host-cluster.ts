// The contract of a host cluster: what other layers may know of it, as plain data and as a construct.
import type { Construct, IConstruct, ITerraformDependable } from "../core/cdk";
import type { Administrators } from "../admission/rule";
import type { PoolReference } from "../node-pool/node-pool";
import type { ClusterAccess } from "./access";

/** What the pod network is and does. */
export interface PodNetwork {
  /** Shape: `cilium` (our own chart), `azure-cilium` (managed), `gke-dataplane-v2` (managed). */
  readonly cni: string;
  /** Range pods get addresses from, CIDR. */
  readonly podCidr: string;
  /** Range of Service addresses, CIDR. */
  readonly serviceCidr: string;
  /** Range of node addresses, CIDR. */
  readonly nodeCidr: string;
  /** Id of the subnet nodes are in, where it is known at synth and node pools name it. @default - not known */
  readonly nodeSubnet?: string;
  /** Bytes a packet between nodes may have. */
  readonly mtu: number;
  /** DNS servers a node's own resolver configuration names; a virtual cluster's CoreDNS forwards there. */
  readonly nodeResolvers: readonly string[];
  /** True when NetworkPolicies take effect. Tenants need it: HOST_NETWORK. */
  readonly enforcesNetworkPolicy: boolean;
  /**
   * True when CiliumClusterwideNetworkPolicies take effect: tenants then cannot re-open what the host's fence denies.
   * @default - true with `cilium`, else false
   */
  readonly clusterwidePolicies?: boolean;
  /** True when pod traffic between nodes is encrypted; between pods of one node it is always in clear. */
  readonly encryptsPodTraffic: boolean;
  /**
   * Range of the API server as pods see it, when the CNI is the cloud's own and knows no `kube-apiserver` entity.
   * @default - the CNI knows the API server by itself
   */
  readonly apiServerCidr?: string;
  /** False on an EKS overlay: webhooks that fail closed must run on the host network. */
  readonly apiServerReachesPods: boolean;
  /** True when nodes can pull images from the internet. */
  readonly internetEgress: boolean;
}

/**
 * A host cluster as plain data, known at synth and before it.
 *
 * Layers meet by it: every check of a tenant runs on this alone.
 */
export interface HostReference {
  /** aws, azure or google. */
  readonly cloud: string;
  /** DNS-1123 label, unique within the account and region. */
  readonly name: string;
  /** Region, in the cloud's own words. */
  readonly location: string;
  /** Account, subscription or project. */
  readonly account: string;
  /** What else names the cluster in its cloud, like an Azure resource group. @default - nothing */
  readonly resourceGroup?: string;
  /** Minor version, like `1.34`. */
  readonly kubernetesVersion: string;
  readonly network: PodNetwork;
  readonly pools: readonly PoolReference[];
  /** Class for volumes that say nothing else, and for the virtual control planes' own. */
  readonly storageClass: StorageClassReference;
  /**
   * Who administers the host, as its API server names them: admission rules let them alone change guardrails. Whoever
   * runs the in-cluster stacks must be among them.
   */
  readonly administrators: Administrators;
  /** Namespace whose pods may reach tenants' API servers. Undefined when there is no gateway. */
  readonly gatewayNamespace?: string;
}

/** The encrypted StorageClass of a host. */
export interface StorageClassReference {
  /** What a PersistentVolumeClaim names, also inside a virtual cluster. */
  readonly name: string;
  /** CSI driver. */
  readonly provisioner: string;
  /** Classes the cloud makes by itself, without our key: tenants' quota for them is zero. */
  readonly refused: readonly string[];
  /** The driver's own parameters, encryption among them. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** How workloads get cloud identities. */
export interface WorkloadIdentity {
  /** Shape: `eks-pod-identity`, `azure-workload-identity`, `gke-workload-identity`. */
  readonly kind: string;
  /**
   * Issuer of service accounts' tokens, https. On hosts connected by variables, reading it declares `host_oidc_issuer`.
   * @default - not known, or the cloud needs none
   */
  readonly issuer?: string;
}

/** A cluster that tenants share; owned, looked up, or given by attributes. */
export interface IHostCluster extends IConstruct {
  readonly reference: HostReference;
  /** How the helm and kubernetes providers log in. */
  readonly access: ClusterAccess;
  readonly network: PodNetwork;
  readonly workloadIdentity: WorkloadIdentity;
  readonly ready: ITerraformDependable[];
}

/** How a stack reaches a host that another stack, or somebody else, owns. */
export interface IHostConnection {
  readonly reference: HostReference;
  /** Defines what the stack of `scope` needs (a data source, variables, or nothing) and returns the host. */
  connect(scope: Construct): IHostCluster;
}
