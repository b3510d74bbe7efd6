// A host that somebody else owns, reached with a login that is at hand. Needs no cloud's provider.
import { Construct, type ITerraformDependable } from "../core/cdk";
import type { ClusterAccess } from "./access";
import type {
  HostReference,
  IHostCluster,
  IHostConnection,
  PodNetwork,
  WorkloadIdentity,
} from "./host-cluster";

/** How workloads get cloud identities, by cloud. */
const WORKLOAD_IDENTITY: Readonly<Record<string, string>> = {
  aws: "eks-pod-identity",
  azure: "azure-workload-identity",
  google: "gke-workload-identity",
};

/**
 * A host known by its reference, often from a `HostFile`, and by a login: a kubeconfig file, or an exec plug-in.
 * It serves the in-cluster layers (cni, platform, tenants); layers of a cloud need that cloud's host class.
 */
export class GivenHost extends Construct implements IHostCluster {
  /** Connects stacks: `GivenHost.by(HostFile.read("hosts/prod-eu.json"), ClusterAccess.kubeconfig(…))`. */
  public static by(reference: HostReference, access: ClusterAccess): IHostConnection {
    return { reference, connect: (scope) => new GivenHost(scope, "Host", reference, access) };
  }

  public readonly network: PodNetwork;
  public readonly workloadIdentity: WorkloadIdentity;
  public readonly ready: ITerraformDependable[] = [];

  public constructor(
    scope: Construct,
    id: string,
    public readonly reference: HostReference,
    public readonly access: ClusterAccess,
  ) {
    super(scope, id);
    this.network = reference.network;
    this.workloadIdentity = { kind: WORKLOAD_IDENTITY[reference.cloud]! };
  }
}
