// Azure Attestation in front of Azure Key Vault: a tenant's key leaves the vault for a confidential machine, by identity.
import { FederatedIdentityCredential, KeyVaultKey, UserAssignedIdentity } from "../../core/bindings/azurerm";
import type { Construct } from "../../core/cdk";
import { after } from "../../core/depend";
import { ConfigurationError, reasonOf } from "../../core/errors";
import { assertName, tenantNamespace } from "../../core/names";
import { assertShape, scopeOf, shape } from "../../core/option-shape";
import type * as z from "../../core/zod";
import { assignRole } from "../../host-cluster/aks-keys";
import { identityId, tenantResourceName } from "../../host-cluster/aks-names";
import { ensureAzurermProvider, raiseAzurermFloor } from "../../host-cluster/azurerm-provider";
import { assertReleasePolicy, confidentialMachinePolicy } from "../../keys/azure-release-policy";
import { Tee } from "../../tee/tee";
import type { Trusted } from "../../tee/trust-tier";
import type { SpecProblem } from "../../tenant/tenant-rules";
import type { TenantSpec } from "../../tenant/tenant-spec";
import { workloadsOf } from "../attested-workload";
import type { AzureTrust } from "./azure-trust";
import type { AttestationBinding, IVerifier, TenantContext, TenantPlace } from "../verifier";
import { Wiring } from "../wiring";

/** Fails with OPTION_TYPE when a value has another type. */
export interface AzureAttestationOptions {
  /** What tenants' files name. DNS-1123. Fails with NAME. */
  readonly name: string;
  /** From AzureTrust.of. */
  readonly trust: AzureTrust;
  /**
   * Makes release policies unchangeable, with a reason. Nobody can then loosen one, nor move a key to another attestation
   * service: that takes a new key, and what the old one wrapped must be wrapped again while the old service answers.
   * A change replaces keys. @default - key officers can change them, which the vault's audit log shows
   */
  readonly immutable?: string;
}

const SHAPE = shape.object({
  name: shape.text,
  trust: shape.withMember("attestationUrl", "made by AzureTrust.of"),
  immutable: shape.text.optional(),
} satisfies Record<keyof AzureAttestationOptions, z.ZodType>);

/** The least azurerm with release policies. SOURCE: terraform-provider-azurerm, changelog 4.76.0, 2026. */
const RELEASE_POLICY_FLOOR = "4.76.0";
/** Audience of service accounts' tokens that Entra exchanges. SOURCE: Microsoft Entra Workload ID documentation, 2026. */
const AUDIENCE = "api://AzureADTokenExchange";

const NO_DEVICE =
  "tenants' pods cannot reach a node's vTPM: an agent of the platform asks for the token and opens the released key, " +
  "so it sees the key; this library installs none";

/**
 * One key for each tenant, in an HSM of the host's release vault. It leaves the vault when two things come together: the
 * tenant's identity, which its pods get by their service account, and a token of Azure Attestation for a confidential
 * machine. The evidence covers the machine, never a container, so it grants no tier.
 */
export class AzureAttestation implements IVerifier {
  /** Fails with the codes named in AzureAttestationOptions. */
  public static of(options: AzureAttestationOptions): AzureAttestation {
    const scope = scopeOf("azure-attestation", options);
    assertShape(scope, SHAPE, options);
    assertName(scope, "name", options.name);
    const immutable =
      options.immutable === undefined ? undefined : reasonOf(scope, "immutable", options.immutable);
    return new AzureAttestation(options.name, options.trust, immutable);
  }

  public readonly wiring = Wiring.AZURE_ATTESTATION;
  public readonly warnings: readonly string[];

  private constructor(
    public readonly name: string,
    private readonly trust: AzureTrust,
    private readonly immutable: string | undefined,
  ) {
    this.warnings = [
      NO_DEVICE,
      ...trust.warnings,
      ...(immutable === undefined ? [] : [`release policies cannot be changed: ${immutable}`]),
    ];
  }

  public problems(spec: TenantSpec, { host, pool }: TenantPlace): SpecProblem[] {
    return [
      ...(this.trust.isOf(host)
        ? []
        : [
            problem(
              `verifier '${this.name}' must judge tenants of its own host '${this.trust.names.name}', got host '${host.name}'; ` +
                "name a verifier of that host",
            ),
          ]),
      ...(pool.tee === Tee.SEV_SNP.id
        ? []
        : [
            problem(
              `Azure Attestation must get evidence of SEV-SNP machines, got pool '${pool.name}' with tee '${pool.tee}'; ` +
                "use a pool with tee 'sev-snp', or leave attestation out",
            ),
          ]),
      ...workloadsOf(spec).flatMap((workload, index) =>
        (["agentPolicy", "certificate"] as const)
          .filter((key) => workload[key] !== undefined)
          .map((key): SpecProblem => ({
            code: "ATTESTATION_VERIFIER",
            path: ["attestation", "workloads", index, key],
            text:
              `Azure Key Vault releases keys and nothing else, got ${key} for workload '${workload.name}'; ` +
              "leave it out, or name a verifier in front of Vault or Trustee",
          })),
      ),
    ];
  }

  /** None: the evidence covers the machine, which others may share. */
  public grants(): undefined {
    return undefined;
  }

  public bind(scope: Construct, { tenant, host }: TenantContext): AttestationBinding {
    const { trust } = this;
    const name = tenant.spec.name;
    trust.assertOf(scope, host.reference);
    ensureAzurermProvider(scope, trust.host);
    raiseAzurermFloor(scope, RELEASE_POLICY_FLOOR);
    const identityName = tenantResourceName(trust.names, "workload", name);
    const identity = new UserAssignedIdentity(scope, "Identity", { ...trust.place, name: identityName });
    const credential = new FederatedIdentityCredential(scope, "Credential", {
      name: "workload",
      resourceGroupName: trust.names.resourceGroup,
      parentId: identity.id,
      issuer: this.issuerOf(scope, host.workloadIdentity.issuer),
      // The account of all the tenant's pods on the host; admission lets no other pod have it.
      subject: `system:serviceaccount:${tenantNamespace(name)}:vc-workload-${name}`,
      audience: [AUDIENCE],
    });
    const key = this.key(scope, releaseKeyName(name));
    const releases = assignRole(
      scope,
      "Release",
      "Key Vault Crypto Service Release User",
      `${trust.releaseVault.id}/keys/${releaseKeyName(name)}`,
      identity,
    );
    // The id alone would not make it wait for the key.
    after(releases, key);
    return {
      grants: tenant.tier,
      proves: this.wiring.cases,
      workload: {
        url: trust.attestationUrl,
        audience: AUDIENCE,
        resource: `${trust.releaseVault.url}/keys/${releaseKeyName(name)}`,
        settings: {
          entraTenant: trust.tenant,
          identity: identityId(trust.names, identityName),
        },
      },
      stillTrusted: [...this.wiring.stillTrusted, this.policyChangers()],
      // AKS's webhook then tells every pod with label azure.workload.identity/use who it is.
      serviceAccountAnnotations: { "azure.workload.identity/client-id": identity.clientId },
      ready: [credential, releases],
    };
  }

  private key(scope: Construct, name: string): KeyVaultKey {
    const { trust } = this;
    const policy = confidentialMachinePolicy(trust.attestationUrl);
    assertReleasePolicy(scope, policy);
    const key = new KeyVaultKey(scope, "Key", {
      name,
      keyVaultId: trust.releaseVault.id,
      keyType: "RSA-HSM",
      keySize: 3072,
      // With the public half alone: inside the vault nobody decrypts, key officers neither.
      keyOpts: ["encrypt", "wrapKey"],
      tags: trust.place.tags,
      lifecycle: trust.retention.lifecycle,
    });
    key.addOverride("release_policy", [
      { json: JSON.stringify(policy), immutable: this.immutable !== undefined },
    ]);
    return key;
  }

  private issuerOf(scope: Construct, issuer: string | undefined): string {
    if (issuer !== undefined) return issuer;
    throw new ConfigurationError(
      "AZURE_ATTESTATION",
      scope,
      "a tenant's identity must trust the host's OIDC issuer, got a host that does not say it; " +
        "connect by AksHost.byLookup or byVariables, or give oidcIssuer to AksHost.byAttributes",
    );
  }

  /** Who can change the release policy. */
  private policyChangers(): Trusted {
    const who = `key officers (${this.trust.keyOfficers.join(", ")}), and whoever may assign roles on the release vault`;
    return this.immutable === undefined
      ? {
          who,
          why: "they can change the release policy, or release the key themselves on a confidential machine",
        }
      : {
          who,
          why: "they can release the key themselves on a confidential machine, or make a new one; the policy stays",
        };
  }
}

/** Name of a tenant's key in the release vault. */
export function releaseKeyName(tenant: string): string {
  return `workload-${tenant}`;
}

function problem(text: string): SpecProblem {
  return { code: "AZURE_ATTESTATION", path: ["attestation", "verifier"], text };
}
