// What AzureTrust is told, and what is refused before anything is made.
import { ConfigurationError, reasonOf } from "../../core/errors";
import { isUuid } from "../../core/formats";
import { assertShape, shape } from "../../core/option-shape";
import { RETENTION_SHAPE, Retention } from "../../core/retention";
import type * as z from "../../core/zod";
import { assertCloud } from "../../host-cluster/host-checks";
import type { HostReference } from "../../host-cluster/host-cluster";
import { deletionDays, type DeletionWindow } from "../../keys/tenant-key";
import { isPrivate, parseCidr } from "../../network/cidr";

/** From where vaults may be reached. At least one of the three: AZURE_VAULT. */
export interface AzureVaultAccess {
  /** Public IPv4 ranges: where deployments run, and the address by which nodes leave. @default - none */
  readonly ranges?: readonly string[];
  /** Ids of subnets that have the service endpoint `Microsoft.KeyVault`. @default - none */
  readonly subnets?: readonly string[];
  /**
   * Opens vaults to the internet instead, with a reason: Entra roles alone keep others out.
   * @default - closed
   */
  readonly everywhere?: string;
}

/** Microsoft's shared provider of a region, whose policy is Microsoft's. */
export interface AzureSharedAttestation {
  /** Region, like `westeurope`. Fails with AZURE_ATTESTATION where there is none. */
  readonly region: string;
  /**
   * Who agreed to a region of another jurisdiction than the host's, and why. Fails with AZURE_ATTESTATION when it is
   * missing there.
   * @default - the host's jurisdiction
   */
  readonly consent?: string;
}

/** Fails with OPTION_TYPE when a value has another type. */
export interface AzureTrustOptions {
  /** The AKS host. Fails with HOST_CLOUD. */
  readonly host: HostReference;
  /** Entra tenant id. Replaces the vaults. Fails with HOST_SCOPE. */
  readonly tenant: string;
  /**
   * Object ids that make keys: whoever deploys tenants' stacks. They can change release policies. Fails with AKS_ADMIN.
   */
  readonly keyOfficers: readonly string[];
  /** From where both vaults may be reached. Fails with AZURE_VAULT. */
  readonly vaultAccess: AzureVaultAccess;
  /**
   * Microsoft's shared attestation provider instead of one of the host's own. A change replaces every release policy.
   * @default - a provider of the host's own, in its region
   */
  readonly shared?: AzureSharedAttestation;
  /**
   * Days a deleted key can be brought back, 7 to 90. Azure takes it once. Fails with KEY_DELETION.
   * @default 90, or 7 with Retention.destroy
   */
  readonly deletionDays?: number;
  /** Id of the Log Analytics workspace that keeps the vaults' audit logs. @default - the host's own */
  readonly logs?: string;
  /** @default Retention.KEEP */
  readonly retention?: Retention;
}

const SHAPE = shape.object({
  host: shape.withMember("kubernetesVersion", "a HostReference, from AksHost.reference"),
  tenant: shape.text,
  keyOfficers: shape.texts,
  vaultAccess: shape.object({
    ranges: shape.texts.optional(),
    subnets: shape.texts.optional(),
    everywhere: shape.text.optional(),
  } satisfies Record<keyof AzureVaultAccess, z.ZodType>),
  shared: shape
    .object({ region: shape.text, consent: shape.text.optional() } satisfies Record<
      keyof AzureSharedAttestation,
      z.ZodType
    >)
    .optional(),
  deletionDays: shape.number.optional(),
  logs: shape.text.optional(),
  retention: RETENTION_SHAPE,
} satisfies Record<keyof AzureTrustOptions, z.ZodType>);

/** SOURCE: Azure Key Vault documentation, soft-delete overview, 2026. */
const DELETION: DeletionWindow = { least: 7, most: 90, default: 90 };

/** Throws what is wrong with options by themselves. */
export function assertTrust(scope: string, options: AzureTrustOptions): void {
  assertShape(scope, SHAPE, options);
  assertCloud(scope, "AzureTrust", "azure", options.host);
  assertPeople(scope, options);
  assertVaultAccess(scope, options.vaultAccess);
}

/** Days both vaults keep what is deleted. Throws KEY_DELETION. */
export function daysOf(scope: string, { deletionDays: days, retention }: AzureTrustOptions): number {
  const fallback = (retention ?? Retention.KEEP).protects ? DELETION.default : DELETION.least;
  return deletionDays(scope, DELETION, days ?? fallback);
}

function assertPeople(scope: string, { tenant, keyOfficers }: AzureTrustOptions): void {
  if (!isUuid(tenant))
    throw new ConfigurationError(
      "HOST_SCOPE",
      scope,
      `tenant must be an id of 32 hexadecimal digits in lower case, got '${tenant}'; copy it from \`az account show\``,
    );
  if (keyOfficers.length > 0 && new Set(keyOfficers).size === keyOfficers.length && keyOfficers.every(isUuid))
    return;
  throw new ConfigurationError(
    "AKS_ADMIN",
    scope,
    "keyOfficers must name at least one Entra object id, in lower case and each once, because only key officers make keys, " +
      `got [${keyOfficers.join(", ")}]; copy them from \`az ad group show\` or \`az ad signed-in-user show\``,
  );
}

const SUBNET_ID = /\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/;

function assertVaultAccess(scope: string, { ranges = [], subnets = [], everywhere }: AzureVaultAccess): void {
  const refuse = (rule: string, got: string, use: string): ConfigurationError =>
    new ConfigurationError("AZURE_VAULT", scope, `${rule}, got ${got}; ${use}`);
  if (everywhere !== undefined) {
    reasonOf(scope, "vaultAccess.everywhere", everywhere);
    if (ranges.length + subnets.length === 0) return;
    throw refuse(
      "vaultAccess must not name ranges and open vaults everywhere",
      `${ranges.length} ranges and ${subnets.length} subnets beside everywhere`,
      "leave one out",
    );
  }
  if (ranges.length + subnets.length === 0)
    throw refuse(
      "vaultAccess must say from where vaults are reached",
      "nothing",
      "name ranges or subnets of deployments and of the host's nodes",
    );
  const range = ranges.find((one) => (parseCidr(one)?.prefix ?? 0) < 8 || isPrivate(parseCidr(one)));
  if (range !== undefined)
    throw refuse(
      "vaultAccess.ranges must be public IPv4 ranges of /8 or longer",
      `'${range}'`,
      "name the public address by which deployments or nodes leave, or use subnets",
    );
  const subnet = subnets.find((one) => !SUBNET_ID.test(one));
  if (subnet !== undefined)
    throw refuse(
      "vaultAccess.subnets must be ids of subnets",
      `'${subnet}'`,
      "copy it from `az network vnet subnet show`",
    );
}
