// Who refused a request, read off the server's answer; and whether that is who should have.
import type { Answer, Attack, AttackContext, Control } from "./attack";

/** How each control speaks. SOURCE: answers of Kubernetes 1.34.2. The first that fits. */
const VOICES: readonly { readonly says: RegExp; readonly control: (found: RegExpExecArray) => Control }[] = [
  // A rule that cannot be evaluated refuses as well, but not what it was written for.
  { says: /denied request: expression '.*' resulted in error/s, control: () => "api-server" },
  {
    // Rules that share a policy say which of them it is.
    says: /ValidatingAdmissionPolicy 'tenclave-([-a-z0-9]+)' with binding '[^']*' denied request: (?:\[([-a-z0-9]+)\])?/,
    control: ([, policy, id]) => `rule:${id ?? policy!}`,
  },
  { says: /violates PodSecurity/, control: () => "pod-security" },
  { says: /exceeded quota|failed quota|insufficient quota/, control: () => "quota" },
  { says: /(maximum|minimum) [-a-z./]+ usage per|max limit to request ratio/, control: () => "limits" },
  { says: /User "[^"]*" cannot |is not allowed to impersonate|cannot impersonate/, control: () => "rbac" },
  { says: /user not allowed|attempting to grant RBAC permissions/, control: () => "rbac" },
  {
    says: /RuntimeClass "[^"]*" not found|pod rejected: |conflict: runtimeClass/,
    control: () => "runtime-class",
  },
  { says: /no PriorityClass with name|the integer value of priority/, control: () => "priority-class" },
];

/** The control behind a refusal; undefined when the request passed. */
export function controlOf({ status, message }: Answer, anonymous: boolean): Control | undefined {
  if (status < 300) return undefined;
  // Whether the server turns strangers away or lets RBAC do so: they are turned away for being strangers.
  if (status === 401 || (status === 403 && anonymous)) return "authentication";
  for (const { says, control } of VOICES) {
    const found = says.exec(message);
    if (found) return control(found);
  }
  return "api-server";
}

/** How an attack went. */
export interface Outcome {
  readonly attack: Attack;
  readonly tenant: string;
  readonly answer: Answer;
  /** Who refused; undefined when nobody did. */
  readonly control: Control | undefined;
  /** Why it is not as expected; undefined when it is. */
  readonly problem?: string;
}

/** Judges an answer: by who refused, not by that somebody did. */
export function judge(attack: Attack, context: AttackContext, answer: Answer): Outcome {
  const control = controlOf(answer, attack.as.identity(context) === undefined);
  const problem = problemOf(attack, context, answer, control);
  return { attack, tenant: context.tenant.name, answer, control, ...(problem ? { problem } : {}) };
}

function problemOf(
  { expect, stoppedBy, says }: Attack,
  context: AttackContext,
  answer: Answer,
  control: Control | undefined,
): string | undefined {
  if (expect === "refused") {
    if (control === undefined) return "got through";
    if (!stoppedBy.includes(control)) return `refused by ${control}, not by ${stoppedBy.join(" or ")}`;
    if (control === "api-server" && says && !says.test(answer.message))
      return `refused in other words than ${says}`;
    return undefined;
  }
  if (control !== undefined) return `refused by ${control}`;
  if (expect === "allowed") return undefined;
  const shown = expect.shows(answer, context);
  return shown.length > 0 ? `not harmless: ${shown.join("; ")}` : undefined;
}
