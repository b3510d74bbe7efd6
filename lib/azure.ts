// Entry point `tenclave/azure`: the provider class through the seam. No AKS construct exists in this release.
export { AzurermProvider } from "./core/bindings/azurerm";
