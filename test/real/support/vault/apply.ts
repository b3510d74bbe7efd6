// Does by Vault's API what a synthesized stack says: one table from resource types to requests. What it does not know fails.
import type { Configuration } from "../configuration";
import type { VaultRequest } from "./server";

type Block = Readonly<Record<string, unknown>>;

/** One resource as requests. `arguments`: what it may say; anything else fails, so that nothing is left out unseen. */
interface Translation {
  readonly arguments: readonly string[];
  requests(block: Block): VaultRequest[];
}

/** Of Terraform, not of the resource. */
const META = ["depends_on", "lifecycle"];

const post = (path: string, body: unknown): VaultRequest => ({ method: "POST", path, body });
const put = (path: string, body: unknown): VaultRequest => ({ method: "PUT", path, body });

/** The arguments as the API takes them, without those that are in the path. */
function rest(block: Block, ...inPath: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(block).filter(([key]) => !META.includes(key) && !inPath.includes(key)),
  );
}

const ROLE = [
  "backend",
  "bound_audiences",
  "bound_claims",
  "bound_claims_type",
  "claim_mappings",
  "clock_skew_leeway",
  "expiration_leeway",
  "not_before_leeway",
  "role_name",
  "role_type",
  "token_bound_cidrs",
  "token_max_ttl",
  "token_no_default_policy",
  "token_policies",
  "token_ttl",
  "token_type",
  "user_claim",
  "user_claim_json_pointer",
];

const PKI_ROLE = [
  "allow_any_name",
  "allow_bare_domains",
  "allow_glob_domains",
  "allow_ip_sans",
  "allow_localhost",
  "allow_subdomains",
  "allow_wildcard_certificates",
  "allowed_domains",
  "allowed_uri_sans",
  "backend",
  "basic_constraints_valid_for_non_ca",
  "client_flag",
  "code_signing_flag",
  "email_protection_flag",
  "enforce_hostnames",
  "generate_lease",
  "key_bits",
  "key_type",
  "key_usage",
  "max_ttl",
  "name",
  "no_store",
  "not_before_duration",
  "require_cn",
  "server_flag",
  "ttl",
  "use_csr_common_name",
  "use_csr_sans",
];

/** SOURCE: hashicorp/terraform-provider-vault, the resources' own create functions, 2026-08. */
const TABLE: Readonly<Record<string, Translation>> = {
  vault_audit: {
    arguments: ["path", "type", "options"],
    requests: (block) => [put(`sys/audit/${String(block.path)}`, rest(block, "path"))],
  },
  vault_mount: {
    arguments: [
      ...["path", "type", "options", "description"],
      ...["default_lease_ttl_seconds", "max_lease_ttl_seconds"],
    ],
    requests: ({ path, type, options, description, ...block }) => [
      post(`sys/mounts/${String(path)}`, {
        type,
        options,
        description,
        config: {
          default_lease_ttl: seconds(block.default_lease_ttl_seconds),
          max_lease_ttl: seconds(block.max_lease_ttl_seconds),
        },
      }),
    ],
  },
  vault_policy: {
    arguments: ["name", "policy"],
    requests: ({ name, policy }) => [put(`sys/policies/acl/${String(name)}`, { policy })],
  },
  vault_jwt_auth_backend: {
    arguments: [
      ...["path", "type", "description", "bound_issuer", "jwt_supported_algs"],
      ...["jwks_url", "jwks_ca_pem", "jwt_validation_pubkeys", "oidc_discovery_url"],
    ],
    requests: (block) => [
      post(`sys/auth/${String(block.path)}`, { type: block.type, description: block.description }),
      post(`auth/${String(block.path)}/config`, rest(block, "path", "type", "description")),
    ],
  },
  vault_jwt_auth_backend_role: {
    arguments: ROLE,
    requests: (block) => [
      post(`auth/${String(block.backend)}/role/${String(block.role_name)}`, {
        ...rest(block, "backend", "role_name"),
        bound_claims: boundClaims(block.bound_claims as Record<string, string>),
      }),
    ],
  },
  vault_generic_endpoint: {
    arguments: ["path", "data_json", "ignore_absent_fields"],
    requests: ({ path, data_json }) => [post(String(path), JSON.parse(String(data_json)))],
  },
  vault_pki_secret_backend_root_cert: {
    arguments: [
      ...["backend", "type", "common_name", "issuer_name", "key_type", "key_bits", "ttl", "max_path_length"],
    ],
    requests: (block) => [
      post(
        `${String(block.backend)}/issuers/generate/root/${String(block.type)}`,
        rest(block, "backend", "type"),
      ),
    ],
  },
  vault_pki_secret_backend_role: {
    arguments: PKI_ROLE,
    requests: (block) => [
      post(`${String(block.backend)}/roles/${String(block.name)}`, rest(block, "backend", "name")),
    ],
  },
};

/** The provider splits at commas. */
function boundClaims(claims: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(claims).map(([claim, text]) => [claim, text.split(",").map((one) => one.trim())]),
  );
}

function seconds(count: unknown): string | undefined {
  return count === undefined ? undefined : `${String(count)}s`;
}

/** A resource of a stack, with its requests. */
export interface Applied {
  /** Like `vault_policy.Vault_Policy-web`. */
  readonly id: string;
  readonly type: string;
  readonly requests: readonly VaultRequest[];
}

/** All resources of a configuration, each after what it depends on. Throws for a type or an argument nobody knows. */
export function translated(configuration: Configuration): Applied[] {
  const resources = Object.entries(configuration.resource ?? {}).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, block]) => ({ id: `${type}.${name}`, type, block: plain(block) })),
  );
  const done = new Set<string>();
  const ordered: Applied[] = [];
  let left = resources;
  while (left.length > 0) {
    const ready = left.filter(({ block }) =>
      ((block.depends_on ?? []) as string[]).every((one) => done.has(one)),
    );
    if (ready.length === 0)
      throw new Error(`nothing to begin with among ${left.map(({ id }) => id).join(", ")}`);
    for (const { id, type, block } of ready) {
      ordered.push({ id, type, requests: requestsOf(id, type, block) });
      done.add(id);
    }
    left = left.filter(({ id }) => !done.has(id));
  }
  return ordered;
}

function requestsOf(id: string, type: string, block: Block): VaultRequest[] {
  const translation = TABLE[type];
  if (!translation) throw new Error(`${id}: no translation of this type`);
  const known = [...META, ...translation.arguments];
  const unknown = Object.keys(block).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`${id}: no translation of ${unknown.join(", ")}`);
  return translation.requests(block);
}

/** Terraform's escapes undone; an expression throws, because nobody here evaluates it. */
function plain(block: Block): Block {
  const text = JSON.stringify(block);
  if (/(?<![$%])[$%]\{/.test(text.replace(/[$%]{2}\{/g, "")))
    throw new Error(`an expression, which nothing here evaluates: ${text.slice(0, 200)}`);
  return JSON.parse(text.replace(/([$%])\1\{/g, "$1{")) as Block;
}
