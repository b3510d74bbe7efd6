// Repository one: stacks that are there already, with constructs of this library among their own resources.
import { CiliumEncryption, TerraformStack, type App, type ChartOverrides, type Retention } from "tenclave";
import { AwsProvider, EksNodePool, type IEksHostConnection } from "tenclave/aws";
import { host } from "./host";
import { LEGACY } from "./legacy";

/** Their stack of node groups: one more, confidential, on their subnets and with their key. */
export class NodesStack extends TerraformStack {
  public constructor(scope: App, id: string, connection: IEksHostConnection, retention: Retention) {
    super(scope, id);
    // Their provider. The library defines none beside it.
    new AwsProvider(this, "aws", { region: LEGACY.region, allowedAccountIds: [LEGACY.account] });
    const snp = host.pools.find(({ name }) => name === "snp")!;
    new EksNodePool(this, "Confidential", { ...snp, host: connection.connect(this), retention });
  }
}

/** Their stack of cluster services: Cilium with WireGuard, because the cluster has no CNI of AWS'. */
export class NetworkStack extends TerraformStack {
  public constructor(scope: App, id: string, connection: IEksHostConnection, charts?: ChartOverrides) {
    super(scope, id);
    const connected = connection.connect(this);
    connected.access.helmProvider(this);
    new CiliumEncryption(this, "Cilium", { host: connected, charts });
  }
}
