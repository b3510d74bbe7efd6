// AKS node pools: plain, confidential by VM size, SGX, or with a Kata virtual machine for each pod.
import { KubernetesClusterNodePool } from "../core/bindings/azurerm";
import type { Construct, ITerraformDependable } from "../core/cdk";
import { assertSameStack } from "../core/depend";
import type { IAksHost } from "../host-cluster/aks-host";
import { raiseAzurermFloor } from "../host-cluster/azurerm-provider";
import type { AksNodePoolOptions } from "./aks-pool-options";
import {
  aksNodeShape,
  aksPoolName,
  aksPoolReference,
  aksProviderFloor,
  aksScaling,
} from "./aks-pool-reference";
import { NodePoolBase } from "./node-pool-base";

export interface AksNodePoolProps extends AksNodePoolOptions {
  /** The host, connected to in the same stack. Fails with CROSS_STACK. */
  readonly host: IAksHost;
  /**
   * What nodes wait for beside the host: Cilium, when it is defined in the same stack.
   * @default - nothing
   */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Nodes of one VM size.
 *
 * The VM size alone makes nodes confidential. Disks are encrypted with the host's key. Nodes stay NotReady until the CNI
 * is there, so they need no startup taint; AKS would put one back after Cilium took it off. A change of what nodes are
 * born with makes a new pool beside the old one, and needs quota for both.
 */
export class AksNodePool extends NodePoolBase {
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: AksNodePoolProps) {
    const { reference } = props.host;
    const pool = aksPoolReference(reference.kubernetesVersion, props);
    super(scope, id, pool);
    assertSameStack(this, "host", props.host);
    const shape = aksNodeShape(props);
    const first = [...props.host.ready, ...(props.dependsOn ?? [])];
    raiseAzurermFloor(this, aksProviderFloor(props));

    const resource = new KubernetesClusterNodePool(this, "Resource", {
      ...shape,
      ...aksScaling(props),
      name: aksPoolName(pool.name, shape, props.host.nodeSubnetId),
      kubernetesClusterId: props.host.clusterId,
      mode: pool.system ? "System" : "User",
      osType: "Linux",
      // Named, so that nodes follow when the host's version is raised.
      orchestratorVersion: reference.kubernetesVersion,
      vnetSubnetId: props.host.nodeSubnetId,
      nodeLabels: { ...pool.placement.nodeLabels },
      nodeTaints: pool.placement.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`),
      upgradeSettings: { maxSurge: "1" },
      lifecycle: { createBeforeDestroy: true },
      dependsOn: first.length > 0 ? first : undefined,
    });

    this.ready = [resource];
  }
}
