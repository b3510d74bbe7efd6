// Names of mounts, roles and policies: plain text known at synth. They are contract: a change replaces a mount.

/** Owner of what is the platform's own: no tenant may have this name. */
export const PLATFORM_OWNER = "platform";

/** Mount of an owner's secrets, KV version 2. */
export function secretsMount(owner: string): string {
  return `kv-${owner}`;
}

/** Mount of an owner's certificates. */
export function certificatesMount(owner: string): string {
  return `pki-${owner}`;
}

/** Mount of a log-in, without the leading `auth/`. */
export function loginMount(login: string): string {
  return `jwt-${login}`;
}

/** Role a workload logs in with. A dot stands in no DNS-1123 label, so that no two pairs give one name. */
export function roleName(owner: string, workload: string): string {
  return `${owner}.${workload}`;
}

/** ACL policy of a workload. */
export function policyName(owner: string, workload: string): string {
  return `tenclave.${owner}.${workload}`;
}

/** Name a workload's certificates carry, beside host names. */
export function spiffeId(trustDomain: string, owner: string, workload: string): string {
  return owner === PLATFORM_OWNER
    ? `spiffe://${trustDomain}/platform/${workload}`
    : `spiffe://${trustDomain}/tenant/${owner}/wl/${workload}`;
}
