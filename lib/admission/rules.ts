// Every admission rule, in the order docs list them.
import type { AdmissionRule } from "./rule";
import { NODE_NAME } from "./rules/node-name";
import { RUNTIME_CLASS } from "./rules/runtime-class";

/** All rules. Each guards every tenant of a host. */
export const ADMISSION_RULES: readonly AdmissionRule[] = [NODE_NAME, RUNTIME_CLASS];

/** The rule with this id; undefined when there is none. */
export function findRule(id: string): AdmissionRule | undefined {
  return ADMISSION_RULES.find((rule) => rule.id === id);
}
