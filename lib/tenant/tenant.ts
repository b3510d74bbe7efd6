// A tenant on a host: namespace, guardrails, virtual cluster, in this order.
import type { AttestationBinding } from "../attestation/verifier";
import { NamespaceV1 } from "../core/bindings/kubernetes";
import { Construct, type ITerraformDependable } from "../core/cdk";
import { assertSameStack, dependOn } from "../core/depend";
import { ConfigurationError } from "../core/errors";
import { ManifestRelease } from "../core/manifest-release";
import { PLATFORM_NAMESPACE, tenantNamespace, tenantStorageClassName } from "../core/names";
import { warn } from "../core/notes";
import { Retention } from "../core/retention";
import type { IHostCluster } from "../host-cluster/host-cluster";
import type { ITenantKey, ITenantKeys } from "../keys/tenant-key";
import { namesOf } from "../network/tenant-egress";
import { exceptionWarnings } from "./exceptions";
import { guardrails, namespaceAnnotations, namespaceLabels } from "./guardrails";
import { TrustTier } from "../tee/trust-tier";
import type { CheckedTenant } from "./tenant-checks";
import { GRANTED_TIERS } from "./tenant-tier";
import { vclusterImages } from "./vcluster-images";
import { VclusterRelease, type VclusterOptions } from "./vcluster-release";

export interface TenantOptions extends VclusterOptions {
  /**
   * Whether namespace and volumes are protected against deletion.
   * @default Retention.KEEP
   */
  readonly retention?: Retention;
  /**
   * Keys of the tenant's volumes: it then has a StorageClass of its own, and the host's is refused to it.
   * @default - none: volumes are encrypted with the host's key
   */
  readonly keys?: ITenantKeys;
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
 * One tenant: a namespace with Pod Security `restricted`, guardrails, and a virtual cluster. Three resources, keys and identities apart.
 *
 * The guardrails' Helm record lives in the platform namespace: the tenant's syncer can write Secrets in its own, and a
 * forged record would turn the next upgrade against others.
 */
export class Tenant extends Construct {
  /** Of the tenant, as its file says. */
  public readonly name: string;
  /** Host namespace. */
  public readonly namespace: string;
  /** What its verifier made: what a workload must be told, and who is still trusted. Undefined without attestation. */
  public readonly attestation: AttestationBinding | undefined;
  /** Key of its volumes; undefined without `keys`. */
  public readonly volumeKey: ITenantKey | undefined;
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

    for (const text of [...exceptionWarnings(spec), ...(tenant.attestation?.verifier.warnings ?? [])])
      warn(this, text);
    const ownClass = props.keys?.storageClass(tenant);
    if (ownClass && ownClass.name !== tenantStorageClassName(spec.name))
      throw new ConfigurationError(
        "NAME",
        this,
        `a tenant's StorageClass must be named ${tenantStorageClassName(spec.name)}, which the platform alone may write, ` +
          `got '${ownClass.name}'; correct what storageClass() of keys returns`,
      );
    const context = { tenant, host: props.host };
    this.attestation = tenant.attestation?.verifier.bind(new Construct(this, "Attestation"), context);
    this.volumeKey = props.keys?.volumeKey(new Construct(this, "VolumeKey"), context);
    assertClaim(this, tenant, this.attestation);
    const keysReady = [...(this.attestation?.ready ?? []), ...(this.volumeKey?.ready ?? [])];
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
          ownClass,
        ),
      },
      lifecycle: retention.lifecycle,
    });
    const rails = new ManifestRelease(this, "Guardrails", {
      releaseName: `guardrails-${spec.name}`,
      namespace: PLATFORM_NAMESPACE,
      objects: guardrails(tenant, host, ownClass),
      after: [namespace],
    });
    // A grant that comes later than its first use leaves a volume, or a pod, waiting for good.
    if (keysReady.length > 0) dependOn(rails, ...keysReady);
    const vcluster = new VclusterRelease(this, "Vcluster", {
      tenant,
      host,
      charts: props.charts,
      license: props.license,
      values: props.values,
      keepVolumes: retention.protects,
      storageClass: ownClass?.name,
      serviceAccountAnnotations: this.attestation?.serviceAccountAnnotations,
      after: [rails.release],
    });

    const names = namesOf(spec);
    if (names.length > 0)
      warn(
        this,
        `egress by name (${names.map(({ fqdn }) => fqdn).join(", ")}): the tenant's own CoreDNS says which address that is, ` +
          "so a hostile tenant reaches any address outside on these ports; name ranges where that matters",
      );
    this.name = spec.name;
    this.namespace = tenantNamespace(spec.name);
    this.ready = [vcluster.release];
  }
}

/** What a binding says it reaches must be what the checks found. */
function assertClaim(
  scope: Construct,
  { tier, attestation }: CheckedTenant,
  binding: AttestationBinding | undefined,
): void {
  const reaches = binding?.grants ?? TrustTier.SHARED;
  if (GRANTED_TIERS.some((one) => one.tier.name === tier.name) && !reaches.meets(tier.distances))
    throw new ConfigurationError(
      "ATTESTATION_VERIFIER",
      scope,
      `a tier that rests on evidence must be bound in the tenant's stack, got ${tier.label} for a tenant whose verifier ` +
        `${binding ? `'${attestation!.verifier.name}' bound ${reaches.label}` : "is missing"}; ` +
        "pass the tenant as TenantDirectory.load or checkTenant returned it, with a verifier that makes its keys",
    );
  if (!binding || tier.meets(binding.grants.distances)) return;
  throw new ConfigurationError(
    "ATTESTATION_VERIFIER",
    scope,
    `a verifier must not claim more than its wiring reaches, got tier ${binding.grants.label} from ` +
      `'${attestation!.verifier.name}' for a tenant that reaches ${tier.label}; correct what its bind() returns`,
  );
}
