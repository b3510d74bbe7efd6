// What depends on the whole tenants directory: broker policies, logins, reference values. Lives in a stack of its own.
import type { Construct, ITerraformDependable } from "../core/cdk";
import type { CheckedTenant } from "../tenant/tenant-checks";

/** Policies of one broker or key store for all tenants. A plain object, made before `new App()`. */
export interface ITrustPolicy {
  /** Id of its construct, like `Vault`. */
  readonly id: string;
  /** True when it installs objects on the broker's cluster: the stack then logs in there. @default false */
  readonly onCluster?: boolean;
  /** Defines them in the stack of `scope`; tenants that name none of its verifiers get nothing. */
  define(scope: Construct, tenants: readonly CheckedTenant[]): ITerraformDependable[];
}
