// Lane `aws`: the real AWS provider. Offline plan from nothing, then apply, empty second plan and destroy on moto.
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { realAwsProvider } from "../support/aws-provider";
import { ROOT, scratch } from "../support/cache";
import { chartFolders } from "../support/charts";
import {
  copyWith,
  LACKING_IN_AWS_5,
  pinAws,
  readConfiguration,
  takeOut,
  type Configuration,
} from "../support/configuration";
import { synthesize, type SynthesizedStack } from "../support/examples";
import { exec, inParallel, lastLines } from "../support/exec";
import type { Check, Lane } from "../support/lane";
import { MOTO_VERSION, startMoto } from "../support/moto";
import { engines, mirrorConfig, quiet, StackRunner, type Engine } from "../support/terraform";
import { variableValues } from "../support/variables";

/** Stacks whose only provider is AWS, in the order they are deployed. */
const AWS_STACKS = ["host", "pools"];

/** Stacks with other providers beside, whose part on AWS is taken: keys and roles of tenants, by example. */
const MIXED_STACKS: Readonly<Record<string, readonly string[]>> = { "eks-nitro": ["tenants-01"] };

/** What moto does not serve, left out of the apply, with what it answers: a whole type, or those that match. */
const NOT_SERVED: readonly { readonly type: string; readonly match?: RegExp; readonly reason: string }[] = [
  {
    type: "aws_vpc_security_group_ingress_rule",
    match: /cluster_security_group_id/,
    reason: "DescribeCluster names a cluster security group that does not exist",
  },
  { type: "aws_eks_access_entry", reason: "CreateAccessEntry answers 404" },
  { type: "aws_eks_access_policy_association", reason: "needs the access entry" },
  { type: "aws_eks_addon", reason: "CreateAddon answers 404" },
  {
    type: "aws_eks_pod_identity_association",
    reason: "CreatePodIdentityAssociation answers 404",
  },
];

/** Arguments moto forgets or makes up, ignored by the second plan: it would show moto's fault, not ours. */
const NOT_KEPT: readonly { readonly resource: string; readonly argument: string; readonly reason: string }[] =
  [
    { resource: "aws_eks_cluster", argument: "access_config", reason: "answered without it" },
    { resource: "aws_eks_cluster", argument: "upgrade_policy", reason: "answered without it" },
    {
      resource: "aws_eks_node_group",
      argument: "remote_access",
      reason: "answered with a key pair nobody named",
    },
    { resource: "aws_eks_node_group", argument: "update_config", reason: "answered without it" },
    {
      resource: "aws_launch_template",
      argument: "tag_specifications",
      reason: "answered with the template's own tags among those of its instances",
    },
  ];

/** moto serves one request at a time; with more the provider's retries meet what the first try made. */
const PARALLEL = "4";

/** Stands for every credential of whoever deploys: no plan shows it, no state keeps it. */
const CANARY = "canary-0f4d7e21";

const FAKE_LOGIN = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: CANARY,
  TF_VAR_canary: CANARY,
  AWS_EC2_METADATA_DISABLED: "true",
};

const THROWAWAY = { THROWAWAY: "applied on a mock cloud by a test" };

type Env = Readonly<Record<string, string | undefined>>;

export const aws: Lane = {
  name: "aws",
  proves:
    "the real provider validates, plans from nothing, applies, plans again without change, destroys to zero; keys of tenants, too",
  async run() {
    const cores = await engines();
    const provider = await realAwsProvider(cores[0]!);
    const charts = await chartFolders();
    const rc = mirrorConfig(provider.mirror);
    const taken = new Set<string>();
    const fit = (c: Configuration): void => {
      pinAws(c, provider.version, provider.source);
      if (provider.version.startsWith("5."))
        for (const place of takeOut(c, LACKING_IN_AWS_5)) taken.add(place);
    };

    const offline = (example: string, env = {}): Promise<SynthesizedStack[]> =>
      synthesize(example, charts, env, "variables");
    const [snp, nitro, own, given] = [
      await offline("eks-snp"),
      await offline("eks-nitro"),
      await offline("eks-snp", { SELF_MANAGED: "yes" }),
      await offline("bring-your-own"),
    ];
    const offlineJobs = cores.flatMap((core) =>
      (
        [
          [snp, "eks-snp", AWS_STACKS],
          [nitro, "eks-nitro", namesOf(nitro)],
          [own, "eks-snp, self-managed", ["pools"]],
          [given, "bring-your-own", ["nodes"]],
        ] as const
      ).flatMap(([stacks, what, names]) => names.map((stack) => ({ core, stacks, what, stack }))),
    );
    const checks: Check[] = await inParallel(offlineJobs, 2, ({ core, stacks, what, stack }) =>
      offlinePlan(core, pick(stacks, stack), what, rc, fit),
    );

    const online = await synthesize("eks-snp", charts, THROWAWAY, "lookup");
    const enclaves = await synthesize("eks-nitro", charts, THROWAWAY, "lookup");
    const leftOut = new Set<string>();
    const forMoto = (c: Configuration): void => {
      fit(c);
      for (const place of leaveOut(c)) leftOut.add(place);
      ignoreNotKept(c);
    };
    // The framework's command line drives one core; the other is driven directly. Enclaves differ in the launch template
    // alone, so one core does for them.
    const rounds = [
      ...cores.map((core) => [core, byTerraform, online] as const),
      [cores[0]!, byCdktf, online] as const,
      [cores[0]!, byTerraform, enclaves] as const,
    ];
    // Each round has a cloud of its own, so two may run at a time: they wait more than they work.
    const done = await inParallel(rounds, 2, async ([core, round, stacks]) => {
      const moto = await startMoto();
      try {
        return await round(
          core,
          stacks,
          { ...quiet(rc), ...FAKE_LOGIN, AWS_ENDPOINT_URL: moto.url },
          forMoto,
        );
      } finally {
        await moto.stop();
      }
    });
    checks.push(...done.flat());
    return {
      checks,
      parts: `hashicorp/aws ${provider.version} (bindings: 6.25.0), ${cores.map((core) => core.version).join(", ")}, moto ${MOTO_VERSION}, cdktf-cli`,
      leftOut: taken.size + leftOut.size + NOT_KEPT.length,
      notes: [
        `AWS constraint set to ${provider.version} in copies; taken out, newer than it: ${taken.size} (${[...taken].join(", ")})`,
        `left out of the apply, not served by moto: ${leftOut.size} (${[...leftOut].join(", ")})`,
        ...NOT_SERVED.map(({ type, reason }) => `  ${type}: ${reason}`),
        `applied, but ignored by the second plan, not kept by moto: ${NOT_KEPT.length}`,
        ...NOT_KEPT.map(({ resource, argument, reason }) => `  ${resource}.${argument}: ${reason}`),
      ],
    };
  },
};

/** Plans a stack from nothing, with fake credentials and no cloud. */
async function offlinePlan(
  core: Engine,
  stack: SynthesizedStack,
  what: string,
  rc: string,
  fit: (c: Configuration) => void,
): Promise<Check> {
  const folder = copyWith(stack.folder, (c) => {
    awsPart(c);
    fit(c);
    for (const provider of c.provider?.aws ?? []) {
      // Asking for the account would be a call.
      delete provider.allowed_account_ids;
      Object.assign(provider, {
        skip_credentials_validation: true,
        skip_metadata_api_check: "true",
        skip_region_validation: true,
        skip_requesting_account_id: true,
      });
    }
  });
  const variables = variableValues(readConfiguration(stack.folder));
  const runner = new StackRunner(core, folder, { ...quiet(rc), ...FAKE_LOGIN, ...variables });
  return sequence(`${core.name} plans ${stack.stack} of ${what} offline`, runner, [
    { args: ["init"] },
    { args: ["validate"] },
    { args: ["plan", "-lock=false"], words: /Plan: [1-9]\d* to add, 0 to change, 0 to destroy/ },
  ]);
}

/** Applies the stacks in order, plans each again, and destroys them in reverse. */
async function byTerraform(
  core: Engine,
  stacks: readonly SynthesizedStack[],
  env: Env,
  change: (c: Configuration) => void,
): Promise<Check[]> {
  const part = (c: Configuration): void => {
    awsPart(c);
    change(c);
  };
  const runners = namesOf(stacks).map((stack) => ({
    stack,
    runner: new StackRunner(
      core,
      copyWith(pick(stacks, stack).folder, part, join(scratch("aws"), "a", "b", stack)),
      env,
    ),
  }));
  const checks: Check[] = [];
  const of = `of ${stacks[0]!.example}`;
  for (const { stack, runner } of runners)
    checks.push(
      await sequence(`${core.name} applies ${stack} ${of}`, runner, [
        { args: ["init"] },
        {
          args: ["apply", "-auto-approve", `-parallelism=${PARALLEL}`],
          words: /Apply complete! Resources: [1-9]/,
        },
      ]),
      await sequence(`${core.name}: second plan of ${stack} ${of} is empty`, runner, [
        { args: ["plan", "-detailed-exitcode"], words: /No changes/ },
      ]),
      await stateKeepsNothing(`${core.name}: the state of ${stack} ${of} holds no credential`, runner),
    );
  for (const { stack, runner } of [...runners].reverse()) {
    checks.push(
      await sequence(`${core.name} destroys ${stack} ${of}`, runner, [
        {
          args: ["destroy", "-auto-approve", `-parallelism=${PARALLEL}`],
          words: /Destroy complete! Resources: [1-9]/,
        },
      ]),
    );
    const { stdout } = await runner.run("state", "list");
    const left = stdout.trim();
    checks.push({ name: `${core.name} leaves nothing of ${stack} ${of}`, ok: left === "", detail: left });
  }
  return checks;
}

/** The same by the framework's own command line, as users do it. */
async function byCdktf(
  core: Engine,
  stacks: readonly SynthesizedStack[],
  env: Env,
  change: (c: Configuration) => void,
): Promise<Check[]> {
  const project = scratch("cdktf");
  const output = join(project, "cdktf.out");
  cpSync(join(pick(stacks, "host").folder, "../.."), output, { recursive: true });
  cpSync(join(ROOT, "cdktf.json"), join(project, "cdktf.json"));
  for (const stack of AWS_STACKS)
    copyWith(join(output, "stacks", stack), change, join(output, "stacks", stack));
  const cdktf = join(ROOT, "node_modules", ".bin", "cdktf");
  const flags = [
    "--skip-synth",
    "--auto-approve",
    "--ignore-missing-stack-dependencies",
    "--skip-provider-lock",
    `--terraform-parallelism=${PARALLEL}`,
  ];
  const checks: Check[] = [];
  // One stack a command: with two, cdktf-cli 0.21 starts `terraform destroy` over and over until memory ends.
  for (const [command, stack, words] of [
    ...AWS_STACKS.map((stack) => ["deploy", stack, /Apply complete! Resources: [1-9]/] as const),
    ...[...AWS_STACKS]
      .reverse()
      .map((stack) => ["destroy", stack, /Destroy complete! Resources: [1-9]/] as const),
  ]) {
    const { code, output: printed } = await exec(cdktf, [command, stack, ...flags], {
      cwd: project,
      env: {
        ...env,
        // Else it caches providers in the user's home, and a later run may take that for a mirror.
        CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
        TERRAFORM_BINARY_NAME: core.path,
        CI: "true",
        CHECKPOINT_DISABLE: "1",
        FORCE_COLOR: "0",
      },
    });
    const ok = code === 0 && words.test(printed);
    checks.push({
      name: `cdktf ${command} ${stack}`,
      ok,
      detail: ok ? undefined : `exit code ${code}: ${lastLines(printed, 30)}`,
    });
  }
  const states = join(project, "states");
  const left = existsSync(states) ? readdirSync(states).filter((file) => file.endsWith(".tfstate")) : [];
  const full = left.filter(
    (file) =>
      (JSON.parse(readFileSync(join(states, file), "utf8")) as { resources: unknown[] }).resources.length > 0,
  );
  checks.push({
    name: "cdktf left empty states outside the output folder",
    ok: left.length === AWS_STACKS.length && full.length === 0,
    detail: `states: ${left.join(", ")}; with resources: ${full.join(", ")}`,
  });
  return checks;
}

/** The state that was applied, searched for the deployer's credentials. */
async function stateKeepsNothing(name: string, runner: StackRunner): Promise<Check> {
  const { code, stdout } = await runner.run("state", "pull");
  const full = code === 0 && stdout.includes('"resources"');
  const found = stdout.includes(CANARY) || stdout.includes("PRIVATE KEY-----");
  return { name, ok: full && !found, detail: full ? "it does" : "the state could not be read" };
}

/** Runs commands one after the other; the check fails at the first that does. */
async function sequence(
  name: string,
  runner: StackRunner,
  steps: readonly { readonly args: readonly string[]; readonly words?: RegExp }[],
): Promise<Check> {
  for (const { args, words } of steps) {
    const flags = args[0] === "validate" ? ["-no-color"] : ["-no-color", "-input=false"];
    const [command, ...rest] = args as [string, ...string[]];
    const { code, output } = await runner.run(command, ...flags, ...rest);
    if (output.includes(CANARY)) return { name, ok: false, detail: `${command} prints a credential` };
    if (code !== 0 || (words && !words.test(output)))
      return { name, ok: false, detail: `${command} (exit code ${code}): ${lastLines(output, 40)}` };
  }
  return { name, ok: true };
}

/** Stacks of an example, in the order they are deployed. */
function namesOf([first]: readonly SynthesizedStack[]): readonly string[] {
  return [...AWS_STACKS, ...(MIXED_STACKS[first!.example] ?? [])];
}

/** Leaves nothing but what is on AWS: releases and namespaces need a cluster. */
function awsPart(configuration: Configuration): void {
  const { terraform, provider = {}, resource = {}, data = {} } = configuration;
  for (const name of Object.keys(terraform.required_providers))
    if (name !== "aws") {
      delete terraform.required_providers[name];
      delete provider[name];
    }
  for (const types of [resource, data])
    for (const type of Object.keys(types)) if (!type.startsWith("aws_")) delete types[type];
}

/** Takes what moto does not serve out of a copy, and what waits for it no longer does. */
function leaveOut(configuration: Configuration): string[] {
  const gone = NOT_SERVED.flatMap(({ type, match }) =>
    Object.entries(configuration.resource?.[type] ?? {})
      .filter(([, block]) => !match || match.test(JSON.stringify(block)))
      .map(([name]) => ({ type, name, address: `${type}.${name}` })),
  );
  for (const { type, name } of gone) {
    const byName = configuration.resource![type]!;
    delete byName[name];
    if (Object.keys(byName).length === 0) delete configuration.resource![type];
  }
  const addresses = gone.map(({ address }) => address);
  for (const byName of Object.values(configuration.resource ?? {}))
    for (const block of Object.values(byName))
      if (Array.isArray(block.depends_on))
        block.depends_on = (block.depends_on as string[]).filter((address) => !addresses.includes(address));
  return addresses;
}

/** Makes plans look away from what moto does not keep. */
function ignoreNotKept(configuration: Configuration): void {
  for (const { resource, argument } of NOT_KEPT)
    for (const block of Object.values(configuration.resource?.[resource] ?? {})) {
      const lifecycle = (block.lifecycle ?? {}) as { ignore_changes?: string[] };
      block.lifecycle = { ...lifecycle, ignore_changes: [...(lifecycle.ignore_changes ?? []), argument] };
    }
}

function pick(stacks: readonly SynthesizedStack[], name: string): SynthesizedStack {
  const found = stacks.find(({ stack }) => stack === name);
  if (!found) throw new Error(`no stack ${name} in the example`);
  return found;
}
