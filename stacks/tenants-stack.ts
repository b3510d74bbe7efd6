// Layer `tenants`: one shard of at most 15 tenants, with a state of its own.
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { withoutCreationTraces } from "../lib/core/creation-traces";
import { ConfigurationError } from "../lib/core/errors";
import { Retention } from "../lib/core/retention";
import type { IHostConnection } from "../lib/host-cluster/host-cluster";
import type { TenantShard } from "../lib/tenant/tenant-directory";
import { Tenant, type TenantOptions } from "../lib/tenant/tenant";
import { joinLayer } from "./layer";

export interface TenantsStackProps extends TenantOptions {
  /** How the stack reaches the host. */
  readonly host: IHostConnection;
  /** From TenantDirectory.load. Use its name as the stack's id. */
  readonly shard: TenantShard;
}

/** The tenants of one shard. Its bytes depend on them and on nobody else. */
export class TenantsStack extends TerraformStack {
  public readonly tenants: readonly Tenant[];

  public constructor(scope: Construct, id: string, props: TenantsStackProps) {
    super(scope, id);
    const { name } = props.host.reference;
    if (props.shard.host !== name)
      throw new ConfigurationError(
        "TENANT_HOST",
        this,
        `a shard must be deployed on its own host, got ${props.shard.name} of host '${props.shard.host}' on '${name}'; ` +
          "pass the connection to that host",
      );
    joinLayer(this, "tenants", props.host.reference);
    (props.retention ?? Retention.KEEP).note(this);
    const host = props.host.connect(this);
    host.access.helmProvider(this);
    host.access.kubernetesProvider(this);
    const { shard, host: _connection, ...options } = props;
    this.tenants = withoutCreationTraces(() =>
      shard.tenants.map(
        (tenant) => new Tenant(this, `Tenant-${tenant.spec.name}`, { ...options, host, tenant }),
      ),
    );
  }
}
