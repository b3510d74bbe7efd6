// What a synthesis made, for a person: stacks, tenants with who is still trusted, what was accepted, what to run next.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack, type App } from "../core/cdk";
import { CHARTS, type Chart } from "../core/charts";
import { warningsOf } from "../core/notes";
import { Tee } from "../tee/tee";
import type { Tenant } from "../tenant/tenant";
import type { CheckedTenant } from "../tenant/tenant-checks";
import { attestationSummary, type BoundTenant } from "./attestation-summary";
import { table } from "./table";

/** Beyond this many stacks the framework's `deploy '*'` hangs: hashicorp/terraform-cdk#3198. */
const MOST_STACKS = 20;

export interface SummaryInput {
  /** The synthesized app. */
  readonly app: App;
  readonly tenants: readonly CheckedTenant[];
  /** Day the report is for, `YYYY-MM-DD`: charts whose support has ended are named. */
  readonly today: string;
}

/** The summary's text. Reads the output folder, so call it after `app.synth()`. */
export function summary({ app, tenants, today }: SummaryInput): string {
  const stacks = app.node.children.filter((child): child is TerraformStack => TerraformStack.isStack(child));
  return [
    stackTable(app, stacks),
    tenantTable(tenants),
    attestationSummary(tenants, boundTenants(stacks), today),
    notes(app, today),
    `Output: ${app.outdir}`,
    nextCommand(stacks.map((stack) => stack.node.id)),
    "",
  ]
    .filter((part) => part !== undefined)
    .join("\n");
}

/** Known by its members, so that one of the library's second copy counts. */
function isTenant(child: object): child is Tenant {
  return "volumeKey" in child && "attestation" in child && "name" in child;
}

/** What tenants got in their stacks, by name. Tenants stand right below a stack. */
function boundTenants(stacks: readonly TerraformStack[]): ReadonlyMap<string, BoundTenant> {
  const tenants = stacks.flatMap((stack) => stack.node.children.filter(isTenant));
  return new Map(tenants.map((tenant) => [tenant.name, tenant]));
}

function stackTable(app: App, stacks: readonly TerraformStack[]): string {
  const rows = stacks.map((stack) => {
    const file = join(app.outdir, "stacks", stack.node.id, "cdk.tf.json");
    const { resource = {} } = JSON.parse(readFileSync(file, "utf8")) as { resource?: Record<string, object> };
    const resources = Object.values(resource).reduce((sum, byName) => sum + Object.keys(byName).length, 0);
    return [stack.node.id, `${resources}`, `${(statSync(file).size / 1024).toFixed(1)} KiB`];
  });
  return table(["stack", "resources", "size"], rows);
}

function tenantTable(tenants: readonly CheckedTenant[]): string | undefined {
  if (tenants.length === 0) return undefined;
  // On one host the column would say the same in every row.
  const several = new Set(tenants.map(({ host }) => host)).size > 1;
  const rows = tenants.map(({ spec, host, pool, tier }) => [
    spec.name,
    spec.sensitivity,
    ...(several ? [host] : []),
    pool.name,
    Tee.find(pool.tee)!.label,
    tier.label,
    tier.stillTrusted.map(({ who }) => who).join(", "),
  ]);
  const why = [...new Set(tenants.map(({ tier }) => tier))].flatMap((tier) =>
    tier.stillTrusted.map((trusted) => `${tier.label}, ${trusted.who}: ${trusted.why}`),
  );
  const tenantsTable = table(
    [
      "tenant",
      "sensitivity",
      ...(several ? ["host"] : []),
      "pool",
      "TEE",
      "trust tier",
      "who is still trusted",
    ],
    rows,
  );
  return `${tenantsTable}\n${why.join("\n")}\n`;
}

/** Warnings, each once with where it stands, and charts out of support. */
function notes(app: App, today: string): string | undefined {
  const places = new Map<string, string[]>();
  for (const { path, text } of warningsOf(app)) places.set(text, [...(places.get(text) ?? []), path]);
  const lines = [
    ...[...places].map(([text, paths]) => `! ${text} (${paths.join(", ")})`),
    ...Object.values<Chart>(CHARTS)
      .filter((chart) => chart.supportedUntil && chart.supportedUntil < today)
      .map(
        (chart) =>
          `! chart ${chart.name} ${chart.version} is out of the vendor's support since ${chart.supportedUntil}; ` +
          "upgrade this library",
      ),
  ];
  return lines.length > 0 ? `${lines.join("\n")}\n` : undefined;
}

function nextCommand(stacks: readonly string[]): string {
  if (stacks.length <= MOST_STACKS) return "Next:   npx cdktf deploy '*'";
  const shards = stacks.filter((name) => name.startsWith("tenants-"));
  const layers = stacks.filter((name) => !shards.includes(name));
  return [
    "Next, one after the other:",
    ...(layers.length > 0 ? [`  npx cdktf deploy ${layers.join(" ")}`] : []),
    // A shard alone leaves out the layers it waits for, which is refused without the flag.
    ...shards.map((name) => `  npx cdktf deploy ${name} --ignore-missing-stack-dependencies`),
  ].join("\n");
}
