// Affinity to pods of other namespaces tells what runs there; anti-affinity keeps neighbours off whole nodes, pools, zones.
import { podRule } from "../pod-rule";

const TERMS = ["podAffinity", "podAntiAffinity"].flatMap((kind) => {
  const terms = `object.spec.?affinity.?${kind}`;
  return [
    `${terms}.?requiredDuringSchedulingIgnoredDuringExecution.orValue([])`,
    `${terms}.?preferredDuringSchedulingIgnoredDuringExecution.orValue([]).map(p, p.podAffinityTerm)`,
  ];
});

export const POD_AFFINITY = podRule({
  id: "pod-affinity",
  refuses: "affinity and anti-affinity to pods of other namespaces",
  family: "placement",
  variables: [{ name: "terms", expression: TERMS.join(" + ") }],
  validations: [
    {
      expression:
        "variables.terms.all(t, !t.?namespaceSelector.hasValue() && " +
        "t.?namespaces.orValue([]).all(n, n == request.namespace))",
      message:
        "pod affinity and anti-affinity must stay in the tenant's own namespace of the host; remove namespaces and namespaceSelector from the term",
    },
  ],
  source: "Kubernetes documentation, Assigning Pods to Nodes: required anti-affinity binds both sides, 2026",
});
