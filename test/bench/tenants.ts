// Writes a directory of many valid tenants, with its lock file.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TenantDirectory } from "../../lib/tenant/tenant-directory";
import { lockPath, readLock, updateLock, writeLock } from "../../lib/tenant/tenant-lock";
import { type TenantSpecInput } from "../../lib/tenant/tenant-spec";

/** Writes `count` tenants below `directory`. */
export function writeTenants(directory: string, count: number): void {
  mkdirSync(directory, { recursive: true });
  for (let index = 1; index <= count; index++) {
    const spec = tenant(index);
    writeFileSync(join(directory, `${spec.name}.json`), JSON.stringify(spec, undefined, 2));
  }
  const path = lockPath(directory);
  writeLock(path, updateLock(path, readLock(path), { present: TenantDirectory.names(directory) }));
}

/** Not all alike: every second one has egress, every third one a host name. */
function tenant(index: number): TenantSpecInput {
  const name = `t${String(index).padStart(5, "0")}`;
  return {
    name,
    sensitivity: "internal",
    pool: "snp",
    quota: {
      requests: { cpu: "2", memory: "8Gi", storage: "50Gi" },
      limits: { memory: "12Gi" },
    },
    ...(index % 2 === 0 ? { egress: [{ cidr: "203.0.113.0/24", ports: [443] }] } : {}),
    ...(index % 3 === 0 ? { api: { hostname: `${name}.k8s.example.com` } } : {}),
  };
}
