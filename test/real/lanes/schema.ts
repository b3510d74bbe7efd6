// Lane `schema`: the real Terraform core with recorded provider schemas, on every stack of every example.
import { chartFolders } from "../support/charts";
import {
  copyWith,
  LACKING_IN_AWS_5,
  LOST_IN_RECORDING,
  pinAws,
  readConfiguration,
  takeOut,
  type Configuration,
} from "../support/configuration";
import { exampleNames, synthesize, type SynthesizedStack } from "../support/examples";
import { inParallel, lastLines } from "../support/exec";
import type { Check, Lane } from "../support/lane";
import { recordedProviders, schemaMirror } from "../support/mirror";
import { recordedSchemas, unknownKeys } from "../support/nested-keys";
import { engines, mirrorConfig, quiet, StackRunner, type Engine } from "../support/terraform";

/** Values for the variables of the `variables` form. The CA is any text in base64. */
const VARIABLES = {
  TF_VAR_host_endpoint: "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
  TF_VAR_host_certificate_authority: Buffer.from("certificate").toString("base64"),
  TF_VAR_host_private_subnet_ids: '["subnet-1","subnet-2","subnet-3"]',
};

/** Ways to break a stack; each must be refused, with words that name the break. */
const BREAKS: readonly {
  readonly name: string;
  readonly change: (configuration: Configuration) => void;
  readonly words: RegExp;
}[] = [
  {
    name: "a reference to nothing",
    change: (c) => (cluster(c).role_arn = "${aws_iam_role.Nobody.arn}"),
    words: /undeclared resource/i,
  },
  {
    name: "a misspelt argument",
    change: (c) => (cluster(c).encryption_confg = []),
    words: /unsupported argument|extraneous JSON object property|encryption_confg/i,
  },
  {
    name: "a wrong type",
    change: (c) => (cluster(c).enabled_cluster_log_types = { audit: true }),
    words: /set of string required|inappropriate value/i,
  },
  {
    name: "a missing required block",
    change: (c) => delete cluster(c).vpc_config,
    words: /at least 1 "?vpc_config"? blocks? (is|are) required|required block|blocks are required/i,
  },
  {
    name: "a missing required argument",
    change: (c) => delete cluster(c).role_arn,
    words: /role_arn/i,
  },
];

export const schema: Lane = {
  name: "schema",
  proves: "every reference, block and argument exists and has the right type, in every stack",
  async run() {
    const charts = await chartFolders();
    const mirror = await schemaMirror();
    const cores = await engines();
    const awsVersion = recordedProviders().find(({ name }) => name === "aws")!.version;
    const env = { ...quiet(mirrorConfig(mirror)), ...VARIABLES };
    const stacks = (await inParallel(exampleNames(), 1, (name) => synthesize(name, charts))).flat();

    const taken = new Set<string>();
    const lost = new Set<string>();
    const fit = (c: Configuration): void => {
      pinAws(c, awsVersion);
      for (const place of takeOut(c, LACKING_IN_AWS_5)) taken.add(place);
      for (const place of takeOut(c, LOST_IN_RECORDING)) lost.add(place);
    };
    const jobs = cores.flatMap((core) => stacks.map((stack) => ({ core, stack })));
    const good = await inParallel(jobs, 2, async ({ core, stack }) => {
      return planCheck(core, stack, copyWith(stack.folder, fit), env);
    });
    const recordings = recordedSchemas();
    const nested = stacks.map(({ example, form, stack, folder }): Check => {
      const found = unknownKeys(recordings, readConfiguration(folder));
      return {
        name: `nested keys ${example}/${stack} (${form})`,
        ok: found.length === 0,
        detail: found.join("\n"),
      };
    });
    nested.push(nestedBreak(recordings, stacks));
    const host = stacks.find(({ stack }) => stack === "host")!;
    const bad = await inParallel(
      cores.flatMap((core) => BREAKS.map((broken) => ({ core, broken }))),
      2,
      async ({ core, broken }): Promise<Check> => {
        const copy = copyWith(host.folder, (c) => {
          fit(c);
          broken.change(c);
        });
        const runner = new StackRunner(core, copy, env);
        await runner.must("init", "-input=false", "-no-color");
        const { code, output } = await runner.run("validate", "-no-color");
        const ok = code !== 0 && broken.words.test(output);
        return {
          name: `${core.name} refuses ${broken.name}`,
          ok,
          detail: ok ? undefined : `exit code ${code}: ${lastLines(output, 12)}`,
        };
      },
    );
    return {
      checks: [...good, ...nested, ...bad],
      parts: `${cores.map((core) => core.version).join(", ")}; recorded schemas, AWS ${awsVersion} for the bindings' 6.25.0`,
      leftOut: taken.size + lost.size,
      notes: [
        `${stacks.length} stacks of ${exampleNames().length} example(s) in 2 forms; AWS constraint set to ${awsVersion} in copies`,
        `taken out of the copies, newer than AWS ${awsVersion}: ${taken.size} (${[...taken].join(", ")})`,
        `taken out of the copies, lost in the recording: ${lost.size} (${[...lost].join(", ")})`,
      ],
    };
  },
};

async function planCheck(
  core: Engine,
  { example, form, stack }: SynthesizedStack,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check> {
  const name = `${core.name} ${example}/${stack} (${form})`;
  const runner = new StackRunner(core, folder, env);
  for (const args of [
    ["init", "-input=false", "-no-color"],
    ["validate", "-no-color"],
    ["plan", "-input=false", "-no-color", "-lock=false"],
  ]) {
    const { code, output } = await runner.run(...args);
    if (code !== 0) return { name, ok: false, detail: `${args[0]}: ${lastLines(output, 30)}` };
  }
  return { name, ok: true };
}

/** A misspelt key inside an attribute's object must be found, too. */
function nestedBreak(
  recordings: ReturnType<typeof recordedSchemas>,
  stacks: readonly SynthesizedStack[],
): Check {
  const { folder } = stacks.find(({ stack }) => stack === "cni")!;
  const configuration = readConfiguration(folder);
  const login = configuration.provider!.helm![0]!.kubernetes as Record<string, unknown>;
  login.excec = login.exec;
  const found = unknownKeys(recordings, configuration);
  return {
    name: "nested keys: a misspelt one is found",
    ok: found.length === 1 && found[0]!.includes("excec"),
    detail: found.join("\n"),
  };
}

function cluster(configuration: Configuration): Record<string, unknown> {
  return Object.values(configuration.resource!.aws_eks_cluster!)[0]!;
}
