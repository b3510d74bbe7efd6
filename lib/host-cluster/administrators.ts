// Who administers a host: the one question whose wrong answer locks the platform out, or lets everybody in.
import type { Administrators } from "../admission/rule";
import { ConfigurationError, type ErrorScope } from "../core/errors";

/**
 * Throws HOST_ADMIN: admission rules let administrators alone change guardrails. With nobody, the next deployment is
 * refused by its own rules; with a group everybody is in, or a tenant's account, they bind nobody.
 */
export function assertAdministrators(scope: ErrorScope, { users, groups }: Administrators): void {
  const all = [...users, ...groups];
  const bad = all.find((name) => name.trim() === "" || isEverybody(name));
  if (all.length > 0 && bad === undefined) return;
  throw new ConfigurationError(
    "HOST_ADMIN",
    scope,
    `administrators must name users or groups of people and runners, ` +
      `got ${bad === undefined ? "nobody" : `'${bad}'`}; name those who deploy, as the host's API server knows them`,
  );
}

/** Kubernetes' own names: groups of everybody, of nodes, of service accounts; a service account of the platform may be. */
function isEverybody(name: string): boolean {
  if (!name.startsWith("system:") || name === "system:masters") return false;
  const [, kind, namespace = ""] = name.split(":");
  const accounts = kind === "serviceaccount" || kind === "serviceaccounts";
  return !accounts || namespace === "" || namespace.startsWith("tenant-");
}
