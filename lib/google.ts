// Entry point `tenclave/google`: the provider class through the seam. No GKE construct exists in this release.
export { GoogleProvider } from "./core/bindings/google";
