// The objects on the host side that a tenant cannot touch, as pure functions of its spec and the host's facts.
import type { LimitRange, ResourceQuota } from "kubernetes-types/core/v1";
import { parameterAnnotations } from "../admission/parameters";
import { LABELS } from "../core/names";
import type { KubernetesObject } from "../core/manifest-release";
import type { HostReference, StorageClassReference } from "../host-cluster/host-cluster";
import { tenantFence } from "../network/tenant-fence";
import type { PoolReference } from "../node-pool/node-pool";
import { Tee } from "../tee/tee";
import { exceptionAnnotations } from "./exceptions";
import { containerDefaults } from "./container-defaults";
import { tenantFlow, tenantLevel } from "./fair-share";
import { guardrailMetadata } from "./guardrail-metadata";
import { CONTROL_PLANE_SIZES } from "./control-plane-size";
import { hostShare, SCRATCH } from "./host-share";
import { cpuQuantity, mebibytes, memoryQuantity } from "./quantity";
import type { CheckedTenant } from "./tenant-checks";
import { identityOf, tokenAudiencesOf } from "./tenant-identity";
import type { TenantSpec } from "./tenant-spec";
import { tenantStorageClass } from "./tenant-storage-class";

/** Labels of the Namespace: Pod Security `restricted`, and whose it is. */
export function namespaceLabels(
  { spec, pool, attestation }: CheckedTenant,
  host: HostReference,
): Record<string, string> {
  const identity = identityOf(attestation);
  const version = `v${host.kubernetesVersion}`;
  return {
    [LABELS.tenant]: spec.name,
    [LABELS.host]: host.name,
    [LABELS.pool]: pool.name,
    ...(identity ? { [LABELS.identity]: identity } : {}),
    ...(spec.api?.oidc ? { [LABELS.login]: "oidc" } : {}),
    ...Object.fromEntries(
      ["enforce", "audit", "warn"].flatMap((mode) => [
        [`pod-security.kubernetes.io/${mode}`, "restricted"],
        [`pod-security.kubernetes.io/${mode}-version`, version],
      ]),
    ),
  };
}

/**
 * Annotations of the Namespace: parameters of the admission rules, exceptions in words, and the tenant's sensitivity for
 * readers. `systemImages` are those the platform itself brings; they matter where the tenant's file restricts images.
 * `ownClass` is the tenant's StorageClass, where it has a volume key of its own.
 */
export function namespaceAnnotations(
  { spec, pool, attestation }: CheckedTenant,
  host: HostReference,
  systemImages: readonly string[] = [],
  ownClass?: StorageClassReference,
): Record<string, string> {
  const restricted =
    spec.images?.registries !== undefined || spec.images?.digests === true || spec.confidential !== undefined;
  return {
    [`${LABELS.tenant}-sensitivity`]: spec.sensitivity,
    ...parameterAnnotations({
      pool,
      storageClass: (ownClass ?? host.storageClass).name,
      tokenAudiences: tokenAudiencesOf(attestation),
      kataAnnotations: spec.kata?.annotations,
      imageRegistries: spec.images?.registries,
      imageDigests: spec.images?.digests,
      systemImages: restricted ? systemImages : [],
      confidential: spec.confidential,
      exceptions: spec.exceptions.map(({ rule }) => rule),
    }),
    ...exceptionAnnotations(spec.exceptions),
  };
}

/**
 * All guardrails of a tenant, in the order they are listed in docs/tenant.md. `ownClass` is the tenant's StorageClass,
 * where it has a volume key of its own.
 */
export function guardrails(
  tenant: CheckedTenant,
  host: HostReference,
  ownClass?: StorageClassReference,
): KubernetesObject[] {
  const { spec } = tenant;
  return [
    ...(ownClass ? [tenantStorageClass(spec, ownClass)] : []),
    resourceQuota(tenant, host, ownClass),
    limitRange(spec),
    tenantLevel(spec),
    tenantFlow(spec),
    ...tenantFence(tenant, host),
  ];
}

/**
 * The tenant's own quota plus what its control plane and CoreDNS take. There is no `limits.cpu`: the chart's control
 * plane sets no CPU limit and would be refused.
 */
export function resourceQuota(
  { spec, pool }: CheckedTenant,
  host: HostReference,
  ownClass?: StorageClassReference,
): ResourceQuota {
  const share = hostShare(spec, pool);
  const shared = ownClass ? [host.storageClass.name] : [];
  const refused = [...host.storageClass.refused, ...shared].map((name) => [
    `${name}.storageclass.storage.k8s.io/persistentvolumeclaims`,
    "0",
  ]);
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: guardrailMetadata(spec, "tenant"),
    spec: {
      hard: {
        "requests.cpu": cpuQuantity(share.requestsMilliCpu),
        "requests.memory": memoryQuantity(share.requestsMemoryMiB),
        "limits.memory": memoryQuantity(share.limitsMemoryMiB),
        "requests.storage": memoryQuantity(share.storageMiB),
        "requests.ephemeral-storage": memoryQuantity(share.requestsEphemeralMiB),
        "limits.ephemeral-storage": memoryQuantity(share.limitsEphemeralMiB),
        pods: `${share.pods}`,
        // Those that ended, too: `pods` leaves them out, and the host keeps 12,500 of all tenants before it deletes any.
        "count/pods": `${share.pods * 5}`,
        services: `${share.services}`,
        "services.loadbalancers": "0",
        "services.nodeports": "0",
        secrets: `${share.secrets}`,
        configmaps: `${share.configMaps}`,
        persistentvolumeclaims: `${share.persistentVolumeClaims}`,
        // The syncer writes both; Kubernetes' own controllers make one or two for each Service.
        "count/endpoints": `${share.services * 4}`,
        "count/endpointslices.discovery.k8s.io": `${share.services * 4}`,
        ...(Object.fromEntries(refused) as Record<string, string>),
        ...deviceQuota(spec, pool, host),
      },
    },
  };
}

/**
 * Devices that hand out evidence of the whole node, by cloud. Evidence does not name the pod that asked for it: whoever
 * holds the device can have any key attested, so tenants get none.
 * SOURCE: google/cc-device-plugin, 2026; Azure documentation of the confidential computing add-on, 2021.
 */
const DEVICES: Readonly<Record<string, readonly { readonly resource: string; readonly allowedOn?: Tee }[]>> =
  {
    aws: [],
    azure: [{ resource: "kubernetes.azure.com/sgx_epc_mem_in_MiB", allowedOn: Tee.SGX }],
    google: [{ resource: "google.com/cc" }, { resource: "amd.com/sev-snp" }, { resource: "intel.com/tdx" }],
  };

/** Devices a tenant may use: none that speak for the node, and as many enclaves as its file says. */
function deviceQuota(spec: TenantSpec, pool: PoolReference, host: HostReference): Record<string, string> {
  const none = (DEVICES[host.cloud] ?? [])
    .filter(({ allowedOn }) => allowedOn?.id !== pool.tee)
    .map(({ resource }) => [`requests.${resource}`, "0"]);
  // Also on pools without: the selector that keeps the tenant there is no boundary.
  const others = host.pools.flatMap(({ capacity: { enclaves } }) =>
    enclaves
      ? [`requests.${enclaves.resource}`, `requests.${enclaves.hugePages}`].map((name) => [name, "0"])
      : [],
  );
  const { enclaves } = pool.capacity;
  const own = enclaves
    ? [
        [`requests.${enclaves.resource}`, `${spec.quota.enclaves}`],
        [`requests.${enclaves.hugePages}`, memoryQuantity(hostShare(spec, pool).enclaveMemoryMiB)],
      ]
    : [];
  return Object.fromEntries([...none, ...others, ...own]) as Record<string, string>;
}

/**
 * Defaults for containers that say nothing, and an upper bound that still admits the control plane. No lower bound:
 * the chart's init containers ask for as little as 30m and 64Mi.
 */
export function limitRange(spec: TenantSpec): LimitRange {
  const defaults = containerDefaults(spec);
  const controlPlane = CONTROL_PLANE_SIZES[spec.size]!;
  const largest = Math.max(mebibytes(spec.quota.limits.memory), controlPlane.memoryLimitMiB);
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: guardrailMetadata(spec, "tenant"),
    spec: {
      limits: [
        {
          type: "Container",
          defaultRequest: {
            ...defaults.requests,
            "ephemeral-storage": memoryQuantity(SCRATCH.container.requestMiB),
          },
          default: { ...defaults.limits, "ephemeral-storage": memoryQuantity(SCRATCH.container.limitMiB) },
          max: {
            memory: memoryQuantity(largest),
            "ephemeral-storage": memoryQuantity(SCRATCH.controlPlane.limitMiB),
          },
        },
      ],
    },
  };
}
