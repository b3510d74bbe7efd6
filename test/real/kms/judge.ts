// The IAM simulator in its own folder and process: it is AGPL, so nothing of it is linked or shipped.
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, folderHash, ROOT } from "../support/cache";
import { exec, must } from "../support/exec";
import { NotHere } from "../support/lane";
import type { Call } from "./diagonal";
import { ACCOUNT } from "./tenants";

const JUDGE = join(ROOT, "test/real/iam-judge");

export interface Verdict {
  readonly result: string;
  /** Condition keys that AWS does not send with such a call. */
  readonly ignored: readonly string[];
}

/** A judge that is installed. */
export interface Judge {
  readonly version: string;
  verdicts(calls: readonly Call[]): Promise<readonly Verdict[]>;
}

/** Installs the simulator once, by its lock file. Throws NotHere without npm or its registry. */
export async function judge(): Promise<Judge> {
  const folder = cacheDir(`iam-judge-${folderHash(JUDGE)}`);
  const installed = join(folder, "installed");
  if (!existsSync(installed)) {
    cpSync(JUDGE, folder, { recursive: true });
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
    const { code, output } = await exec("npm", ["ci", ...flags], { cwd: folder });
    if (code !== 0) throw new NotHere(`npm cannot install @cloud-copilot/iam-simulate: ${lastLine(output)}`);
    writeFileSync(installed, "");
  }
  const manifest = join(folder, "node_modules/@cloud-copilot/iam-simulate/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return {
    version,
    async verdicts(calls) {
      const stdin = JSON.stringify(requestsOf(calls));
      const { stdout } = await must(process.execPath, ["judge.mjs"], { cwd: folder, stdin });
      return (JSON.parse(stdout) as (Verdict | { readonly error: string })[]).map((verdict, index) => {
        if ("error" in verdict) throw new Error(`${calls[index]!.name}: ${verdict.error}`);
        return verdict;
      });
    },
  };
}

/** Policies once, calls with their numbers. */
function requestsOf(calls: readonly Call[]): object {
  const policies: object[] = [];
  const numbers = new Map<object, number>();
  const numberOf = (policy: object): number => {
    if (!numbers.has(policy)) numbers.set(policy, policies.push(policy) - 1);
    return numbers.get(policy)!;
  };
  return {
    calls: calls.map(({ caller, action, resource, policy, context }) => ({
      principal: caller.arn,
      action,
      resource,
      account: ACCOUNT,
      context,
      identityPolicies: caller.policies.map(numberOf),
      resourcePolicy: numberOf(policy),
    })),
    policies,
  };
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
