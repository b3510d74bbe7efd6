// Layer `pools` on Google Cloud: node pools. GKE brings DNS and the disk driver itself, and there is no CNI layer.
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { ConfigurationError } from "../lib/core/errors";
import type { IGkeHostConnection } from "../lib/host-cluster/gke-host";
import { ensureGoogleProvider } from "../lib/host-cluster/google-provider";
import { GkeNodePool } from "../lib/node-pool/gke-node-pool";
import type { GkeNodePoolOptions } from "../lib/node-pool/gke-pool-options";
import { gkePoolReference } from "../lib/node-pool/gke-pool-reference";
import type { INodePool } from "../lib/node-pool/node-pool";
import { joinLayer } from "./layer";

export interface GkePoolsStackProps {
  /** How the stack reaches the host. */
  readonly host: IGkeHostConnection;
  /** The pools the host's reference was made of. Fails with POOL_REFERENCE when they differ. */
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
    if (JSON.stringify(given) !== JSON.stringify(reference.pools))
      throw new ConfigurationError(
        "POOL_REFERENCE",
        this,
        `pools must be the ones the reference of host ${reference.name} was made of ` +
          `([${reference.pools.map((pool) => pool.name).join(", ")}]), got [${given.map((pool) => pool.name).join(", ")}] ` +
          "or other settings; pass the same list to GkeHost.reference and here",
      );

    ensureGoogleProvider(this, reference);
    const host = props.host.connect(this);
    this.pools = props.pools.map((pool) => new GkeNodePool(this, `Pool-${pool.name}`, { ...pool, host }));
  }
}
