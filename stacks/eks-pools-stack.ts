// Layer `pools` on AWS: node groups, and the add-ons that need nodes.
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { withoutCreationTraces } from "../lib/core/creation-traces";
import { Retention } from "../lib/core/retention";
import { ensureAwsProvider } from "../lib/host-cluster/aws-provider";
import type { IEksHostConnection } from "../lib/host-cluster/eks-host";
import { EksAddOns } from "../lib/node-pool/eks-add-ons";
import { EksNodePool } from "../lib/node-pool/eks-node-pool";
import type { EksNodePoolOptions } from "../lib/node-pool/eks-pool-options";
import { eksPoolReference } from "../lib/node-pool/eks-pool-reference";
import type { INodePool } from "../lib/node-pool/node-pool";
import { assertSamePools } from "../lib/node-pool/same-pools";
import { joinLayer } from "./layer";

export interface EksPoolsStackProps {
  /** How the stack reaches the host. */
  readonly host: IEksHostConnection;
  /** The pools the host's reference was made of. Fails with POOL_REFERENCE when they differ, in more than warnings. */
  readonly pools: readonly EksNodePoolOptions[];
  /** @default Retention.KEEP */
  readonly retention?: Retention;
}

/** Node groups, then CoreDNS, the EBS CSI driver and the pod identity agent. */
export class EksPoolsStack extends TerraformStack {
  public readonly pools: readonly INodePool[];

  public constructor(scope: Construct, id: string, props: EksPoolsStackProps) {
    super(scope, id);
    const { reference } = props.host;
    joinLayer(this, "pools", reference);
    (props.retention ?? Retention.KEEP).note(this);
    const { location, kubernetesVersion } = reference;
    const given = props.pools.map((pool) => eksPoolReference(location, pool, kubernetesVersion));
    assertSamePools(this, "EksHost", reference, given);

    ensureAwsProvider(this, reference);
    const host = props.host.connect(this);
    const { retention } = props;
    this.pools = withoutCreationTraces(() =>
      props.pools.map((pool) => new EksNodePool(this, `Pool-${pool.name}`, { ...pool, host, retention })),
    );
    new EksAddOns(this, "AddOns", { host, pools: this.pools, retention });
  }
}
