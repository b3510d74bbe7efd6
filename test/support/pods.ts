// Tenants on pools of every kind, and the pods a host must take from each.
import type { HostReference } from "../../lib/host-cluster/host-cluster";
import { enclavePod } from "../../lib/node-pool/enclave-pod";
import { Tee } from "../../lib/tee/tee";
import { namespaceAnnotations, namespaceLabels } from "../../lib/tenant/guardrails";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";
import { vclusterImages } from "../../lib/tenant/vcluster-images";
import {
  controlPlanePod,
  coreDnsPod,
  jobPod,
  statefulSetPod,
  syncedPod,
} from "../../lib/testing/legitimate-pods";
import type { Manifest } from "../../lib/testing/requests";
import { tenantView, type TenantView } from "../../lib/testing/tenant-view";
import { AKS_SYSTEM, exampleAks } from "./aks";
import { exampleHost, exampleTenant, hostOptions } from "./host";

/** A tenant on a host. */
export interface PodOwner {
  readonly host: HostReference;
  readonly tenant: TenantView;
}

/** A tenant as it stands in its Namespace. */
export function podOwner(host: HostReference, change: Partial<TenantSpecInput>): PodOwner {
  const checked = checkTenant(exampleTenant(change), host);
  const { name } = checked.spec;
  const images = vclusterImages({ kubernetesVersion: host.kubernetesVersion, licensed: false });
  return {
    host,
    tenant: tenantView(
      `tenant-${name}`,
      namespaceLabels(checked, host),
      namespaceAnnotations(checked, host, images),
    ),
  };
}

/** On confidential nodes. */
export const onSnp = (change: Partial<TenantSpecInput> = {}): PodOwner => podOwner(exampleHost(), change);

/** On nodes with enclaves. */
export const onNitro = (): PodOwner =>
  podOwner(
    exampleHost({
      pools: [
        ...hostOptions().pools.slice(0, 2),
        {
          name: "nitro",
          instanceType: "m6i.2xlarge",
          tee: Tee.NITRO_ENCLAVES,
          minNodes: 1,
          maxNodes: 4,
          enclaves: { memoryMiB: 4096, vcpus: 4 },
          acceptUnproven: "tried by hand",
        },
      ],
    }),
    {
      name: "signer",
      sensitivity: "public",
      pool: "nitro",
      quota: {
        requests: { cpu: "1", memory: "4Gi", storage: "20Gi" },
        limits: { memory: "6Gi" },
        enclaves: 1,
      },
    },
  );

/** In a Kata virtual machine each. */
export const onKata = (): PodOwner =>
  podOwner(
    exampleAks({
      pools: [
        AKS_SYSTEM,
        { name: "kata", vmSize: "Standard_D8s_v5", sandbox: true, minNodes: 1, maxNodes: 4 },
      ],
    }),
    { name: "boxed", sensitivity: "public", pool: "kata" },
  );

/** What the syncer makes there. */
export function legitimatePods({ host, tenant }: PodOwner): readonly Manifest[] {
  const pool = host.pools.find(({ runtimeClassName }) => runtimeClassName === tenant.runtimeClass)!;
  return [
    syncedPod(tenant, "web"),
    coreDnsPod(tenant),
    statefulSetPod(tenant),
    jobPod(tenant),
    ...(pool.capacity.enclaves
      ? [
          syncedPod(tenant, "signer", {
            spec: {
              ...enclavePod(pool, {
                image: "registry.example.com/signer:1",
                memoryMiB: 512,
                inVirtualCluster: true,
              }),
            },
          }),
        ]
      : []),
  ];
}

/** What Kubernetes' StatefulSet controller makes there. */
export const controllersPod = ({ tenant }: PodOwner): Manifest => controlPlanePod(tenant);
