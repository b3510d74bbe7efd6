// Container runtimes take orders from annotations: other kernels, debug consoles, devices of the node.
import { parameterList } from "../parameters";
import { podMetadataRule } from "../pod-rule";
import { literally } from "../cel";

/** Beginnings of keys that containerd, CRI-O, Kata, gVisor, runc, crun and the device interface obey. */
const PREFIXES = [
  "cdi.k8s.io/",
  "dev.gvisor.",
  "io.containerd.",
  "io.katacontainers.",
  "io.kubernetes.cri",
  "module.wasm.image/",
  "org.criu.",
  "org.systemd.property.",
  "run.oci.",
];
/** CRI-O's high-performance hooks, and plug-ins of containerd's node resource interface, name themselves by these domains. */
const DOMAINS = ["nri.io", "noderesource.dev", "nri.containerd.io", "crio.io", "cri-o.io"];
/** One expression for all: a pod may have thousands of annotations. */
const OBEYED =
  `key.matches('^(${PREFIXES.map(literally).join("|")})') || ` +
  `key.matches('(^|[.])(${DOMAINS.map(literally).join("|")})(/|$)')`;

export const RUNTIME_ANNOTATIONS = podMetadataRule({
  id: "runtime-annotations",
  refuses: "annotations that container runtimes obey, but for the tenant's list",
  family: "pod",
  variables: [
    parameterList("kataAnnotations"),
    {
      name: "orders",
      expression:
        "object.metadata.?annotations.orValue({})" +
        `.filter(key, (${OBEYED}) && !(key in variables.kataAnnotations))`,
    },
  ],
  validations: [
    {
      expression: "variables.orders.size() == 0",
      message:
        "annotations that container runtimes obey are for the platform; remove them from the pod, or ask for them to be allowed",
      messageExpression:
        "'annotations that container runtimes obey are for the platform; remove ' + variables.orders.join(', ') + ' from the pod, or ask for them to be allowed'",
    },
  ],
  source: "vCluster 0.36.1 on a live API server, 2026: annotations are copied, later ones by update",
});
