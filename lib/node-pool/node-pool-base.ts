// What the node pools of all clouds are made of alike: the fields of INodePool, and warnings.
import { Construct, type ITerraformDependable } from "../core/cdk";
import { warn } from "../core/notes";
import { Tee } from "../tee/tee";
import { TrustTier } from "../tee/trust-tier";
import type { Capacity, INodePool, Placement, PoolReference } from "./node-pool";

/** A node pool of checked options; warnings show at synth. A cloud's class adds the nodes. */
export abstract class NodePoolBase extends Construct implements INodePool {
  public readonly poolName: string;
  public readonly tee: Tee;
  public readonly tier: TrustTier;
  public readonly runtimeClassName: string;
  public readonly placement: Placement;
  public readonly capacity: Capacity;
  public abstract readonly ready: ITerraformDependable[];

  protected constructor(scope: Construct, id: string, reference: PoolReference) {
    super(scope, id);
    this.poolName = reference.name;
    this.tee = Tee.find(reference.tee)!;
    this.tier = TrustTier.find(reference.tier)!;
    this.runtimeClassName = reference.runtimeClassName;
    this.placement = reference.placement;
    this.capacity = reference.capacity;
    for (const warning of reference.warnings) warn(this, warning);
  }
}
