// How Trustee's parts are reached, and that one pod of each stays while nodes are emptied.
import type { Service } from "kubernetes-types/core/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import { partLabels, PORTS, type Part } from "./names";
import type { CheckedTrustee } from "./options";
import { metadata, runningParts } from "./pod-parts";

/** Broker and key set by load balancers that keep the client's address, which the fence judges; the others inside alone. */
export function services(options: CheckedTrustee): Service[] {
  const inside = (part: Part, port: number): Service => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(options, part),
    spec: { type: "ClusterIP", selector: partLabels(part), ports: [{ name: "grpc", port }] },
  });
  const outside = (part: Part, port: string, clients: readonly string[]): Service => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      ...metadata(options, part),
      ...(options.serviceAnnotations ? { annotations: { ...options.serviceAnnotations } } : {}),
    },
    spec: {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      loadBalancerSourceRanges: [...clients],
      selector: partLabels(part),
      ports: [{ name: "https", port: 443, targetPort: port }],
    },
  });
  return [
    outside("kbs", "https", options.clients),
    inside("as", PORTS.as),
    inside("rvps", PORTS.rvps),
    ...(options.jwks ? [outside("jwks", "https", options.jwks.clients)] : []),
  ];
}

/** None for one replica, which nobody could move then. */
export function budgets(options: CheckedTrustee): PodDisruptionBudget[] {
  return options.replicas > 1 ? runningParts(options).map((part) => budget(options, part)) : [];
}

function budget(options: CheckedTrustee, part: Part): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata(options, part),
    spec: { minAvailable: 1, selector: { matchLabels: partLabels(part) } },
  };
}
