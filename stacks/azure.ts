// Entry point `tenclave/stacks/azure`: the neutral layers. No AKS layer exists in this release.
export * from "./neutral";
