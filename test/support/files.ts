// Tenant directories on disk, for tests.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { lockPath, updateLock, writeLock } from "../../lib/tenant/tenant-lock";
import { TenantDirectory } from "../../lib/tenant/tenant-directory";
import { tenantInput } from "./host";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";

/** An empty folder. */
export function folder(): string {
  return mkdtempSync(join(tmpdir(), "tenclave-test-"));
}

/** A tenants directory with files of the given content: text as it is, objects as JSON. */
export function tenantsDirectory(files: Readonly<Record<string, unknown>>): string {
  const directory = join(folder(), "tenants");
  mkdirSync(directory);
  for (const [name, content] of Object.entries(files))
    writeFileSync(
      join(directory, name),
      typeof content === "string" ? content : JSON.stringify(content, undefined, 2),
    );
  return directory;
}

/** A tenants directory with one valid file for each name, changed as given. */
export function namedTenants(names: readonly string[], change: Partial<TenantSpecInput> = {}): string {
  return tenantsDirectory(
    Object.fromEntries(names.map((name) => [`${name}.json`, tenantInput({ ...change, name })])),
  );
}

/** Writes the lock file as `tenclave lock` does. */
export function lock(directory: string, offboard: readonly string[] = []): void {
  const path = lockPath(directory);
  const before = (() => {
    try {
      return JSON.parse(readFileSync(path, "utf8")) as Parameters<typeof updateLock>[1];
    } catch {
      return { version: 1 as const, tenants: {} };
    }
  })();
  writeLock(path, updateLock(path, before, { present: TenantDirectory.names(directory), offboard }));
}

/** Content of every file below a folder, by path. */
export function contents(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const inner = join(path, name);
      if (statSync(inner).isDirectory()) walk(inner);
      else found[relative(root, inner)] = readFileSync(inner, "utf8");
    }
  };
  walk(root);
  return found;
}
