// Layer `host` on Google Cloud: network, cluster, access and keys. No nodes of its own.
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { withoutCreationTraces } from "../lib/core/creation-traces";
import { GkeHost } from "../lib/host-cluster/gke-host";
import type { GkeHostOptions } from "../lib/host-cluster/gke-host-options";
import { ensureGoogleProvider } from "../lib/host-cluster/google-provider";
import { joinLayer } from "./layer";

/** The GKE cluster and its network. Sets no backend: the program that composes stacks does. */
export class GkeHostStack extends TerraformStack {
  public readonly host: GkeHost;

  public constructor(scope: Construct, id: string, options: GkeHostOptions) {
    super(scope, id);
    const reference = GkeHost.reference(options);
    joinLayer(this, "host", reference);
    ensureGoogleProvider(this, reference);
    this.host = withoutCreationTraces(() => new GkeHost(this, "Host", options));
  }
}
