// Every code block in README and docs compiles, parses, or names a command that exists.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { parseTenantSpec } from "../lib/tenant/tenant-parse";
import { generated } from "../scripts/generated";
import { ROOT } from "./support/run";

interface Block {
  readonly name: string;
  readonly language: string;
  readonly code: string;
}

function markdownFiles(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (["node_modules", "dist", ".git", "cdktf.out", ".cache"].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

function blocksOf(file: string): Block[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^```(\w*)[^\n]*\n(.*?)^```/gms)].map((match) => ({
    name: `${file.replace(`${ROOT}/`, "")}:${text.slice(0, match.index).split("\n").length}`,
    language: match[1]!,
    code: match[2]!,
  }));
}

const FILES = markdownFiles();
const BLOCKS = FILES.flatMap(blocksOf);
const of = (...languages: string[]): Block[] => BLOCKS.filter(({ language }) => languages.includes(language));

/** Compile errors of all TypeScript blocks, by block. */
function compileErrors(blocks: readonly Block[]): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    ROOT,
  );
  // A block is an excerpt: it may name things it does not use.
  const settings = {
    ...options,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const files = new Map(blocks.map((block, index) => [join(ROOT, `block-${index}.ts`), block]));
  const compilerHost = ts.createCompilerHost(settings);
  const { getSourceFile, fileExists, readFile } = compilerHost;
  compilerHost.fileExists = (path) => files.has(path) || fileExists.call(compilerHost, path);
  compilerHost.readFile = (path) => files.get(path)?.code ?? readFile.call(compilerHost, path);
  compilerHost.getSourceFile = (path, version, ...rest) => {
    const block = files.get(path);
    return block
      ? ts.createSourceFile(path, block.code, version)
      : getSourceFile.call(compilerHost, path, version, ...rest);
  };
  const program = ts.createProgram([...files.keys()], settings, compilerHost);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const block = files.get(diagnostic.file?.fileName ?? "");
    return `${block?.name ?? diagnostic.file?.fileName}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
  });
}

test("there are blocks to check", () => {
  expect(of("ts").length).toBeGreaterThan(3);
  expect(of("json").length).toBeGreaterThan(0);
  expect(of("sh").length).toBeGreaterThan(0);
});

test("TypeScript blocks compile", () => {
  expect(compileErrors(of("ts"))).toEqual([]);
});

test("the check bites", () => {
  const bad = {
    name: "bad",
    language: "ts",
    code: 'import { nobody } from "tenclave";\nexport const x: number = "1";\n',
  };
  expect(compileErrors([bad])).toHaveLength(2);
});

test.each(of("json").map((block) => [block.name, block] as const))(
  "JSON block %s parses; tenants are valid",
  (_, { code }) => {
    const content = JSON.parse(code) as Record<string, unknown>;
    if ("sensitivity" in content) expect(parseTenantSpec(content).problems).toEqual([]);
    else expect(content).toEqual(expect.anything());
  },
);

test("shell blocks run scripts that exist", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const used = of("sh").flatMap(({ code }) =>
    [...code.matchAll(/npm (?:run (?:-s )?([\w:]+)|(test))/g)].map((m) => m[1] ?? m[2]!),
  );
  expect(used.filter((name) => !(name in scripts))).toEqual([]);
  expect(used).toEqual(expect.arrayContaining(["synth", "test"]));
});

test("no block is of a language nobody checks", () => {
  const unknown = BLOCKS.filter(({ language }) => !["ts", "json", "sh", "text"].includes(language));
  expect(unknown.map(({ name, language }) => `${name} ${language}`)).toEqual([]);
});

test("links between documents lead somewhere", () => {
  const broken = FILES.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map((match) => join(file, "..", match[1]!))
      .filter((target) => !ts.sys.fileExists(target) && !ts.sys.directoryExists(target))
      .map((target) => `${file}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test.each(Object.keys(generated()))("%s is what the code generates", (path) => {
  expect(readFileSync(join(ROOT, path), "utf8")).toBe(generated()[path]);
});

test("there is a page for each folder of lib", () => {
  const folders = readdirSync(join(ROOT, "lib"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  for (const { name } of folders) expect(ts.sys.fileExists(join(ROOT, "docs", `${name}.md`))).toBe(true);
});
