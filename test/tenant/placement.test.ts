import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, HostFile, Tee, TenantDirectory, type HostReference } from "../../lib";
import { lockPath, readLock, updateLock, writeLock } from "../../lib/tenant/tenant-lock";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";
import { EksHost } from "../../lib/aws";
import { attested, testVerifier } from "../support/attestation";
import { folder, lock, namedTenants, tenantsDirectory } from "../support/files";
import { exampleHost, hostOptions, tenantInput } from "../support/host";
import { runTs } from "../support/run";

/** Two hosts: the first has room for few, the second has no SEV-SNP pool. */
const SMALL = exampleHost({
  name: "small",
  pools: hostOptions().pools.map((pool) => ({ ...pool, minNodes: 1, maxNodes: 1 })),
});
const PLAIN = exampleHost({ name: "plain", pools: hostOptions().pools.slice(0, 2) });
const HOSTS: readonly HostReference[] = [PLAIN, SMALL];

function input(name: string, change: Partial<TenantSpecInput> = {}): TenantSpecInput {
  return tenantInput({ name, ...change });
}

function directoryOf(...tenants: readonly TenantSpecInput[]): string {
  return tenantsDirectory(Object.fromEntries(tenants.map((tenant) => [`${tenant.name}.json`, tenant])));
}

/** Writes the lock file as `tenclave lock --hosts` does. */
function place(directory: string, hosts: readonly HostReference[] = HOSTS): void {
  const path = lockPath(directory);
  const before = readLock(path);
  const present = TenantDirectory.names(directory);
  writeLock(
    path,
    updateLock(path, before, { present, place: TenantDirectory.placement(directory, hosts, before) }),
  );
}

function failure(attempt: () => unknown): ConfigurationError {
  try {
    attempt();
  } catch (error) {
    if (ConfigurationError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("with attestation", () => {
  const sealed = input("sealed", {
    sensitivity: "sealed",
    pool: "plain",
    attestation: attested(),
  });

  test("a tenant on several hosts must name its host: a verifier and its keys are of one cloud", () => {
    const error = failure(() => place(directoryOf(sealed)));
    expect([error.code, error.message]).toEqual([
      "TENANT_HOST",
      expect.stringMatching(
        /with attestation .*must name its host.*got no host; write host \(plain, small\)/,
      ),
    ]);
  });

  test("the lock needs no verifier: what rests on one is judged when the directory is loaded", () => {
    const directory = directoryOf({ ...sealed, host: "small" });
    place(directory);
    expect(readLock(lockPath(directory)).tenants).toEqual({
      sealed: { shard: "tenants-01", state: "active", host: "small" },
    });
    expect(failure(() => TenantDirectory.load(directory, { hosts: HOSTS })).code).toBe(
      "ATTESTATION_VERIFIER",
    );
    const verifiers = [testVerifier()];
    expect(failure(() => TenantDirectory.load(directory, { hosts: HOSTS, verifiers })).code).toBe(
      "TENANT_TIER",
    );
  });

  test("a verifier is asked about the tenant's own host, and says itself that it is of another cloud", () => {
    const directory = directoryOf({ ...sealed, sensitivity: "public", host: "small" });
    place(directory);
    const asked: string[] = [];
    const verifier = testVerifier(undefined, {
      problems: (_spec, { host }) => {
        asked.push(host.name);
        return [{ code: "ATTESTATION_VERIFIER", path: ["attestation", "verifier"], text: "not here" }];
      },
    });
    const error = failure(() => TenantDirectory.load(directory, { hosts: HOSTS, verifiers: [verifier] }));
    expect([error.message, asked]).toEqual([
      expect.stringMatching(/attestation\.verifier: not here$/),
      ["small"],
    ]);
  });
});

describe("on several hosts", () => {
  test("a tenant goes where it says, else to the first host that takes it, each host with shards of its own", () => {
    const directory = directoryOf(
      input("acme"),
      input("blog", { sensitivity: "public", pool: "plain" }),
      input("chosen", { sensitivity: "public", pool: "plain", host: "small" }),
    );
    place(directory);
    expect(readLock(lockPath(directory)).tenants).toEqual({
      acme: { shard: "tenants-01", state: "active", host: "small" },
      blog: { shard: "tenants-02", state: "active", host: "plain" },
      chosen: { shard: "tenants-01", state: "active", host: "small" },
    });
    const { tenants, shards } = TenantDirectory.load(directory, { hosts: HOSTS });
    expect(tenants.map(({ spec, host, pool }) => [spec.name, host, pool.name])).toEqual([
      ["acme", "small", "snp"],
      ["blog", "plain", "plain"],
      ["chosen", "small", "plain"],
    ]);
    expect(shards.map(({ name, host, tenants: members }) => [name, host, members.length])).toEqual([
      ["tenants-01", "small", 2],
      ["tenants-02", "plain", 1],
    ]);
  });

  test("a full host is passed over", () => {
    const quota = { requests: { cpu: "6", memory: "4Gi", storage: "1Gi" }, limits: { memory: "4Gi" } };
    const wide = exampleHost({ name: "wide" });
    const directory = directoryOf(input("a", { quota }), input("b", { quota }));
    place(directory, [SMALL, wide]);
    expect(Object.values(readLock(lockPath(directory)).tenants).map(({ host }) => host)).toEqual([
      "small",
      "wide",
    ]);
  });

  test("nobody moves, whatever order hosts come in later", () => {
    const directory = directoryOf(input("blog", { sensitivity: "public", pool: "plain" }));
    place(directory);
    const before = readFileSync(lockPath(directory), "utf8");
    place(directory, [...HOSTS].reverse());
    expect(readFileSync(lockPath(directory), "utf8")).toBe(before);
  });

  test.each([
    [
      "a host that is none of the platform's",
      input("acme", { host: "moon" }),
      /'moon'.*name one of plain, small/,
    ],
    [
      "a pool that no host has",
      input("acme", { pool: "gpu" }),
      /plain: the pool must exist on host plain.*small: the pool must exist/,
    ],
    [
      "a tier that no host reaches",
      input("acme", { sensitivity: "regulated" }),
      /plain: .*small: sensitivity 'regulated' needs/,
    ],
  ])("%s is refused, with every host's reason", (_, tenant, words) => {
    const directory = directoryOf(tenant);
    const error = failure(() => {
      place(directory);
    });
    expect(error.code).toBe("TENANT_HOST");
    expect(error.message).toMatch(words);
    expect(() => readFileSync(lockPath(directory))).toThrow(/ENOENT/);
  });

  test("a tenant that asks for another host than the lock holds is refused", () => {
    const directory = directoryOf(input("acme"));
    place(directory);
    writeFileSync(join(directory, "acme.json"), JSON.stringify(input("acme", { host: "plain" })));
    const error = failure(() => TenantDirectory.load(directory, { hosts: HOSTS }));
    expect([error.code, error.message]).toEqual([
      "TENANT_HOST",
      expect.stringMatching(/never moves: it lives on 'small' \(lock file\), got 'plain'/),
    ]);
  });

  test("a host that is gone is missed", () => {
    const directory = directoryOf(input("acme"));
    place(directory);
    const error = failure(() => TenantDirectory.load(directory, { hosts: [PLAIN] }));
    expect([error.code, error.message]).toEqual(["TENANT_HOST", expect.stringMatching(/got 'small'/)]);
  });

  test("a lock file without hosts does not do, unless each tenant's file names one", () => {
    const directory = directoryOf(input("acme"));
    lock(directory);
    expect(failure(() => TenantDirectory.load(directory, { hosts: HOSTS })).message).toMatch(
      /\[TENANT_HOST\].*there before the platform had several hosts must say where it lives/,
    );
    writeFileSync(join(directory, "acme.json"), JSON.stringify(input("acme", { host: "small" })));
    expect(TenantDirectory.load(directory, { hosts: HOSTS }).shards[0]!.host).toBe("small");
  });

  describe("that was of one host before", () => {
    /** A lock file without hosts, of the tenants and, off-boarded, of a third. */
    function grown(...tenants: readonly TenantSpecInput[]): string {
      const directory = directoryOf(...tenants, input("gone"));
      lock(directory);
      rmSync(join(directory, "gone.json"));
      lock(directory, ["gone"]);
      return directory;
    }

    test("the lock file takes each tenant's host, the off-boarded ones' too, and holds it from then on", () => {
      const directory = grown(input("acme", { host: "small" }));
      place(directory);
      expect(Object.values(readLock(lockPath(directory)).tenants).map(({ host }) => host)).toEqual([
        "small",
        "small",
      ]);
      const wide = exampleHost({ name: "wide" });
      writeFileSync(join(directory, "acme.json"), JSON.stringify(input("acme", { host: "wide" })));
      expect(failure(() => TenantDirectory.load(directory, { hosts: [SMALL, wide] })).message).toMatch(
        /never moves: it lives on 'small'/,
      );
    });

    test("a tenant that was there before is not placed", () => {
      const error = failure(() => {
        place(grown(input("acme")));
      });
      expect([error.code, error.message]).toEqual([
        "TENANT_HOST",
        expect.stringMatching(/acme\.json.*must say where it lives.*plain, small/),
      ]);
    });

    test("tenants of a shard that name two hosts are refused, by load and by the lock", () => {
      const directory = grown(
        input("acme", { host: "small" }),
        input("blog", { host: "plain", sensitivity: "public", pool: "plain" }),
      );
      const before = readFileSync(lockPath(directory), "utf8");
      for (const attempt of [
        () => TenantDirectory.load(directory, { hosts: HOSTS }),
        () => {
          place(directory);
        },
      ]) {
        const error = failure(attempt);
        expect([error.code, error.message]).toEqual([
          "TENANT_HOST",
          expect.stringMatching(/tenants-01: a shard must belong to one host, got small and plain/),
        ]);
      }
      expect(readFileSync(lockPath(directory), "utf8")).toBe(before);
    });

    test("a shard of which nobody is left must say its host itself", () => {
      const directory = directoryOf(input("zoe"));
      const gone = { shard: "tenants-01", state: "offboarded" as const };
      writeLock(lockPath(directory), { version: 1, tenants: { gone } });
      place(directory);
      expect(readLock(lockPath(directory)).tenants.zoe).toEqual({
        shard: "tenants-02",
        state: "active",
        host: "small",
      });
      const error = failure(() => TenantDirectory.load(directory, { hosts: HOSTS }));
      expect([error.code, error.message]).toEqual([
        "TENANT_HOST",
        expect.stringMatching(
          /tenants-01: a shard must belong to one host, got none: .*off-boarded; write "host"/,
        ),
      ]);
      expect(TenantDirectory.load(directory, { host: SMALL }).shards.map(({ host }) => host)).toEqual([
        "small",
        "small",
      ]);
    });
  });

  test("a lock file with two hosts in a shard is damaged", () => {
    const directory = directoryOf(input("acme"), input("blog", { sensitivity: "public", pool: "plain" }));
    place(directory);
    const path = lockPath(directory);
    writeFileSync(path, readFileSync(path, "utf8").replace("tenants-02", "tenants-01"));
    expect(failure(() => readLock(path)).message).toMatch(
      /\[TENANT_LOCK\].*tenants of two hosts in tenants-01/,
    );
  });

  test.each([[{}], [{ hosts: [PLAIN, PLAIN] }], [{ host: PLAIN, hosts: [PLAIN] }]])(
    "hosts %# are none, or one twice",
    (options) => {
      const error = failure(() => TenantDirectory.load(namedTenants(["acme"]), options));
      expect([error.code, error.path]).toEqual(["TENANT_HOST", "TenantDirectory.load"]);
    },
  );

  test("a shard whose tenants are gone keeps its host", () => {
    const directory = directoryOf(input("acme"), input("blog", { sensitivity: "public", pool: "plain" }));
    place(directory);
    rmSync(join(directory, "acme.json"));
    const path = lockPath(directory);
    writeLock(path, updateLock(path, readLock(path), { present: ["blog"], offboard: ["acme"] }));
    expect(
      TenantDirectory.load(directory, { hosts: HOSTS }).shards.map(({ name, host, tenants }) => [
        name,
        host,
        tenants.length,
      ]),
    ).toEqual([
      ["tenants-01", "small", 0],
      ["tenants-02", "plain", 1],
    ]);
  });

  test("a new tenant is not written without a host beside tenants that have one", () => {
    const directory = directoryOf(input("acme"));
    place(directory);
    const before = readFileSync(lockPath(directory), "utf8");
    writeFileSync(join(directory, "zoe.json"), JSON.stringify(input("zoe")));
    const { code, stderr } = runTs("bin/tenclave.ts", ["lock", directory]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/\[TENANT_HOST\].*'zoe'.*run: npx tenclave lock \S+ --hosts <host files>/),
    ]);
    expect(readFileSync(lockPath(directory), "utf8")).toBe(before);
    expect(failure(() => TenantDirectory.load(directory, { hosts: HOSTS })).message).toMatch(
      /\[TENANT_NEW\].*'zoe'; run: npx tenclave lock \S+tenants --hosts <host files>/,
    );
  });

  test("the command places by host files", () => {
    const directory = directoryOf(input("acme"));
    const hosts = folder();
    for (const host of HOSTS) HostFile.write(hosts, host);
    const { code, stdout } = runTs("bin/tenclave.ts", ["lock", directory, "--hosts", hosts]);
    expect([code, stdout.split("\n")[0]]).toEqual([0, "active acme in tenants-01 on small"]);
  });
});

test("on one host, a tenant that names another is refused", () => {
  const directory = directoryOf(input("acme", { host: "moon" }));
  lock(directory);
  const error = failure(() => TenantDirectory.load(directory, { host: SMALL }));
  expect([error.code, error.message]).toEqual([
    "TENANT_HOST",
    expect.stringMatching(/acme\.json:\d+:\d+ host: .*'moon'/),
  ]);
});

describe("a pool of one's own", () => {
  const PATTERN = { ...hostOptions().pools[2]!, name: "own", dedicated: true, maxNodes: 2 };
  const pools = [...hostOptions().pools, PATTERN];

  test("is one line in the tenant's file", () => {
    const directory = directoryOf(input("acme", { pool: "own" }), input("globex"));
    lock(directory);
    const host = EksHost.reference(hostOptions({ pools: TenantDirectory.pools(directory, pools) }));
    expect(host.pools.map(({ name, owner }) => [name, owner?.tenant])).toEqual([
      ["system", undefined],
      ["plain", undefined],
      ["snp", undefined],
      ["own-acme", "acme"],
    ]);
    const { tenants } = TenantDirectory.load(directory, { host });
    expect(tenants.map(({ spec, pool, tier }) => [spec.name, pool.name, tier.label])).toEqual([
      ["acme", "own-acme", "CONFIDENTIAL_NODE, own pool"],
      ["globex", "snp", "CONFIDENTIAL_NODE"],
    ]);
    expect(tenants[0]!.pool.placement.taints).toEqual([
      { key: "tenclave.dev/pool", value: "own-acme", effect: "NoSchedule" },
    ]);
  });

  test("is nobody else's", () => {
    const directory = directoryOf(input("acme", { pool: "own" }), input("globex", { pool: "own-acme" }));
    lock(directory);
    const host = EksHost.reference(hostOptions({ pools: TenantDirectory.pools(directory, pools) }));
    const error = failure(() => TenantDirectory.load(directory, { host }));
    expect([error.code, error.message]).toEqual([
      "TENANT_POOL",
      expect.stringMatching(/this one is acme's own.*'own-acme'; use one of plain, snp$/),
    ]);
  });

  test("is gone when nobody names the pattern, and the pattern itself is no pool", () => {
    expect(TenantDirectory.pools(namedTenants(["acme"]), pools).map(({ name }) => name)).toEqual([
      "system",
      "plain",
      "snp",
    ]);
    const error = failure(() => EksHost.reference(hostOptions({ pools })));
    expect([error.code, error.path]).toEqual(["POOL_DEDICATED", "pools.own"]);
  });

  test("has a name that fits, however long the tenant's", () => {
    const name = "a".repeat(40);
    const made = TenantDirectory.pools(directoryOf(input(name, { pool: "own" })), pools).at(-1)!;
    expect([made.name.length, made.name]).toEqual([30, expect.stringMatching(/^own-a+-[0-9a-f]{8}$/)]);
  });

  test("stands on the host its tenant names, and needs that name on a platform of several", () => {
    const there = directoryOf(input("acme", { pool: "own", host: "small" }));
    expect(TenantDirectory.pools(there, pools, "small").length).toBe(4);
    expect(TenantDirectory.pools(there, pools, "plain").length).toBe(3);
    const nowhere = directoryOf(input("acme", { pool: "own" }));
    expect(failure(() => TenantDirectory.pools(nowhere, pools, "small")).code).toBe("TENANT_HOST");
  });
});

describe("enclaves", () => {
  const pool = {
    name: "nitro",
    instanceType: "m6i.2xlarge",
    tee: Tee.NITRO_ENCLAVES,
    minNodes: 1,
    maxNodes: 2,
    enclaves: { memoryMiB: 2048, vcpus: 4, maxEnclaves: 2 },
  };
  const quota = { ...tenantInput().quota, requests: { cpu: "1", memory: "1Gi", storage: "1Gi" } };
  const load = (change: Partial<TenantSpecInput>): TenantDirectory => {
    const directory = directoryOf(input("acme", { sensitivity: "public", pool: "nitro", ...change }));
    lock(directory);
    const host = EksHost.reference(hostOptions({ pools: [...hostOptions().pools, pool] }));
    return TenantDirectory.load(directory, { host });
  };

  test("fit the pool", () => {
    expect(load({ quota: { ...quota, enclaves: 4 } }).tenants[0]!.tier.name).toBe("SHARED");
  });

  test.each([
    [
      "more than the pool's nodes run",
      { quota: { ...quota, enclaves: 5 } },
      "TENANT_CAPACITY",
      /got 5 for acme/,
    ],
    [
      "more memory than the pool's nodes set aside",
      { quota: { ...quota, enclaves: 1, enclaveMemory: "5Gi" } },
      "TENANT_CAPACITY",
      /4096 MiB of enclave memory, got 5120 for acme/,
    ],
    [
      "on a pool without",
      { pool: "plain", quota: { ...quota, enclaves: 1 } },
      "TENANT_POOL",
      /got 1 enclaves on pool 'plain'; use one of nitro/,
    ],
    [
      "memory on a pool without",
      { pool: "plain", quota: { ...quota, enclaveMemory: "1Gi" } },
      "TENANT_POOL",
      /'plain'/,
    ],
  ])("%s are refused", (_, change, code, words) => {
    const error = failure(() => load(change));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(words)]);
  });
});
