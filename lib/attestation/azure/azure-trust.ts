// What all tenants of an AKS host share for their keys: the attestation service, and two key vaults.
import {
  AttestationProvider,
  KeyVault,
  MonitorDiagnosticSetting,
  RoleAssignment,
} from "../../core/bindings/azurerm";
import { type Construct, type ITerraformDependable } from "../../core/cdk";
import { ConfigurationError, reasonOf } from "../../core/errors";
import { isUuid } from "../../core/formats";
import { assertShape, scopeOf, shape } from "../../core/option-shape";
import { Retention, RETENTION_SHAPE } from "../../core/retention";
import type * as z from "../../core/zod";
import {
  attestationProviderName,
  hostTags,
  logsId,
  vaultId,
  vaultName,
  vaultUrl,
  type AksScope,
} from "../../host-cluster/aks-names";
import type { AzurePlace } from "../../host-cluster/aks-network";
import { assertCloud } from "../../host-cluster/host-checks";
import type { HostReference } from "../../host-cluster/host-cluster";
import { deletionDays, type DeletionWindow } from "../../keys/tenant-key";
import { isPrivate, parseCidr } from "../../network/cidr";
import { NOBODY_POLICY, policyToken, SEV_SNP_POLICY } from "./azure-policy";
import {
  ATTESTATION_REGIONS,
  attestationRegion,
  ownAttestationUrl,
  sharedAttestationUrl,
  type AttestationRegion,
} from "./azure-regions";

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

/** A key vault of the host, known by its name. */
export interface AzureVault {
  readonly id: string;
  /** https, without a slash at the end. */
  readonly url: string;
}

/**
 * Where tenants' keys of one AKS host live, and who judges evidence there. A plain object, made before `new App()`: its
 * names are computed, so that tenants' stacks need nothing of the stack that makes it (`AzureTrustStack`).
 */
export class AzureTrust {
  /** Fails with the codes named in AzureTrustOptions. */
  public static of(options: AzureTrustOptions): AzureTrust {
    const scope = `azure-trust.${scopeOf("host", (options as Partial<AzureTrustOptions> | undefined)?.host)}`;
    assertShape(scope, SHAPE, options);
    assertCloud(scope, "AzureTrust", "azure", options.host);
    assertPeople(scope, options);
    assertVaultAccess(scope, options.vaultAccess);
    return new AzureTrust(options, attestationOf(scope, options), daysOf(scope, options));
  }

  public readonly host: HostReference;
  public readonly tenant: string;
  public readonly keyOfficers: readonly string[];
  public readonly retention: Retention;
  /** Names of the host's Azure resources are made of it. */
  public readonly names: AksScope;
  /** Address of the attestation service. */
  public readonly attestationUrl: string;
  /** What stands on every report. */
  public readonly warnings: readonly string[];
  /** Holds keys that evidence opens. */
  public readonly releaseVault: AzureVault;
  /** Holds keys that disks use. */
  public readonly volumeVault: AzureVault;

  private constructor(
    private readonly options: AzureTrustOptions,
    attestation: Attestation,
    private readonly deletionDays: number,
  ) {
    const { host } = options;
    this.host = host;
    this.tenant = options.tenant;
    this.keyOfficers = options.keyOfficers;
    this.retention = options.retention ?? Retention.KEEP;
    this.names = { name: host.name, account: host.account, resourceGroup: host.resourceGroup! };
    this.attestationUrl = attestation.url;
    this.warnings = [...attestation.warnings, ...accessWarnings(options.vaultAccess)];
    this.releaseVault = this.vaultOf(RELEASE);
    this.volumeVault = this.vaultOf(VOLUMES);
  }

  /** Where tenants' resources are made. */
  public get place(): AzurePlace {
    return {
      location: this.host.location,
      resourceGroupName: this.names.resourceGroup,
      tags: hostTags(this.host.name),
    };
  }

  /** True for the host whose trust this is. */
  public isOf({ name, account, resourceGroup }: HostReference): boolean {
    const { names } = this;
    return name === names.name && account === names.account && resourceGroup === names.resourceGroup;
  }

  /** Throws TENANT_HOST for another host: its tenants' keys would be made where it is not. */
  public assertOf(scope: Construct, host: HostReference): void {
    if (this.isOf(host)) return;
    throw new ConfigurationError(
      "TENANT_HOST",
      scope,
      `a tenant's keys must be of its own host, got an AzureTrust of '${this.names.name}' on host '${host.name}'; ` +
        "make one for each host",
    );
  }

  /** Makes the attestation provider and the vaults in the stack of `scope`. */
  public define(scope: Construct): ITerraformDependable[] {
    return [
      ...(this.options.shared ? [] : [this.provider(scope)]),
      ...this.vault(scope, "ReleaseVault", RELEASE),
      ...this.vault(scope, "VolumeVault", VOLUMES),
    ];
  }

  private provider(scope: Construct): ITerraformDependable {
    return new AttestationProvider(scope, "Attestation", {
      ...this.place,
      name: attestationProviderName(this.names),
      sevSnpPolicyBase64: policyToken(SEV_SNP_POLICY),
      sgxEnclavePolicyBase64: policyToken(NOBODY_POLICY),
      openEnclavePolicyBase64: policyToken(NOBODY_POLICY),
      // Azure has one of its own, not in every region, and azurerm fails on taking it away.
      lifecycle: { ...this.retention.lifecycle, ignoreChanges: ["tpm_policy_base64"] },
    });
  }

  private vault(scope: Construct, id: string, part: VaultPart): ITerraformDependable[] {
    const { ranges = [], subnets = [], everywhere } = this.options.vaultAccess;
    const vault = new KeyVault(scope, id, {
      ...this.place,
      name: vaultName(this.names, part.name),
      tenantId: this.tenant,
      skuName: part.sku,
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: this.deletionDays,
      networkAcls: {
        bypass: part.bypass,
        defaultAction: everywhere === undefined ? "Deny" : "Allow",
        ipRules: [...ranges],
        virtualNetworkSubnetIds: [...subnets],
      },
      lifecycle: { ...this.retention.lifecycle, ignoreChanges: ["soft_delete_retention_days"] },
    });
    new MonitorDiagnosticSetting(scope, `${id}Logs`, {
      name: "tenclave",
      targetResourceId: vault.id,
      logAnalyticsWorkspaceId: this.options.logs ?? logsId(this.names),
      enabledLog: [{ category: "AuditEvent" }],
    });
    return this.keyOfficers.map(
      (principalId) =>
        new RoleAssignment(scope, `${id}Officer-${principalId}`, {
          scope: vault.id,
          roleDefinitionName: "Key Vault Crypto Officer",
          principalId,
        }),
    );
  }

  private vaultOf({ name }: VaultPart): AzureVault {
    const full = vaultName(this.names, name);
    return { id: vaultId(this.names, full), url: vaultUrl(full) };
  }
}

interface VaultPart {
  readonly name: string;
  readonly sku: string;
  /** Which services of Azure pass the fence. */
  readonly bypass: string;
}

/** Keys leave an HSM alone, which the premium kind has. */
const RELEASE: VaultPart = { name: "release", sku: "premium", bypass: "None" };
/** Disk encryption sets come as a trusted service. */
const VOLUMES: VaultPart = { name: "volumes", sku: "standard", bypass: "AzureServices" };

interface Attestation {
  readonly url: string;
  readonly warnings: readonly string[];
}

function attestationOf(scope: string, { host, shared }: AzureTrustOptions): Attestation {
  if (shared) return sharedAttestation(scope, host, shared);
  const region = attestationRegion(host.location);
  if (!region)
    throw new ConfigurationError(
      "AZURE_ATTESTATION",
      scope,
      `a host's own attestation provider needs a region Azure Attestation is known to be in, got '${host.location}'; ` +
        `use shared: { region } with one of ${regionNames()}`,
    );
  return {
    url: ownAttestationUrl(region, attestationProviderName({ ...host, resourceGroup: host.resourceGroup! })),
    warnings: [],
  };
}

function sharedAttestation(
  scope: string,
  host: HostReference,
  { region: name, consent }: AzureSharedAttestation,
): Attestation {
  const region = attestationRegion(name);
  if (!region)
    throw new ConfigurationError(
      "AZURE_ATTESTATION",
      scope,
      `shared.region must be one Azure Attestation has a shared provider in, got '${name}'; use one of ${regionNames()}`,
    );
  const home = attestationRegion(host.location)?.jurisdiction;
  const abroad = region.jurisdiction !== home;
  if (abroad && consent === undefined)
    throw new ConfigurationError(
      "AZURE_ATTESTATION",
      scope,
      `evidence must be judged in the host's jurisdiction (${home ?? `unknown for ${host.location}`}) unless somebody agreed, ` +
        `got ${name} (${region.jurisdiction}); use ${alternatives(home)}, or set shared.consent: "<who agreed, and why>"`,
    );
  const reason = consent === undefined ? undefined : reasonOf(scope, "shared.consent", consent);
  return {
    url: sharedAttestationUrl(region),
    warnings: [
      `evidence is judged by Microsoft's shared provider in ${name}, whose policy nobody else can change or pin`,
      ...(abroad ? [`evidence is judged in ${region.jurisdiction}: ${reason}`] : []),
    ],
  };
}

function alternatives(home: string | undefined): string {
  const there = ATTESTATION_REGIONS.filter(({ jurisdiction }) => jurisdiction === home);
  return there.length > 0
    ? there.map(({ region }: AttestationRegion) => region).join(", ")
    : "a provider of the host's own";
}

function regionNames(): string {
  return ATTESTATION_REGIONS.map(({ region }) => region).join(", ");
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

function accessWarnings({ everywhere }: AzureVaultAccess): string[] {
  return everywhere === undefined
    ? []
    : [`tenants' key vaults can be reached from the internet: ${everywhere.trim()}`];
}

function daysOf(scope: string, { deletionDays: days, retention }: AzureTrustOptions): number {
  const fallback = (retention ?? Retention.KEEP).protects ? DELETION.default : DELETION.least;
  return deletionDays(scope, DELETION, days ?? fallback);
}
