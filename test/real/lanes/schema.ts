// Lane `schema`: the real Terraform core with recorded provider schemas, on every stack of every example.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BREAKS, clusterIn, type Break, type ClusterBreaks } from "../support/breaks";
import { ROOT } from "../support/cache";
import { chartFolders } from "../support/charts";
import {
  copyWith,
  LACKING_IN_AWS_5,
  readConfiguration,
  takeOut,
  type Configuration,
} from "../support/configuration";
import { exampleNames, synthesize, type SynthesizedStack, VARIANTS } from "../support/examples";
import { inParallel, lastLines } from "../support/exec";
import type { Check, Lane } from "../support/lane";
import { takeOutLostDescriptions } from "../support/lost-descriptions";
import { schemaMirror } from "../support/mirror";
import { unknownKeys } from "../support/nested-keys";
import {
  choices,
  recordedProviders,
  recordingsOf,
  type Choice,
  type RecordedProvider,
  type Recordings,
} from "../support/recordings";
import { engines, mirrorConfig, quiet, StackRunner, type Engine } from "../support/terraform";
import { variableValues } from "../support/variables";

type Env = Readonly<Record<string, string | undefined>>;

/** A stack with what the lane decided for its copies. */
interface Prepared extends SynthesizedStack {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly recordings: Recordings;
  readonly env: Env;
  /** What is taken out of copies, newer than the recording. */
  readonly newer: readonly string[];
  /** What is taken out of copies, lost in the recording. */
  readonly lost: readonly string[];
  /** The configuration as the copies have it. */
  readonly fitted: Configuration;
}

export const schema: Lane = {
  name: "schema",
  proves: "every reference, block and argument exists and has the right type, in every stack",
  async run() {
    const charts = await chartFolders();
    const mirror = await schemaMirror();
    const cores = await engines();
    const recorded = recordedProviders();
    const env = quiet(mirrorConfig(mirror));
    const examples = exampleNames();
    const synthesized = (
      await inParallel([...examples, VARIANTS], 2, (name) => synthesize(name, charts))
    ).flat();

    const ready: Prepared[] = [];
    const checks: Check[] = [];
    for (const stack of synthesized) {
      try {
        ready.push(prepare(stack, recorded, env));
      } catch (error) {
        checks.push({ name: labelOf(stack), ok: false, detail: (error as Error).message });
      }
    }
    const plans = cores.flatMap((core) => ready.map((stack) => ({ core, stack })));
    checks.push(...(await inParallel(plans, 2, ({ core, stack }) => planCheck(core, stack))));
    checks.push(...ready.map(nestedCheck), nestedBreak(ready), ...ready.flatMap(lookupCheck));

    const clusters = BREAKS.map((one) => ({ ...one, stack: stackWith(ready, one.resource) }));
    checks.push(...clusters.flatMap((one) => hostMissing(one)));
    const broken = clusters.flatMap(({ stack, resource, breaks }) =>
      stack ? cores.flatMap((core) => breaks.map((one) => ({ core, stack, resource, broken: one }))) : [],
    );
    checks.push(...(await inParallel(broken, 2, (one) => breakCheck(one))));
    const newer = tally(ready, (stack) => stack.newer);
    const lost = tally(ready, (stack) => stack.lost);
    const untried = clusters.filter(({ stack }) => !stack).map(({ resource }) => resource);
    const instead = distinct(ready, ({ name, constraint, version, pin }) =>
      pin.includes(constraint) ? [] : [`${name} ${version} for the bindings' ${constraint}`],
    );
    return {
      checks,
      parts: [...cores.map((core) => core.version), ["recorded schemas", ...instead].join(", ")].join("; "),
      leftOut: newer.count + lost.count,
      notes: [
        `${synthesized.length} stacks of ${examples.length} example(s), and of hosts and pools with every option on, in 2 forms`,
        `recorded schemas served: ${distinct(ready, ({ name, version }) => [`${name} ${version}`]).join(", ")}`,
        ...raisedFloors(ready),
        ...(untried.length > 0 ? [`in no example, so nothing broken on it: ${untried.join(", ")}`] : []),
        `taken out of the copies, newer than the recorded AWS: ${newer.text}`,
        `taken out of the copies, lost in the recording: ${lost.text}`,
      ],
    };
  },
};

/** Decides what a stack's copies get. Throws on a provider that is not recorded and on a variable without a value. */
function prepare(stack: SynthesizedStack, recorded: readonly RecordedProvider[], env: Env): Prepared {
  const fitted = readConfiguration(stack.folder);
  const chosen = choices(recorded, fitted);
  const recordings = recordingsOf(chosen);
  for (const { name, pin } of chosen) fitted.terraform.required_providers[name]!.version = pin;
  return {
    ...stack,
    label: labelOf(stack),
    choices: chosen,
    recordings,
    env: { ...env, ...variableValues(fitted) },
    newer: takeOut(fitted, LACKING_IN_AWS_5),
    lost: takeOutLostDescriptions(recordings, fitted),
    fitted,
  };
}

async function planCheck(core: Engine, { label, folder, fitted, env }: Prepared): Promise<Check> {
  const name = `${core.name} ${label}`;
  const copy = copyWith(folder, (c) => Object.assign(c, fitted));
  const runner = new StackRunner(core, copy, env);
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

function nestedCheck({ label, recordings, fitted }: Prepared): Check {
  const found = unknownKeys(recordings, fitted);
  return { name: `nested keys ${label}`, ok: found.length === 0, detail: found.join("\n") };
}

/** With variables a plan needs no cloud; the recorded provider answers a data source, so that no plan would show one. */
function lookupCheck({ label, form, fitted }: Prepared): Check[] {
  if (form !== "variables") return [];
  const found = Object.entries(fitted.data ?? {}).flatMap(([type, byName]) =>
    Object.keys(byName).map((name) => `data.${type}.${name}`),
  );
  return [{ name: `no lookup ${label}`, ok: found.length === 0, detail: found.join("\n") }];
}

/** A misspelt key inside an attribute's object must be found, too. */
function nestedBreak(stacks: readonly Prepared[]): Check {
  const name = "nested keys: a misspelt one is found";
  const stack = stacks.find(({ fitted }) => fitted.provider?.helm);
  if (!stack) return { name, ok: false, detail: "no stack with the helm provider" };
  const configuration = structuredClone(stack.fitted);
  const login = configuration.provider!.helm![0]!.kubernetes as Record<string, unknown>;
  login.excec = login.exec;
  const found = unknownKeys(stack.recordings, configuration);
  return { name, ok: found.length === 1 && found[0]!.includes("excec"), detail: found.join("\n") };
}

/** A cloud whose host stack exists must have an example to break. */
function hostMissing({ stack, stackFile, resource }: ClusterBreaks & { stack?: Prepared }): Check[] {
  if (stack || !existsSync(join(ROOT, "stacks", stackFile))) return [];
  return [
    {
      name: `breaks of ${resource}`,
      ok: false,
      detail: `stacks/${stackFile} exists, but no example uses it`,
    },
  ];
}

async function breakCheck(one: {
  core: Engine;
  stack: Prepared;
  resource: string;
  broken: Break;
}): Promise<Check> {
  const { core, stack, resource, broken } = one;
  const copy = copyWith(stack.folder, (c) => {
    Object.assign(c, structuredClone(stack.fitted));
    broken.change(clusterIn(c, resource)!, c);
  });
  const runner = new StackRunner(core, copy, stack.env);
  await runner.must("init", "-input=false", "-no-color");
  const { code, output } = await runner.run("validate", "-no-color");
  const ok = code !== 0 && broken.words.test(output.replace(/[\s│╷╵]+/g, " "));
  return {
    name: `${core.name} refuses ${broken.name} on ${resource}`,
    ok,
    detail: ok ? undefined : `exit code ${code}: ${lastLines(output, 12)}`,
  };
}

/** Stacks that ask for more than the bindings' version, with the version they got. */
function raisedFloors(stacks: readonly Prepared[]): string[] {
  const byChoice = new Map<string, string[]>();
  for (const { label, choices: chosen } of stacks)
    for (const { name, constraint, version, pin } of chosen) {
      if (!pin.includes(",")) continue;
      const key = `${name} "${constraint}" is served ${version}`;
      byChoice.set(key, [...(byChoice.get(key) ?? []), label]);
    }
  return [...byChoice].map(([key, labels]) => `${key}, the lowest recorded: ${labels.join(", ")}`);
}

/** What was taken out, counted once for both forms: in words by type and argument, with how many stand there. */
function tally(stacks: readonly Prepared[], taken: (stack: Prepared) => readonly string[]): Tally {
  const places = new Set(
    stacks.flatMap((one) => taken(one).map((place) => `${one.example}/${one.stack}: ${place}`)),
  );
  const byArgument = new Map<string, number>();
  for (const place of places) {
    const argument = place.replace(/^.*: ([^.]+)\.[^.]+\./, "$1.");
    byArgument.set(argument, (byArgument.get(argument) ?? 0) + 1);
  }
  const words = [...byArgument].sort(([a], [b]) => (a < b ? -1 : 1)).map(([one, n]) => `${one} ${n}`);
  return { count: places.size, text: `${places.size} (${words.join(", ")})` };
}

interface Tally {
  readonly count: number;
  readonly text: string;
}

function distinct(stacks: readonly Prepared[], words: (choice: Choice) => string[]): string[] {
  return [...new Set(stacks.flatMap((stack) => stack.choices.flatMap(words)))].sort();
}

function stackWith(stacks: readonly Prepared[], resource: string): Prepared | undefined {
  return stacks.find(({ fitted }) => clusterIn(fitted, resource));
}

function labelOf({ example, stack, form }: SynthesizedStack): string {
  return `${example}/${stack} (${form})`;
}
