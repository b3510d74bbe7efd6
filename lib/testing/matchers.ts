// Matchers for jest: `expect.extend(matchers)` once, in a setup file.
import { TerraformStack, type App } from "../core/cdk";
import type { Attack } from "./attack";
import { contacts, type KeepApartOptions } from "./keep-apart";
import { configurationOf, problemLine, type Stack } from "./kit";
import type { TestHost } from "./test-host";

/** What jest wants back. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** An app with its stacks, or stacks of one host. */
export type Apart = App | Stack | readonly Stack[];

declare global {
  // Jest's types are global namespaces: this is how its documentation adds matchers.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace jest {
    // Declarations that merge have the same type parameters, used or not.
    // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type
    interface Matchers<R, T = {}> {
      /**
       * Of an app, or of a host's platform and tenants stacks: two tenants share no namespace, account and pool, and no
       * pod of one reaches a pod of the other. `sharedPool` allows one pool.
       */
      toKeepApart(one: string, other: string, options?: KeepApartOptions): R;
      /** Of a TestHost: an attack is refused by the control that should, or does no harm. Await it. */
      toRefuse(attack: Attack, tenant?: string): Promise<R>;
    }
  }
}

/** For `expect.extend`. */
export const matchers = {
  toKeepApart(received: Apart, one: string, other: string, options?: KeepApartOptions): MatcherResult {
    const found = contacts(stacksOf(received).map(configurationOf), one, other, options);
    return {
      pass: found.length === 0,
      message: () =>
        found.length === 0
          ? `'${one}' and '${other}' are kept apart`
          : `'${one}' and '${other}' are not apart:\n${found.map((line) => `  ${line}`).join("\n")}`,
    };
  },

  async toRefuse(received: TestHost, attack: Attack, tenant?: string): Promise<MatcherResult> {
    const [outcome] = await received.attack([attack], received.context(tenant));
    if (!outcome) throw new Error(`attack '${attack.id}' makes no sense against this tenant`);
    const [problem] = problemLine(outcome);
    return {
      pass: problem === undefined,
      message: () =>
        problem ?? `attack '${attack.id}' is refused by ${outcome.control ?? "nobody, and harmless"}`,
    };
  },
};

function stacksOf(received: Apart): readonly Stack[] {
  if (Array.isArray(received)) return received as readonly Stack[];
  if (TerraformStack.isStack(received) || !("node" in received)) return [received as Stack];
  return received.node.findAll().filter((node) => TerraformStack.isStack(node)) as TerraformStack[];
}
