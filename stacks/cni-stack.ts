// Layer `cni`: Cilium and nothing else, before there are nodes.
import { TerraformStack, type Construct } from "../lib/core/cdk";
import type { ChartOverrides } from "../lib/core/charts";
import type { IHostConnection } from "../lib/host-cluster/host-cluster";
import { CiliumEncryption } from "../lib/network/cilium-encryption";
import { joinLayer } from "./layer";

export interface CniStackProps {
  /** How the stack reaches the host. */
  readonly host: IHostConnection;
  /** @default - public repositories */
  readonly charts?: ChartOverrides;
}

/** Cilium with WireGuard on a host without CNI. */
export class CniStack extends TerraformStack {
  public constructor(scope: Construct, id: string, props: CniStackProps) {
    super(scope, id);
    joinLayer(this, "cni", props.host.reference);
    const host = props.host.connect(this);
    host.access.helmProvider(this);
    new CiliumEncryption(this, "Cilium", { host, charts: props.charts });
  }
}
