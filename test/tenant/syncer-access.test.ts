// The allow-list of a tenant's service accounts, and the quota that counts what it lets them make.
import { resourceQuota } from "../../lib/tenant/guardrails";
import { accessLines, EVERYBODYS_ACCESS, SYNCER_ACCESS } from "../../lib/tenant/syncer-access";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { exampleHost, exampleTenant } from "../support/host";

/** Kubernetes leaves events out of quotas, whatever the quota says: seen on a live server, see docs/tenant.md. */
const UNCOUNTED = ["events", "events.events.k8s.io"];

test("the quota counts every kind that a tenant's syncer can make", () => {
  const host = exampleHost();
  const counted = Object.keys(resourceQuota(checkTenant(exampleTenant(), host), host).spec!.hard!);
  const made = accessLines(SYNCER_ACCESS)
    .filter((line) => line.startsWith("create ") && !line.includes("/"))
    .map((line) => line.replace("create ", ""));
  expect(made.length).toBeGreaterThan(6);
  const uncounted = made.filter((kind) => !counted.includes(kind) && !counted.includes(`count/${kind}`));
  expect(uncounted).toEqual(UNCOUNTED);
});

test("a syncer reads nothing of the cluster and writes no guardrail", () => {
  const lines = accessLines([...SYNCER_ACCESS, ...EVERYBODYS_ACCESS]);
  const guardrails =
    /\b(\*|nodes|namespaces|serviceaccounts|resourcequotas|limitranges|(cilium\w*)?networkpolicies|roles|rolebindings|\w*classes|validatingadmission\w*|leases)\b/;
  expect(lines.filter((line) => guardrails.test(line))).toEqual([]);
});

test("one line for each verb, group and resource", () => {
  const row = (apiGroup: string, resource: string): Parameters<typeof accessLines>[0][number] => ({
    apiGroup,
    resources: [resource],
    verbs: ["get", "patch"],
  });
  expect(accessLines([row("apps", "deployments"), row("", "pods/status"), row("", "pods/status")])).toEqual([
    "get deployments.apps",
    "get pods/status",
    "patch deployments.apps",
    "patch pods/status",
  ]);
});
