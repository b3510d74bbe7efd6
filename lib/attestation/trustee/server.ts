// A Trustee on its own cluster: key broker, attestation service and reference values, hardened, and their fences.
import type { KubernetesObject } from "../../core/manifest-release";
import type { HostReference } from "../../host-cluster/host-cluster";
import { trusteeFence } from "./fence";
import { checkedTrustee, type CheckedTrustee, type TrusteeServerOptions } from "./options";
import { trusteePods } from "./pods";

/**
 * A Trustee as plain data. `TrustStack` installs it; a `Trustee` or `TrusteeNodes` says who gets what from it.
 *
 * Fails with OPTION_TYPE, NAME, REASON, TRUSTEE_ADMIN, TRUSTEE_EGRESS, TRUSTEE_ENDPOINT, TRUSTEE_HOST, TRUSTEE_IMAGE and
 * TRUSTEE_SESSIONS.
 */
export class TrusteeServer {
  /** Checks options. */
  public static of(options: TrusteeServerOptions): TrusteeServer {
    return new TrusteeServer(checkedTrustee(options));
  }

  private constructor(public readonly options: CheckedTrustee) {}

  /** Warnings that stand on every report. */
  public get warnings(): readonly string[] {
    const { name, host, sameClusterReason, admin } = this.options;
    return [
      ...(sameClusterReason === undefined
        ? []
        : [
            `verifier '${name}' runs on ${host.name}, the tenants' own cluster, whose admins can read its keys and change its ` +
              `policies: ${sameClusterReason}`,
          ]),
      ...(admin === undefined
        ? []
        : [
            `the admin API of verifier '${name}' is open to ${admin.acls.map(({ role }) => role).join(", ")} of ` +
              `${admin.issuer}: whoever gives out these roles can replace tenants' secrets`,
          ]),
    ];
  }

  /** True when tenants on `host` would have their verifier beside them, and nobody consented. */
  public isOwnClusterOf(host: HostReference): boolean {
    const { host: own, sameClusterReason } = this.options;
    const same = (["cloud", "account", "location", "name"] as const).every((key) => own[key] === host[key]);
    return same && sameClusterReason === undefined;
  }

  /** Deployments, Services, budgets, configuration files and fences. The namespace is TrustStack's. */
  public objects(): KubernetesObject[] {
    return [...trusteeFence(this.options), ...trusteePods(this.options)];
  }
}
