// A tenant against its own fence, quota and namespace.
import { Attacker, type Attack } from "../attack";
import { remove } from "../requests";

export const GUARDRAIL_ATTACKS: readonly Attack[] = [
  {
    id: "quota-delete",
    as: Attacker.SYNCER,
    does: "deletes its own ResourceQuota",
    why: "then takes the whole host",
    mtb: ["MTB-PL1-CC-TI-1"],
    expect: "refused",
    stoppedBy: ["rbac"],
    request: ({ tenant }) =>
      remove({
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "tenclave-tenant", namespace: tenant.namespace },
      }),
  },
];
