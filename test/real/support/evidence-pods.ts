// Pods that get secrets on evidence, held against every rule in the real engine.
import { constraints, constraintTemplates } from "../../../lib/admission/gatekeeper";
import type { Administrators } from "../../../lib/admission/rule";
import { ADMISSION_RULES } from "../../../lib/admission/rules";
import type { KubernetesObject } from "../../../lib/core/manifest-release";
import { podsOnHosts, type PodOnHost } from "../../support/workload-pods";
import { gatekeeperVerdicts, type GatekeeperReview } from "./gatekeeper";

/** What is wrong with the verdicts: a pod refused that must pass, or not by the rule that should. */
export async function evidencePodProblems(platform: Administrators): Promise<string[]> {
  const pods = podsOnHosts();
  const verdicts = await gatekeeperVerdicts(
    constraintTemplates(ADMISSION_RULES, platform),
    constraints(ADMISSION_RULES),
    pods.map(review),
  );
  return pods.flatMap(({ name, refusedBy }) => {
    const got = verdicts.get(name)!.messages.map((message) => /^\[tenclave-([^\]]+)\]/.exec(message)?.[1]);
    const wanted = refusedBy === undefined ? [] : [refusedBy];
    return got.join() === wanted.join() ? [] : [`${name}: refused by ${got.join(", ") || "nothing"}`];
  });
}

function review({ name, owner: { tenant }, pod }: PodOnHost): GatekeeperReview {
  const { namespace, labels, annotations } = tenant;
  return {
    id: name,
    namespace: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels, annotations },
    } as KubernetesObject,
    request: {
      uid: name,
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      operation: "CREATE",
      name: pod.metadata.name,
      namespace,
      userInfo: {
        username: `system:serviceaccount:${namespace}:vc-${tenant.name}`,
        groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
      },
      object: pod,
    },
  };
}
