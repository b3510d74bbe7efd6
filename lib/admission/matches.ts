// Requests that several rules look at.
import type { Operation, ResourceMatch } from "./rule";

/** Whatever changes what is stored. */
export const WRITES: readonly Operation[] = ["CREATE", "UPDATE", "DELETE"];

/** Pods as they are made and changed. Ephemeral containers come as the whole pod through a subresource. */
export const PODS: ResourceMatch = {
  apiGroups: [""],
  apiVersions: ["v1"],
  resources: ["pods", "pods/ephemeralcontainers"],
  operations: ["CREATE", "UPDATE"],
};

/** Services as they are made and changed. */
export const SERVICES: ResourceMatch = {
  apiGroups: [""],
  apiVersions: ["v1"],
  resources: ["services"],
  operations: ["CREATE", "UPDATE"],
};

/** Claims as they are made and changed; those of StatefulSets and of ephemeral volumes come from Kubernetes' controllers. */
export const CLAIMS: ResourceMatch = {
  apiGroups: [""],
  apiVersions: ["v1"],
  resources: ["persistentvolumeclaims"],
  operations: ["CREATE", "UPDATE"],
};
