// Entry point `tenclave/stacks`: the layers that need no cloud's provider: they reach a host through whatever connection they are given.
export { CniStack, type CniStackProps } from "./cni-stack";
export { LAYERS, layerOf, type Layer } from "./layer";
export { PlatformStack, type PlatformStackProps } from "./platform-stack";
export { TenantsStack, type TenantsStackProps } from "./tenants-stack";
export { TrustStack, type TrustStackProps } from "./trust-stack";
export { TrustPolicyStack, type TrustPolicyStackProps } from "./trust-policy-stack";
