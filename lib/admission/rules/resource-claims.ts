// Quotas count devices by name; claims of dynamic resource allocation they do not, and evidence devices may come that way.
import { podRule } from "../pod-rule";

export const RESOURCE_CLAIMS = podRule({
  id: "resource-claims",
  refuses: "devices by resource claim",
  family: "pod",
  validations: [
    {
      expression: "object.spec.?resourceClaims.orValue([]).size() == 0",
      message: "devices come by resource requests, which the quota counts; remove spec.resourceClaims",
    },
  ],
  source: "Kubernetes documentation, Dynamic Resource Allocation, 1.34",
});
