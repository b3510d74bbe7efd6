// A volume that the Secrets Store CSI driver fills: the node sees what is in it, so that it is for tiers that trust the node.
import type { Volume } from "kubernetes-types/core/v1";
import { ConfigurationError } from "../core/errors";
import { assertShape, shape } from "../core/option-shape";
import type * as z from "../core/zod";
import { TrustTier } from "../tee/trust-tier";
import { mayUsePlainSecrets, SECRETS_STORE_DRIVER } from "./plain-secrets";
import {
  assertPod,
  CONTAINER_SHAPE,
  containerFaults,
  containerOf,
  PLACEMENT_SHAPE,
  placementFaults,
  podOf,
  type WorkloadContainer,
  type WorkloadPlacement,
  type WorkloadPod,
} from "./workload-pod";

export interface SecretsStorePodOptions extends WorkloadPlacement {
  /** Your container. */
  readonly workload: WorkloadContainer;
  /** Name of its container, DNS-1123. Fails with WORKLOAD_POD. @default app */
  readonly name?: string;
  /** What the pod reaches. Fails with WORKLOAD_SECRET above CONFIDENTIAL_NODE. */
  readonly tier: TrustTier;
  /** Name of the SecretProviderClass in the pod's namespace. Fails with WORKLOAD_POD. */
  readonly providerClass: string;
  /** Folder of the files. @default /run/secrets/store */
  readonly mountPath?: string;
}

const SHAPE = shape.object({
  ...PLACEMENT_SHAPE,
  workload: CONTAINER_SHAPE,
  name: shape.text.optional(),
  tier: shape.constant(TrustTier.ALL, "a TrustTier"),
  providerClass: shape.text,
  mountPath: shape.text.optional(),
} satisfies Record<keyof SecretsStorePodOptions, z.ZodType>);

/**
 * The pod, for the platform's own workloads and clusters without this library's tenants: in a tenant's namespace rule
 * `volumes` refuses it, because a storage driver of the node trusts what the pod says. The files lie in the node's memory,
 * whoever administers the node reads them, and no evidence is asked for. Fails with OPTION_TYPE, WORKLOAD_POD,
 * WORKLOAD_SECRET.
 */
export function secretsStorePod(options: SecretsStorePodOptions): WorkloadPod {
  assertShape("secretsStorePod", SHAPE, options);
  const { workload, name = "app", tier, providerClass, mountPath = "/run/secrets/store" } = options;
  if (!mayUsePlainSecrets(tier))
    throw new ConfigurationError(
      "WORKLOAD_SECRET",
      "secretsStorePod",
      `a volume that the node fills must not carry secrets of a tier that keeps the node out, got tier ${tier}; ` +
        "use trusteePod, enclaveKeyPod or vaultAgentPod",
    );
  assertPod("secretsStorePod", [
    ...placementFaults(options),
    ...containerFaults(name, workload),
    {
      fails: !/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(providerClass),
      text: `providerClass must be the name of a SecretProviderClass, got '${providerClass}'; write it like db`,
    },
    {
      fails: !mountPath.startsWith("/"),
      text: `mountPath must be absolute, got '${mountPath}'; leave it out for /run/secrets/store`,
    },
  ]);
  const volume: Volume = {
    name: "secrets-store",
    csi: {
      driver: SECRETS_STORE_DRIVER,
      readOnly: true,
      volumeAttributes: { secretProviderClass: providerClass },
    },
  };
  return {
    annotations: {},
    spec: podOf(options, {
      containers: [
        containerOf(name, workload, { mounts: [{ name: volume.name, mountPath, readOnly: true }] }),
      ],
      volumes: [volume],
    }),
  };
}
