// Parameters of the rules, per tenant: annotations of its Namespace, which the platform alone can change.
//
// Not ConfigMaps or Secrets of the namespace: the tenant's syncer writes those.
import { LABELS, PREFIX } from "../core/names";
import type { PoolReference } from "../node-pool/node-pool";
import { poolSelector } from "../node-pool/node-pool";
import { text } from "./cel";
import type { Variable } from "./rule";

/** Annotations of a tenant's Namespace that rules read. Lists are joined by `,`. */
export const PARAMETERS = {
  /** The one RuntimeClass of the tenant's pods. */
  runtimeClass: `${PREFIX}runtime-class`,
  /** Tolerations beside Kubernetes' own of node conditions: `key=value:Effect`. */
  tolerations: `${PREFIX}tolerations`,
  /** Labels every pod's node selector holds: `key=value`. */
  nodeSelector: `${PREFIX}node-selector`,
  /** StorageClasses a volume may name. */
  storageClasses: `${PREFIX}storage-classes`,
  /** Registries (and path prefixes) images come from. Absent: any. */
  imageRegistries: `${PREFIX}image-registries`,
  /** `required` when images are named by digest. Absent: tags are taken. */
  imageDigests: `${PREFIX}image-digests`,
  /** Images the platform itself puts into a virtual cluster, as pods name them. Rules about images take these. */
  systemImages: `${PREFIX}system-images`,
  /** Annotations of Kata that pods may carry. */
  kataAnnotations: `${PREFIX}kata-annotations`,
  /** Seccomp profiles of the pool's nodes that pods may name. */
  seccompProfiles: `${PREFIX}seccomp-profiles`,
  /** Audiences of host service-account tokens that pods may mount, for a cloud's identity service. */
  tokenAudiences: `${PREFIX}token-audiences`,
  /** `required` when pods must keep to what confidential workloads need. */
  confidentialPrerequisites: `${PREFIX}confidential-prerequisites`,
  /** Secrets confidential pods may take all the same: `namespace/name` in the virtual cluster. */
  plainSecrets: `${PREFIX}plain-secrets`,
  /** Initialisation data confidential pods carry, one of these, verbatim: CEL computes no digest. */
  initData: `${PREFIX}init-data`,
  /** Ids of rules that do not bind this tenant. */
  exceptions: `${PREFIX}exceptions`,
} as const;

/** Annotation of a pod with the initialisation data of its confidential VM: base64 of compressed TOML. */
export const INIT_DATA = "io.katacontainers.config.hypervisor.cc_init_data";

/** A parameter's name. */
export type Parameter = keyof typeof PARAMETERS;

/** CEL: the tenant's name. Fails, and so refuses, where the label is missing. */
export const TENANT = `namespaceObject.metadata.labels[${text(LABELS.tenant)}]`;

/** A variable that holds a parameter as text. Fails, and so refuses, where the annotation is missing. */
export function parameter(name: Parameter, variable: string = name): Variable {
  return { name: variable, expression: `namespaceObject.metadata.annotations[${text(PARAMETERS[name])}]` };
}

/** A variable that holds a parameter as a list of texts: empty where the annotation is missing. */
export function parameterList(name: Parameter, variable: string = name): Variable {
  const key = text(PARAMETERS[name]);
  const annotations = "namespaceObject.metadata.annotations";
  return {
    name: variable,
    expression:
      `has(${annotations}) && ${key} in ${annotations} && ${annotations}[${key}] != '' ` +
      `? ${annotations}[${key}].split(',') : []`,
  };
}

/** What a tenant's parameters depend on. */
export interface ParameterInput {
  readonly pool: PoolReference;
  readonly storageClass: string;
  readonly kataAnnotations?: readonly string[];
  readonly imageRegistries?: readonly string[];
  readonly imageDigests?: boolean;
  readonly systemImages?: readonly string[];
  readonly tokenAudiences?: readonly string[];
  /** Absent: nothing beyond what all pods keep to. */
  readonly confidential?: ConfidentialInput;
  readonly exceptions?: readonly string[];
}

/** What a tenant's confidential pods may have. */
export interface ConfidentialInput {
  /** `namespace/name` in the virtual cluster. @default - none */
  readonly plainSecrets?: readonly string[];
  /** Values of the annotation with initialisation data: base64, no commas. @default - any, or none */
  readonly initData?: readonly string[];
}

/** The annotations of a tenant's Namespace. */
export function parameterAnnotations(input: ParameterInput): Record<string, string> {
  const { pool, confidential } = input;
  const { enclaves } = pool.capacity;
  const lists: Partial<Record<Parameter, readonly string[] | undefined>> = {
    tolerations: pool.placement.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`),
    nodeSelector: Object.entries(poolSelector(pool)).map(([key, value]) => `${key}=${value}`),
    storageClasses: [input.storageClass],
    kataAnnotations: [...(input.kataAnnotations ?? []), ...(confidential?.initData ? [INIT_DATA] : [])],
    imageRegistries: input.imageRegistries,
    systemImages: input.systemImages,
    seccompProfiles: enclaves?.seccompProfile === undefined ? [] : [enclaves.seccompProfile],
    tokenAudiences: input.tokenAudiences,
    plainSecrets: confidential?.plainSecrets,
    initData: confidential?.initData,
    exceptions: input.exceptions,
  };
  return {
    [PARAMETERS.runtimeClass]: pool.runtimeClassName,
    ...(input.imageDigests ? { [PARAMETERS.imageDigests]: "required" } : {}),
    ...(confidential ? { [PARAMETERS.confidentialPrerequisites]: "required" } : {}),
    ...Object.fromEntries(
      Object.entries(lists)
        .filter(([, values]) => values !== undefined && values.length > 0)
        .map(([name, values]) => [PARAMETERS[name as Parameter], values!.join(",")]),
    ),
  };
}
