// Runs a platform program: defines, synthesizes, prints the summary; a wrong input ends in its message and exit code 1.
import type { App } from "../core/cdk";
import { dayOf } from "../core/clock";
import type { CheckedTenant } from "../tenant/tenant-checks";
import { explained } from "./explained";
import { Progress } from "./progress";
import { summary } from "./summary";

/** What a platform program defines. */
export interface Platform {
  readonly app: App;
  /** For the tenants' table. @default - none */
  readonly tenants?: readonly CheckedTenant[];
}

/**
 * Calls `define`, synthesizes its app and prints the summary to standard output.
 *
 * Check inputs (EksHost.reference, TenantDirectory.load) before `new App()` in `define`: then a coded error leaves no
 * file behind. Other errors keep their stack trace. `today`, `YYYY-MM-DD`, is the machine's day unless given.
 */
export function run(define: (progress: Progress) => Platform, today?: string): void {
  const progress = new Progress((line) => process.stderr.write(line));
  explained(() => {
    const { app, tenants = [] } = define(progress);
    progress.watch(app);
    app.synth();
    process.stdout.write(summary({ app, tenants, today: dayOf(today) }));
  });
}
