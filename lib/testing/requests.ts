// Short ways to write attacks: the legitimate objects they start from, and the requests that carry them.
import { INIT_DATA, PARAMETERS } from "../admission/parameters";
import type { KubernetesObject } from "../core/manifest-release";
import type { AttackContext, AttackRequest } from "./attack";
import type { TenantView } from "./tenant-view";

/** Any object with a spec: attacks are untyped where they are wrong on purpose. */
export interface Manifest extends KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** What is changed on a legitimate pod. */
export interface PodChange {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Fields of the spec, over the legitimate ones. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Fields of the one container. */
  readonly container?: Readonly<Record<string, unknown>>;
  /** Fields of the container's security context. */
  readonly security?: Readonly<Record<string, unknown>>;
}

/** What Pod Security `restricted` wants of a container. */
export const RESTRICTED = {
  runAsNonRoot: true,
  runAsUser: 1000,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/** An image of the tenant's registries, by digest. */
export function image({ annotations }: TenantView, name = "app"): string {
  const registry = annotations[PARAMETERS.imageRegistries]?.split(",")[0] ?? "registry.example.com";
  return `${registry.replace(/\/$/, "")}/${name}@sha256:${"0123456789abcdef".repeat(4)}`;
}

/** A pod as the tenant's syncer makes it on the host: legitimate but for the change. */
export function pod({ tenant }: AttackContext, name: string, change: PodChange = {}): Manifest {
  return podOf(tenant, name, change);
}

/** The same for any tenant. */
export function podOf(tenant: TenantView, name: string, change: PodChange = {}): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-x-default-x-${tenant.name}`,
      namespace: tenant.namespace,
      ...change.metadata,
      labels: { ...managedLabels(tenant), ...change.labels },
      annotations: {
        "vcluster.loft.sh/object-name": name,
        "vcluster.loft.sh/object-namespace": "default",
        ...initData(tenant),
        ...change.annotations,
      },
    },
    spec: {
      runtimeClassName: tenant.runtimeClass,
      nodeSelector: tenant.nodeSelector,
      tolerations: tenant.tolerations,
      serviceAccountName: `vc-workload-${tenant.name}`,
      automountServiceAccountToken: false,
      containers: [
        {
          name: "main",
          image: image(tenant),
          securityContext: { ...RESTRICTED, ...change.security },
          ...change.container,
        },
      ],
      ...change.spec,
    },
  };
}

/** The annotation confidential pods carry where the tenant's file lists what is in it. */
export function initData({ annotations }: TenantView): Record<string, string> {
  const listed = annotations[PARAMETERS.initData];
  return listed === undefined ? {} : { [INIT_DATA]: listed.split(",")[0]! };
}

/** Labels the syncer puts on what it makes. */
export function managedLabels({ name }: TenantView): Record<string, string> {
  return { "vcluster.loft.sh/managed-by": name, "vcluster.loft.sh/namespace": "default" };
}

/** An object of the tenant's namespace, named as the syncer names it. `fields` stand beside metadata. */
export function synced(
  { tenant }: AttackContext,
  apiVersion: string,
  kind: string,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Manifest {
  return {
    apiVersion,
    kind,
    metadata: {
      name: `${name}-x-default-x-${tenant.name}`,
      namespace: tenant.namespace,
      labels: managedLabels(tenant),
      ...metadata,
    },
    ...fields,
  };
}

/** Plural names of the kinds attacks touch. */
const PLURALS: Readonly<Record<string, string>> = {
  Endpoints: "endpoints",
  Ingress: "ingresses",
  NetworkPolicy: "networkpolicies",
  CiliumNetworkPolicy: "ciliumnetworkpolicies",
  CiliumClusterwideNetworkPolicy: "ciliumclusterwidenetworkpolicies",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  MutatingAdmissionPolicy: "mutatingadmissionpolicies",
  StorageClass: "storageclasses",
  RuntimeClass: "runtimeclasses",
  PriorityClass: "priorityclasses",
  IngressClass: "ingressclasses",
};

/** `pods`, `endpointslices`, … */
export function plural(kind: string): string {
  return PLURALS[kind] ?? `${kind.toLowerCase()}s`;
}

/** Path of a kind's collection: `/api/v1/namespaces/x/pods`. */
export function collectionPath({ apiVersion = "v1", kind = "", metadata }: KubernetesObject): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata?.namespace ? `/namespaces/${metadata.namespace}` : "";
  return `${root}${namespace}/${plural(kind)}`;
}

/** Path of an object, or of a subresource of it. */
export function objectPath(object: KubernetesObject, subresource?: string): string {
  return `${collectionPath(object)}/${object.metadata?.name ?? ""}${subresource ? `/${subresource}` : ""}`;
}

/** Makes an object. */
export function create(object: KubernetesObject | Manifest): AttackRequest {
  return { method: "POST", path: collectionPath(object), body: object };
}

/** Makes or changes an object by server-side apply, taking fields over from others. */
export function apply(object: KubernetesObject | Manifest): AttackRequest {
  return {
    method: "PATCH",
    path: `${objectPath(object)}?fieldManager=attack&force=true`,
    body: object,
    contentType: "application/apply-patch+yaml",
  };
}

/** Merges `change` into an object, or into a subresource of it. */
export function patch(object: KubernetesObject, change: unknown, subresource?: string): AttackRequest {
  return { method: "PATCH", path: objectPath(object, subresource), body: change };
}

/** The same as a strategic merge, as `kubectl edit` and ephemeral containers need it. */
export function strategicPatch(
  object: KubernetesObject,
  change: unknown,
  subresource?: string,
): AttackRequest {
  return { ...patch(object, change, subresource), contentType: "application/strategic-merge-patch+json" };
}

/** Replaces an object. */
export function update(object: KubernetesObject | Manifest, subresource?: string): AttackRequest {
  return { method: "PUT", path: objectPath(object, subresource), body: object };
}

/** Removes an object. */
export function remove(object: KubernetesObject): AttackRequest {
  return { method: "DELETE", path: objectPath(object) };
}

/** Reads. */
export function get(path: string): AttackRequest {
  return { method: "GET", path };
}

/** A legitimate pod that stands in the tenant's namespace while attacks run: `setup` for updates and subresources. */
export function standingPod(context: AttackContext): Manifest {
  return pod(context, "standing");
}
