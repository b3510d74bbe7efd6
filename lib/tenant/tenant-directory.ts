// Reads a directory of tenant files, checks everything before anything is synthesized, and writes nothing.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { findNodeAtLocation, parseTree, printParseErrorCode, visit } from "jsonc-parser";
import { ConfigurationError, throwTogether, type ErrorCode } from "../core/errors";
import type { HostReference } from "../host-cluster/host-cluster";
import { overlaps, parseCidr } from "../network/cidr";
import type { PoolReference } from "../node-pool/node-pool";
import { Sensitivity } from "../tee/sensitivity";
import { TrustTier } from "../tee/trust-tier";
import { CONTROL_PLANE_SIZES } from "./control-plane-size";
import { hostShare } from "./host-share";
import { entryOf, lockPath, lockProblems, readLock } from "./tenant-lock";
import { parseTenantSpec, type SpecProblem, type TenantSpec } from "./tenant-spec";

/** A tenant whose file passed every check. */
export interface CheckedTenant {
  readonly spec: TenantSpec;
  /** The pool it runs on. */
  readonly pool: PoolReference;
  readonly sensitivity: Sensitivity;
  /** What the tenant reaches. */
  readonly tier: TrustTier;
}

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
    const files = readAll(path);
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
    const files = readAll(path);
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

/** Checks one spec given in code, and against a host. Fails with the codes of a tenant file, capacity and lock apart. */
export function checkTenant(spec: TenantSpec, host: HostReference): CheckedTenant {
  const { problems } = parseTenantSpec(spec);
  throwTogether(
    (problems.length > 0 ? problems : hostProblems(spec, host)).map(
      ({ code, path, text }) => new ConfigurationError(code, [spec.name, ...path].join("."), text),
    ),
  );
  return checked(spec, host);
}

function checked(spec: TenantSpec, host: HostReference): CheckedTenant {
  const pool = host.pools.find((p) => p.name === spec.pool)!;
  return {
    spec,
    pool,
    sensitivity: Sensitivity.find(spec.sensitivity)!,
    tier: TrustTier.ALL.find((tier) => tier.name === pool.tier)!,
  };
}

function byName(a: CheckedTenant, b: CheckedTenant): number {
  return a.spec.name < b.spec.name ? -1 : 1;
}

/** One tenant file, read. */
interface TenantFile {
  readonly path: string;
  readonly text: string;
  readonly spec?: TenantSpec;
  readonly errors: readonly ConfigurationError[];
}

function readAll(directory: string): TenantFile[] {
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
function located(
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

/** What is wrong with a spec on this host. */
function hostProblems(spec: TenantSpec, host: HostReference): SpecProblem[] {
  const pool = host.pools.find((p) => p.name === spec.pool);
  return [
    ...(pool && !pool.system ? tierProblems(spec, pool) : poolProblems(spec, host, pool)),
    ...clusterEgressProblems(spec, host),
    ...gatewayProblems(spec, host),
  ];
}

function poolProblems(spec: TenantSpec, host: HostReference, pool: PoolReference | undefined): SpecProblem[] {
  const choices = host.pools.filter((p) => !p.system).map((p) => p.name);
  const rule = pool
    ? "the pool must take tenants (a system pool does not)"
    : `the pool must exist on host ${host.name}`;
  return [
    {
      code: "TENANT_POOL",
      path: ["pool"],
      text: `${rule}, got '${spec.pool}'; use one of ${choices.join(", ") || "(the host has none for tenants)"}`,
    },
  ];
}

function tierProblems(spec: TenantSpec, pool: PoolReference): SpecProblem[] {
  const sensitivity = Sensitivity.find(spec.sensitivity)!;
  const tier = TrustTier.ALL.find((t) => t.name === pool.tier)!;
  const shortfalls = tier.shortfalls(sensitivity.requires);
  if (shortfalls.length === 0) return [];
  const why = shortfalls.map(({ party, needs, has }) => `${party} ${needs}, not ${has}`).join(" and ");
  const granted = TrustTier.ALL.filter((t) => !t.notGranted && t.meets(sensitivity.requires));
  const blocked = TrustTier.ALL.filter((t) => t.notGranted && t.meets(sensitivity.requires));
  const cure =
    granted.length > 0
      ? `use a pool of tier ${granted.map((t) => t.name).join(" or ")}, or lower the sensitivity`
      : `nothing in this release reaches that${blocked.map((t) => ` (${t.name}: ${t.notGranted})`).join("")}; ` +
        "lower the sensitivity, or keep this data elsewhere";
  return [
    {
      code: "TENANT_TIER",
      path: ["sensitivity"],
      text:
        `sensitivity '${spec.sensitivity}' needs ${why}, got pool '${pool.name}' of tier ${tier.name}; ` +
        cure,
    },
  ];
}

/** Ranges of the cluster itself: reaching them by address would go around the fence between tenants. */
function clusterEgressProblems(spec: TenantSpec, host: HostReference): SpecProblem[] {
  const { podCidr, serviceCidr, nodeCidr } = host.network;
  return spec.egress.flatMap(({ cidr }, index) => {
    const range = parseCidr(cidr)!;
    const hit = Object.entries({ pods: podCidr, services: serviceCidr, nodes: nodeCidr }).find(([, own]) =>
      overlaps(range, parseCidr(own)!),
    );
    if (!hit) return [];
    return [
      {
        code: "TENANT_EGRESS" as ErrorCode,
        path: ["egress", index, "cidr"],
        text: `egress must not reach the cluster's own ${hit[0]} (${hit[1]}), got '${cidr}'; choose a range outside it`,
      },
    ];
  });
}

function gatewayProblems(spec: TenantSpec, host: HostReference): SpecProblem[] {
  if (spec.api?.via !== "gateway" || host.gatewayNamespace) return [];
  return [
    {
      code: "TENANT_API",
      path: ["api", "via"],
      text: "an API exposed by gateway needs a gateway on the host, got none; set gatewayNamespace on the host, or use via: portForward",
    },
  ];
}

/** Control planes against a node of their pool: the largest pod the library itself makes. */
function nodeProblems(path: string, tenants: readonly CheckedTenant[]): ConfigurationError[] {
  return tenants
    .filter(({ spec, pool }) => {
      const { milliCpu, memoryMiB } = CONTROL_PLANE_SIZES[spec.size]!;
      return milliCpu > pool.capacity.nodeMilliCpu || memoryMiB > pool.capacity.nodeMemoryMiB;
    })
    .map(
      ({ spec, pool }) =>
        new ConfigurationError(
          "TENANT_CAPACITY",
          `${path} pool.${pool.name}`,
          `a control plane must fit one ${pool.machineType} with ${pool.capacity.nodeMilliCpu} millicores and ` +
            `${pool.capacity.nodeMemoryMiB} MiB left, got size '${spec.size}' for ${spec.name}; ` +
            "choose a smaller size, or a pool of larger machines",
        ),
    );
}

/** Sums of quotas and control planes against each pool's largest size. */
function capacityProblems(
  path: string,
  tenants: readonly CheckedTenant[],
  host: HostReference,
): ConfigurationError[] {
  return host.pools.flatMap((pool) => {
    const members = tenants.filter((tenant) => tenant.pool === pool);
    const shares = members.map((tenant) => hostShare(tenant.spec, pool));
    const rows = [
      { what: "millicores", has: pool.capacity.milliCpu, needs: sum(shares.map((s) => s.requestsMilliCpu)) },
      {
        what: "MiB of memory",
        has: pool.capacity.memoryMiB,
        needs: sum(shares.map((s) => s.requestsMemoryMiB)),
      },
      { what: "pods", has: pool.capacity.pods, needs: sum(shares.map((s) => s.pods)) },
    ];
    return rows
      .filter(({ has, needs }) => needs > has)
      .map(
        ({ what, has, needs }) =>
          new ConfigurationError(
            "TENANT_CAPACITY",
            `${path} pool.${pool.name}`,
            `quotas and control planes must fit ${pool.maxNodes} nodes of ${pool.machineType} with ${has} ${what}, ` +
              `got ${needs} for ${members.map((t) => t.spec.name).join(", ")}; raise maxNodes, or lower quotas`,
          ),
      );
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function systemCode(cause: unknown): string {
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : String(cause);
}
