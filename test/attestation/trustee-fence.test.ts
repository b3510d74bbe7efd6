// Trustee's fence: what must pass, and nothing beside it.
import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import { Fence } from "../../lib/testing/fence";
import { shown, TRUSTEE_FENCES, trusteeFlows } from "../support/trustee-flows";

test.each(TRUSTEE_FENCES.map((one) => [one.name, one] as const))("%s", (_name, one) => {
  const fence = new Fence(one.cluster);
  const flows = trusteeFlows(one);
  expect(flows.length).toBeGreaterThan(500);
  const passed = flows.filter((flow) => fence.allows(flow)).map(shown);
  expect(passed.sort()).toEqual([...one.allowed].sort());
});

test("who reaches names asks DNS by them alone: no rule without names stands beside", () => {
  const portsOf = (index: number, name: string): unknown[] => {
    const { objects } = TRUSTEE_FENCES[index]!.cluster;
    const policy = objects.find((one) => one.kind === "NetworkPolicy" && one.metadata?.name === name);
    return (policy as NetworkPolicy).spec!.egress!.flatMap(({ ports }) => ports!.map(({ port }) => port));
  };
  expect(portsOf(0, "trustee-as")).toEqual([50003]);
  expect(portsOf(0, "trustee-kbs")).toContain(53);
  expect(portsOf(1, "trustee-kbs")).toEqual([50004, 5432]);
  expect(portsOf(2, "trustee-as")).toEqual([50003, 53, 53, 443]);
  const [byName] = TRUSTEE_FENCES;
  const dns = { from: "as", to: "kube-dns", port: 53, protocol: "UDP" } as const;
  expect(new Fence(byName!.cluster).verdict(dns).proxied).toBe(true);
});

test("names other than the vendors' are not asked for", () => {
  const [byName] = TRUSTEE_FENCES;
  const policy = byName!.cluster.objects.find(({ kind }) => kind === "CiliumNetworkPolicy");
  expect(JSON.stringify(policy)).toContain(
    '"dns":[{"matchPattern":"kdsintf.amd.com"},{"matchPattern":"api.trustedservices.intel.com"},' +
      '{"matchPattern":"*.trustee.svc.cluster.local"}]',
  );
});
