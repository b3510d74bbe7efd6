// Trustee's fence: what must pass, and nothing beside it.
import { Fence } from "../../lib/testing/fence";
import { shown, TRUSTEE_FENCES, trusteeFlows } from "../support/trustee-flows";

test.each(TRUSTEE_FENCES.map((one) => [one.name, one] as const))("%s", (_name, one) => {
  const fence = new Fence(one.cluster);
  const flows = trusteeFlows(one);
  expect(flows.length).toBeGreaterThan(500);
  const passed = flows.filter((flow) => fence.allows(flow)).map(shown);
  expect(passed.sort()).toEqual([...one.allowed].sort());
});

test("names other than the vendors' are not asked for", () => {
  const [byName] = TRUSTEE_FENCES;
  const policy = byName!.cluster.objects.find(({ kind }) => kind === "CiliumNetworkPolicy");
  expect(JSON.stringify(policy)).toContain(
    '"dns":[{"matchPattern":"kdsintf.amd.com"},{"matchPattern":"api.trustedservices.intel.com"},' +
      '{"matchPattern":"*.trustee.svc.cluster.local"}]',
  );
});
