// Layer `pools` on Azure: node pools, but for the first system pool, which AKS makes with the cluster.
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { withoutCreationTraces } from "../lib/core/creation-traces";
import type { IAksHostConnection } from "../lib/host-cluster/aks-host";
import { aksDefaultPool } from "../lib/host-cluster/aks-host-reference";
import { ensureAzurermProvider } from "../lib/host-cluster/azurerm-provider";
import { AksNodePool } from "../lib/node-pool/aks-node-pool";
import type { AksNodePoolOptions } from "../lib/node-pool/aks-pool-options";
import { aksPoolReference } from "../lib/node-pool/aks-pool-reference";
import type { INodePool } from "../lib/node-pool/node-pool";
import { assertSamePools } from "../lib/node-pool/same-pools";
import { joinLayer } from "./layer";

export interface AksPoolsStackProps {
  /** How the stack reaches the host. */
  readonly host: IAksHostConnection;
  /** The pools the host's reference was made of. Fails with POOL_REFERENCE when they differ, in more than warnings. */
  readonly pools: readonly AksNodePoolOptions[];
}

/** Node pools. AKS brings CoreDNS, the disk driver and workload identity itself. */
export class AksPoolsStack extends TerraformStack {
  /** All but the first system pool. */
  public readonly pools: readonly INodePool[];

  public constructor(scope: Construct, id: string, props: AksPoolsStackProps) {
    super(scope, id);
    const { reference } = props.host;
    joinLayer(this, "pools", reference);
    const given = props.pools.map((pool) => aksPoolReference(reference.kubernetesVersion, pool));
    assertSamePools(this, "AksHost", reference, given);

    ensureAzurermProvider(this, reference);
    const host = props.host.connect(this);
    const first = aksDefaultPool(props.pools);
    this.pools = withoutCreationTraces(() =>
      props.pools
        .filter((pool) => pool !== first)
        .map((pool) => new AksNodePool(this, `Pool-${pool.name}`, { ...pool, host })),
    );
  }
}
