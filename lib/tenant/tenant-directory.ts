// A directory of tenant files: reads and checks everything before anything is synthesized, and writes nothing.
import { basename } from "node:path";
import { type ConfigurationError, throwTogether } from "../core/errors";
import type { HostReference } from "../host-cluster/host-cluster";
import { capacityProblems, checked, hostProblems, nodeProblems, type CheckedTenant } from "./tenant-checks";
import { located, readTenantFiles, type TenantFile } from "./tenant-file";
import { entryOf, lockPath, lockProblems, readLock } from "./tenant-lock";
import type { TenantSpec } from "./tenant-spec";

/** Tenants that share one stack and one state. */
export interface TenantShard {
  /** Also the stack's name, like `tenants-01`. */
  readonly name: string;
  /** At most 15, by name; none when the last one was off-boarded. */
  readonly tenants: readonly CheckedTenant[];
}

export interface TenantDirectoryOptions {
  /** The host the tenants run on: its pools and ranges are what they are checked against. */
  readonly host: HostReference;
  /** @default - the directory's own name with `.lock.json` */
  readonly lockFile?: string;
}

/** A directory with one JSON file per tenant. */
export class TenantDirectory {
  /**
   * Reads and checks everything; all errors of a directory are reported together. Call it before `new App()`, which
   * already creates folders. Fails with the TENANT_ codes.
   */
  public static load(path: string, options: TenantDirectoryOptions): TenantDirectory {
    const files = readTenantFiles(path);
    const found = files.flatMap((file) => (file.spec ? [{ file, spec: file.spec }] : []));
    const errors = [
      ...files.flatMap((file) => file.errors),
      ...duplicates(found),
      ...found.flatMap(({ file, spec }) => hostProblems(spec, options.host).map((p) => located(file, p))),
    ];
    throwTogether(errors);

    const tenants = found.map(({ spec }) => checked(spec, options.host)).sort(byName);
    throwTogether([...nodeProblems(path, tenants), ...capacityProblems(path, tenants, options.host)]);
    const lockFile = options.lockFile ?? lockPath(path);
    const lock = readLock(lockFile);
    throwTogether(
      lockProblems(
        lockFile,
        lock,
        tenants.map(({ spec }) => spec.name),
      ),
    );

    // A shard whose last tenant was off-boarded keeps its stack: without it nothing would destroy what is left.
    const shards = new Map<string, CheckedTenant[]>(
      Object.values(lock.tenants).map(({ shard }) => [shard, []]),
    );
    for (const tenant of tenants) {
      const { shard } = entryOf(lock, tenant.spec.name)!;
      shards.set(shard, [...(shards.get(shard) ?? []), tenant]);
    }
    return new TenantDirectory(
      tenants,
      [...shards]
        .map(([name, members]) => ({ name, tenants: members }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
  }

  /** The names in a directory, for the lock file. Fails with the codes of unreadable and malformed files. */
  public static names(path: string): string[] {
    const files = readTenantFiles(path);
    throwTogether(files.flatMap((file) => file.errors));
    const found = files.map((file) => ({ file, spec: file.spec! }));
    throwTogether(duplicates(found));
    return found.map(({ spec }) => spec.name).sort();
  }

  private constructor(
    /** All tenants, by name. */
    public readonly tenants: readonly CheckedTenant[],
    /** The same tenants, as the lock file places them. */
    public readonly shards: readonly TenantShard[],
  ) {}
}

function byName(a: CheckedTenant, b: CheckedTenant): number {
  return a.spec.name < b.spec.name ? -1 : 1;
}

function duplicates(found: readonly { file: TenantFile; spec: TenantSpec }[]): ConfigurationError[] {
  const owner = new Map<string, string>();
  return found.flatMap(({ file, spec }) => {
    const first = owner.get(spec.name);
    if (first === undefined) {
      owner.set(spec.name, file.path);
      return [];
    }
    const text = `a tenant name must be used by one file, got '${spec.name}', which ${basename(first)} has; rename one`;
    return [located(file, { code: "TENANT_DUPLICATE", path: ["name"], text })];
  });
}
