// The azurerm classes the library uses, by sub-module. Only the provider so far: no AKS construct exists yet.
export { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
