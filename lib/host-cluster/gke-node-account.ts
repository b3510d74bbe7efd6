// The identity of a pool's nodes: a service account that may do what GKE's node agents need, and pull images.
import { ProjectIamMember, ServiceAccount } from "../core/bindings/google";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { serviceAccountEmail, serviceAccountId } from "./gke-names";
import type { HostReference } from "./host-cluster";

/**
 * Roles of a node. The first lets GKE's agents write logs and metrics, the second reads images of the project.
 * SOURCE: GKE documentation, harden your cluster, 2026.
 */
const NODE_ROLES: Readonly<Record<string, string>> = {
  Node: "roles/container.defaultNodeServiceAccount",
  Images: "roles/artifactregistry.reader",
};

/** A service account for the nodes of one pool, with the two roles on the project. */
export class GkeNodeAccount extends Construct {
  public readonly email: string;
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, reference: HostReference, pool: string) {
    super(scope, id);
    const { account: project, location, name } = reference;
    const accountId = serviceAccountId(location, name, pool);
    this.email = serviceAccountEmail(project, accountId);
    const account = new ServiceAccount(this, "Resource", {
      project,
      accountId,
      displayName: `Nodes of pool ${pool} of host ${name}`,
    });
    const grants = Object.entries(NODE_ROLES).map(
      ([grantId, role]) =>
        new ProjectIamMember(this, grantId, {
          project,
          role,
          member: `serviceAccount:${this.email}`,
          dependsOn: [account],
        }),
    );
    this.ready = [account, ...grants];
  }
}
