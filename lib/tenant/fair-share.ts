// A tenant's own share of the host's API server, so that its requests wait for its own alone.
import type { FlowSchema, PriorityLevelConfiguration } from "kubernetes-types/flowcontrol/v1";
import { LABELS, tenantNamespace } from "../core/names";
import type { TenantSpec } from "./tenant-spec";

/** Name of a tenant's level and of the schema that leads to it. Contract: dashboards and alerts name it. */
export function fairShareName(spec: TenantSpec): string {
  return `tenclave-tenant-${spec.name}`;
}

/**
 * The tenant's priority level: one share, beside the 245 of Kubernetes' own levels.
 *
 * A syncer is the tenant's own program once the tenant has taken over its control plane: it may ask as fast as it can,
 * and read the answers as slowly as it likes. A request keeps its seat until its answer is read or a minute is over, so
 * one level for all tenants is lost to a single one with as many unread answers as the level has seats: with 5 seats,
 * five requests on one connection made the server answer 429 to every other tenant (seen on 1.34.2). Queues deal out
 * free seats fairly; they free none. Hence a level for each tenant.
 *
 * Seats: of an API server with the default 600, three each up to 54 tenants, two up to 354, then one. None is borrowed
 * and none is lent, for both are settled every ten seconds only: what a flood borrows comes back late, and a tenant
 * whose only seat was lent waited ten seconds for its first answer (seen with 1,000 tenants). With 100 tenants
 * Kubernetes' own levels keep seven tenths of the seats they have without any.
 *
 * Queues: the control plane's account and the workloads' wait apart. What comes when 50 requests wait in each of a
 * flow's queues is answered with 429, which every Kubernetes client waits on and repeats.
 * SOURCE: Kubernetes 1.34, API priority and fairness.
 */
export function tenantLevel(spec: TenantSpec): PriorityLevelConfiguration {
  return {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "PriorityLevelConfiguration",
    metadata: metadata(spec),
    spec: {
      type: "Limited",
      limited: {
        nominalConcurrencyShares: 1,
        lendablePercent: 0,
        borrowingLimitPercent: 0,
        limitResponse: { type: "Queue", queuing: { queues: 16, handSize: 2, queueLengthLimit: 50 } },
      },
    },
  };
}

/**
 * Sends every service account of the tenant's namespace to that level, after those of kube-system (900) and before
 * Kubernetes' schema for service accounts (9000). Accounts of other namespaces stay where Kubernetes puts them.
 *
 * By user, not by namespace: that is the one a request names, and this is asked before authorization.
 */
export function tenantFlow(spec: TenantSpec): FlowSchema {
  return {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    metadata: metadata(spec),
    spec: {
      priorityLevelConfiguration: { name: fairShareName(spec) },
      matchingPrecedence: 8000,
      distinguisherMethod: { type: "ByUser" },
      rules: [
        {
          subjects: [
            { kind: "ServiceAccount", serviceAccount: { namespace: tenantNamespace(spec.name), name: "*" } },
          ],
          resourceRules: [
            { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true },
          ],
          nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
        },
      ],
    },
  };
}

function metadata(spec: TenantSpec): { name: string; labels: Record<string, string> } {
  return { name: fairShareName(spec), labels: { [LABELS.tenant]: spec.name } };
}
