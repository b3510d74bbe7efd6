// Entry point `tenclave/stacks/aws`: all layers of a platform on EKS.
export { EksHostStack } from "./eks-host-stack";
export { EksPoolsStack, type EksPoolsStackProps } from "./eks-pools-stack";
export * from "./neutral";
