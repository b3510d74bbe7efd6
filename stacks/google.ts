// Entry point `tenclave/stacks/google`: the neutral layers. No GKE layer exists in this release.
export * from "./neutral";
