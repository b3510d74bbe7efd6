// Layer `host` on AWS: network, cluster, access, keys and logs. No nodes: the CNI comes first.
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { withoutCreationTraces } from "../lib/core/creation-traces";
import { ensureAwsProvider } from "../lib/host-cluster/aws-provider";
import { EksHost } from "../lib/host-cluster/eks-host";
import type { EksHostOptions } from "../lib/host-cluster/eks-host-options";
import { joinLayer } from "./layer";

/** The EKS cluster and its network. Sets no backend: the program that composes stacks does. */
export class EksHostStack extends TerraformStack {
  public readonly host: EksHost;

  public constructor(scope: Construct, id: string, options: EksHostOptions) {
    super(scope, id);
    const reference = EksHost.reference(options);
    joinLayer(this, "host", reference);
    ensureAwsProvider(this, reference);
    this.host = withoutCreationTraces(() => new EksHost(this, "Host", options));
  }
}
