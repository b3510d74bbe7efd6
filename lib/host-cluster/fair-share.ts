// One share of the host's API server for all tenants together, dealt out fairly among them.
import type { FlowSchema, PriorityLevelConfiguration } from "kubernetes-types/flowcontrol/v1";

/** Name of both objects; it is contract, because dashboards and alerts name it. */
export const TENANTS_FLOW = "tenclave-tenants";

/**
 * Seats of the tenants' level, in shares: 20 beside the 245 of Kubernetes' own levels. A small API server (600 seats)
 * serves 46 of their requests at once, and 246 for service accounts if nobody else asks.
 */
const SHARES = 20;

/**
 * The level of all tenants' syncers.
 *
 * A syncer is a tenant's own program once the tenant has taken over its control plane, so it may ask as fast as it can.
 * Seats: few, and none borrowed from other levels: what a flood borrows comes back only ten seconds later.
 * Queues: a tenant's requests wait in 6 of 256, so one flood shares all six with another tenant in fewer than one case
 * of 10^11, and sixteen floods at once in one of 400. 50 requests wait in each; what comes then is answered with 429,
 * which every Kubernetes client waits on and repeats.
 * SOURCE: Kubernetes documentation, API priority and fairness: table of shuffle sharding.
 */
export function tenantsLevel(): PriorityLevelConfiguration {
  return {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "PriorityLevelConfiguration",
    metadata: { name: TENANTS_FLOW },
    spec: {
      type: "Limited",
      limited: {
        nominalConcurrencyShares: SHARES,
        lendablePercent: 0,
        borrowingLimitPercent: 0,
        limitResponse: { type: "Queue", queuing: { queues: 256, handSize: 6, queueLengthLimit: 50 } },
      },
    },
  };
}

/**
 * Sends all service accounts outside kube-system to that level, each a flow of its own.
 *
 * A FlowSchema cannot match namespaces by label, and the platform does not know its tenants, so it matches the group of
 * all service accounts, just before Kubernetes' own schema for them (9000). Those of kube-system are matched earlier
 * (900). What else it catches: operators, agents and CI jobs in other namespaces of the host. They share the tenants'
 * seats; one that needs more gets a FlowSchema of its own with a precedence between 1000 and 8998.
 *
 * By user, not by namespace: the namespace is the one that a request names, and this is asked before authorization, so
 * a tenant could fill the queues of another.
 */
export function tenantsFlow(): FlowSchema {
  return {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    metadata: { name: TENANTS_FLOW },
    spec: {
      priorityLevelConfiguration: { name: TENANTS_FLOW },
      matchingPrecedence: 8999,
      distinguisherMethod: { type: "ByUser" },
      rules: [
        {
          subjects: [{ kind: "Group", group: { name: "system:serviceaccounts" } }],
          resourceRules: [
            { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true },
          ],
          nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
        },
      ],
    },
  };
}
