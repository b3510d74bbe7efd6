// The shipped attacks against somebody's own stacks: install, attack, report.
import { TerraformStack } from "../core/cdk";
import { Template } from "./template";
import type { Endpoint } from "./api-client";
import { startApiServer } from "./api-server";
import { ATTACKS } from "./attacks";
import type { Attack } from "./attack";
import type { Configuration } from "./synthesized";
import { TestHost } from "./test-host";
import type { Outcome } from "./verdict";

/** A stack, or its configuration: `Template.of(stack).json`, or a parsed `cdk.tf.json`. */
export type Stack = TerraformStack | Configuration;

/** Where the API server comes from. */
export interface TestHostOptions extends Partial<Endpoint> {
  /**
   * Folder of `etcd` and `kube-apiserver`, as setup-envtest fills it. Not with `url`.
   * @default - KUBEBUILDER_ASSETS, else PATH
   */
  readonly assets?: string;
  /**
   * A throw-away cluster, with `token` or `certificate` and `key` of an administrator. Namespaces, policies and classes
   * are made there and overwritten. Fails when it holds tenants already.
   * @default - a server is started for the test
   */
  readonly url?: string;
}

export interface AttackOptions extends TestHostOptions {
  /** @default - all that are shipped */
  readonly attacks?: readonly Attack[];
  /** Names. @default - all of the stacks */
  readonly tenants?: readonly string[];
}

/** What came of attacks. */
export interface AttackReport {
  readonly outcomes: readonly Outcome[];
  /** What is not as it must be, a line each: attacks that got through, or were refused by the wrong control. */
  readonly problems: readonly string[];
  /** Kinds that this server does not serve, so that nothing was learnt of them: Cilium's, mostly. */
  readonly leftOut: readonly string[];
}

/**
 * Starts an API server (or takes yours), and puts on it what the stacks of one host would: pass the platform's stack and
 * the tenants'. Stop it at the end. Fails when a program is missing, and when no tenant is in the stacks.
 */
export async function testHost(stacks: readonly Stack[], options: TestHostOptions = {}): Promise<TestHost> {
  const configurations = stacks.map(configurationOf);
  if (options.url !== undefined) {
    await TestHost.assertThrowAway({ ...options, url: options.url });
    return TestHost.install({ ...options, url: options.url }, configurations);
  }
  const server = await startApiServer({ assets: options.assets });
  try {
    return await TestHost.install(server, configurations, { stop: () => server.stop() });
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * Runs attacks against stacks on a live API server, for each tenant, and reports. Takes some ten seconds and no network.
 *
 * Judged is what an API server judges: RBAC, Pod Security, quotas, admission rules. Network policies are not: see
 * `toKeepApart` and `Fence`.
 */
export async function attack(stacks: readonly Stack[], options: AttackOptions = {}): Promise<AttackReport> {
  const host = await testHost(stacks, options);
  try {
    const names = options.tenants ?? host.contexts.map(({ tenant }) => tenant.name);
    const outcomes: Outcome[] = [];
    for (const name of names)
      outcomes.push(...(await host.attack(options.attacks ?? ATTACKS, host.context(name))));
    return {
      outcomes,
      problems: outcomes.flatMap(problemLine),
      leftOut: [...host.leftOut].sort(),
    };
  } finally {
    await host.stop();
  }
}

/** The configuration of a stack. */
export function configurationOf(stack: Stack): Configuration {
  return TerraformStack.isStack(stack) ? (Template.of(stack).json as Configuration) : stack;
}

/** What is wrong with an outcome, for people; nothing when it is as it must be. */
export function problemLine({ attack: { id, as, does }, tenant, problem, answer }: Outcome): string[] {
  if (problem === undefined) return [];
  return [
    `${id}: ${as.label} of '${tenant}' ${does}: ${problem} (${answer.status} ${answer.message.slice(0, 300)})`,
  ];
}
