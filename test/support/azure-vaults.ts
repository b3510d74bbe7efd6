// Azure Key Vault as far as stacks describe it: who logs in as what, which roles that has, and what leaves a vault.
import { policyMet, type Claims } from "./azure-release-policy";

type Block = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** What Azure's built-in roles allow on keys. SOURCE: Azure built-in roles for security, 2026. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  "Key Vault Crypto Officer": ["release", "decrypt", "unwrapKey", "wrapKey", "encrypt", "update", "create"],
  "Key Vault Crypto Service Release User": ["release"],
  "Key Vault Crypto Service Encryption User": ["wrapKey", "unwrapKey", "get"],
  Owner: [],
  Reader: [],
};

/** A pod's token of a service account, or somebody Entra knows by an object id. */
export type Login =
  | { readonly issuer: string; readonly subject: string; readonly audience: string }
  | { readonly objectId: string }
  | undefined;

/** A token of an attestation service. */
export interface AttestationToken {
  /** Whose signature it has. */
  readonly issuer: string;
  /** Minutes since it was issued. */
  readonly age: number;
  readonly claims: Claims;
}

/** Life of a token, minutes. SOURCE: samples of Azure's confidential machine repositories: exp - iat is 28 800 s. */
export const TOKEN_LIFE = 480;

interface Assignment {
  readonly scope: string;
  readonly role: string;
  readonly principal: string;
}

interface Key {
  readonly id: string;
  readonly type: string;
  readonly operations: readonly string[];
  readonly policy?: Readonly<Record<string, unknown>>;
}

/** What some stacks make, put together. `subscription` and `group` are where they make it. */
export class AzureVaults {
  private readonly assignments: readonly Assignment[];
  private readonly credentials: readonly (Block & { readonly identity: string })[];
  private readonly keys: ReadonlyMap<string, Key>;

  public constructor(
    private readonly prefix: string,
    stacks: readonly { readonly resource?: Resources }[],
  ) {
    const blocks = (type: string): { block: Block; resources: Resources }[] =>
      stacks.flatMap(({ resource = {} }) =>
        Object.values(resource[type] ?? {}).map((block) => ({ block, resources: resource })),
      );
    this.assignments = blocks("azurerm_role_assignment").map(({ block, resources }) => ({
      scope: this.resolved(resources, block.scope),
      role: String(block.role_definition_name),
      principal: this.resolved(resources, block.principal_id),
    }));
    this.credentials = blocks("azurerm_federated_identity_credential").map(({ block, resources }) => ({
      ...block,
      identity: this.resolved(resources, block.parent_id),
    }));
    this.keys = new Map(
      blocks("azurerm_key_vault_key").map(({ block, resources }) => {
        const id = `${this.resolved(resources, block.key_vault_id)}/keys/${String(block.name)}`;
        const [release] = (block.release_policy ?? []) as readonly { readonly json: string }[];
        const key = {
          id,
          type: String(block.key_type),
          operations: block.key_opts as readonly string[],
          ...(release ? { policy: JSON.parse(release.json) as Record<string, unknown> } : {}),
        };
        return [id, key];
      }),
    );
  }

  /** Ids of all keys. */
  public get keyIds(): string[] {
    return [...this.keys.keys()];
  }

  /** True when a key leaves its vault: somebody may release it, and a token that is still good meets its policy. */
  public releases(login: Login, token: AttestationToken | undefined, keyId: string): boolean {
    const key = this.keys.get(keyId)!;
    return (
      key.policy !== undefined &&
      key.type.endsWith("-HSM") &&
      token !== undefined &&
      token.age < TOKEN_LIFE &&
      this.principals(login).some((one) => this.may(one, "release", keyId)) &&
      policyMet(key.policy, token.issuer, token.claims)
    );
  }

  /** True when the vault itself does something with the key, which takes no evidence. */
  public does(login: Login, operation: string, keyId: string): boolean {
    return (
      this.keys.get(keyId)!.operations.includes(operation) &&
      this.principals(login).some((one) => this.may(one, operation, keyId))
    );
  }

  private principals(login: Login): string[] {
    if (login === undefined) return [];
    if ("objectId" in login) return [login.objectId];
    return this.credentials
      .filter(
        ({ issuer, subject, audience }) =>
          issuer === login.issuer &&
          subject === login.subject &&
          (audience as readonly string[]).includes(login.audience),
      )
      .map(({ identity }) => `principal of ${identity}`);
  }

  private may(principal: string, action: string, keyId: string): boolean {
    return this.assignments.some(({ scope, role, principal: holder }) => {
      const actions = ROLES[role];
      if (!actions) throw new Error(`role '${role}' is in no table`);
      return holder === principal && `${keyId}/`.startsWith(`${scope}/`) && actions.includes(action);
    });
  }

  /** A reference as the id it will be; ids as they are. */
  private resolved(resources: Resources, value: unknown): string {
    const match = /^\$\{(\w+)\.([\w-]+)\.(\w+)\}$/.exec(String(value));
    if (!match) return String(value);
    const [, type, name, attribute] = match as unknown as [string, string, string, string];
    const block = resources[type]![name]!;
    const group = `${this.prefix}/resourceGroups/${String(block.resource_group_name)}/providers`;
    const ids: Readonly<Record<string, () => string>> = {
      azurerm_key_vault: () => `${group}/Microsoft.KeyVault/vaults/${String(block.name)}`,
      azurerm_key_vault_key: () =>
        `${this.resolved(resources, block.key_vault_id)}/keys/${String(block.name)}`,
      azurerm_user_assigned_identity: () =>
        `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/${String(block.name)}`,
      azurerm_disk_encryption_set: () =>
        `${group}/Microsoft.Compute/diskEncryptionSets/${String(block.name)}`,
    };
    const id = ids[type]!();
    return attribute === "principal_id" ? `principal of ${id}` : id;
  }
}
