// Annotations that controllers of the host obey: cloud load balancers, DNS zones, Cilium.
import { list, unchanged } from "../cel";
import { SERVICES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

/** Prefixes a controller with rights outside the tenant's namespace reads on Services of any type. */
const OBEYED = [
  "alb.ingress.kubernetes.io/",
  "aws.amazon.com/",
  "azure.",
  "beta.cloud.google.com/",
  "cloud.google.com/",
  "external-dns.",
  "io.cilium/",
  "io.cilium.",
  "ipam.cilium.io/",
  "lbipam.cilium.io/",
  "networking.gke.io/",
  "service.alpha.kubernetes.io/",
  "service.beta.kubernetes.io/",
  "service.cilium.io/",
  "tenclave.dev/",
];

/** GKE writes this on every Service; it does nothing until an Ingress of the host names the Service. */
const GKE_DEFAULT = "k == 'cloud.google.com/neg' && object.metadata.annotations[k] == '{\"ingress\":true}'";

export const SERVICE_ANNOTATIONS: AdmissionRule = {
  id: "service-annotations",
  refuses: "annotations on Services that steer cloud load balancers, DNS zones or Cilium",
  family: "service",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [SERVICES],
  validations: [
    {
      expression:
        `(oldObject != null && ${unchanged("metadata.annotations")}) || ` +
        // Thousands cost the API server seconds.
        "!has(object.metadata.annotations) || object.metadata.annotations.size() <= 256 && " +
        "object.metadata.annotations.all(k, " +
        `(${GKE_DEFAULT}) || !${list(OBEYED)}.exists(p, k.startsWith(p)))`,
      message:
        "Services must not carry annotations that controllers of the platform obey (cloud load balancers, external-dns, Cilium); remove them",
    },
  ],
  source: "Cilium 1.20, annotation package; documentation of external-dns and of GKE standalone NEGs, 2026",
};
