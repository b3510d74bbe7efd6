// Entry point `tenclave/stacks/google`: all layers of a platform on GKE. Dataplane V2 is the CNI, so there is no such layer.
export { GkeHostStack } from "./gke-host-stack";
export { GkePoolsStack, type GkePoolsStackProps } from "./gke-pools-stack";
export { GoogleTrustStack, type GoogleTrustStackProps } from "./google-trust-stack";
export * from "./neutral";
