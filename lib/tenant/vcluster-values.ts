// Values of the vCluster chart, as a pure function. Written for chart 0.36.1, whose schema is closed.
import type { HostReference } from "../host-cluster/host-cluster";
import { poolSelector } from "../node-pool/node-pool";
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { apiServerFlags, withOwnFlags } from "./api-server-flags";
import { CONTROL_PLANE_SIZES, CONTROL_PLANE_VOLUME_MIB, SYSTEM_SHARE } from "./control-plane-size";
import { personaManifests } from "./oidc";
import { cpuQuantity, memoryQuantity } from "./quantity";
import type { CheckedTenant } from "./tenant-checks";

/** Chart values. */
export interface Values {
  readonly [key: string]: unknown;
}

/** What the values depend on beside the tenant and its host. */
export interface VclusterInput {
  readonly tenant: CheckedTenant;
  readonly host: HostReference;
  /** Keeps the control plane's volume when the tenant goes. */
  readonly keepVolumes: boolean;
  /** The Pro image instead of the open-source one. */
  readonly licensed: boolean;
  /** Mirror of all images. */
  readonly imageRegistry?: string;
  /** Class of the control plane's volume. @default - the host's */
  readonly storageClass?: string;
}

/**
 * Kubernetes version of a virtual cluster, by the host's minor: other pairs are not tested by the vendor.
 * SOURCE: vCluster 0.36.1, versions its own configuration names.
 */
export const VIRTUAL_KUBERNETES: Readonly<Record<string, string>> = {
  "1.34": "v1.34.0",
  "1.35": "v1.35.0",
  "1.36": "v1.36.0",
};

/** User and group of the control plane: any but root, the same for good, because its files belong to it. */
const USER = 12345;

/** What Pod Security `restricted` wants of a container. */
const CONTAINER_SECURITY = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

const OFF = { enabled: false };

/** Service account inside the virtual cluster whose token Secret `vc-<name>` holds. Deleting it ends the token. */
export const KUBECONFIG_ACCOUNT = "tenclave-kubeconfig";

/**
 * The chart values of a tenant. Fails with VCLUSTER_KUBERNETES when no virtual version fits the host.
 *
 * DEVIATION from the vendor's hardening page, each with its reason:
 * network policy, quota and limit range are off, because guardrails own them; `fromHost.storageClasses` is off, because
 * it is a read of all classes, neighbours' keys among them (tenants name the host's class); `fromHost.nodes` is off,
 * because it grants reads of all nodes and pods; the control plane is rootless from the first install, because root
 * cannot be left later, and runs under the tenant's RuntimeClass.
 */
export function vclusterValues(input: VclusterInput): Values {
  const { tenant, host, keepVolumes, licensed, imageRegistry, storageClass } = input;
  const { spec, pool } = tenant;
  const version = VIRTUAL_KUBERNETES[host.kubernetesVersion];
  if (!version)
    throw new ConfigurationError(
      "VCLUSTER_KUBERNETES",
      spec.name,
      `the host's Kubernetes minor must be one of ${Object.keys(VIRTUAL_KUBERNETES).join(", ")}, ` +
        `got '${host.kubernetesVersion}'; upgrade the host, or use a newer release of this library`,
    );
  const size = CONTROL_PLANE_SIZES[spec.size]!;
  const hostname = spec.api?.hostname;
  const oidc = spec.api?.oidc;
  return {
    controlPlane: {
      distro: {
        k8s: {
          enabled: true,
          image: { tag: version },
          apiServer: { extraArgs: apiServerFlags(spec) },
          securityContext: CONTAINER_SECURITY,
        },
      },
      backingStore: { database: { embedded: { enabled: true } } },
      proxy: { extraSANs: hostname ? [hostname] : [] },
      coredns: {
        enabled: true,
        deployment: {
          resources: {
            requests: {
              cpu: cpuQuantity(SYSTEM_SHARE.coreDns.milliCpu),
              memory: memoryQuantity(SYSTEM_SHARE.coreDns.memoryMiB),
            },
            limits: { memory: memoryQuantity(SYSTEM_SHARE.coreDns.memoryLimitMiB) },
          },
        },
      },
      statefulSet: {
        image: { repository: licensed ? "loft-sh/vcluster-pro" : "loft-sh/vcluster-oss" },
        runtimeClassName: pool.runtimeClassName,
        highAvailability: { replicas: 1 },
        resources: {
          requests: { cpu: cpuQuantity(size.milliCpu), memory: memoryQuantity(size.memoryMiB) },
          limits: { memory: memoryQuantity(size.memoryLimitMiB) },
        },
        security: {
          podSecurityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containerSecurityContext: CONTAINER_SECURITY,
        },
        persistence: {
          volumeClaim: {
            enabled: true,
            size: memoryQuantity(CONTROL_PLANE_VOLUME_MIB),
            storageClass: storageClass ?? host.storageClass.name,
            retentionPolicy: keepVolumes ? "Retain" : "Delete",
          },
        },
      },
      ...(imageRegistry ? { advanced: { defaultImageRegistry: imageRegistry } } : {}),
    },
    sync: {
      toHost: {
        pods: {
          enabled: true,
          runtimeClassName: pool.runtimeClassName,
          enforceTolerations: pool.placement.taints.map(
            ({ key, value, effect }) => `${key}=${value}:${effect}`,
          ),
          // Else every token stands in an annotation that whoever lists pods can read.
          useSecretsForSATokens: true,
        },
        namespaces: OFF,
        networkPolicies: OFF,
        persistentVolumes: OFF,
        priorityClasses: OFF,
        serviceAccounts: OFF,
        storageClasses: OFF,
      },
      fromHost: {
        // The selector is merged into every pod without a nodeName; it is no boundary by itself.
        nodes: { enabled: false, clearImageStatus: true, selector: { labels: poolSelector(pool) } },
        csiDrivers: OFF,
        csiNodes: OFF,
        csiStorageCapacities: OFF,
        ingressClasses: OFF,
        priorityClasses: OFF,
        runtimeClasses: OFF,
        storageClasses: OFF,
      },
    },
    networking: { advanced: { proxyKubelets: { byHostname: false, byIP: false } } },
    policies: {
      podSecurityStandard: "restricted",
      networkPolicy: OFF,
      resourceQuota: OFF,
      limitRange: OFF,
    },
    exportKubeConfig: {
      context: spec.name,
      server: spec.api?.via === "gateway" ? `https://${hostname}` : "https://localhost:8443",
      insecure: false,
      // Else the Secret holds a certificate of system:masters, which nothing but a new CA takes back.
      serviceAccount: {
        name: KUBECONFIG_ACCOUNT,
        namespace: "kube-system",
        clusterRole: oidc?.groups.admin ? "view" : "cluster-admin",
      },
    },
    ...(oidc ? { experimental: { deploy: { vcluster: { manifests: personaManifests(oidc) } } } } : {}),
    telemetry: OFF,
  };
}

/** Chart keys that need a licence, with the lowest tier. SOURCE: vCluster 0.36.1, config package and feature list. */
export const LICENSED_KEYS: readonly { readonly path: string; readonly tier: string }[] = [
  { path: "controlPlane.backingStore.etcd.embedded", tier: "Free" },
  { path: "controlPlane.coredns.embedded", tier: "Free" },
  { path: "controlPlane.advanced.kubeVip", tier: "Scale" },
  { path: "controlPlane.hostPathMapper.central", tier: "Free" },
  { path: "networking.resolveDNS", tier: "Free" },
  { path: "sync.*.*.patches", tier: "Free" },
  { path: "sync.fromHost.customResources", tier: "Free" },
  { path: "sync.fromHost.deviceClasses", tier: "Free" },
  { path: "sync.toHost.customResources", tier: "Free" },
  { path: "sync.toHost.namespaces", tier: "Free" },
  { path: "sync.toHost.resourceClaimTemplates", tier: "Free" },
  { path: "sync.toHost.resourceClaims", tier: "Free" },
  { path: "privateNodes", tier: "Free" },
  { path: "integrations.certManager", tier: "Dev" },
  { path: "integrations.externalSecrets", tier: "Dev" },
  { path: "sleep", tier: "Dev" },
  { path: "controlPlane.backingStore.database.external", tier: "Prod" },
  { path: "integrations.istio", tier: "Prod" },
  { path: "snapshots", tier: "Prod" },
  { path: "experimental.proxy", tier: "Scale" },
  { path: "integrations.kubeVirt", tier: "Scale" },
  { path: "integrations.netris", tier: "Scale" },
  { path: "policies.centralAdmission", tier: "Scale" },
  { path: "sync.toHost.pods.hybridScheduling", tier: "Scale" },
  { path: "deletion", tier: "not published" },
  { path: "experimental.denyProxyRequests", tier: "not published" },
  { path: "platform", tier: "not published" },
];

/**
 * Chart keys a platform may set itself: they open no way out of the fence. All others are refused, because a tenant's
 * fence rests on what they say or leave unsaid: `rbac` and `sync.fromHost` read the host, `service` and `ingress` expose
 * the API, `experimental.deploy` writes to the host, a changed backing store or CoreDNS changes who talks to whom.
 */
const OWN_KEYS = [
  "controlPlane.coredns.priorityClassName",
  "controlPlane.distro.k8s.apiServer.extraArgs",
  "controlPlane.distro.k8s.controllerManager.extraArgs",
  "controlPlane.serviceMonitor",
  "controlPlane.statefulSet.annotations",
  "controlPlane.statefulSet.env",
  "controlPlane.statefulSet.pods.annotations",
  "controlPlane.statefulSet.scheduling.priorityClassName",
  "logging",
  "platform.apiKey.secretName",
  "sleep",
  "snapshots",
];

const API_SERVER_FLAGS = "controlPlane.distro.k8s.apiServer.extraArgs";

/**
 * Merges values of the platform's own over a tenant's, and refuses what needs a licence nobody gave (VCLUSTER_LICENCE)
 * or is not on the list of keys that leave the fence closed (VCLUSTER_HARDENED). Own flags of the virtual API server
 * come behind this library's and may not change them (VCLUSTER_FLAG).
 */
export function withOwnValues(scope: ErrorScope, values: Values, own: Values, licensed: boolean): Values {
  for (const { path, value } of leaves(own)) {
    const licence = LICENSED_KEYS.find((key) => matches(key.path, path));
    if (licence && !licensed)
      throw new ConfigurationError(
        "VCLUSTER_LICENCE",
        scope,
        `chart value '${path}' needs a vCluster licence (tier ${licence.tier}), got none; set license, or leave it out`,
      );
    if (!OWN_KEYS.some((key) => matches(key, path)))
      throw new ConfigurationError(
        "VCLUSTER_HARDENED",
        scope,
        `chart value '${path}' must be one that leaves the fence closed (${OWN_KEYS.join(", ")}), ` +
          `got ${JSON.stringify(value)}; leave it out, or change the tenant's file`,
      );
  }
  return merge(values, own, (path, below, over) =>
    path === API_SERVER_FLAGS ? withOwnFlags(scope, below as string[], over) : over,
  );
}

/** Every value that is no map, by dotted path. Empty maps count. */
function leaves(values: Values, prefix = ""): { path: string; value: unknown }[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = prefix + key;
    return isMap(value) && Object.keys(value).length > 0 ? leaves(value, `${path}.`) : [{ path, value }];
  });
}

/** True when `path` is the pattern or below it; `*` stands for one key. */
function matches(pattern: string, path: string): boolean {
  const keys = path.split(".");
  return pattern.split(".").every((part, index) => part === "*" || part === keys[index]);
}

type Choice = (path: string, below: unknown, over: unknown) => unknown;

/** Deep merge of maps; `choose` says what becomes of anything else that stands in both. */
function merge(base: Values, over: Values, choose: Choice, prefix = ""): Values {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    const path = prefix + key;
    merged[key] =
      isMap(below) && isMap(value) ? merge(below, value, choose, `${path}.`) : choose(path, below, value);
  }
  return merged;
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
