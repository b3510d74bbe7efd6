// What a logged-in workload asks of Vault, as data: its own paths, its neighbour's, and those of whoever runs Vault.
import { X509Certificate } from "node:crypto";
import type { CertificateRequest, RequestOptions } from "../support/vault/authority";
import type { Answer, VaultRequest } from "../support/vault/server";
import { DIGESTS, TRUST_DOMAIN, type Minter } from "./vault-world";

/** Who asks: a role's session, nobody, or somebody with a token he made up. */
export type Session = "acme.web" | "acme.worker" | "globex.web" | "nobody" | "made up";

/** What an operation may use. */
export interface Tools {
  request(options: RequestOptions): Promise<CertificateRequest>;
  readonly mint: Minter;
}

/** One request. */
export interface Operation {
  /** Unique. */
  readonly name: string;
  readonly cell?: readonly [wiring: string, negative: string];
  readonly as: Session;
  readonly refused: boolean;
  /** True where the policy lets the text of the path through, and Vault finds nothing there: 404 or 500 is a refusal. */
  readonly findsNothing?: boolean;
  ask(tools: Tools): VaultRequest | Promise<VaultRequest>;
  /** What is wrong with an answer that was not refused. */
  faults?(answer: Answer): string[];
}

/** Secrets that the lane puts there, by path. */
export const SECRETS: Readonly<Record<string, string>> = {
  "kv-acme/data/web/database": "canary-acme-web",
  "kv-acme/data/worker/database": "canary-acme-worker",
  "kv-globex/data/web/database": "canary-globex-web",
};

const SPIFFE = `spiffe://${TRUST_DOMAIN}/tenant/acme/wl/web`;
const NEIGHBOUR = ["trustee-pod", "neighbour"] as const;

type Ask = Operation["ask"];
const get =
  (path: string): Ask =>
  () => ({ method: "GET", path });
const write =
  (path: string, body: unknown = {}): Ask =>
  () => ({ method: "POST", path, body });
const list =
  (path: string): Ask =>
  () => ({ method: "LIST", path });

const may = (name: string, as: Session, ask: Ask, faults?: Operation["faults"]): Operation => ({
  name,
  as,
  ask,
  refused: false,
  ...(faults === undefined ? {} : { faults }),
});
const no = (name: string, as: Session, ask: Ask, cell?: Operation["cell"]): Operation => ({
  name,
  as,
  ask,
  refused: true,
  ...(cell === undefined ? {} : { cell }),
});

const lost = (...of: Parameters<typeof no>): Operation => ({ ...no(...of), findsNothing: true });

/** A request for a certificate of acme's web. */
function sign(
  csr: Partial<RequestOptions> = {},
  body: Record<string, unknown> = {},
  path = "pki-acme/sign/web",
): Ask {
  return async ({ request }) => ({
    method: "POST",
    path,
    body: {
      csr: (await request({ commonName: "web.acme.internal", ...csr })).csr,
      ...body,
    },
  });
}

/** Key and certificate of Vault's own making. */
function issue(body: Record<string, unknown>): Ask {
  return write("pki-acme/issue/web", { common_name: "web.acme.internal", ...body });
}

/** A year from now. */
function nextYear(): string {
  return new Date(Date.now() + 365 * 86_400_000).toISOString();
}

interface Issued {
  readonly certificate: string;
  readonly issuing_ca: string;
}

/** What must hold of every certificate of a 30 minute role. */
function certificateFaults(minutes: number, ...names: readonly string[]) {
  return ({ body }: Answer): string[] => {
    const { certificate, issuing_ca } = body.data as Issued;
    const leaf = new X509Certificate(certificate);
    const root = new X509Certificate(issuing_ca);
    const life = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 60_000;
    const got = (leaf.subjectAltName ?? "").split(", ").sort();
    return [
      ...(leaf.ca ? ["it is a certificate authority"] : []),
      // The 30 seconds before now, and whole seconds.
      ...(life <= minutes + 0.6 ? [] : [`it lives ${life} minutes`]),
      ...(leaf.checkIssued(root) && leaf.verify(root.publicKey) ? [] : ["it is not the root's"]),
      ...(JSON.stringify(got) === JSON.stringify([...names].sort()) ? [] : [`it names ${got.join(", ")}`]),
      ...(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"].every((use) => leaf.keyUsage?.includes(use))
        ? []
        : [`it is for ${String(leaf.keyUsage)}`]),
    ];
  };
}

export const OPERATIONS: readonly Operation[] = [
  may("reads its secret", "acme.web", get("kv-acme/data/web/database"), ({ body }) =>
    JSON.stringify(body).includes(SECRETS["kv-acme/data/web/database"]!) ? [] : ["another secret came"],
  ),
  may("the neighbour reads its own secret", "globex.web", get("kv-globex/data/web/database")),
  no("reads the neighbour's secret", "acme.web", get("kv-globex/data/web/database"), NEIGHBOUR),
  no("the neighbour reads our secret", "globex.web", get("kv-acme/data/web/database"), NEIGHBOUR),
  no(
    "reads the tenant's other workload's secret",
    "acme.web",
    get("kv-acme/data/worker/database"),
    NEIGHBOUR,
  ),
  no("climbs out of its folder", "acme.web", get("kv-acme/data/web/../worker/database"), NEIGHBOUR),
  lost(
    "climbs out of its folder, encoded",
    "acme.web",
    get("kv-acme/data/web/%2e%2e/worker/database"),
    NEIGHBOUR,
  ),
  lost(
    "climbs out of its mount, encoded",
    "acme.web",
    get("kv-acme/data/web%2f..%2f..%2f..%2fkv-globex/data/web/database"),
    NEIGHBOUR,
  ),
  no(
    "uses a folder whose name begins like its own",
    "acme.web",
    get("kv-acme/data/web-2/database"),
    NEIGHBOUR,
  ),
  no("lists its secrets", "acme.web", list("kv-acme/metadata/web")),
  no("lists the tenant's secrets", "acme.web", list("kv-acme/metadata")),
  no("lists the neighbour's secrets", "acme.web", list("kv-globex/metadata"), NEIGHBOUR),
  no(
    "writes the neighbour's secret",
    "acme.web",
    write("kv-globex/data/web/database", { data: { password: "x" } }),
    NEIGHBOUR,
  ),
  no("writes its secret", "acme.web", write("kv-acme/data/web/database", { data: { password: "x" } })),
  no("deletes its secret", "acme.web", () => ({ method: "DELETE", path: "kv-acme/data/web/database" })),
  no("destroys old versions", "acme.web", write("kv-acme/destroy/web/database", { versions: [1] })),
  no("reads a secret without a token", "nobody", get("kv-acme/data/web/database"), [
    "trustee-pod",
    "administrator",
  ]),
  no("reads a secret with a token it made up", "made up", get("kv-acme/data/web/database"), [
    "trustee-pod",
    "administrator",
  ]),

  no("looks its token up", "acme.web", get("auth/token/lookup-self")),
  no("renews its token", "acme.web", write("auth/token/renew-self", { increment: "1h" })),
  no("makes a child token", "acme.web", write("auth/token/create", { ttl: "1h" })),
  no("makes an orphan token", "acme.web", write("auth/token/create-orphan", { ttl: "1h" })),
  no("wraps what it knows for somebody else", "acme.web", write("sys/wrapping/wrap", { a: 1 })),
  no("keeps something in its cubbyhole", "acme.web", write("cubbyhole/a", { a: 1 })),
  no("lists mounts", "acme.web", get("sys/mounts")),
  no("reads its policy", "acme.web", get("sys/policies/acl/tenclave.acme.web")),
  no(
    "writes its policy",
    "acme.web",
    write("sys/policies/acl/tenclave.acme.web", { policy: 'path "*" { capabilities = ["sudo"] }' }),
  ),
  no("reads its role", "acme.web", get("auth/jwt-trustee/role/acme.web")),
  no(
    "writes a role of its own",
    "acme.web",
    write("auth/jwt-trustee/role/mine", { role_type: "jwt", user_claim: "iss", bound_claims: { iss: "x" } }),
  ),
  no(
    "changes the keys of the log-in",
    "acme.web",
    write("auth/jwt-trustee/config", { jwks_url: "https://127.0.0.1/keys.json" }),
  ),
  no("turns an audit device off", "acme.web", () => ({ method: "DELETE", path: "sys/audit/file" })),
  no("seals Vault", "acme.web", write("sys/seal")),
  no("reads the raw store", "acme.web", get("sys/raw/core/keyring")),
  no("reads who else logs in", "acme.web", list("identity/entity/id")),

  may("gets its certificate", "acme.web", sign(), certificateFaults(30, "DNS:web.acme.internal")),
  may(
    "gets both its names and its SPIFFE ID",
    "acme.web",
    sign({ names: ["DNS:web.acme.internal", "DNS:api.acme.internal", `URI:${SPIFFE}`] }),
    certificateFaults(30, "DNS:web.acme.internal", "DNS:api.acme.internal", `URI:${SPIFFE}`),
  ),
  may(
    "gets key and certificate from Vault, as its agent asks",
    "acme.web",
    issue({ ttl: "20m" }),
    certificateFaults(20, "DNS:web.acme.internal"),
  ),
  may(
    "asks for a day and gets half an hour",
    "acme.web",
    sign({}, { ttl: "24h" }),
    certificateFaults(30, "DNS:web.acme.internal"),
  ),
  may(
    "asks to be an authority and gets a leaf",
    "acme.web",
    sign({ authority: true }),
    certificateFaults(30, "DNS:web.acme.internal"),
  ),
  may(
    "the neighbour gets a quarter of an hour",
    "globex.web",
    sign({ commonName: "web.globex.internal" }, {}, "pki-globex/sign/web"),
    certificateFaults(15, "DNS:web.globex.internal"),
  ),
  no("names the day its certificate ends", "acme.web", (tools) => sign({}, { not_after: nextYear() })(tools)),
  no("names the day, of a key Vault makes", "acme.web", (tools) => issue({ not_after: nextYear() })(tools)),
  no("signs at the neighbour's authority", "acme.web", sign({}, {}, "pki-globex/sign/web"), NEIGHBOUR),
  no(
    "signs with the other workload's role",
    "acme.web",
    sign({ commonName: "worker.acme.internal" }, {}, "pki-acme/sign/worker"),
    NEIGHBOUR,
  ),
  no("signs with a role of no name", "acme.web", sign({}, {}, "pki-acme/sign-verbatim")),
  no("signs verbatim with its role", "acme.web", sign({}, {}, "pki-acme/sign-verbatim/web")),
  no(
    "signs with a named issuer, past its own path",
    "acme.web",
    sign({}, {}, "pki-acme/issuer/default/sign/web"),
  ),
  no(
    "becomes an authority below the root",
    "acme.web",
    sign({ authority: true }, {}, "pki-acme/root/sign-intermediate"),
  ),
  no(
    "makes a root of its own",
    "acme.web",
    write("pki-acme/root/generate/internal", { common_name: "mine" }),
  ),
  no(
    "replaces the root",
    "acme.web",
    write("pki-acme/issuers/generate/root/exported", { common_name: "mine" }),
  ),
  no("widens its role", "acme.web", write("pki-acme/roles/web", { allow_any_name: true })),
  no("takes the neighbour's name", "acme.web", sign({ commonName: "web.globex.internal" }), NEIGHBOUR),
  no(
    "takes the neighbour's name in the request alone",
    "acme.web",
    sign({ names: ["DNS:web.globex.internal"] }),
    NEIGHBOUR,
  ),
  no(
    "takes the neighbour's name beside its own",
    "acme.web",
    issue({ alt_names: "web.globex.internal" }),
    NEIGHBOUR,
  ),
  no(
    "takes its neighbour's SPIFFE ID",
    "acme.web",
    sign({ names: ["DNS:web.acme.internal", `URI:spiffe://${TRUST_DOMAIN}/tenant/globex/wl/web`] }),
    NEIGHBOUR,
  ),
  no(
    "takes the other workload's SPIFFE ID",
    "acme.web",
    issue({ uri_sans: `spiffe://${TRUST_DOMAIN}/tenant/acme/wl/worker` }),
    NEIGHBOUR,
  ),
  no("takes a SPIFFE ID below its own", "acme.web", issue({ uri_sans: `${SPIFFE}/admin` })),
  no("takes a wildcard", "acme.web", sign({ commonName: "*.acme.internal" })),
  no("takes a wildcard in the request", "acme.web", sign({ names: ["DNS:*.web.acme.internal"] })),
  no("takes a name below its own", "acme.web", sign({ names: ["DNS:admin.web.acme.internal"] })),
  no("takes the domain above its own", "acme.web", sign({ names: ["DNS:acme.internal"] })),
  no("takes localhost", "acme.web", sign({ names: ["DNS:localhost"] })),
  no(
    "takes an address in the request",
    "acme.web",
    sign({ names: ["DNS:web.acme.internal", "IP:10.0.0.1"] }),
  ),
  no("names others by parameter of a request", "acme.web", sign({}, { alt_names: "web.globex.internal" })),
  no("names itself an authority's purpose", "acme.web", sign({}, { ext_key_usage: "OCSPSigning" })),
  no("takes an address by parameter", "acme.web", issue({ ip_sans: "10.0.0.1" })),
  no("takes an address for a name", "acme.web", issue({ alt_names: "10.0.0.1" })),
  // A mail address at its own name is one more way to say it, and no host name.
  may(
    "takes a mail address at its own name",
    "acme.web",
    issue({ alt_names: "root@web.acme.internal" }),
    certificateFaults(30, "DNS:web.acme.internal", "email:root@web.acme.internal"),
  ),
  no("takes a mail address at another's name", "acme.web", issue({ alt_names: "root@web.globex.internal" })),
  no(
    "takes another kind of name",
    "acme.web",
    issue({ other_sans: "1.3.6.1.4.1.311.20.2.3;utf8:root@acme" }),
  ),
  no("takes a user id", "acme.web", issue({ user_ids: "root" })),
  no("takes another key", "acme.web", sign({ key: "rsa" })),
];

/** Which result each session logs in with. */
export const SESSIONS: Readonly<Record<string, { readonly mount: string; readonly digest: string }>> = {
  "acme.web": { mount: "jwt-trustee", digest: DIGESTS.acmeWeb },
  "acme.worker": { mount: "jwt-trustee", digest: DIGESTS.acmeWorker },
  "globex.web": { mount: "jwt-trustee", digest: DIGESTS.globexWeb },
};
