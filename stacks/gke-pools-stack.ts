// Layer `pools` on Google Cloud: node pools. GKE brings DNS and the disk driver itself, and there is no CNI layer.
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { withoutCreationTraces } from "../lib/core/creation-traces";
import type { IGkeHostConnection } from "../lib/host-cluster/gke-host";
import { ensureGoogleProvider } from "../lib/host-cluster/google-provider";
import { GkeNodePool } from "../lib/node-pool/gke-node-pool";
import type { GkeNodePoolOptions } from "../lib/node-pool/gke-pool-options";
import { gkePoolReference } from "../lib/node-pool/gke-pool-reference";
import type { INodePool } from "../lib/node-pool/node-pool";
import { assertSamePools } from "../lib/node-pool/same-pools";
import { joinLayer } from "./layer";

export interface GkePoolsStackProps {
  /** How the stack reaches the host. */
  readonly host: IGkeHostConnection;
  /** The pools the host's reference was made of. Fails with POOL_REFERENCE when they differ, in more than warnings. */
  readonly pools: readonly GkeNodePoolOptions[];
}

/** Node pools, each with a service account of its own. */
export class GkePoolsStack extends TerraformStack {
  public readonly pools: readonly INodePool[];

  public constructor(scope: Construct, id: string, props: GkePoolsStackProps) {
    super(scope, id);
    const { reference } = props.host;
    joinLayer(this, "pools", reference);
    const given = props.pools.map((pool) => gkePoolReference(reference, pool));
    assertSamePools(this, "GkeHost", reference, given);

    ensureGoogleProvider(this, reference);
    const host = props.host.connect(this);
    this.pools = withoutCreationTraces(() =>
      props.pools.map((pool) => new GkeNodePool(this, `Pool-${pool.name}`, { ...pool, host })),
    );
  }
}
