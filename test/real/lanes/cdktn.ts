// Lane `cdktn`: the successor framework under cdktf's name, by the recipe in docs/cdktn.md.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { aliasProject, frameworkAt, PROVIDERS, recipe, resolveRecipe, type Recipe } from "../support/alias";
import { ROOT, scratch } from "../support/cache";
import { chartFolders } from "../support/charts";
import { exampleNames, synthesize, type ChartFolders, type SynthesizedStack } from "../support/examples";
import { exec, inParallel, lastLines } from "../support/exec";
import { check, type Check, type Lane } from "../support/lane";
import { outputBreaks } from "../support/output-breaks";
import { differences, filesBelow, recordedVersions } from "../support/output-tree";
import { listTests, runTests, type TestFile } from "../support/unit-suite";

/** Test files that say nothing about the framework. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "test/lint.test.ts": "lints text, loads no framework",
  "test/package.test.ts":
    "installs the tarball with the real cdktf; here the recipe's install is resolved instead",
};

export const cdktn: Lane = {
  name: "cdktn",
  proves:
    "under cdktn by the recipe of docs/cdktn.md, all compiles, the unit suite passes and the output is the same",
  async run() {
    const charts = await chartFolders();
    const alias = recipe();
    const wanted = alias.dependencies.cdktf!.replace(/^npm:(.+)@/, "$1 ");
    const installs = await recipeChecks(alias, wanted);

    const project = await aliasProject(alias);
    const real = await frameworkAt(ROOT);
    const frameworks = await frameworkChecks(project, wanted);
    const types = await typeCheck(project);
    const suite = await suiteChecks(project, wanted);

    const compared = await inParallel(exampleNames(), 1, (name) => compareExample(name, charts, project));
    const pairs = compared.flatMap(({ pairs }) => pairs);
    const same = pairs.flatMap(({ form, cdktf, cdktn }): Check[] => [
      check(`same output ${form}`, differences(cdktf, cdktn)),
      check(`recorded versions ${form}`, [
        ...unlike(recordedVersions(cdktf), real.name),
        ...unlike(recordedVersions(cdktn), wanted),
      ]),
    ]);
    const files = pairs.reduce((sum, { cdktn }) => sum + filesBelow(cdktn).length, 0);
    return {
      checks: [
        ...installs,
        ...frameworks,
        types,
        ...suite.checks,
        check("outputs were compared", pairs.length > 0 ? [] : ["no example, or none synthesized"]),
        ...compared.map(({ synthesized }) => synthesized),
        ...same,
        ...pairs.slice(0, 1).flatMap(({ cdktf }) => outputBreaks(cdktf)),
      ],
      parts: `${wanted}, constructs ${alias.dependencies.constructs!}, npm; beside ${real.name}; Node ${process.version}`,
      leftOut: suite.leftOut,
      notes: [
        `${suite.ran} tests ran in the project on ${wanted}; ${files} files of ${exampleNames().length} example(s) compared`,
        ...suite.notes,
        "cdktn-cli is not run: it needs Node 22.19, the library does not",
      ],
    };
  },
};

/** npm resolves the recipe, to one framework alone; and the override is needed for it. */
async function recipeChecks(alias: Recipe, wanted: string): Promise<Check[]> {
  const { ran, packages } = await resolveRecipe(alias);
  const named = (name: string): string[] =>
    Object.entries(packages)
      .filter(([path]) => path.endsWith(`node_modules/${name}`))
      .map(([path, found]) => `${path}: ${found.name ?? name} ${found.version}`);
  const expected: Readonly<Record<string, string>> = {
    ...PROVIDERS,
    constructs: alias.dependencies.constructs!,
  };
  const without = await resolveRecipe({ dependencies: alias.dependencies });
  return [
    check("npm resolves the recipe", ran.code === 0 ? [] : [lastLines(ran.output, 20)]),
    ...Object.entries({ ...expected, cdktf: wanted, cdktn: "" }).map(([name, version]) => {
      const line = name === "cdktf" ? version : `${name} ${version}`;
      const lines = version === "" ? [] : [`node_modules/${name}: ${line}`];
      const found = named(name);
      const ok = found.join() === lines.join();
      return check(
        `the recipe gives ${lines.length === 0 ? "no second" : "one"} ${name}`,
        ok ? [] : [`${found.join(", ")}, not ${lines.join(", ")}`],
      );
    }),
    check("without its overrides npm refuses", without.ran.code === 0 ? ["npm resolved it"] : []),
  ];
}

/** Our code and every provider package load the same copy of cdktn. */
async function frameworkChecks(project: string, wanted: string): Promise<Check[]> {
  const own = await frameworkAt(project);
  const places = ["lib/core", ...Object.keys(PROVIDERS).map((name) => `node_modules/${name}/lib`)];
  return inParallel(places, 2, async (place) => {
    const { name, path } = await frameworkAt(join(project, place));
    return check(`${place} loads ${wanted}`, [
      ...(name === wanted ? [] : [`loads ${name}`]),
      ...(path === own.path ? [] : [`from ${path}, not ${own.path}`]),
    ]);
  });
}

async function typeCheck(project: string): Promise<Check> {
  const tsc = join(project, "node_modules/typescript/bin/tsc");
  const { code, output } = await exec(process.execPath, [tsc, "--noEmit"], { cwd: project });
  return check("all sources compile", code === 0 ? [] : [lastLines(output, 20)]);
}

/** Each test file passes, test by test, and none is missing that the suite has under cdktf. */
async function suiteChecks(
  project: string,
  wanted: string,
): Promise<{ checks: Check[]; ran: number; leftOut: number; notes: string[] }> {
  const log = join(scratch("cdktn-log"), "frameworks");
  const listed = await listTests(ROOT);
  const ran = await runTests(project, Object.keys(LEFT_OUT), recordFramework(log));
  const loaded = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  const out = listed.filter(({ file }) => file in LEFT_OUT);
  const count = (files: readonly TestFile[]): number =>
    files.reduce((sum, { tests }) => sum + tests.length, 0);
  const missing = Object.keys(LEFT_OUT).filter((file) => !out.some((other) => other.file === file));
  const expected = listed.filter(({ file }) => !(file in LEFT_OUT));
  const extra = ran.filter(({ file }) => !expected.some((other) => other.file === file));
  return {
    checks: [
      ...expected.map((file) => suiteCheck(file, ran)),
      check("no other test file", [...extra.map(({ file }) => file), ...missing]),
      check(
        `each test file ran on ${wanted}`,
        loaded.length === expected.length && loaded.every((name) => name === wanted) ? [] : loaded,
      ),
    ],
    ran: count(ran),
    leftOut: count(out),
    notes: out.map(({ file, tests }) => `left out: ${tests.length} tests of ${file}: ${LEFT_OUT[file]!}`),
  };
}

/** Code that notes which framework a test file's own environment loads. */
function recordFramework(log: string): string {
  return [
    'const { createRequire } = require("node:module");',
    'const load = createRequire(process.cwd() + "/package.json");',
    'const { name, version } = load("cdktf/package.json");',
    `require("node:fs").appendFileSync(${JSON.stringify(log)}, name + " " + version + "\\n");`,
  ].join("\n");
}

function suiteCheck({ file, tests }: TestFile, ran: readonly TestFile[]): Check {
  const found = ran.find((other) => other.file === file);
  if (!found) return check(file, ["was not run"]);
  const names = (list: TestFile["tests"]): string[] => list.map(({ name }) => name).sort();
  const [expected, got] = [names(tests), names(found.tests)];
  return check(file, [
    ...(found.message === "" ? [] : [lastLines(found.message, 20)]),
    ...found.tests.filter(({ passed }) => !passed).map(({ name }) => `not passed: ${name}`),
    ...expected.filter((name) => !got.includes(name)).map((name) => `not run: ${name}`),
    ...(expected.length === got.length ? [] : [`${got.length} tests, ${expected.length} under cdktf`]),
  ]);
}

/** The output folders of an example in one form. */
interface Pair {
  readonly form: string;
  readonly cdktf: string;
  readonly cdktn: string;
}

/** Synthesizes an example by both frameworks, with a check that the second one can; without pairs when it cannot. */
async function compareExample(
  name: string,
  charts: ChartFolders,
  project: string,
): Promise<{ synthesized: Check; pairs: Pair[] }> {
  const byCdktf = outputs(await synthesize(name, charts));
  const title = `${name} is synthesized in ${byCdktf.size} forms`;
  try {
    const byCdktn = outputs(await synthesize(name, charts, {}, undefined, project));
    const lost = [...byCdktf.keys()].filter((form) => !byCdktn.has(form));
    const pairs = [...byCdktf].flatMap(([form, outdir]): Pair[] => {
      const other = byCdktn.get(form);
      return other ? [{ form: `${name} (${form})`, cdktf: outdir, cdktn: other }] : [];
    });
    return { synthesized: check(title, lost), pairs };
  } catch (error) {
    return { synthesized: check(title, [(error as Error).message]), pairs: [] };
  }
}

/** The output folder of each form. */
function outputs(stacks: readonly SynthesizedStack[]): Map<string, string> {
  return new Map(stacks.map(({ form, folder }) => [form, dirname(dirname(folder))]));
}

/** Files that record another version than that of the framework named. */
function unlike(versions: Readonly<Record<string, string>>, framework: string): string[] {
  const version = framework.split(" ")[1]!;
  const wrong = Object.entries(versions).filter(([, found]) => found !== version);
  return [
    ...wrong.map(([path, found]) => `${path} records ${found}, not ${version}`),
    ...(Object.keys(versions).length > 1 ? [] : ["no stack at all"]),
  ];
}
