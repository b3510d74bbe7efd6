// A tenant's share of the API server: matched where it must be, its own, and no way around it.
import { fairShareName, tenantFlow, tenantLevel } from "../../lib/tenant/fair-share";
import { guardrails } from "../../lib/tenant/guardrails";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { exampleHost, exampleTenant } from "../support/host";

/** Matching precedence of Kubernetes' own schemas for service accounts. SOURCE: Kubernetes 1.34, flow control bootstrap. */
const KUBE_SYSTEM = 900;
const SERVICE_ACCOUNTS = 9000;

const spec = exampleTenant();

test("every tenant's guardrails hold its level, and the flow that leads to it", () => {
  const host = exampleHost();
  const objects = guardrails(checkTenant(spec, host), host);
  expect(objects).toContainEqual(tenantLevel(spec));
  expect(objects).toContainEqual(tenantFlow(spec));
  expect(tenantFlow(spec).spec!.priorityLevelConfiguration.name).toBe(tenantLevel(spec).metadata!.name);
});

test("the flow comes after kube-system's accounts and before all others, each account for itself", () => {
  const { matchingPrecedence, distinguisherMethod, rules } = tenantFlow(spec).spec!;
  expect(matchingPrecedence).toBeGreaterThan(KUBE_SYSTEM);
  expect(matchingPrecedence).toBeLessThan(SERVICE_ACCOUNTS);
  // The namespace is what the request names: a tenant could name another's.
  expect(distinguisherMethod!.type).toBe("ByUser");
  expect(rules).toEqual([
    {
      subjects: [{ kind: "ServiceAccount", serviceAccount: { namespace: "tenant-acme", name: "*" } }],
      resourceRules: [
        { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true },
      ],
      nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
    },
  ]);
});

test("no two tenants share a level: whoever leaves answers unread keeps its seats", () => {
  const other = exampleTenant({ name: "globex" });
  expect(fairShareName(spec)).not.toBe(fairShareName(other));
  expect(tenantFlow(other).spec!.rules![0]!.subjects[0]!.serviceAccount!.namespace).toBe("tenant-globex");
});

test("the level borrows and lends no seat, is small, and queues what it cannot serve", () => {
  const { type, limited } = tenantLevel(spec).spec!;
  expect(type).toBe("Limited");
  expect(limited).toMatchObject({
    borrowingLimitPercent: 0,
    lendablePercent: 0,
    nominalConcurrencyShares: 1,
  });
  const { queues, handSize, queueLengthLimit } = limited!.limitResponse!.queuing!;
  expect(limited!.limitResponse!.type).toBe("Queue");
  // The workloads' account must not fill the queues of the control plane's.
  expect(handSize! * 4).toBeLessThanOrEqual(queues!);
  expect(queueLengthLimit).toBeGreaterThan(0);
});

test("the longest name still fits", () => {
  expect(fairShareName(exampleTenant({ name: "a".repeat(40) })).length).toBeLessThanOrEqual(63);
});
