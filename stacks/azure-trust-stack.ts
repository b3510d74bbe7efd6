// Layer `trust` on Azure: attestation provider and key vaults that tenants of one host share.
import type { AzureTrust } from "../lib/attestation/azure/azure-trust";
import { Construct, TerraformStack } from "../lib/core/cdk";
import { withoutCreationTraces } from "../lib/core/creation-traces";
import { warn } from "../lib/core/notes";
import { ensureAzurermProvider } from "../lib/host-cluster/azurerm-provider";
import { joinLayer } from "./layer";

/** What AzureTrust.of describes. Tenants' stacks with its verifier or its keys are deployed after it. */
export class AzureTrustStack extends TerraformStack {
  public constructor(scope: Construct, id: string, trust: AzureTrust) {
    super(scope, id);
    joinLayer(this, "trust", trust.host);
    ensureAzurermProvider(this, trust.host);
    trust.retention.note(this);
    for (const text of trust.warnings) warn(this, text);
    withoutCreationTraces(() => trust.define(new Construct(this, "AzureTrust")));
  }
}
