// The Helm classes the library uses, by sub-module.
export { HelmProvider } from "@cdktf/provider-helm/lib/provider";
export type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
export { Release } from "@cdktf/provider-helm/lib/release";
export type { ReleaseConfig } from "@cdktf/provider-helm/lib/release";
