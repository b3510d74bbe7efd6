// Kubernetes Secrets lie in the host's etcd, where its administrators and the provider read them.
import type { PodSpec } from "kubernetes-types/core/v1";
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { TrustTier } from "../tee/trust-tier";
import type { SpecProblem } from "../tenant/tenant-rules";
import type { TenantSpec } from "../tenant/tenant-spec";

/** Tiers that keep no administrator of the host out: there a Secret adds nobody who could not read memory, too. */
const PLAIN: readonly string[] = [TrustTier.SHARED, TrustTier.ISOLATED, TrustTier.CONFIDENTIAL_NODE].map(
  ({ name }) => name,
);

/** CSI driver whose volumes the node fills: the host sees what is in them. */
export const SECRETS_STORE_DRIVER = "secrets-store.csi.k8s.io";

/** True where a Kubernetes Secret, or a volume the host fills, may carry a secret: up to CONFIDENTIAL_NODE. */
export function mayUsePlainSecrets(tier: Pick<TrustTier, "name">): boolean {
  return PLAIN.includes(tier.name);
}

/** Where a pod takes what the host can read: paths in its spec. */
export function plainSecretsOf(spec: PodSpec): string[] {
  const containers = [
    ...spec.containers.map((one, index) => ({ one, at: `containers[${index}]` })),
    ...(spec.initContainers ?? []).map((one, index) => ({ one, at: `initContainers[${index}]` })),
    ...(spec.ephemeralContainers ?? []).map((one, index) => ({ one, at: `ephemeralContainers[${index}]` })),
  ];
  return [
    ...(spec.volumes ?? []).flatMap(({ secret, projected, csi }, index) => [
      ...(secret ? [`volumes[${index}].secret`] : []),
      ...(projected?.sources ?? []).flatMap((source, nth) =>
        source.secret ? [`volumes[${index}].projected.sources[${nth}].secret`] : [],
      ),
      ...(csi ? [`volumes[${index}].csi`] : []),
    ]),
    ...containers.flatMap(({ one, at }) => [
      ...(one.env ?? []).flatMap(({ valueFrom }, index) =>
        valueFrom?.secretKeyRef ? [`${at}.env[${index}]`] : [],
      ),
      ...(one.envFrom ?? []).flatMap(({ secretRef }, index) =>
        secretRef ? [`${at}.envFrom[${index}]`] : [],
      ),
    ]),
  ];
}

/**
 * Throws WORKLOAD_SECRET when a pod of a tier above CONFIDENTIAL_NODE takes a Kubernetes Secret or a volume that a driver
 * on the host fills. Credentials for pulling images (`imagePullSecrets`) are the kubelet's, and pass.
 */
export function assertNoPlainSecrets(spec: PodSpec, tier: TrustTier, scope: ErrorScope = "pod"): void {
  const found = mayUsePlainSecrets(tier) ? [] : plainSecretsOf(spec);
  if (found.length === 0) return;
  throw new ConfigurationError(
    "WORKLOAD_SECRET",
    scope,
    `a pod of tier ${tier} must take secrets on evidence alone, got ${found.join(", ")}, which the host can read; ` +
      "get them from the key broker, the enclave's key, or Vault",
  );
}

/** What is wrong with a tenant that lists plain Secrets for its pods although its tier keeps the host out. */
export function plainSecretProblems(
  { confidential }: Pick<TenantSpec, "confidential">,
  tier: TrustTier,
): SpecProblem[] {
  const listed = confidential?.plainSecrets ?? [];
  if (listed.length === 0 || mayUsePlainSecrets(tier)) return [];
  return [
    {
      code: "WORKLOAD_SECRET",
      path: ["confidential", "plainSecrets"],
      text:
        `a tenant of tier ${tier} must have its secrets on evidence alone, got ${listed.join(", ")}, which the host can ` +
        "read; remove them, and get them from the key broker, the enclave's key, or Vault",
    },
  ];
}
