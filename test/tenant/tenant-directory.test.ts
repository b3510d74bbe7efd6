import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, TenantDirectory } from "../../lib";
import type { HostReference } from "../../lib";
import { TrustTier } from "../../lib/tee/trust-tier";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { lockPath, readLock, SHARD_SIZE, updateLock } from "../../lib/tenant/tenant-lock";
import { contents, lock, namedTenants, tenantsDirectory } from "../support/files";
import { exampleHost, exampleTenant, tenantInput } from "../support/host";

const host = exampleHost();

function errorOf(action: () => unknown): ConfigurationError {
  try {
    action();
  } catch (error) {
    if (ConfigurationError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("loads tenants by name, with pool, tier and shard", () => {
  const directory = namedTenants(["globex", "acme"]);
  lock(directory);
  const { tenants, shards } = TenantDirectory.load(directory, { host });
  expect(
    tenants.map(({ spec, pool, tier, sensitivity }) => [spec.name, pool.name, tier.name, sensitivity.name]),
  ).toEqual([
    ["acme", "snp", "CONFIDENTIAL_NODE", "internal"],
    ["globex", "snp", "CONFIDENTIAL_NODE", "internal"],
  ]);
  expect(shards).toEqual([{ name: "tenants-01", host: "prod", tenants }]);
});

test("writes nothing", () => {
  const directory = namedTenants(["acme"]);
  lock(directory);
  const before = contents(join(directory, ".."));
  TenantDirectory.load(directory, { host });
  expect(() => TenantDirectory.load(directory, { host: { ...host, pools: [] } })).toThrow(/TENANT_POOL/);
  expect(contents(join(directory, ".."))).toEqual(before);
});

test("reports the errors of all files together, each with file, line and column", () => {
  const directory = tenantsDirectory({
    "a.json": '{\n  "name": "a",,\n}',
    "b.json": { ...tenantInput({ name: "b" }), pool: "gpu" },
    "c.json": { ...tenantInput({ name: "c" }), colour: "red" },
  });
  const error = errorOf(() => TenantDirectory.load(directory, { host }));
  expect(error.errors.map((e) => [e.code, e.path.replace(directory, "")])).toEqual([
    ["TENANT_JSON", "/a.json:2:15"],
    ["TENANT_KEY", "/c.json:15:13 colour"],
    ["TENANT_POOL", "/b.json:4:11 pool"],
  ]);
});

test("an error of a key that is missing points to the object that lacks it", () => {
  const { pool: _pool, ...rest } = tenantInput();
  const directory = tenantsDirectory({ "a.json": rest });
  expect(errorOf(() => TenantDirectory.load(directory, { host })).path).toBe(
    `${join(directory, "a.json")}:1:1 pool`,
  );
});

test("a name used by two files names both", () => {
  const directory = tenantsDirectory({ "a.json": tenantInput(), "b.json": tenantInput() });
  const error = errorOf(() => TenantDirectory.load(directory, { host }));
  expect(error.message).toMatch(/\[TENANT_DUPLICATE\] .*b\.json:2:11 name: .*a\.json/);
});

test("a key that stands twice in an object is no silent choice", () => {
  const directory = tenantsDirectory({ "a.json": '{ "name": "a",\n  "name": "b" }' });
  expect(errorOf(() => TenantDirectory.load(directory, { host })).message).toMatch(
    /\[TENANT_JSON\] .*a\.json:2:3: .*'name' again/,
  );
});

test.each([
  ["no folder", "/does/not/exist", /ENOENT/],
  ["no tenant", undefined, /no \.json file/],
])("a directory with %s is refused", (_, path, words) => {
  const error = errorOf(() => TenantDirectory.load(path ?? tenantsDirectory({ "notes.txt": "x" }), { host }));
  expect(error.code).toBe("TENANT_DIRECTORY");
  expect(error.message).toMatch(words);
});

test("a file that cannot be read is refused", () => {
  const directory = namedTenants(["acme"]);
  // A folder in a file's place cannot be read by anybody, root included.
  mkdirSync(join(directory, "globex.json"));
  const error = errorOf(() => TenantDirectory.load(directory, { host }));
  expect(error.message).toMatch(/\[TENANT_FILE\] .*globex\.json: .*got EISDIR; /);
});

test("a tier below the sensitivity names the party, and what would reach it", () => {
  const plain = errorOf(() => checkTenant(exampleTenant({ pool: "plain" }), host));
  expect(plain.message).toMatch(
    /\[TENANT_TIER\] acme\.sensitivity: .*the provider's hypervisor OUT, not TRUSTED, got pool 'plain' of tier SHARED; use a pool of tier CONFIDENTIAL_NODE/,
  );
  const regulated = errorOf(() => checkTenant(exampleTenant({ sensitivity: "regulated" }), host));
  expect(regulated.message).toMatch(
    /OUT_PROVEN, not OUT and neighbours OUT, not TRUSTED.*nothing in this release reaches that/,
  );
});

test.each(["confidential", "regulated", "sealed"])("%s is refused on a shared pool", (sensitivity) => {
  expect(errorOf(() => checkTenant(exampleTenant({ sensitivity }), host)).code).toBe("TENANT_TIER");
});

test("confidential needs a confidential pool of the tenant's own, and the refusal says so", () => {
  const shared = errorOf(() => checkTenant(exampleTenant({ sensitivity: "confidential" }), host));
  expect(shared.message).toMatch(
    /neighbours OUT, not TRUSTED, got pool 'snp' of tier CONFIDENTIAL_NODE; use a pool of tier CONFIDENTIAL_NODE, own pool, or lower/,
  );
  const owned = (pattern: string): HostReference => ({
    ...host,
    pools: host.pools.map((pool) =>
      pool.name === pattern ? { ...pool, owner: { tenant: "acme", pattern } } : pool,
    ),
  });
  const tenant = checkTenant(exampleTenant({ sensitivity: "confidential" }), owned("snp"));
  expect(tenant.tier).toBe(TrustTier.CONFIDENTIAL_NODE.onOwnPool);
  const plain = errorOf(() =>
    checkTenant(exampleTenant({ sensitivity: "confidential", pool: "plain" }), owned("plain")),
  );
  expect(plain.message).toMatch(
    /provider's hypervisor OUT, not TRUSTED, got pool 'plain' of tier SHARED, own pool/,
  );
});

test("tenants do not run on a system pool", () => {
  expect(errorOf(() => checkTenant(exampleTenant({ pool: "system" }), host)).message).toMatch(
    /\[TENANT_POOL\].*system pool does not.*use one of plain, snp/,
  );
});

test.each([
  ["10.244.7.0/24", "pods"],
  ["172.20.0.0/16", "services"],
  ["10.0.0.0/8", "pods"],
  ["10.42.0.2/32", "nodes"],
])("egress to %s would go around the fence: %s", (cidr, what) => {
  expect(
    errorOf(() => checkTenant(exampleTenant({ egress: [{ cidr, ports: [443] }] }), host)).message,
  ).toMatch(new RegExp(`\\[TENANT_EGRESS\\].*cluster's own ${what}`));
});

test("egress to the range of an API server that lies elsewhere would go around the fence, too", () => {
  const google = { ...host, network: { ...host.network, apiServerCidr: "172.16.0.0/28" } };
  const spec = exampleTenant({ egress: [{ cidr: "172.16.0.0/28", ports: [443] }] });
  expect(errorOf(() => checkTenant(spec, google)).message).toMatch(
    /\[TENANT_EGRESS\].*cluster's own API server \(172\.16\.0\.0\/28\)/,
  );
  expect(checkTenant(spec, host).spec.egress).toHaveLength(1);
});

test("a gateway has to exist", () => {
  const api = { hostname: "acme.example.com", via: "gateway" as const };
  expect(errorOf(() => checkTenant(exampleTenant({ api }), host)).code).toBe("TENANT_API");
  expect(checkTenant(exampleTenant({ api }), exampleHost({ gatewayNamespace: "gateway" })).spec.api).toEqual(
    api,
  );
});

describe("capacity", () => {
  const { milliCpu } = host.pools.find(({ name }) => name === "snp")!.capacity;
  // A small control plane and CoreDNS take 220 millicores.
  const fits = (cpu: number): string => {
    const quota = { requests: { cpu: `${cpu}m`, memory: "1Gi", storage: "1Gi" }, limits: { memory: "1Gi" } };
    const directory = namedTenants(["acme"], { quota });
    lock(directory);
    return directory;
  };

  test("may be used to the last millicore", () => {
    expect(TenantDirectory.load(fits(milliCpu - 220), { host }).tenants).toHaveLength(1);
  });

  test("is exceeded by one more", () => {
    const error = errorOf(() => TenantDirectory.load(fits(milliCpu - 219), { host }));
    expect(error.message).toMatch(
      new RegExp(
        `\\[TENANT_CAPACITY\\] .*pool\\.snp: .*6 nodes of m6a\\.2xlarge with ${milliCpu} millicores, got ${milliCpu + 1} for acme; raise maxNodes`,
      ),
    );
  });

  test("is also a node's: a control plane must fit one", () => {
    const directory = namedTenants(["acme"], { size: "xlarge", sensitivity: "public", pool: "plain" });
    lock(directory);
    expect(errorOf(() => TenantDirectory.load(directory, { host })).message).toMatch(
      /\[TENANT_CAPACITY\] .*pool\.plain: a control plane must fit one m7i\.xlarge with 3720 millicores.*'xlarge' for acme/,
    );
  });

  test("counts memory and pods, too", () => {
    const quota = {
      requests: { cpu: "1", memory: "400Gi", storage: "1Gi" },
      limits: { memory: "400Gi" },
      pods: 700,
    };
    const directory = namedTenants(["acme"], { quota });
    const error = errorOf(() => TenantDirectory.load(directory, { host }));
    expect(error.errors.map((e) => e.message)).toEqual([
      expect.stringMatching(/MiB of memory/),
      expect.stringMatching(/with 624 pods, got 702/),
    ]);
  });
});

describe("the lock file", () => {
  const names = Array.from({ length: SHARD_SIZE + 2 }, (_, i) => `t${String(i).padStart(2, "0")}`);

  test("fills shards in order, at most 15 each", () => {
    const { tenants } = updateLock("lock", { version: 1, tenants: {} }, { present: names });
    expect(Object.values(tenants).filter(({ shard }) => shard === "tenants-01")).toHaveLength(15);
    expect(tenants.t15).toEqual({ shard: "tenants-02", state: "active" });
  });

  test("moves nobody: a new tenant takes the first room, which an off-boarded one may have left", () => {
    const before = updateLock("lock", { version: 1, tenants: {} }, { present: names });
    const without = names.filter((name) => name !== "t03");
    const after = updateLock("lock", before, { present: [...without, "zoe"], offboard: ["t03"] });
    expect(after.tenants.zoe).toEqual({ shard: "tenants-01", state: "active" });
    expect(after.tenants.t03).toEqual({ shard: "tenants-01", state: "offboarded" });
    for (const name of without) expect(after.tenants[name]).toEqual(before.tenants[name]);
  });

  test("refuses a tenant that is not in it, with the command", () => {
    const directory = namedTenants(["acme"]);
    lock(directory);
    writeFileSync(join(directory, "globex.json"), JSON.stringify(tenantInput({ name: "globex" })));
    expect(errorOf(() => TenantDirectory.load(directory, { host })).message).toMatch(
      /\[TENANT_NEW\] .*tenants\.lock\.json tenants\.globex: .*run: npx tenclave lock \S+tenants$/,
    );
  });

  test("refuses a tenant whose file is gone, with the command", () => {
    const directory = namedTenants(["acme", "globex"]);
    lock(directory);
    rmSync(join(directory, "globex.json"));
    expect(errorOf(() => TenantDirectory.load(directory, { host })).message).toMatch(
      /\[TENANT_VANISHED\].*'globex'.*npx tenclave lock \S+tenants --offboard globex$/,
    );
    expect(() => {
      lock(directory);
    }).toThrow(/TENANT_VANISHED/);
  });

  test("never lets an off-boarded name be used again", () => {
    const directory = namedTenants(["acme", "globex"]);
    lock(directory);
    rmSync(join(directory, "globex.json"));
    lock(directory, ["globex"]);
    expect(TenantDirectory.load(directory, { host }).tenants).toHaveLength(1);
    writeFileSync(join(directory, "globex.json"), JSON.stringify(tenantInput({ name: "globex" })));
    expect(errorOf(() => TenantDirectory.load(directory, { host })).code).toBe("TENANT_RETIRED");
    expect(() => {
      lock(directory);
    }).toThrow(/TENANT_RETIRED/);
  });

  test("keeps the shard of an off-boarded tenant: deploying it destroys what was there", () => {
    const names = Array.from({ length: SHARD_SIZE + 1 }, (_, i) => `t${String(i).padStart(2, "0")}`);
    const quota = {
      requests: { cpu: "1", memory: "1Gi", storage: "1Gi" },
      limits: { memory: "1Gi" },
      pods: 10,
    };
    const directory = namedTenants(names, { quota });
    lock(directory);
    rmSync(join(directory, "t15.json"));
    lock(directory, ["t15"]);
    const { shards } = TenantDirectory.load(directory, { host });
    expect(shards.map(({ name, tenants }) => [name, tenants.length])).toEqual([
      ["tenants-01", 15],
      ["tenants-02", 0],
    ]);
  });

  test("off-boards only a tenant whose file is gone", () => {
    const directory = namedTenants(["acme"]);
    lock(directory);
    for (const name of ["acme", "nobody"])
      expect(() => {
        lock(directory, [name]);
      }).toThrow(/\[TENANT_VANISHED\].*delete its file first/);
  });

  test("knows a tenant called constructor", () => {
    const directory = namedTenants(["constructor"]);
    expect(() => TenantDirectory.load(directory, { host })).toThrow(/TENANT_NEW/);
    lock(directory);
    expect(TenantDirectory.load(directory, { host }).tenants).toHaveLength(1);
    rmSync(join(directory, "constructor.json"));
    writeFileSync(join(directory, "acme.json"), JSON.stringify(tenantInput()));
    lock(directory, ["constructor"]);
    expect(readLock(lockPath(directory)).tenants.acme).toEqual({ shard: "tenants-01", state: "active" });
  });

  test("is refused when a merge put more into a shard than have room", () => {
    const directory = namedTenants(["acme"]);
    const tenants = Object.fromEntries(
      names.slice(0, 16).map((name) => [name, { shard: "tenants-01", state: "active" }]),
    );
    writeFileSync(lockPath(directory), JSON.stringify({ version: 1, tenants }));
    expect(errorOf(() => TenantDirectory.load(directory, { host })).message).toMatch(
      /\[TENANT_LOCK\].*16 active tenants in tenants-01, where 15 have room/,
    );
  });

  test("is missed with words of its own: writing it anew would move everybody", () => {
    const error = errorOf(() => TenantDirectory.load(namedTenants(["acme"]), { host }));
    expect(error.message).toMatch(/got no file for 'acme'; restore it from version control/);
  });

  test("is written by one run at a time", () => {
    const directory = namedTenants(["acme"]);
    writeFileSync(`${lockPath(directory)}.new`, "");
    expect(() => {
      lock(directory);
    }).toThrow(/\[TENANT_LOCK\].*one run at a time/);
  });

  test("is checked, not written, by load", () => {
    const directory = namedTenants(["acme"]);
    expect(() => TenantDirectory.load(directory, { host })).toThrow();
    expect(readLock(lockPath(directory))).toEqual({ version: 1, tenants: {} });
  });

  test.each([
    "{",
    '{"version":2,"tenants":{}}',
    '{"version":1,"tenants":{"acme":{"shard":"x","state":"active"}}}',
  ])("is refused when somebody wrote %s", (content) => {
    const directory = namedTenants(["acme"]);
    writeFileSync(lockPath(directory), content);
    expect(errorOf(() => TenantDirectory.load(directory, { host })).code).toBe("TENANT_LOCK");
  });

  test("says that it cannot be read as JSON", () => {
    const directory = namedTenants(["acme"]);
    writeFileSync(lockPath(directory), "{");
    expect(errorOf(() => TenantDirectory.load(directory, { host })).message).toMatch(
      /got a file that cannot be read as JSON/,
    );
  });

  test("lies beside the directory, whatever slashes end it", () => {
    expect(lockPath("a/tenants//")).toBe("a/tenants.lock.json");
  });
});
