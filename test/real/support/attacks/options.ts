// What the examples' tenants do not ask for, and rules look at: images by digest from named registries, confidential pods.
import { PARAMETERS } from "../../../../lib/admission/parameters";
import type { Configuration } from "../../../../lib/testing/synthesized";

const SYSTEM_IMAGES = [
  "docker.io/coredns/coredns:1.12.1",
  "mirror.gcr.io/library/alpine:3.20",
  "ghcr.io/loft-sh/kubernetes:v1.34.0",
  "ghcr.io/loft-sh/vcluster-oss:0.36.1",
].join(",");

/** Given to the second and third tenant, in the order of their namespaces. */
const OPTIONS: readonly Readonly<Record<string, string>>[] = [
  {},
  {
    [PARAMETERS.imageRegistries]: "registry.example.com/team,mirror.example.com",
    [PARAMETERS.imageDigests]: "required",
    [PARAMETERS.systemImages]: SYSTEM_IMAGES,
  },
  {
    [PARAMETERS.systemImages]: SYSTEM_IMAGES,
    [PARAMETERS.confidentialPrerequisites]: "required",
    [PARAMETERS.plainSecrets]: "default/allowed",
    [PARAMETERS.kataAnnotations]: "io.katacontainers.config.hypervisor.cc_init_data",
    [PARAMETERS.initData]: "aW5pdA==",
    [PARAMETERS.tokenAudiences]: "pods.eks.amazonaws.com",
  },
];

/** Configurations with every parameter of the rules in use by some tenant. */
export function withOptions(configurations: readonly Configuration[]): Configuration[] {
  let tenants = 0;
  const copy = structuredClone(configurations) as {
    resource?: Record<string, Record<string, { metadata?: unknown }>>;
  }[];
  for (const { resource = {} } of copy)
    for (const { metadata } of Object.values(resource.kubernetes_namespace_v1 ?? {})) {
      const one = (Array.isArray(metadata) ? metadata[0] : metadata) as {
        name: string;
        annotations?: Record<string, string>;
      };
      if (one.name.startsWith("tenant-")) one.annotations = { ...one.annotations, ...OPTIONS[tenants++] };
    }
  return copy as Configuration[];
}
