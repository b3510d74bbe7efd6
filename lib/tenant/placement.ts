// Which host a tenant runs on, on a platform of several: the one its file names, the one the lock file holds, or the
// first that takes it.
import type { ConfigurationError } from "../core/errors";
import type { HostReference } from "../host-cluster/host-cluster";
import { capacityProblems, checked, hostProblems, nodeProblems, type CheckedTenant } from "./tenant-checks";
import { located, type TenantFile } from "./tenant-file";
import { entryOf, type TenantLock } from "./tenant-lock";
import type { TenantSpec } from "./tenant-spec";

/** A tenant's file with its content. */
export interface FoundTenant {
  readonly file: TenantFile;
  readonly spec: TenantSpec;
}

/** The host of a tenant, or what is wrong. Neither for a new tenant that names none on a platform of several. */
export function hostOf(
  { file, spec }: FoundTenant,
  hosts: readonly HostReference[],
  lock: TenantLock,
): { readonly host?: HostReference; readonly errors: readonly ConfigurationError[] } {
  const entry = entryOf(lock, spec.name);
  const locked = entry?.host;
  const names = hosts.map(({ name }) => name);
  const wrong = (text: string): { errors: readonly ConfigurationError[] } => ({
    errors: [located(file, { code: "TENANT_HOST", path: ["host"], text })],
  });
  if (spec.host !== undefined && !names.includes(spec.host))
    return wrong(
      `the tenant must run on a host of this platform, got '${spec.host}'; name one of ${names.join(", ")}, or leave it out`,
    );
  if (locked !== undefined && !names.includes(locked))
    return wrong(
      `the host in the lock file must be one of this platform (${names.join(", ")}), got '${locked}'; bring the host back, ` +
        "or off-board the tenant",
    );
  if (spec.host !== undefined && locked !== undefined && spec.host !== locked)
    return wrong(
      `a tenant never moves: it lives on '${locked}' (lock file), got '${spec.host}'; write that, or off-board it and ` +
        "take it in under another name",
    );
  if (entry && locked === undefined && spec.host === undefined && names.length > 1)
    return wrong(
      "a tenant that was there before the platform had several hosts must say where it lives, got no host in its file " +
        `and none in the lock file; write its host (${names.join(", ")}) into the file`,
    );
  if (spec.attestation && locked === undefined && spec.host === undefined && names.length > 1)
    return wrong(
      "a tenant with attestation on a platform of several hosts must name its host, because a verifier and its keys are of one " +
        `cloud, got no host; write host (${names.join(", ")}) into its file`,
    );
  const name = locked ?? spec.host ?? (names.length === 1 ? names[0] : undefined);
  return { host: hosts.find((host) => host.name === name), errors: [] };
}

/**
 * The first host, in the order given, that takes the tenant: pool there, tier high enough, room for its quota beside
 * `settled`. Fails with TENANT_HOST, which says why each host does not.
 */
export function placed(
  found: FoundTenant,
  hosts: readonly HostReference[],
  settled: readonly CheckedTenant[],
): CheckedTenant {
  const { file, spec } = found;
  const against = hosts.map((host) => {
    const problems = hostProblems(spec, host, {}).map(({ text }) => text);
    if (problems.length > 0) return { host, reason: problems[0]! };
    const tenant = checked(spec, host, {});
    const [full] = [
      ...nodeProblems(file.path, [tenant]),
      ...capacityProblems(file.path, [...settled, tenant], host),
    ];
    return { host, reason: full?.message, tenant };
  });
  const first = against.find(({ reason }) => reason === undefined);
  if (first?.tenant) return first.tenant;
  const text =
    `some host must take the tenant, got none of ${hosts.map(({ name }) => name).join(", ")}: ` +
    `${against.map(({ host, reason }) => `${host.name}: ${reason}`).join("; ")}; ` +
    "change the tenant's pool, sensitivity or quota, or enlarge a host";
  throw located(file, { code: "TENANT_HOST", path: [], text });
}
