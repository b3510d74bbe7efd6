// Reads tenant files: JSON with line and column of whatever is wrong, and the schema's verdict.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findNodeAtLocation, parseTree, printParseErrorCode, visit } from "jsonc-parser";
import { ConfigurationError } from "../core/errors";
import type { SpecProblem } from "./tenant-rules";
import { parseTenantSpec } from "./tenant-parse";
import type { TenantSpec } from "./tenant-spec";

/** One tenant file, read. */
export interface TenantFile {
  readonly path: string;
  readonly text: string;
  readonly spec?: TenantSpec;
  readonly errors: readonly ConfigurationError[];
}

/** Reads every tenant file of a directory, by name. Fails with TENANT_DIRECTORY. */
export function readTenantFiles(directory: string): TenantFile[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch (cause) {
    throw new ConfigurationError(
      "TENANT_DIRECTORY",
      directory,
      `the tenants directory must be a folder that can be read, got ${systemCode(cause)}; correct the path or its rights`,
    );
  }
  if (names.length === 0)
    throw new ConfigurationError(
      "TENANT_DIRECTORY",
      directory,
      "the tenants directory must hold at least one tenant, got no .json file; add one, like acme.json",
    );
  return names.sort().map((name) => readOne(join(directory, name)));
}

function readOne(path: string): TenantFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const error = new ConfigurationError(
      "TENANT_FILE",
      path,
      `the tenant file must be readable, got ${systemCode(cause)}; correct its rights, or remove it`,
    );
    return { path, text: "", errors: [error] };
  }
  const fault = jsonFault(text);
  if (fault)
    return {
      path,
      text,
      errors: [new ConfigurationError("TENANT_JSON", `${path}:${position(text, fault.offset)}`, fault.what)],
    };
  const { spec, problems } = parseTenantSpec(JSON.parse(text));
  return { path, text, spec, errors: problems.map((problem) => located({ path, text }, problem)) };
}

/** What is wrong with a text as JSON, and where: a mistake of form, or a key that stands twice in its object. */
function jsonFault(text: string): { readonly offset: number; readonly what: string } | undefined {
  let fault: { offset: number; what: string } | undefined;
  const report = (offset: number, what: string): void => {
    fault ??= { offset, what };
  };
  const objects: Set<string>[] = [];
  try {
    visit(
      text,
      {
        onObjectBegin: () => {
          objects.push(new Set());
        },
        onObjectProperty: (key, offset) => {
          const seen = objects.at(-1)!;
          // JSON.parse would take the last of two without a word.
          if (seen.has(key))
            report(offset, `a key must stand once in its object, got '${key}' again; remove one`);
          seen.add(key);
        },
        onObjectEnd: () => {
          objects.pop();
        },
        onError: (error, offset) => {
          report(
            offset,
            `the tenant file must be well-formed JSON, got ${printParseErrorCode(error)}; correct it there`,
          );
        },
      },
      { disallowComments: true },
    );
  } catch (cause) {
    report(0, `the tenant file must be well-formed JSON of sane depth, got ${String(cause)}; rewrite it`);
  }
  return fault;
}

/** The error of a problem, with line and column of the innermost key that exists. */
export function located(
  file: Pick<TenantFile, "path" | "text">,
  { code, path, text }: SpecProblem,
): ConfigurationError {
  // Built for errors only: most files have none.
  const tree = parseTree(file.text);
  const known = [...path.keys(), path.length].reverse().map((length) => path.slice(0, length));
  const node = known.map((part) => tree && findNodeAtLocation(tree, part)).find((n) => n !== undefined);
  const place = node ? `${file.path}:${position(file.text, node.offset)}` : file.path;
  return new ConfigurationError(code, [place, path.join(".")].join(" ").trim(), text);
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

function systemCode(cause: unknown): string {
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : String(cause);
}
