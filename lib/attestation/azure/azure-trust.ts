// What all tenants of an AKS host share for their keys: the attestation service, and two key vaults.
import {
  AttestationProvider,
  KeyVault,
  MonitorDiagnosticSetting,
  RoleAssignment,
} from "../../core/bindings/azurerm";
import { type Construct, type ITerraformDependable } from "../../core/cdk";
import { ConfigurationError } from "../../core/errors";
import { scopeOf } from "../../core/option-shape";
import { Retention } from "../../core/retention";
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
import type { HostReference } from "../../host-cluster/host-cluster";
import { NOBODY_POLICY, policyToken, SEV_SNP_POLICY } from "./azure-policy";
import { attestationServiceOf, type AttestationService } from "./azure-attestation-service";
import { assertTrust, daysOf, type AzureTrustOptions, type AzureVaultAccess } from "./azure-trust-options";

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
    assertTrust(scope, options);
    return new AzureTrust(options, attestationServiceOf(scope, options), daysOf(scope, options));
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
    attestation: AttestationService,
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

function accessWarnings({ everywhere }: AzureVaultAccess): string[] {
  return everywhere === undefined
    ? []
    : [`tenants' key vaults can be reached from the internet: ${everywhere.trim()}`];
}
