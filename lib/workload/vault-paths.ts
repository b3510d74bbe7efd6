// Where a workload's things are in Vault, as VaultTrust makes them.
import { assertShape, shape } from "../core/option-shape";
import type * as z from "../core/zod";
import { certificatesMount, loginMount, roleName, secretsMount } from "../vault/vault-names";
import type { VaultAgentCertificate, VaultAgentLogin } from "./vault-agent-config";

/** Whose workload it is. */
export interface VaultPathsOptions {
  /** Name of the tenant. */
  readonly tenant: string;
  /** Name of the workload in the tenant's file. */
  readonly workload: string;
  /** Name of the verifier the tenant's file names. */
  readonly verifier: string;
}

const SHAPE = shape.object({
  tenant: shape.text,
  workload: shape.text,
  verifier: shape.text,
} satisfies Record<keyof VaultPathsOptions, z.ZodType>);

export interface VaultPaths {
  /** For `login` of `vaultAgentPod`, beside the address. */
  readonly login: Pick<VaultAgentLogin, "mount" | "role">;
  /** Begins the path of each of its secrets; `/<name>` follows. */
  readonly secrets: string;
  /** For `certificate` of `vaultAgentPod`, beside the names. */
  readonly certificate: Pick<VaultAgentCertificate, "mount" | "role">;
}

/** The paths. What VaultTrust's policy opens to the workload is below them, and nothing else. Fails with OPTION_TYPE. */
export function vaultPaths(options: VaultPathsOptions): VaultPaths {
  assertShape("vaultPaths", SHAPE, options);
  const { tenant, workload, verifier } = options;
  return {
    login: { mount: loginMount(verifier), role: roleName(tenant, workload) },
    secrets: `${secretsMount(tenant)}/data/${workload}`,
    certificate: { mount: certificatesMount(tenant), role: workload },
  };
}
