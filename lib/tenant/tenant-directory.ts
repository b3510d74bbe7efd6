// A directory of tenant files: reads and checks everything before anything is synthesized, and writes nothing.
import { basename } from "node:path";
import { ConfigurationError, throwTogether } from "../core/errors";
import { fitted } from "../core/names";
import type { IVerifier } from "../attestation/verifier";
import type { HostReference } from "../host-cluster/host-cluster";
import { Sensitivity } from "../tee/sensitivity";
import { MAX_POOL_NAME, type PoolOptions } from "../node-pool/pool-options";
import { exceptionDateProblems } from "./exceptions";
import { hostOf, placed, type FoundTenant } from "./placement";
import { capacityProblems, checked, hostProblems, nodeProblems, type CheckedTenant } from "./tenant-checks";
import { assertVerifiers } from "./tenant-attestation";
import { located, readTenantFiles, type TenantFile } from "./tenant-file";
import { entryOf, lockPath, lockProblems, readLock, shardHomes, type TenantLock } from "./tenant-lock";
import type { TenantSpec } from "./tenant-spec";

/** Tenants that share one stack and one state. */
export interface TenantShard {
  /** Also the stack's name, like `tenants-01`. */
  readonly name: string;
  /** Name of the host all of them live on. */
  readonly host: string;
  /** At most 15, by name; none when the last one was off-boarded. */
  readonly tenants: readonly CheckedTenant[];
}

export interface TenantDirectoryOptions {
  /** The host the tenants run on: its pools and ranges are what they are checked against. Give this or `hosts`. */
  readonly host?: HostReference;
  /**
   * The hosts of a platform of several. A tenant runs on the one its file names, else on the one the lock file holds.
   * Fails with TENANT_HOST.
   */
  readonly hosts?: readonly HostReference[];
  /** @default - the directory's own name with `.lock.json` */
  readonly lockFile?: string;
  /**
   * What tenants' files may name in `attestation.verifier`. A verifier of one cloud says itself what is wrong with tenants
   * on hosts of another. Fails with ATTESTATION_VERIFIER.
   * @default - none
   */
  readonly verifiers?: readonly IVerifier[];
  /** Day exceptions and reference values are checked for, `YYYY-MM-DD`. @default - the machine's */
  readonly today?: string;
}

/** A directory with one JSON file per tenant. */
export class TenantDirectory {
  /**
   * Reads and checks everything; all errors of a directory are reported together. Call it before `new App()`, which
   * already creates folders. Fails with the TENANT_ codes.
   */
  public static load(path: string, options: TenantDirectoryOptions): TenantDirectory {
    const hosts = hostsOf(options);
    assertVerifiers("TenantDirectory.load", options);
    const files = readTenantFiles(path);
    const found = files.flatMap((file) => (file.spec ? [{ file, spec: file.spec }] : []));
    const lockFile = options.lockFile ?? lockPath(path);
    const lock = readLock(lockFile);
    const settled = found.map((one) => ({ ...one, ...hostOf(one, hosts, lock) }));
    throwTogether([
      ...files.flatMap((file) => file.errors),
      ...duplicates(found),
      ...settled.flatMap(({ file, spec, host, errors }) => [
        ...errors,
        ...(host ? hostProblems(spec, host, options).map((p) => located(file, p)) : []),
        ...exceptionDateProblems(spec, options.today).map((p) => located(file, p)),
      ]),
    ]);

    const tenants = settled
      .flatMap(({ spec, host }) => (host ? [checked(spec, host, options)] : []))
      .sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
    throwTogether([
      ...nodeProblems(path, tenants),
      ...hosts.flatMap((host) => capacityProblems(path, tenants, host)),
    ]);
    throwTogether(
      lockProblems(
        lockFile,
        lock,
        found.map(({ spec }) => spec.name),
      ),
    );
    const members = new Map<string, CheckedTenant[]>();
    for (const tenant of tenants) {
      const { shard } = entryOf(lock, tenant.spec.name)!;
      members.set(shard, [...(members.get(shard) ?? []), tenant]);
    }
    const shards = Object.entries(shardHomes(lockFile, lock, homesOf(tenants), hosts)).map(
      ([name, host]): TenantShard => ({ name, host, tenants: members.get(name) ?? [] }),
    );
    return new TenantDirectory(
      tenants,
      shards.sort((one, other) => (one.name < other.name ? -1 : 1)),
    );
  }

  /**
   * The pools of a host, each pattern (`dedicated: true`) replaced by one pool for every tenant whose file names it:
   * `<pattern>-<tenant>`. Call it before the host's reference is made. On a platform of several hosts, name the host:
   * a tenant with a pool of its own says in its file where that is (TENANT_HOST). Fails with the codes of unreadable and
   * malformed files.
   */
  public static pools<T extends PoolOptions>(path: string, pools: readonly T[], host?: string): T[] {
    const found = wellFormed(path);
    const patterns = new Set(pools.filter(({ dedicated }) => dedicated).map(({ name }) => name));
    const homeless = found.find(({ spec }) => patterns.has(spec.pool) && host && !spec.host);
    if (homeless)
      throw located(homeless.file, {
        code: "TENANT_HOST",
        path: ["pool"],
        text: `a tenant with a pool of its own must name its host, got pool '${homeless.spec.pool}' and no host; write host into its file`,
      });
    const specs = found.map(({ spec }) => spec).filter((spec) => (spec.host ?? host) === host || !host);
    return pools.flatMap((pool) =>
      pool.dedicated
        ? specs.filter((spec) => spec.pool === pool.name).map((spec) => ownPool(pool, spec.name))
        : [pool],
    );
  }

  /**
   * The host of each tenant, for the lock file: the one it lives on; for a new tenant the one its file names, else the first that takes it.
   * Tiers that rest on a verifier are for `load` to judge. Fails with TENANT_HOST and the codes of `load`.
   */
  public static placement(
    path: string,
    hosts: readonly HostReference[],
    lock: TenantLock,
  ): (tenant: string) => string {
    const found = wellFormed(path).sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
    const settled: CheckedTenant[] = [];
    const open: FoundTenant[] = [];
    for (const one of found) {
      const { host, errors } = hostOf(one, hosts, lock);
      throwTogether(errors);
      if (!host) open.push(one);
      else {
        const spec = withoutVerifier(one.spec);
        throwTogether(hostProblems(spec, host, {}).map((p) => located(one.file, p)));
        settled.push(checked(spec, host, {}));
      }
    }
    for (const one of open) settled.push(placed(one, hosts, settled));
    const homes = homesOf(settled);
    return (tenant) => homes.get(tenant)!;
  }

  /** The names in a directory, for the lock file. Fails with the codes of unreadable and malformed files. */
  public static names(path: string): string[] {
    const found = wellFormed(path);
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

function hostsOf({ host, hosts }: TenantDirectoryOptions): readonly HostReference[] {
  const all = [...(host ? [host] : []), ...(hosts ?? [])];
  const names = all.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (all.length > 0 && twice === undefined) return all;
  throw new ConfigurationError(
    "TENANT_HOST",
    "TenantDirectory.load",
    `host or hosts must name at least one host, each once, got [${names.join(", ")}]; ` +
      "pass the references of the platform's hosts",
  );
}

/** What of a tenant can be judged where no verifier is known: all but what rests on one. */
function withoutVerifier(spec: TenantSpec): TenantSpec {
  const { attestation, ...rest } = spec;
  return attestation ? { ...rest, sensitivity: Sensitivity.PUBLIC.name } : spec;
}

/** One tenant's own pool, made from a pattern. */
function ownPool<T extends PoolOptions>(pattern: T, tenant: string): T {
  return {
    ...pattern,
    name: fitted(`${pattern.name}-${tenant}`, MAX_POOL_NAME),
    dedicated: undefined,
    owner: { tenant, pattern: pattern.name },
  };
}

/** The files of a directory, or all that is wrong with their form. */
function wellFormed(path: string): FoundTenant[] {
  const files = readTenantFiles(path);
  throwTogether(files.flatMap((file) => file.errors));
  return files.map((file) => ({ file, spec: file.spec! }));
}

/** Host of each tenant, by name. */
function homesOf(tenants: readonly CheckedTenant[]): Map<string, string> {
  return new Map(tenants.map(({ spec, host }) => [spec.name, host]));
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
