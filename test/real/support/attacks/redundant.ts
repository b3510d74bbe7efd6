// Controls that stop no attack alone, on purpose, each with its reason. The lane removes each together with its shadow.
import type { Control } from "../../../../lib/testing/attack";

const PSA =
  "Pod Security refuses the same: two implementations, and the rule holds where a label of the namespace is lost";

/** Anything that stops nothing alone and is not here fails the lane; so does what is here and stops something alone. */
export const REDUNDANT_ON_PURPOSE: Readonly<Partial<Record<Control, string>>> = {
  "pod-security":
    "every check of it is a rule, too: it holds where the rules' release is lost, and needs no object of ours",
  "rule:own-namespace": "RBAC gives tenants nothing elsewhere: this holds when somebody grants them more",
  "rule:privileged": PSA,
  "rule:host-namespaces": PSA,
  "rule:host-ports": PSA,
  "rule:capabilities": PSA,
  "rule:run-as-non-root": PSA,
};
