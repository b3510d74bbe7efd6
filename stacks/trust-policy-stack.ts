// Layer `trust-policy`: what a broker must know of all tenants. One stack a broker, deployed with every change of a tenant.
import type { ITrustPolicy } from "../lib/attestation/trust-policy";
import { Construct, TerraformStack } from "../lib/core/cdk";
import { withoutCreationTraces } from "../lib/core/creation-traces";
import { ConfigurationError } from "../lib/core/errors";
import type { IHostConnection } from "../lib/host-cluster/host-cluster";
import type { CheckedTenant } from "../lib/tenant/tenant-checks";
import { joinLayer } from "./layer";

export interface TrustPolicyStackProps {
  /** The cluster the broker runs on. */
  readonly host: IHostConnection;
  /** All tenants of the platform, from TenantDirectory.load. */
  readonly tenants: readonly CheckedTenant[];
  /** Whose policies: `policy` of a Trustee, a Vault, or both. Fails with OPTION_TYPE for a verifier in its place. */
  readonly policies: readonly ITrustPolicy[];
}

/** Policies, logins and reference values of all tenants. */
export class TrustPolicyStack extends TerraformStack {
  public constructor(scope: Construct, id: string, props: TrustPolicyStackProps) {
    super(scope, id);
    joinLayer(this, "trust-policy", props.host.reference);
    for (const policy of props.policies) assertPolicy(this, policy);
    if (props.policies.some(({ onCluster }) => onCluster === true))
      props.host.connect(this).access.helmProvider(this);
    withoutCreationTraces(() => {
      for (const policy of props.policies) policy.define(new Construct(this, policy.id), props.tenants);
    });
  }
}

/** Programs run without a type check at times, and a Trustee has its policy beside it. */
function assertPolicy(scope: Construct, policy: Partial<ITrustPolicy>): void {
  if (typeof policy.id === "string" && typeof policy.define === "function") return;
  throw new ConfigurationError(
    "OPTION_TYPE",
    scope,
    "policies must be trust policies, got something else; pass a VaultTrust, or `policy` of a Trustee",
  );
}
