// Layer `host` on Azure: network, cluster with its system pool, access, keys and logs.
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { withoutCreationTraces } from "../lib/core/creation-traces";
import { AksHost } from "../lib/host-cluster/aks-host";
import type { AksHostOptions } from "../lib/host-cluster/aks-host-options";
import { ensureAzurermProvider } from "../lib/host-cluster/azurerm-provider";
import { joinLayer } from "./layer";

/** The AKS cluster and its network. Sets no backend: the program that composes stacks does. */
export class AksHostStack extends TerraformStack {
  public readonly host: AksHost;

  public constructor(scope: Construct, id: string, options: AksHostOptions) {
    super(scope, id);
    const reference = AksHost.reference(options);
    joinLayer(this, "host", reference);
    ensureAzurermProvider(this, reference);
    this.host = withoutCreationTraces(() => new AksHost(this, "Host", options));
  }
}
