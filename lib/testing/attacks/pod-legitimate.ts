// What every virtual cluster makes, and who else tries to make it.
import { Attacker, type Attack, type AttackContext } from "../attack";
import { INIT_DATA } from "../../admission/parameters";
import { brokerPod, vaultPods } from "../evidence-pods";
import { controlPlanePod, coreDnsPod, jobPod, statefulSetPod, syncedPod } from "../legitimate-pods";
import { create, initData, type Manifest } from "../requests";

export const POD_LEGITIMATE: readonly Attack[] = (
  [
    ["plain", "makes a plain pod", (tenant) => syncedPod(tenant, "web-5d9c7b8f6d-x7k2p")],
    ["core-dns", "makes the virtual cluster's DNS server", coreDnsPod],
    ["stateful-set", "makes a pod of a StatefulSet with a headless Service", statefulSetPod],
    ["job", "makes a pod of a Job", jobPod],
    [
      "vault-server",
      "makes a pod that serves with a certificate of Vault",
      (tenant) => vaultPods(tenant).server,
    ],
    ["vault-client", "makes a pod that calls with one", (tenant) => vaultPods(tenant).client],
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

/** Where the tenant's file lists initialisation data, so that pods may carry it. */
export const POD_BROKER: readonly Attack[] = [
  {
    id: "legitimate-broker-client",
    as: Attacker.SYNCER,
    does: "makes a confidential pod that asks the key broker",
    why: "its secrets come on evidence",
    expect: "allowed",
    stoppedBy: [],
    when: ({ tenant }) => INIT_DATA in initData(tenant),
    request: ({ tenant }) => create(brokerPod(tenant)),
  },
];

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
