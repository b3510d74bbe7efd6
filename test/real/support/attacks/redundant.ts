// Controls that stop no attack alone, on purpose, each with its reason. The lane removes each together with its shadow.
import type { Control } from "../../../../lib/testing/attack";

const PSA =
  "Pod Security refuses the same: two implementations, and the rule holds where a label of the namespace is lost";

/** Anything that stops nothing alone and is not here fails the lane; so does what is here and stops something alone. */
export const REDUNDANT_ON_PURPOSE: Readonly<Partial<Record<Control, string>>> = {
  "pod-security":
    "every check of it is a rule, too: it holds where the rules' release is lost, and needs no object of ours",
  "rule:node-selector":
    "the RuntimeClass adds its selector at admission: this holds when a class loses its scheduling",
  "rule:service-type": "quotas of node ports and load balancers are 0: the rule says what to do instead",
  "rule:host-probes": PSA,
  "rule:proc-mount": PSA,
  "rule:sysctls": PSA,
  "rule:privileged": PSA,
  "rule:host-namespaces": PSA,
  "rule:host-ports": PSA,
  "rule:capabilities": PSA,
  "rule:run-as-non-root": PSA,
};
