// The Google classes the library uses, by sub-module. Only the provider so far: no GKE construct exists yet.
export { GoogleProvider } from "@cdktf/provider-google/lib/provider";
