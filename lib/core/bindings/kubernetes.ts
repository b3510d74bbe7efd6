// The Kubernetes classes the library uses, by sub-module.
export { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
export { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
