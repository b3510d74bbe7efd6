// The lock file: which shard a tenant lives in, and which names are used up. Committed beside the tenants directory.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as z from "../core/zod";
import { ConfigurationError } from "../core/errors";

/** Tenants a shard holds at most: Terraform refreshes a shard as a whole, and the helm provider is slow beyond. */
export const SHARD_SIZE = 15;

const entry = z.strictObject({
  shard: z.string().regex(/^tenants-\d{2,}$/),
  state: z.enum(["active", "offboarded"]),
  /** On a platform of several hosts: the one the tenant lives on, for good. */
  host: z.string().optional(),
});

const schema = z.strictObject({ version: z.literal(1), tenants: z.record(z.string(), entry) });

/** One tenant's place. An off-boarded one keeps its entry, so that its name is never used again. */
export type LockEntry = z.output<typeof entry>;

/** Places of all tenants there are and were. */
export type TenantLock = z.output<typeof schema>;

/** A tenant's place, if it has one. A tenant may be called `constructor`. */
export function entryOf(lock: TenantLock, name: string): LockEntry | undefined {
  return Object.hasOwn(lock.tenants, name) ? lock.tenants[name] : undefined;
}

/** The lock file of a tenants directory. */
export function lockPath(directory: string): string {
  return `${directory.replace(/\/+$/, "")}.lock.json`;
}

/** Reads a lock file; an absent one is empty. Fails with TENANT_LOCK. */
export function readLock(path: string): TenantLock {
  if (!existsSync(path)) return { version: 1, tenants: {} };
  const bad = (what: string): ConfigurationError =>
    new ConfigurationError(
      "TENANT_LOCK",
      path,
      `the lock file must be what 'tenclave lock' wrote, got ${what}; restore it from version control`,
    );
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw bad("a file that cannot be read as JSON");
  }
  const { success, data, error } = schema.safeParse(content);
  if (!success) throw bad(`${error.issues[0]!.path.join(".") || "the whole"}: ${error.issues[0]!.message}`);
  const crowded = [...shardSizes(data)].find(([, active]) => active > SHARD_SIZE);
  if (crowded) throw bad(`${crowded[1]} active tenants in ${crowded[0]}, where ${SHARD_SIZE} have room`);
  const homes = new Map<string, string | undefined>();
  for (const { shard, host } of Object.values(data.tenants)) {
    if (homes.has(shard) && homes.get(shard) !== host) throw bad(`tenants of two hosts in ${shard}`);
    homes.set(shard, host);
  }
  return data;
}

/** Active tenants of each shard. */
function shardSizes({ tenants }: TenantLock): Map<string, number> {
  const used = new Map<string, number>();
  for (const { shard, state } of Object.values(tenants))
    used.set(shard, (used.get(shard) ?? 0) + (state === "active" ? 1 : 0));
  return used;
}

/**
 * The host of every shard: what the lock file says, else where its tenants (`homes`, by name) are, else the only host
 * there is. A shard whose last tenant was off-boarded keeps its stack: without it nothing would destroy what is left.
 * Fails with TENANT_HOST for a shard of two hosts, or of nobody knows which.
 */
export function shardHomes(
  path: string,
  lock: TenantLock,
  homes: ReadonlyMap<string, string>,
  hosts: readonly { readonly name: string }[],
): Record<string, string> {
  const shards = new Map<string, Set<string>>();
  for (const [name, { shard, host }] of Object.entries(lock.tenants)) {
    const found = shards.get(shard) ?? new Set();
    shards.set(shard, found);
    const home = host ?? homes.get(name);
    if (home !== undefined) found.add(home);
  }
  return Object.fromEntries(
    [...shards].map(([shard, found]) => {
      const [first = hosts.length === 1 ? hosts[0]!.name : undefined] = found;
      if (found.size < 2 && first !== undefined) return [shard, first];
      throw new ConfigurationError(
        "TENANT_HOST",
        `${path} ${shard}`,
        `a shard must belong to one host, got ${[...found].join(" and ") || "none: all its tenants are off-boarded"}; ` +
          (found.size > 1
            ? "a tenant never moves: name the host they were all on before in their files"
            : 'write "host" into its entries'),
      );
    }),
  );
}

/** Writes a lock file in one step, names sorted. */
export function writeLock(path: string, lock: TenantLock): void {
  const sorted = Object.fromEntries(Object.entries(lock.tenants).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = `${JSON.stringify({ version: lock.version, tenants: sorted }, undefined, 2)}\n`;
  try {
    writeFileSync(`${path}.new`, text, { flag: "wx" });
  } catch (cause) {
    throw new ConfigurationError(
      "TENANT_LOCK",
      path,
      `one run at a time may write the lock file, got ${String(cause)}; wait for the other, or remove ${path}.new`,
    );
  }
  renameSync(`${path}.new`, path);
}

/** Who is there, and where each new one goes. */
export interface LockUpdate {
  /** Names of the tenants that have a file. */
  readonly present: readonly string[];
  /** Names to mark off-boarded. @default - none */
  readonly offboard?: readonly string[];
  /** Host of each tenant that is present, on a platform of several. @default - a platform of one host, which is not written */
  readonly place?: (tenant: string) => string;
}

/**
 * Adds new tenants, each to the first shard with room on its host, and marks the named ones off-boarded. Nobody ever
 * moves. Fails with TENANT_VANISHED, TENANT_RETIRED, and with TENANT_HOST when hosts are in the lock file and none are
 * given for a new tenant.
 */
export function updateLock(
  path: string,
  lock: TenantLock,
  { present, offboard = [], place }: LockUpdate,
): TenantLock {
  const still = offboard.find((name) => present.includes(name) || !entryOf(lock, name));
  if (still !== undefined)
    throw new ConfigurationError(
      "TENANT_VANISHED",
      path,
      `only a tenant in the lock file whose own file is gone can be off-boarded, got '${still}'; ` +
        "delete its file first, or correct the name",
    );
  const tenants: Record<string, LockEntry> = structuredClone(lock.tenants);
  for (const name of offboard) tenants[name]!.state = "offboarded";
  const placed = Object.values(lock.tenants).some(({ host }) => host !== undefined);
  const homeless = present.find((name) => !Object.hasOwn(tenants, name));
  if (placed && !place && homeless !== undefined)
    throw new ConfigurationError(
      "TENANT_HOST",
      path,
      `a lock file that names hosts must name one for each new tenant, got no hosts to place '${homeless}' on; ` +
        `run: ${lockCommand(path, lock)}`,
    );
  const [problem] = lockProblems(path, { version: 1, tenants }, present).filter(
    (p) => p.code !== "TENANT_NEW",
  );
  if (problem) throw problem;
  // Those from the time of one host: written down, so that a change of their file cannot move them.
  if (place) writeHomes(path, tenants, new Map(present.map((name) => [name, place(name)])));
  for (const name of [...present].sort()) {
    if (Object.hasOwn(tenants, name)) continue;
    const host = place?.(name);
    tenants[name] = {
      shard: shardWithRoom({ version: 1, tenants }, host),
      state: "active",
      ...(host === undefined ? {} : { host }),
    };
  }
  return { version: 1, tenants };
}

/** Writes the host into entries of shards that have none; off-boarded tenants of a shard lived where the others do. */
function writeHomes(
  path: string,
  tenants: Record<string, LockEntry>,
  homes: ReadonlyMap<string, string>,
): void {
  const open = Object.entries(tenants).filter(([, { host }]) => host === undefined);
  const alive = new Set(open.filter(([name]) => homes.has(name)).map(([, { shard }]) => shard));
  const known = open.filter(([, { shard }]) => alive.has(shard));
  const shards = shardHomes(path, { version: 1, tenants: Object.fromEntries(known) }, homes, []);
  for (const [, entry] of known) entry.host = shards[entry.shard]!;
}

/** The command that writes a lock file. */
function lockCommand(path: string, { tenants }: TenantLock): string {
  const hosts = Object.values(tenants).some(({ host }) => host !== undefined) ? " --hosts <host files>" : "";
  return `npx tenclave lock ${path.replace(/\.lock\.json$/, "")}${hosts}`;
}

/** Everything in which a lock file and the tenants present disagree. */
export function lockProblems(
  path: string,
  lock: TenantLock,
  present: readonly string[],
): ConfigurationError[] {
  const here = new Set(present);
  const vanished = Object.entries(lock.tenants)
    .filter(([name, { state }]) => state === "active" && !here.has(name))
    .map(
      ([name]) =>
        new ConfigurationError(
          "TENANT_VANISHED",
          `${path} tenants.${name}`,
          `an active tenant must have its file, got none for '${name}'; restore the file, or destroy its data on ` +
            `purpose: ${lockCommand(path, lock)} --offboard ${name}`,
        ),
    );
  const others = present.flatMap((name) => {
    const state = entryOf(lock, name)?.state;
    if (state === "active") return [];
    if (state === "offboarded")
      return [
        new ConfigurationError(
          "TENANT_RETIRED",
          `${path} tenants.${name}`,
          `the name of an off-boarded tenant must not be used again (its volumes are kept under it), got '${name}'; ` +
            "choose another name",
        ),
      ];
    return [
      new ConfigurationError(
        "TENANT_NEW",
        `${path} tenants.${name}`,
        existsSync(path)
          ? `a new tenant must be in the lock file, got none for '${name}'; run: ${lockCommand(path, lock)}`
          : `every tenant must be in the lock file, got no file for '${name}'; restore it from version control, or, ` +
              `for the very first tenants, run: ${lockCommand(path, lock)}`,
      ),
    ];
  });
  return [...vanished, ...others];
}

/** The first shard that has room and is nobody else's: a shard holds tenants of one host. */
function shardWithRoom(lock: TenantLock, host: string | undefined): string {
  const used = shardSizes(lock);
  const homes = new Map(Object.values(lock.tenants).map((entry) => [entry.shard, entry.host]));
  for (let index = 1; ; index++) {
    const shard = `tenants-${String(index).padStart(2, "0")}`;
    const free = !homes.has(shard) || homes.get(shard) === host;
    if (free && (used.get(shard) ?? 0) < SHARD_SIZE) return shard;
  }
}
