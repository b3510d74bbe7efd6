// Vault configured worse than our stack says: each must let something through, or the cases above prove nothing.
import type { VaultRequest } from "../support/vault/server";

type Body = Record<string, unknown>;

/** One part taken away. */
export interface VaultBreak {
  readonly name: string;
  /** The request of the stack that is sent again, changed. */
  readonly path: string;
  readonly change: (body: Body) => void;
  /** Cases, log-ins or operations, whose verdict must turn. */
  readonly turns: readonly string[];
}

const ROLE = "auth/jwt-trustee/role/acme.web";
const CONFIG = "auth/jwt-trustee/config";
const POLICY = "sys/policies/acl/tenclave.acme.web";
const PKI = "pki-acme/roles/web";
const DIGEST = "/submods/cpu0/ear.veraison.annotated-evidence/init_data";

const without =
  (claim: string) =>
  (body: Body): void => {
    body.bound_claims = Object.fromEntries(
      Object.entries(body.bound_claims as Body).filter(([name]) => name !== claim),
    );
  };
const allow =
  (flag: string) =>
  (body: Body): void => {
    body[flag] = true;
  };

export const BREAKS: readonly VaultBreak[] = [
  {
    name: "the role binds no digest",
    path: ROLE,
    change: without(DIGEST),
    turns: [
      "the neighbour's digest",
      "the first half of the digest",
      "a digest on no list",
      "a star for the digest",
    ],
  },
  {
    name: "the role binds the digest as a glob of its first half",
    path: ROLE,
    change: (body: Body): void => {
      const claims = body.bound_claims as Record<string, string[]>;
      body.bound_claims_type = "glob";
      body.bound_claims = { ...claims, [DIGEST]: claims[DIGEST]!.map((one) => `${one.slice(0, 32)}*`) };
    },
    turns: ["the first half of the digest", "the digest and two digits more"],
  },
  {
    name: "the role binds no status",
    path: ROLE,
    change: without("/submods/cpu0/ear.status"),
    turns: ["status warning", "status none", "a TEE in debug mode, which the policy contraindicates"],
  },
  {
    name: "the role binds no policy",
    path: ROLE,
    change: without("/submods/cpu0/ear.appraisal-policy-id"),
    turns: ["an affirming result of another policy"],
  },
  {
    name: "the role lets any device stand beside the processor",
    path: ROLE,
    change: (body: Body): void => {
      body.claim_mappings = {};
    },
    turns: [
      "a contraindicated GPU nobody expects",
      "a contraindicated second processor",
      "a DPU nobody expects",
    ],
  },
  {
    name: "clocks may differ by Vault's own minute",
    path: ROLE,
    change: (body: Body): void => {
      body.clock_skew_leeway = 0;
    },
    turns: ["expired 31 seconds ago"],
  },
  {
    name: "the role binds another network",
    path: ROLE,
    change: (body: Body): void => {
      body.token_bound_cidrs = ["10.0.0.0/8"];
    },
    turns: ["the right digest"],
  },
  {
    name: "the log-in binds no issuer",
    path: CONFIG,
    change: (body: Body): void => {
      delete body.bound_issuer;
    },
    turns: ["no issuer", "another issuer under the same key"],
  },
  {
    name: "the policy allows every parameter",
    path: POLICY,
    change: (body: Body): void => {
      body.policy = String(body.policy).replace(/ {2}allowed_parameters = \{[^}]*\}\n/g, "");
    },
    turns: ["names the day its certificate ends", "names the day, of a key Vault makes"],
  },
  {
    name: "the policy covers the tenant's whole mount",
    path: POLICY,
    change: (body: Body): void => {
      body.policy = String(body.policy).replace("kv-acme/data/web/*", "kv-acme/data/*");
    },
    turns: ["reads the tenant's other workload's secret"],
  },
  {
    name: "the policy's path has no slash at its end",
    path: POLICY,
    change: (body: Body): void => {
      body.policy = String(body.policy).replace("kv-acme/data/web/*", "kv-acme/data/web*");
    },
    turns: ["uses a folder whose name begins like its own"],
  },
  {
    name: "certificates may have any name",
    path: PKI,
    change: allow("allow_any_name"),
    turns: ["takes the neighbour's name", "takes a name below its own"],
  },
  {
    name: "certificates may name addresses",
    path: PKI,
    change: allow("allow_ip_sans"),
    turns: ["takes an address in the request"],
  },
  {
    name: "certificates may have names below theirs",
    path: PKI,
    change: allow("allow_subdomains"),
    turns: ["takes a name below its own"],
  },
  {
    name: "certificates may have any SPIFFE ID",
    path: PKI,
    change: (body: Body): void => {
      body.allowed_uri_sans = ["spiffe://*"];
    },
    turns: ["takes its neighbour's SPIFFE ID", "takes a SPIFFE ID below its own"],
  },
  {
    name: "keys may be of any kind",
    path: PKI,
    change: (body: Body): void => {
      body.key_type = "any";
    },
    turns: ["takes another key"],
  },
];

/** The request a break changes, without touching the stack's own. */
export function broken(requests: readonly VaultRequest[], { path, change }: VaultBreak): VaultRequest {
  const original = requests.find((one) => one.path === path);
  if (!original) throw new Error(`no request of the stack to ${path}`);
  const body = structuredClone(original.body) as Body;
  change(body);
  return { ...original, body };
}
