// Flags of the virtual API server: ours, and how a platform's own are put beside them.
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { oidcFlags } from "./oidc";
import type { TenantSpec } from "./tenant-spec";

/**
 * Longest life of a token of the virtual API server, hours: a year.
 *
 * The syncer asks for ten years for each pod and never asks again: a pod that outlives its token loses the virtual API
 * until it is made anew. A year is about what a Kubernetes minor stays in standard support: upgrades of nodes come first.
 * SOURCE: vCluster 0.36.1, pods/translate; Kubernetes caps silently.
 */
export const TOKEN_LIFE_HOURS = 365 * 24;

const TOKEN_LIFE = "--service-account-max-token-expiration";

/** The flags this library sets. */
export function apiServerFlags({ api }: TenantSpec): string[] {
  return [`${TOKEN_LIFE}=${TOKEN_LIFE_HOURS}h`, ...(api?.oidc ? oidcFlags(api.oidc) : [])];
}

/**
 * Our flags with a platform's own behind them. vCluster lets the last one of a name win, so one of ours among them is
 * refused (VCLUSTER_FLAG), but for a shorter life of tokens.
 */
export function withOwnFlags(scope: ErrorScope, ours: readonly string[], own: unknown): string[] {
  const refuse = (rule: string, got: unknown, cure: string): never => {
    throw new ConfigurationError("VCLUSTER_FLAG", scope, `${rule}, got ${JSON.stringify(got)}; ${cure}`);
  };
  if (!Array.isArray(own) || !own.every((flag): flag is string => typeof flag === "string"))
    return refuse("own flags must be a list of texts", own, 'write ["--name=value"]');
  const taken = new Set(ours.map(nameOf));
  const logsIn = ours.some((flag) => nameOf(flag).startsWith("--oidc-"));
  const shorter: string[] = [];
  for (const flag of own) {
    const name = nameOf(flag);
    if (name === TOKEN_LIFE) {
      const hours = /^[^=]+=(\d+)h$/.exec(flag)?.[1];
      if (hours === undefined || Number(hours) < 1 || Number(hours) > TOKEN_LIFE_HOURS)
        refuse(`tokens must live 1h to ${TOKEN_LIFE_HOURS}h`, flag, `write ${TOKEN_LIFE}=720h`);
      shorter.push(flag);
    } else if (taken.has(name)) {
      refuse("own flags must not change this library's", flag, "leave it out, or change the tenant's file");
    } else if (logsIn && name === "--authentication-config") {
      refuse("a tenant logs in one way", flag, "leave it out, or take api.oidc out of the tenant's file");
    }
  }
  const kept = shorter.length > 0 ? ours.filter((flag) => nameOf(flag) !== TOKEN_LIFE) : ours;
  return [...kept, ...own];
}

/** A flag's name as the API server reads it: underscores are dashes to it. */
function nameOf(flag: string): string {
  return flag.split("=")[0]!.trim().replaceAll("_", "-");
}
