import { Progress, summary } from "../../lib";
import { EksHost } from "../../lib/aws";
import { App, LocalBackend } from "../../lib/core/cdk";
import { warn } from "../../lib/core/notes";
import { table } from "../../lib/report/table";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { PlatformStack, TenantsStack } from "../../stacks/aws";
import { folder } from "../support/files";
import { exampleHost, exampleTenant } from "../support/host";
import { ATTRIBUTES } from "../support/scope";

const host = exampleHost();
const connection = EksHost.byAttributes(host, ATTRIBUTES);
const TODAY = "2026-08-01";

function synthesized(shards: number): { app: App; outdir: string } {
  const outdir = folder();
  const app = new App({ outdir });
  new PlatformStack(app, "platform", { host: connection });
  for (let index = 1; index <= shards; index++) {
    const name = `tenants-${String(index).padStart(2, "0")}`;
    const tenants = [checkTenant(exampleTenant({ name: `t${index}` }), host)];
    new TenantsStack(app, name, { host: connection, shard: { name, host: host.name, tenants } });
  }
  for (const stack of app.node.children) new LocalBackend(stack, { path: "state" });
  app.synth();
  return { app, outdir };
}

test("the summary says what was made, who is still trusted, where it lies and what comes next", () => {
  const { app, outdir } = synthesized(1);
  const tenants = [
    checkTenant(exampleTenant(), host),
    checkTenant(exampleTenant({ name: "docs", sensitivity: "public", pool: "plain" }), host),
  ];
  const text = summary({ app, tenants, today: TODAY });
  expect(text).toMatch(
    /^stack\s+resources\s+size\n-+ +-+ +-+\nplatform\s+3\s+\d+\.\d KiB\ntenants-01\s+3\s+\d+\.\d KiB\n/,
  );
  expect(text).toMatch(/\ntenant\s+sensitivity\s+pool\s+TEE\s+trust tier\s+who is still trusted\n/);
  expect(text).toMatch(
    /\nacme\s+internal\s+snp\s+AMD SEV-SNP\s+CONFIDENTIAL_NODE\s+provider \(control plane, disks\), host admins, neighbours\n/,
  );
  expect(text).toMatch(/\ndocs\s+public\s+plain\s+none\s+SHARED\s+provider, host admins, neighbours\n/);
  expect(text).toMatch(/\nCONFIDENTIAL_NODE, neighbours: pods of several tenants share a node/);
  expect(text).toContain(`\nOutput: ${outdir}\n`);
  expect(text).toMatch(/\nNext: {3}npx cdktf deploy '\*'\n$/);
});

test("with tenants on several hosts, each row names its host", () => {
  const { app } = synthesized(1);
  const west = { ...host, name: "west" };
  const tenants = [checkTenant(exampleTenant(), host), checkTenant(exampleTenant({ name: "other" }), west)];
  const text = summary({ app, tenants, today: TODAY });
  expect(text).toMatch(/\ntenant\s+sensitivity\s+host\s+pool\s/);
  expect(text).toMatch(/\nacme\s+internal\s+prod\s+snp\s/);
  expect(text).toMatch(/\nother\s+internal\s+west\s+snp\s/);
});

test("every row says that neighbours are still trusted", () => {
  const { app } = synthesized(1);
  const tenants = host.pools
    .filter((pool) => !pool.system)
    .map((pool) =>
      checkTenant(exampleTenant({ name: pool.name, pool: pool.name, sensitivity: "public" }), host),
    );
  const rows = summary({ app, tenants, today: TODAY })
    .split("\n")
    .filter((line) => /^(plain|snp) /.test(line));
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(row).toMatch(/neighbours$/);
});

test("up to 20 stacks deploy at once, beyond that one command a shard", () => {
  expect(summary({ app: synthesized(19).app, tenants: [], today: TODAY })).toMatch(
    /Next: {3}npx cdktf deploy '\*'\n$/,
  );
  const text = summary({ app: synthesized(20).app, tenants: [], today: TODAY });
  expect(text).toMatch(
    /Next, one after the other:\n {2}npx cdktf deploy platform\n {2}npx cdktf deploy tenants-01 --ignore-missing-stack-dependencies\n/,
  );
  expect(text.match(/npx cdktf deploy tenants-/g)).toHaveLength(20);
});

test("warnings show once, with all their places", () => {
  const { app } = synthesized(2);
  for (const stack of app.node.children.slice(1)) warn(stack, "something is weakened");
  expect(summary({ app, tenants: [], today: TODAY })).toContain(
    "! something is weakened (tenants-01, tenants-02)\n",
  );
});

test("a chart whose support has ended is named from the day after", () => {
  const { app } = synthesized(0);
  const at = (day: string): string => summary({ app, tenants: [], today: day });
  expect(at("2026-10-22")).not.toMatch(/out of the vendor's support/);
  expect(at("2026-10-23")).toMatch(
    /! chart vcluster 0\.36\.1 is out of the vendor's support since 2026-10-22/,
  );
});

test("progress says something when a second has passed, and not more often", () => {
  let now = 0;
  const lines: string[] = [];
  const progress = new Progress(
    (line) => lines.push(line),
    () => now,
  );
  for (const [at, what] of [
    [999, "a"],
    [1000, "b"],
    [1500, "c"],
    [2000, "d"],
  ] as const) {
    now = at;
    progress.step(what);
  }
  expect(lines).toEqual(["… b\n", "… d\n"]);
});

test("progress follows an app stack by stack", () => {
  const lines: string[] = [];
  let now = 0;
  const app = new App({ outdir: folder() });
  new PlatformStack(app, "platform", { host: connection });
  for (const stack of app.node.children) new LocalBackend(stack, { path: "state" });
  const progress = new Progress(
    (line) => lines.push(line),
    () => (now += 2000),
  );
  progress.watch(app);
  app.synth();
  expect(lines).toEqual(["… writing stack 1 of 1: platform\n"]);
});

test("tables are as wide as their longest cells, without colour or trailing space", () => {
  expect(table(["a", "long heading"], [["wide cell", "b"]])).toBe(
    "a          long heading\n---------  ------------\nwide cell  b\n",
  );
});

test("a tenant's exceptions are in the summary, with reason, owner and end", () => {
  const outdir = folder();
  const app = new App({ outdir });
  const exceptions = [
    { rule: "volume-source", reason: "nightly snapshots", owner: "storage team", expires: "2026-12-31" },
  ];
  const tenants = [checkTenant(exampleTenant({ exceptions }), host, TODAY)];
  const shard = { name: "tenants-01", host: host.name, tenants };
  const stack = new TenantsStack(app, "tenants-01", { host: connection, shard });
  new LocalBackend(stack, { path: "state" });
  app.synth();
  expect(summary({ app, tenants, today: TODAY })).toMatch(
    /\n! tenant acme is excepted from admission rule volume-source: nightly snapshots \(storage team, until 2026-12-31\); it risks: .* \(tenants-01\/Tenant-acme\)\n/,
  );
});
