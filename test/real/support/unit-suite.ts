// The unit suite as a whole: the names of its tests, and a run of it in another folder.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { scratch } from "./cache";
import { exec, lastLines } from "./exec";

/** A test file. */
export interface TestFile {
  readonly file: string;
  /** Why it could not be loaded; empty otherwise. */
  readonly message: string;
  readonly tests: readonly { readonly name: string; readonly passed: boolean }[];
}

interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Names every test of a repository without running one. */
export function listTests(root: string): Promise<TestFile[]> {
  return jest(root, ["--testNamePattern=^$nothing"]);
}

/** Runs the suite but for some files. `before` is code each test file's own environment runs first. */
export function runTests(root: string, except: readonly string[], before: string): Promise<TestFile[]> {
  const setup = join(scratch("jest-setup"), "setup.cjs");
  writeFileSync(setup, before);
  const ignored = ["/node_modules/", ...except].map((path) => `--testPathIgnorePatterns=${path}`);
  return jest(root, [...ignored, `--setupFiles=${setup}`, `--cacheDirectory=${scratch("jest-cache")}`]);
}

async function jest(root: string, args: readonly string[]): Promise<TestFile[]> {
  const report = join(scratch("jest"), "report.json");
  const program = join(root, "node_modules/jest/bin/jest.js");
  const { output } = await exec(
    process.execPath,
    [program, "--rootDir", root, "--silent", "--json", `--outputFile=${report}`, ...args],
    { cwd: root },
  );
  if (!existsSync(report)) throw new Error(`jest wrote no report:\n${lastLines(output, 40)}`);
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as JestReport;
  return testResults.map(({ name, message, assertionResults }) => ({
    file: relative(root, name),
    message: assertionResults.length > 0 ? "" : message,
    tests: assertionResults.map(({ fullName, status }) => ({ name: fullName, passed: status === "passed" })),
  }));
}
