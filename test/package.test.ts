// The real tarball, installed into an empty project with the aws, helm and kubernetes bindings alone.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "./support/files";
import { ROOT, runNode, type Ran } from "./support/run";

const TSX = require.resolve("tsx");

interface PackageJson {
  readonly exports: Record<string, unknown>;
  readonly devDependencies: Record<string, string>;
}

const PACKAGE = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as PackageJson;

/** What the project of a user has beside the tarball. */
const PEERS = [
  "cdktf",
  "constructs",
  "@cdktf/provider-aws",
  "@cdktf/provider-helm",
  "@cdktf/provider-kubernetes",
];

const MAIN = `
import { App, LocalBackend, TenantDirectory, Tee } from "tenclave";
import { EksHost, EksNetwork } from "tenclave/aws";
import { CniStack, EksHostStack, TenantsStack } from "tenclave/stacks/aws";
import { Template } from "tenclave/testing";

const options = {
  name: "prod",
  region: "us-east-2",
  account: "123456789012",
  kubernetesVersion: "1.34",
  network: EksNetwork.owned({ cidr: "10.0.0.0/16" }),
  admins: ["arn:aws:iam::123456789012:role/admin"],
  pools: [
    { name: "system", instanceType: "m7i.large", minNodes: 1, maxNodes: 2, system: true },
    { name: "snp", instanceType: "m6a.2xlarge", tee: Tee.SEV_SNP, minNodes: 1, maxNodes: 3, acceptUnproven: "tried" },
  ],
};
const reference = EksHost.reference(options);
const { shards } = TenantDirectory.load("tenants", { host: reference });
const app = new App();
const stacks = [
  new EksHostStack(app, "host", options),
  new CniStack(app, "cni", { host: EksHost.byLookup(reference) }),
  ...shards.map((shard) => new TenantsStack(app, shard.name, { host: EksHost.byLookup(reference), shard })),
];
for (const stack of stacks) new LocalBackend(stack, { path: "state" });
app.synth();
console.log(Template.of(stacks[2]!).resourceCount);
`;

const TENANT = {
  $schema: "../node_modules/tenclave/dist/lib/tenant/tenant.schema.json",
  name: "acme",
  sensitivity: "internal",
  pool: "snp",
  quota: { requests: { cpu: "1", memory: "1Gi", storage: "1Gi" }, limits: { memory: "2Gi" } },
};

describe("the tarball", () => {
  const project = folder();
  const npm = (...args: string[]): string =>
    execFileSync("npm", args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  beforeAll(() => {
    const [{ filename }] = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", project], {
        cwd: ROOT,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }),
    ) as [{ filename: string }];
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({ name: "user", version: "1.0.0", private: true }),
    );
    const versions = PEERS.map((name) => `${name}@${PACKAGE.devDependencies[name]}`);
    npm("install", "--prefer-offline", "--no-audit", "--no-fund", `./${filename}`, ...versions);
    mkdirSync(join(project, "tenants"));
    writeFileSync(join(project, "tenants", "acme.json"), JSON.stringify(TENANT));
    writeFileSync(join(project, "main.ts"), MAIN);
    writeFileSync(join(project, "cdktf.json"), "{}");
  }, 300_000);

  test("installs without the other clouds", () => {
    expect(existsSync(join(project, "node_modules/@cdktf/provider-aws"))).toBe(true);
    for (const cloud of ["azurerm", "google"])
      expect(existsSync(join(project, `node_modules/@cdktf/provider-${cloud}`))).toBe(false);
  });

  test("brings what is read at run time, and nothing of the workshop", () => {
    const installed = join(project, "node_modules/tenclave");
    for (const path of [
      "LICENSE",
      "README.md",
      "CHANGELOG.md",
      "docs/errors.md",
      "dist/lib/core/manifest-chart/Chart.yaml",
      "dist/lib/core/manifest-chart/templates/objects.yaml",
      "dist/lib/tenant/tenant.schema.json",
    ])
      expect([path, existsSync(join(installed, path))]).toEqual([path, true]);
    for (const path of ["test", "examples", "lib", "scripts"])
      expect(existsSync(join(installed, path))).toBe(false);
  });

  test("writes the lock file by its command", () => {
    expect(npm("exec", "--", "tenclave", "lock", "tenants")).toMatch(/active acme in tenants-01/);
  });

  test("compiles strictly and synthesizes", () => {
    const tsc = require.resolve("typescript/bin/tsc");
    for (const [module, resolution] of [
      ["node16", "node16"],
      ["commonjs", "node10"],
    ]) {
      const flags = [
        "--strict",
        "--target",
        "es2022",
        "--module",
        module!,
        "--moduleResolution",
        resolution!,
      ];
      const compiled = runNode(
        [
          tsc,
          ...flags,
          "--skipLibCheck",
          "--types",
          "node",
          "--typeRoots",
          join(ROOT, "node_modules/@types"),
          "main.ts",
        ],
        {},
        project,
      );
      expect(compiled).toEqual({ code: 0, stdout: "", stderr: "" });
    }
    const ran = runNode(["main.js"], {}, project);
    expect(ran).toEqual({ code: 0, stdout: "3\n", stderr: "" });
    expect(existsSync(join(project, "cdktf.out/stacks/tenants-01/cdk.tf.json"))).toBe(true);
  });

  test("says which package an entry point of another cloud needs", () => {
    const ran = runNode(["-e", 'require("tenclave/azure")'], {}, project);
    expect(ran.stderr).toMatch(/Cannot find module '@cdktf\/provider-azurerm/);
  });
});

test("every entry point is built", () => {
  for (const [name, target] of Object.entries(PACKAGE.exports)) {
    const files = typeof target === "string" ? [target] : Object.values(target as Record<string, string>);
    for (const file of files) expect([name, existsSync(join(ROOT, file))]).toEqual([name, true]);
  }
});

test("the neutral entry point loads what is used, and Node finds its names for import, too", () => {
  const printed = (code: string): string[] => JSON.parse(runNode(["-e", code], {}, ROOT).stdout) as string[];
  const loaded = printed(
    'require("./dist/lib/index.js").Distance; console.log(JSON.stringify(Object.keys(require.cache)))',
  );
  expect(loaded.map((path) => path.split("dist/").at(-1))).toEqual(["lib/index.js", "lib/tee/trust-tier.js"]);
  const names = printed(
    'import("./dist/lib/index.js").then((m) => console.log(JSON.stringify(Object.keys(m))))',
  );
  expect(names).toEqual(expect.arrayContaining(["TenantDirectory", "Trustee", "Wiring"]));
});

describe("an entry point", () => {
  const loaded = (entry: string): string[] => {
    // A name that nobody read may not have been loaded.
    const list = `Object.values(require("./${entry}")); console.log(JSON.stringify(Object.keys(require.cache)))`;
    const { stdout, stderr } = runNode(["-e", list], {}, ROOT);
    expect(stderr).toBe("");
    return (JSON.parse(stdout) as string[]).map((path) => path.replace(`${ROOT}/`, ""));
  };
  const providers = (modules: readonly string[]): string[] => [
    ...new Set(modules.flatMap((path) => /^node_modules\/@cdktf\/provider-([a-z]+)\//.exec(path)?.[1] ?? [])),
  ];

  test.each([
    ["dist/lib/index.js", ["helm", "kubernetes"]],
    ["dist/lib/aws.js", ["aws", "helm", "kubernetes"]],
    ["dist/lib/azure.js", ["azurerm", "helm", "kubernetes"]],
    ["dist/lib/google.js", ["google", "helm", "kubernetes"]],
    ["dist/stacks/neutral.js", ["helm", "kubernetes"]],
    ["dist/stacks/aws.js", ["aws", "helm", "kubernetes"]],
    ["dist/stacks/azure.js", ["azurerm", "helm", "kubernetes"]],
    ["dist/stacks/google.js", ["google", "helm", "kubernetes"]],
    ["dist/lib/testing.js", []],
  ])("%s loads the providers %j and no index of theirs", (entry, expected) => {
    const modules = loaded(entry);
    expect(providers(modules).sort()).toEqual(expected);
    expect(modules.filter((path) => /provider-[a-z]+\/lib\/(lazy-)?index\.js$/.test(path))).toEqual([]);
  });
});

describe("the other clouds' packages absent", () => {
  const CLOUDS = ["aws", "azurerm", "google"];
  const without = (clouds: readonly string[], args: readonly string[], env = {}): Ran =>
    runNode(
      ["--require", join(ROOT, "test/support/without-packages.cjs"), "--import", TSX, ...args],
      {
        ABSENT: clouds.map((cloud) => `@cdktf/provider-${cloud}`).join(),
        ...env,
      },
      ROOT,
    );

  test.each([
    ["eks-nitro", "aws"],
    ["aks-snp", "azurerm"],
    ["gke-tdx", "google"],
  ])("%s synthesizes with %s alone", (example, cloud) => {
    const others = CLOUDS.filter((other) => other !== cloud);
    const main = join(ROOT, "examples", example, "main.ts");
    const CDKTF_OUTDIR = join(folder(), "cdktf.out");
    expect(without(others, [main], { CDKTF_OUTDIR })).toMatchObject({ code: 0 });
    // The hook works: its own cloud absent, nothing loads.
    expect(without([cloud], [main], { CDKTF_OUTDIR }).stderr).toMatch(
      `Cannot find module '@cdktf/provider-${cloud}`,
    );
  });
});
