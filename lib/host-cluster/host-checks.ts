// Checks of a host that are the same on every cloud.
import { ConfigurationError, reasonOf, type ErrorCode, type ErrorScope } from "../core/errors";
import { assertName, isName, PLATFORM_NAMESPACE, tenantNamespace } from "../core/names";
import { isPrivate, overlaps, parseCidr } from "../network/cidr";
import type { PoolReference } from "../node-pool/node-pool";

/** A public API endpoint, restricted, and why it is needed. */
export interface PublicEndpoint {
  /** Ranges it is open to. Fails with HOST_PUBLIC_ENDPOINT when empty or open to everybody. */
  readonly cidrs: readonly string[];
  /** Fails with REASON when it says nothing. */
  readonly reason: string;
}

/** Throws HOST_NAME: a host's name is also Cilium's cluster name, which ends at 32 characters. */
export function assertHostName(scope: ErrorScope, name: string): void {
  assertName(scope, "name", name, "HOST_NAME", 32);
}

/**
 * Kubernetes minors the vCluster of this release is tested on, and so the only ones a host may have.
 * SOURCE: vCluster support matrix, 2026-08-21.
 */
export const KUBERNETES_VERSIONS: readonly string[] = ["1.34", "1.35"];

/** Throws HOST_KUBERNETES when the minor is none that virtual clusters run on. */
export function assertKubernetesVersion(
  scope: ErrorScope,
  version: string,
  code: ErrorCode = "HOST_KUBERNETES",
): void {
  if (KUBERNETES_VERSIONS.includes(version)) return;
  throw new ConfigurationError(
    code,
    scope,
    `kubernetesVersion must be one of ${KUBERNETES_VERSIONS.join(", ")}, got '${version}'; ` +
      "use one of them: virtual clusters are tested on the same minor only",
  );
}

/** Throws when the gateway's namespace, which reaches every tenant's API server, is a tenant's, the platform's or Kubernetes' own. */
export function assertGateway(
  scope: ErrorScope,
  namespace: string | undefined,
  code: ErrorCode = "HOST_GATEWAY",
): void {
  if (namespace === undefined) return;
  const taken = [tenantNamespace(""), "kube-"].some((prefix) => namespace.startsWith(prefix));
  if (isName(namespace, 63) && !taken && namespace !== PLATFORM_NAMESPACE && namespace !== "default") return;
  throw new ConfigurationError(
    code,
    scope,
    `gatewayNamespace must be a namespace of its own, no tenant's, not the platform's and not Kubernetes' own, got '${namespace}'; choose another`,
  );
}

/** Throws HOST_PUBLIC_ENDPOINT and REASON. */
export function assertPublicEndpoint(
  scope: ErrorScope,
  endpoint: PublicEndpoint | undefined,
  code: ErrorCode = "HOST_PUBLIC_ENDPOINT",
): void {
  if (!endpoint) return;
  reasonOf(scope, "publicEndpoint.reason", endpoint.reason);
  const { cidrs } = endpoint;
  if (cidrs.length > 0 && cidrs.every((cidr) => (parseCidr(cidr)?.prefix ?? 0) >= 8)) return;
  throw new ConfigurationError(
    code,
    scope,
    `publicEndpoint.cidrs must name IPv4 ranges of /8 or longer, got [${cidrs.join(", ")}]; ` +
      "list the addresses your administrators come from",
  );
}

/** Throws HOST_RANGES unless all ranges, by the name of their option, are private IPv4 ranges without a common address. */
export function assertRanges(scope: ErrorScope, ranges: Readonly<Record<string, string>>): void {
  const parsed = Object.entries(ranges).map(([prop, text]) => ({ prop, text, range: parseCidr(text) }));
  const bad = parsed.find(({ range }) => !isPrivate(range));
  if (bad)
    throw new ConfigurationError(
      "HOST_RANGES",
      scope,
      `${bad.prop} must be a private IPv4 range without host bits, got '${bad.text}'; use one like 10.42.0.0/16`,
    );
  for (const [index, one] of parsed.entries()) {
    const other = parsed.slice(index + 1).find((o) => overlaps(one.range!, o.range!));
    if (other)
      throw new ConfigurationError(
        "HOST_RANGES",
        scope,
        `ranges must not have a common address, got ${one.prop} '${one.text}' and ${other.prop} '${other.text}'; ` +
          "choose ranges apart",
      );
  }
}

/** Throws POOL_DUPLICATE, and POOL_SYSTEM when no pool is there for the platform's own pods. Returns the pools. */
export function assertPoolSet(scope: ErrorScope, pools: readonly PoolReference[]): readonly PoolReference[] {
  const names = pools.map((pool) => pool.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ConfigurationError(
      "POOL_DUPLICATE",
      scope,
      `pool names must be unique, got '${twice}' twice; rename one`,
    );
  if (!pools.some((pool) => pool.system))
    throw new ConfigurationError(
      "POOL_SYSTEM",
      scope,
      `a host needs a system pool, where the platform's own pods run, got pools [${names.join(", ")}]; ` +
        "set system: true on a plain one",
    );
  return pools;
}

/** Throws HOST_CLOUD when a reference is of another cloud than the class that is asked to connect to it. */
export function assertCloud<T extends { readonly cloud: string; readonly name: string }>(
  scope: ErrorScope,
  className: string,
  cloud: string,
  reference: T,
): T {
  if (reference.cloud === cloud) return reference;
  throw new ConfigurationError(
    "HOST_CLOUD",
    scope,
    `${className} connects to hosts on ${cloud}, got a reference to '${reference.name}' on '${reference.cloud}'; ` +
      "use the host class of that cloud",
  );
}
