// The kit for users: matchers on synthesized stacks, and what it says when a program is missing.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TenantDirectory } from "../../lib";
import { EksHost } from "../../lib/aws";
import { attack, matchers, Template, type Stack } from "../../lib/testing";
import { apiServerPrograms } from "../../lib/testing/api-server";
import { configurationOf } from "../../lib/testing/kit";
import { hostSide, type Configuration } from "../../lib/testing/synthesized";
import { PlatformStack, TenantsStack } from "../../stacks/neutral";
import { hostOptions, tenantInput } from "../support/host";
import { folder } from "../support/files";
import { writeFileSync } from "node:fs";

expect.extend(matchers);

/** Three tenants: two on one pool, one on another. */
function app(): App {
  const tenants = mkdtempSync(join(tmpdir(), "tenants-"));
  for (const change of [
    { name: "acme" },
    { name: "globex" },
    { name: "site", pool: "plain", sensitivity: "public" as const },
  ])
    writeFileSync(join(tenants, `${change.name}.json`), JSON.stringify(tenantInput(change)));
  const reference = EksHost.reference(hostOptions());
  const { shards } = TenantDirectory.load(tenants, { host: reference, lock: "ignore" } as never);
  const result = new App({ outdir: join(folder(), "cdktf.out") });
  const host = EksHost.byVariables(reference);
  new PlatformStack(result, "platform", { host });
  for (const shard of shards) new TenantsStack(result, shard.name, { host, shard });
  return result;
}

const APP = app();
const STACKS = APP.node.children as unknown as Stack[];
const CONFIGURATIONS = STACKS.map(configurationOf);

describe("toKeepApart", () => {
  test("tenants on two pools are apart", () => {
    expect(APP).toKeepApart("acme", "site");
    expect(STACKS).toKeepApart("site", "acme");
  });

  test("tenants on one pool are not, unless that is said", () => {
    expect(() => expect(APP).toKeepApart("acme", "globex")).toThrow(/both have pool 'snp'/);
    expect(APP).toKeepApart("acme", "globex", { sharedPool: true });
  });

  test("without its fence a tenant is reached", () => {
    const open = structuredClone(CONFIGURATIONS) as Configuration[];
    for (const { resource = {} } of open)
      for (const release of Object.values(resource.helm_release ?? {}) as { values: string[] }[])
        release.values = release.values.map((text) =>
          text.replace(
            /"kind":"(NetworkPolicy|CiliumClusterwideNetworkPolicy|CiliumNetworkPolicy)"/g,
            '"kind":"X"',
          ),
        );
    expect(() => expect(open).toKeepApart("acme", "site")).toThrow(
      /workload of acme reaches workload of site on TCP 80/,
    );
  });

  test("a tenant that is not there is an error, not apart", () => {
    expect(() => expect(APP).toKeepApart("acme", "nobody")).toThrow(/no tenant 'nobody'/);
  });
});

describe("the host side of stacks", () => {
  test("is read off the configuration", () => {
    const side = hostSide(CONFIGURATIONS);
    expect(side.tenants.map(({ name }) => name)).toEqual(["acme", "globex", "site"]);
    expect(side.runtimeClasses).toContain("tenclave-snp");
    expect(side.administrators).toEqual(EksHost.reference(hostOptions()).administrators);
    expect(side.tenants[0]).toMatchObject({
      namespace: "tenant-acme",
      runtimeClass: "tenclave-snp",
      tolerations: [{ key: "tenclave.dev/pool", value: "snp", effect: "NoSchedule" }],
    });
  });

  test("without tenants is an error", () => {
    expect(() => hostSide([CONFIGURATIONS[0]!])).toThrow(/no tenant in these stacks/);
  });
});

describe("without an API server", () => {
  test("the error says what to install", async () => {
    await expect(attack(STACKS, { assets: folder() })).rejects.toThrow(/'etcd'.*setup-envtest/);
    expect(() => apiServerPrograms(folder())).toThrow(/KUBEBUILDER_ASSETS/);
  });
});

test("the template of a stack is unchanged by the kit", () => {
  const [platform] = STACKS as [Parameters<typeof Template.of>[0]];
  expect(Template.of(platform).json).toEqual(configurationOf(platform));
});
