// Entry point `tenclave/stacks/azure`: all layers of a platform on AKS.
export { AksHostStack } from "./aks-host-stack";
export { AksPoolsStack, type AksPoolsStackProps } from "./aks-pools-stack";
export { AzureTrustStack } from "./azure-trust-stack";
export * from "./neutral";
