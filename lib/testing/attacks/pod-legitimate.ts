// What every virtual cluster makes, and who else tries to make it.
import { Attacker, type Attack, type AttackContext } from "../attack";
import { controlPlanePod, coreDnsPod, jobPod, statefulSetPod, syncedPod } from "../legitimate-pods";
import { create, type Manifest } from "../requests";

export const POD_LEGITIMATE: readonly Attack[] = (
  [
    ["plain", "makes a plain pod", (tenant) => syncedPod(tenant, "web-5d9c7b8f6d-x7k2p")],
    ["core-dns", "makes the virtual cluster's DNS server", coreDnsPod],
    ["stateful-set", "makes a pod of a StatefulSet with a headless Service", statefulSetPod],
    ["job", "makes a pod of a Job", jobPod],
  ] satisfies [string, string, (tenant: AttackContext["tenant"]) => Manifest][]
).map(([id, does, make]) => ({
  id: `legitimate-${id}`,
  as: Attacker.SYNCER,
  does,
  why: "every virtual cluster does",
  expect: "allowed",
  stoppedBy: [],
  request: ({ tenant }) => create(make(tenant)),
}));

export const POD_CONTROL_PLANE: readonly Attack[] = [
  {
    id: "legitimate-control-plane",
    as: Attacker.CONTROLLER,
    does: "makes the pod of the virtual control plane",
    why: "the chart's StatefulSet says so",
    expect: "allowed",
    stoppedBy: [],
    // Helm's StatefulSet has made it already.
    when: ({ helm }) => !helm,
    request: ({ tenant }) => create(controlPlanePod(tenant)),
  },
  {
    id: "control-plane-by-syncer",
    as: Attacker.SYNCER,
    does: "makes a pod like that of the control plane itself",
    why: "its own program beside the real one, with all the fence opens to it",
    expect: "refused",
    stoppedBy: ["rule:control-plane-pod"],
    request: ({ tenant }) => create(controlPlanePod(tenant)),
  },
  {
    id: "control-plane-by-developer",
    as: Attacker.DEVELOPER,
    does: "makes a pod that runs as a tenant's control plane",
    why: "reads all of the tenant's Secrets on the host",
    expect: "refused",
    stoppedBy: ["rule:control-plane-pod"],
    request: ({ tenant }) => create(controlPlanePod(tenant)),
  },
];
