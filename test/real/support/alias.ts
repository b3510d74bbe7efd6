// The repository as a project on cdktn: same sources, same packages, the other framework under cdktf's name.
import { createHash } from "node:crypto";
import {
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { cacheDir, ROOT, scratch } from "./cache";
import { exec, must, which, type Ran } from "./exec";
import { NotHere } from "./lane";

/** What a package.json says about packages. */
export interface Recipe {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

interface PackageJson {
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

/** Where npm would put a package, and which. */
export interface Resolved {
  readonly name?: string;
  readonly version: string;
}

/** Packages the alias stands for, or that bring the real cdktf along. */
const REPLACED = ["cdktf", "constructs", "cdktf-cli"];

/** What is no source: written by npm, git, builds and runs. */
const NO_SOURCE = ["node_modules", ".git", "dist", "cdktf.out", "states", ".cache"];

const DAY = 24 * 60 * 60 * 1000;

const PACKAGE = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as PackageJson;

/** The provider packages, with the versions this repository is tested with. */
export const PROVIDERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(PACKAGE.devDependencies).filter(([name]) => name.startsWith("@cdktf/")),
);

/** The block users copy: the first in docs/cdktn.md. */
export function recipe(): Recipe {
  const text = readFileSync(join(ROOT, "docs/cdktn.md"), "utf8");
  const block = /^```json\n(.*?)^```/ms.exec(text);
  if (!block) throw new Error("docs/cdktn.md has no JSON block");
  return JSON.parse(block[1]!) as Recipe;
}

/**
 * Resolves a project with the recipe, the real tarball and all provider packages, as `npm install` would, without
 * unpacking anything. Throws NotHere when npm fails for another reason than a conflict.
 */
export async function resolveRecipe({ dependencies, ...rest }: Partial<Recipe>): Promise<{
  readonly ran: Ran;
  readonly packages: Readonly<Record<string, Resolved>>;
}> {
  const folder = scratch("cdktn-user");
  const { stdout } = await npm(ROOT, "pack", "--json", "--ignore-scripts", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const all = { ...PROVIDERS, ...dependencies, tenclave: `file:./${filename}` };
  writePackage(folder, { dependencies: all, ...rest });
  const ran = await npm(folder, "install", "--package-lock-only");
  const lock = join(folder, "package-lock.json");
  if (ran.code !== 0 && !isConflict(ran))
    throw new NotHere(`npm cannot get what docs/cdktn.md names: ${why(ran)}`);
  const { packages } = existsSync(lock)
    ? (JSON.parse(readFileSync(lock, "utf8")) as { packages: Record<string, Resolved> })
    : { packages: {} };
  return { ran, packages };
}

/** The repository's sources in a folder of this run's own, with the recipe's packages below them. */
export async function aliasProject(alias: Recipe): Promise<string> {
  const modules = await aliasedModules(alias);
  const folder = scratch("cdktn");
  for (const name of readdirSync(ROOT).filter((entry) => !NO_SOURCE.includes(entry)))
    cpSync(join(ROOT, name), join(folder, name), {
      recursive: true,
      filter: (path) => !NO_SOURCE.includes(basename(path)),
    });
  const kept = Object.entries(PACKAGE.devDependencies).filter(([name]) => !REPLACED.includes(name));
  writePackage(folder, {
    ...PACKAGE,
    devDependencies: { ...Object.fromEntries(kept), ...frameworkOf(alias) },
    overrides: { ...PACKAGE.overrides, ...alias.overrides },
  });
  symlinkSync(modules, join(folder, "node_modules"), "junction");
  return folder;
}

/** The repository's node_modules with the alias in it; kept for as long as neither changes. */
async function aliasedModules(alias: Recipe): Promise<string> {
  const own = realpathSync(join(ROOT, "node_modules"));
  const installed = readFileSync(join(own, ".package-lock.json"));
  const key = createHash("sha256").update(installed).update(JSON.stringify(alias)).digest("hex").slice(0, 12);
  const home = cacheDir("cdktn");
  const folder = join(home, key);
  if (!existsSync(folder)) {
    const draft = mkdtempSync(join(home, "draft-"));
    writePackage(draft, { dependencies: frameworkOf(alias), overrides: alias.overrides });
    const ran = await npm(draft, "install", "--ignore-scripts");
    if (ran.code !== 0) {
      rmSync(draft, { recursive: true });
      throw new NotHere(`npm cannot get what docs/cdktn.md names: ${why(ran)}`);
    }
    linkPackages(own, join(draft, "node_modules"));
    // Whoever comes second keeps what the first one made.
    if (existsSync(folder)) rmSync(draft, { recursive: true });
    else renameSync(draft, folder);
  }
  utimesSync(folder, new Date(), new Date());
  for (const name of readdirSync(home).filter((entry) => entry !== key)) {
    const old = join(home, name);
    if (Date.now() - lstatSync(old).mtimeMs > DAY) rmSync(old, { recursive: true, force: true });
  }
  return join(folder, "node_modules");
}

/** The packages the recipe changes. */
function frameworkOf({ dependencies }: Recipe): Record<string, string> {
  return Object.fromEntries(Object.entries(dependencies).filter(([name]) => REPLACED.includes(name)));
}

/**
 * Packages by hard link, because a symlinked one looks for `cdktf` beside its real place and finds the real one. Left
 * out: what the alias replaces, and whatever of `@cdktf` is no provider of ours.
 */
function linkPackages(from: string, to: string): void {
  for (const name of readdirSync(from).filter((entry) => !entry.startsWith(".") && !REPLACED.includes(entry)))
    if (name !== "@cdktf") link(join(from, name), join(to, name));
  for (const name of Object.keys(PROVIDERS)) link(join(from, name), join(to, name));
}

/** A tree by hard links; by copies where the file system has none, or where the trees lie on two. */
function link(from: string, to: string): void {
  const stat = lstatSync(from);
  if (stat.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (stat.isDirectory()) {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) link(join(from, name), join(to, name));
  } else
    try {
      linkSync(from, to);
    } catch {
      copyFileSync(from, to, constants.COPYFILE_FICLONE);
    }
}

function writePackage(folder: string, content: object): void {
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "user", version: "1.0.0", private: true, ...content }, undefined, 2),
  );
}

/** Runs npm, whatever its exit code; packages it has fetched before are not asked for again. */
function npm(cwd: string, ...args: string[]): Promise<Ran> {
  if (!which("npm")) throw new NotHere("npm is not on PATH");
  return exec("npm", [...args, "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"], { cwd });
}

/** A real conflict names versions; npm without a registry calls packages it did not get `undefined` and in conflict. */
function isConflict({ output }: Ran): boolean {
  return /ERESOLVE/.test(output) && !/@undefined/.test(output);
}

function why({ output }: Ran): string {
  return /npm error (Found: .*|code (?!ERESOLVE).*)/.exec(output)?.[1] ?? "no reason given";
}

/** Which framework a folder's code loads, as `<name> <version>`, and from where. */
export async function frameworkAt(folder: string): Promise<{ readonly name: string; readonly path: string }> {
  const script = `const file = require.resolve("cdktf/package.json"); console.log(JSON.stringify([file, require(file)]))`;
  const { stdout } = await must(process.execPath, ["-e", script], { cwd: folder });
  const [file, { name, version }] = JSON.parse(stdout) as [string, { name: string; version: string }];
  return { name: `${name} ${version}`, path: dirname(file) };
}
