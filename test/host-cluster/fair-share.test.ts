// The tenants' share of the API server: matched where it must be, and no way around it.
import { platformObjects } from "../../lib/host-cluster/platform-objects";
import { tenantsFlow, tenantsLevel } from "../../lib/host-cluster/fair-share";
import { exampleHost } from "../support/host";

/** Matching precedence of Kubernetes' own schemas for service accounts. SOURCE: Kubernetes 1.34, flow control bootstrap. */
const KUBE_SYSTEM = 900;
const SERVICE_ACCOUNTS = 9000;

test("every host has the level, and the flow that leads to it", () => {
  const objects = platformObjects(exampleHost());
  expect(objects).toContainEqual(tenantsLevel());
  expect(objects).toContainEqual(tenantsFlow());
  expect(tenantsFlow().spec!.priorityLevelConfiguration.name).toBe(tenantsLevel().metadata!.name);
});

test("the flow comes after kube-system's accounts and before all others, each account for itself", () => {
  const { matchingPrecedence, distinguisherMethod, rules } = tenantsFlow().spec!;
  expect(matchingPrecedence).toBeGreaterThan(KUBE_SYSTEM);
  expect(matchingPrecedence).toBeLessThan(SERVICE_ACCOUNTS);
  // The namespace is what the request names: a tenant could name another's.
  expect(distinguisherMethod!.type).toBe("ByUser");
  expect(rules).toEqual([
    {
      subjects: [{ kind: "Group", group: { name: "system:serviceaccounts" } }],
      resourceRules: [
        { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true },
      ],
      nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
    },
  ]);
});

test("the level borrows no seat, lends none, and queues what it cannot serve", () => {
  const { type, limited } = tenantsLevel().spec!;
  expect(type).toBe("Limited");
  expect(limited).toMatchObject({ borrowingLimitPercent: 0, lendablePercent: 0 });
  const { queues, handSize, queueLengthLimit } = limited!.limitResponse!.queuing!;
  expect(limited!.limitResponse!.type).toBe("Queue");
  // A flow's hand must be a small part of the queues, or one flood fills all.
  expect(handSize! * 16).toBeLessThan(queues!);
  expect(queueLengthLimit).toBeGreaterThan(0);
});
