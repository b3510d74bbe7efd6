// Reads tenant files: JSON with line and column of whatever is wrong, and the schema's verdict.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findNodeAtLocation, parseTree, printParseErrorCode, visit } from "jsonc-parser";
import { ConfigurationError } from "../core/errors";
import { systemCode } from "../core/system-code";
import { withFiles } from "./attestation-files";
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
  const content = plainJson(text);
  if (content === undefined) {
    const { offset, what } = jsonFault(text);
    const error = new ConfigurationError("TENANT_JSON", `${path}:${position(text, offset)}`, what);
    return { path, text, errors: [error] };
  }
  const parsed = parseTenantSpec(content);
  const { spec, problems } = parsed.spec ? withFiles(parsed.spec, path) : parsed;
  return { path, text, spec, errors: problems.map((problem) => located({ path, text }, problem)) };
}

/** A JSON string, and the colon behind it where it is a key. */
const STRING_OR_KEY = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** The value of well-formed JSON in which no key stands twice; nothing for all else, which `jsonFault` explains. */
function plainJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // JSON.parse would take the last of two without a word.
    const written = [...text.matchAll(STRING_OR_KEY)].filter(([, colon]) => colon !== undefined).length;
    return written === keysOf(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keys of a value and of everything in it. */
function keysOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inside = Object.values(value).reduce<number>((sum, one) => sum + keysOf(one), 0);
  return inside + (Array.isArray(value) ? 0 : Object.keys(value).length);
}

/** Where a text that `plainJson` does not take is wrong: a mistake of form, or a key that stands twice in its object. */
function jsonFault(text: string): { readonly offset: number; readonly what: string } {
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
  return (
    fault ?? {
      offset: 0,
      what: "the tenant file must be plain JSON; save it as UTF-8 without byte order mark",
    }
  );
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
