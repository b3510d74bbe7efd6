// A tenant on a host: namespace, guardrails, virtual cluster, in this order.
import { NamespaceV1 } from "../core/bindings/kubernetes";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { assertSameStack } from "../core/depend";
import { ConfigurationError } from "../core/errors";
import { ManifestRelease } from "../core/manifest-release";
import { PLATFORM_NAMESPACE, tenantNamespace } from "../core/names";
import { warn } from "../core/notes";
import { Retention } from "../core/retention";
import type { IHostCluster } from "../host-cluster/host-cluster";
import { namesOf } from "../network/tenant-egress";
import { exceptionWarnings } from "./exceptions";
import { guardrails, namespaceAnnotations, namespaceLabels } from "./guardrails";
import type { CheckedTenant } from "./tenant-checks";
import { vclusterImages } from "./vcluster-images";
import { VclusterRelease, type VclusterOptions } from "./vcluster-release";

export interface TenantOptions extends VclusterOptions {
  /**
   * Whether namespace and volumes are protected against deletion.
   * @default Retention.KEEP
   */
  readonly retention?: Retention;
}

export interface TenantProps extends TenantOptions {
  /** The host, connected to in the same stack. Fails with CROSS_STACK; HOST_NETWORK when it enforces no policies. */
  readonly host: IHostCluster;
  /** From TenantDirectory.load, or checkTenant. */
  readonly tenant: CheckedTenant;
}

/** Pod networks whose policies and encryption the guardrails are written for. */
const CNIS: readonly string[] = ["cilium", "gke-dataplane-v2"];

/**
 * One tenant: a namespace with Pod Security `restricted`, guardrails, and a virtual cluster. Three resources.
 *
 * The guardrails' Helm record lives in the platform namespace: the tenant's syncer can write Secrets in its own, and a
 * forged record would turn the next upgrade against others.
 */
export class Tenant extends Construct {
  /** Host namespace. */
  public readonly namespace: string;
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: TenantProps) {
    super(scope, id);
    assertSameStack(this, "host", props.host);
    const { tenant } = props;
    const { spec } = tenant;
    const host = props.host.reference;
    const retention = props.retention ?? Retention.KEEP;
    const { cni, enforcesNetworkPolicy, encryptsPodTraffic } = host.network;
    if (!CNIS.includes(cni) || !enforcesNetworkPolicy || !encryptsPodTraffic)
      throw new ConfigurationError(
        "HOST_NETWORK",
        this,
        `tenants need a pod network of ${CNIS.join(" or ")} that enforces policies and encrypts between nodes, got '${cni}' ` +
          `(enforces: ${enforcesNetworkPolicy}, encrypts: ${encryptsPodTraffic}) on host ${host.name}; ` +
          "install Cilium there with CiliumEncryption first, or use a host of GkeHost",
      );
    const pool = host.pools.find(({ name }) => name === tenant.pool.name);
    if (JSON.stringify(pool) !== JSON.stringify(tenant.pool))
      throw new ConfigurationError(
        "TENANT_POOL",
        this,
        `a tenant must be checked against the host it is deployed on, got one of another host than ${host.name}, whose ` +
          `pool '${tenant.pool.name}' ${pool ? "differs" : "does not exist"}; load the directory with this host's reference`,
      );

    for (const text of exceptionWarnings(spec)) warn(this, text);
    const namespace = new NamespaceV1(this, "Namespace", {
      metadata: {
        name: tenantNamespace(spec.name),
        labels: namespaceLabels(tenant, host),
        annotations: namespaceAnnotations(
          tenant,
          host,
          vclusterImages({
            kubernetesVersion: host.kubernetesVersion,
            licensed: props.license !== undefined,
            imageRegistry: props.charts?.imageRegistry,
          }),
        ),
      },
      lifecycle: retention.lifecycle,
    });
    const rails = new ManifestRelease(this, "Guardrails", {
      releaseName: `guardrails-${spec.name}`,
      namespace: PLATFORM_NAMESPACE,
      objects: guardrails(tenant, host),
      after: [namespace],
    });
    const vcluster = new VclusterRelease(this, "Vcluster", {
      tenant,
      host,
      charts: props.charts,
      license: props.license,
      values: props.values,
      keepVolumes: retention.protects,
      after: [rails.release],
    });

    const names = namesOf(spec);
    if (names.length > 0)
      warn(
        this,
        `egress by name (${names.map(({ fqdn }) => fqdn).join(", ")}): the tenant's own CoreDNS says which address that is, ` +
          "so a hostile tenant reaches any address outside on these ports; name ranges where that matters",
      );
    this.namespace = tenantNamespace(spec.name);
    this.ready = [vcluster.release];
  }
}
