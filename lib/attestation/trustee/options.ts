// What a Trustee is made of, as its owner says it, and what is refused before anything is made.
import { ConfigurationError, reasonOf, type ErrorCode } from "../../core/errors";
import { assertName } from "../../core/names";
import { assertShape, scopeOf, shape } from "../../core/option-shape";
import type { HostReference } from "../../host-cluster/host-cluster";
import { parseCidr } from "../../network/cidr";
import { hasNamespacedPolicies } from "../../network/cilium-policy";

/**
 * Images, each `name@sha256:<64 hex>`: a tag can be moved under a running verifier. This library names none, because
 * Trustee's release digests are published nowhere it could read them; build them from tag v0.21.0, or copy the digests
 * from the registry you mirror. Fails with TRUSTEE_IMAGE.
 */
export interface TrusteeImages {
  /** Key broker, built with AS_FEATURE=coco-as-grpc. SOURCE: v0.21.0, kbs/docker/coco-as-grpc/Dockerfile. */
  readonly kbs: string;
  /** Attestation service, gRPC. SOURCE: v0.21.0, attestation-service/docker/as-grpc/Dockerfile. */
  readonly as: string;
  /** Reference value provider. SOURCE: v0.21.0, rvps/docker/Dockerfile. */
  readonly rvps: string;
  /** Envoy, 1.33 or later, with its program at /usr/local/bin/envoy. */
  readonly proxy: string;
  /** Any image with `psql` on its PATH, like the official one of Postgres. */
  readonly psql: string;
}

/** Postgres, by reference: no address with a password is ever in a stack. */
export interface TrusteePostgres {
  /**
   * Secret with two connection strings. `kbs-url`: the broker's role at `127.0.0.1:5432`, where its sidecar listens.
   * `owner-url`: the owner of the database at its real address, with `sslmode=verify-full` and
   * `sslrootcert=/etc/trustee/postgres/ca.crt`.
   */
  readonly secret: string;
  /** Secret with the certificate authority of the server, key `ca.crt`. */
  readonly caSecret: string;
  /** Host name of the server, as in its certificate. Postgres 17 or later: its sidecar begins with TLS, without asking. */
  readonly host: string;
  /** @default 5432 */
  readonly port?: number;
  /** Range the server's addresses lie in, CIDR; the fence opens it. */
  readonly cidr: string;
  /** The broker's role in the database: it reads the policy and cannot change it. @default "kbs" */
  readonly role?: string;
}

/** The public half of the signer, for whoever verifies results: Vault, mostly. */
export interface TrusteeJwks {
  /** Address of the key set, https, ending in /.well-known/jwks.json. Fails with TRUSTEE_ENDPOINT. */
  readonly url: string;
  /** Secret of type kubernetes.io/tls for it. */
  readonly tlsSecret: string;
  /** Ranges that may read it, CIDR. */
  readonly clients: readonly string[];
}

/** People and programs that write secrets into the broker, logged in by an identity provider. */
export interface TrusteeAdmin {
  /** Keys of the provider, https. Read once, when the broker starts. */
  readonly jwkSetUri: string;
  readonly issuer: string;
  readonly audience: string;
  /** Ranges of the provider, CIDR, on a host whose CNI knows no names. @default - by name */
  readonly cidrs?: readonly string[];
  /**
   * What each role may call: a pattern from `^/kbs` to `$`. The token has a claim `role`. Policies and reference values are
   * no one's to write: they come from the trust-policy stack. Fails with TRUSTEE_ADMIN.
   */
  readonly acls: readonly { readonly role: string; readonly allowedEndpoints: string }[];
}

/** Where signatures of processors are checked against. */
export interface TrusteeCollateral {
  /** A PCCS of your own, https, for Intel's collateral. @default - Intel's own service */
  readonly intel?: string;
  /** A mirror of AMD's key service, https. @default - AMD's own service */
  readonly amd?: string;
  /** Ranges of both, CIDR: needed where the CNI knows no names. Fails with TRUSTEE_EGRESS. @default - by name */
  readonly cidrs?: readonly string[];
}

export interface TrusteeServerOptions {
  /** What a tenant's file names as its verifier. @default "trustee" */
  readonly name?: string;
  /** The cluster it runs on. Not the tenants' own: TRUSTEE_HOST. */
  readonly host: HostReference;
  /** Consent to run it on the tenants' own cluster, where the admins who must be kept out administer it. */
  readonly sameClusterReason?: string;
  /** Namespace of its own. @default "trustee" */
  readonly namespace?: string;
  /** Address guests call: https with host and port alone. Fails with TRUSTEE_ENDPOINT. */
  readonly url: string;
  /** Ranges guests call from, CIDR. */
  readonly clients: readonly string[];
  readonly images: TrusteeImages;
  /** Secret of type kubernetes.io/tls for `url`. The broker reads it at its start alone: restart it after a rotation. */
  readonly tlsSecret: string;
  /** Secret with a P-256 key that signs results: `tls.key`, `tls.crt`, and the authority of that in `ca.crt`. */
  readonly signerSecret: string;
  readonly postgres: TrusteePostgres;
  /** Where handshakes are kept: `Postgres` or `Memory`. Memory holds with one replica alone: TRUSTEE_SESSIONS. @default "Postgres" */
  readonly sessions?: string;
  /** Pods of broker, attestation service, reference values and proxy, each. @default 2 */
  readonly replicas?: number;
  /** @default - nobody: the admin API is closed */
  readonly admin?: TrusteeAdmin;
  /** @default - no key set is served; give Vault the public key */
  readonly jwks?: TrusteeJwks;
  readonly collateral?: TrusteeCollateral;
  /** Evidence of devices goes into results as well, which makes them large. @default false */
  readonly verboseToken?: boolean;
  /** RuntimeClass of a confidential pool of `host`. @default - the cluster's own */
  readonly runtimeClassName?: string;
  /** Annotations of the load balancers' Services, as the cloud wants them. @default - none */
  readonly serviceAnnotations?: Readonly<Record<string, string>>;
}

const TEXTS = shape.texts;
const SHAPE = shape.object({
  name: shape.text.optional(),
  host: shape.withMember("network", "a HostReference, of AksHost, GkeHost, EksHost or HostFile"),
  sameClusterReason: shape.text.optional(),
  namespace: shape.text.optional(),
  url: shape.text,
  clients: TEXTS,
  images: shape.object({
    kbs: shape.text,
    as: shape.text,
    rvps: shape.text,
    proxy: shape.text,
    psql: shape.text,
  }),
  tlsSecret: shape.text,
  signerSecret: shape.text,
  postgres: shape.object({
    secret: shape.text,
    caSecret: shape.text,
    host: shape.text,
    port: shape.number.optional(),
    cidr: shape.text,
    role: shape.text.optional(),
  }),
  sessions: shape.text.optional(),
  replicas: shape.number.optional(),
  admin: shape
    .object({
      jwkSetUri: shape.text,
      issuer: shape.text,
      audience: shape.text,
      cidrs: TEXTS.optional(),
      acls: shape.objects("roles with what they may call"),
    })
    .optional(),
  jwks: shape.object({ url: shape.text, tlsSecret: shape.text, clients: TEXTS }).optional(),
  collateral: shape
    .object({ intel: shape.text.optional(), amd: shape.text.optional(), cidrs: TEXTS.optional() })
    .optional(),
  verboseToken: shape.flag.optional(),
  runtimeClassName: shape.text.optional(),
  serviceAnnotations: shape.byName(shape.text).optional(),
});

/** Options with defaults filled in. */
export type CheckedTrustee = TrusteeServerOptions &
  Required<Pick<TrusteeServerOptions, "name" | "namespace" | "sessions" | "replicas" | "verboseToken">> & {
    readonly postgres: Required<TrusteePostgres>;
  };

/** Throws what is wrong with options; fills in defaults. */
export function checkedTrustee(options: TrusteeServerOptions): CheckedTrustee {
  assertShape(scopeOf("trustee", options), SHAPE, options);
  const checked: CheckedTrustee = {
    ...options,
    name: options.name ?? "trustee",
    namespace: options.namespace ?? "trustee",
    sessions: options.sessions ?? "Postgres",
    replicas: options.replicas ?? 2,
    verboseToken: options.verboseToken ?? false,
    postgres: {
      ...options.postgres,
      port: options.postgres.port ?? 5432,
      role: options.postgres.role ?? "kbs",
    },
  };
  const scope = `trustee.${checked.name}`;
  const fail = (code: ErrorCode, text: string): never => {
    throw new ConfigurationError(code, scope, text);
  };
  for (const check of [names, host, images, endpoints, ranges, sessions, admin, egress]) check(checked, fail);
  return checked;
}

type Fail = (code: ErrorCode, text: string) => never;
type Check = (options: CheckedTrustee, fail: Fail) => void;

const names: Check = (options) => {
  const scope = `trustee.${options.name}`;
  assertName(scope, "name", options.name);
  for (const [prop, value] of [
    ["namespace", options.namespace],
    ["tlsSecret", options.tlsSecret],
    ["signerSecret", options.signerSecret],
    ["postgres.secret", options.postgres.secret],
    ["postgres.caSecret", options.postgres.caSecret],
    ...(options.jwks ? [["jwks.tlsSecret", options.jwks.tlsSecret] as const] : []),
  ] as const)
    assertName(scope, prop, value, "NAME", 63);
  if (options.sameClusterReason !== undefined)
    reasonOf(scope, "sameClusterReason", options.sameClusterReason);
};

/** The hop from broker to attestation service is gRPC in clear: the network must encrypt and fence it. */
const host: Check = ({ host: { name, network } }, fail) => {
  if (network.enforcesNetworkPolicy && network.encryptsPodTraffic) return;
  fail(
    "TRUSTEE_HOST",
    "Trustee's parts speak gRPC in clear with whoever reaches them, so its host must enforce network policies and encrypt " +
      `between nodes, got host ${name} (enforces: ${network.enforcesNetworkPolicy}, encrypts: ${network.encryptsPodTraffic}); ` +
      "use a host with CiliumEncryption, or one of GkeHost",
  );
};

const DIGEST = /^[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}$/;

const images: Check = ({ images: given }, fail) => {
  for (const [part, image] of Object.entries(given))
    if (!DIGEST.test(image))
      fail(
        "TRUSTEE_IMAGE",
        `images.${part} must be pinned by digest (name@sha256:<64 hex digits>), because whoever moves a tag replaces the ` +
          `verifier, got '${image}'; write the digest your registry shows`,
      );
};

const HTTPS = /^https:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

const endpoints: Check = ({ url, jwks, admin: idp, collateral, postgres }, fail) => {
  const addresses = {
    url,
    ...(jwks ? { "jwks.url": jwks.url } : {}),
    ...(idp ? { "admin.jwkSetUri": idp.jwkSetUri, "admin.issuer": idp.issuer } : {}),
    ...(collateral?.intel === undefined ? {} : { "collateral.intel": collateral.intel }),
    ...(collateral?.amd === undefined ? {} : { "collateral.amd": collateral.amd }),
  };
  for (const [prop, address] of Object.entries(addresses))
    if (!HTTPS.test(address))
      fail(
        "TRUSTEE_ENDPOINT",
        `${prop} must be an https address in lower case, without user or query, because nothing of Trustee speaks in clear ` +
          `outside its namespace, got '${address}'; write https://<name>`,
      );
  if (/^https:\/\/.*\//.test(url))
    fail(
      "TRUSTEE_ENDPOINT",
      `url must be host and port alone, as guests append the rest, got '${url}'; cut the path`,
    );
  if (jwks && !jwks.url.endsWith("/.well-known/jwks.json"))
    fail(
      "TRUSTEE_ENDPOINT",
      `jwks.url must end in /.well-known/jwks.json, the one path the proxy lets through, got '${jwks.url}'; append it`,
    );
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(postgres.host) || /^[\d.]+$/.test(postgres.host))
    fail(
      "TRUSTEE_ENDPOINT",
      `postgres.host must be a host name, as the server's certificate has it, got '${postgres.host}'; write the name`,
    );
  if (!Number.isInteger(postgres.port) || postgres.port < 1 || postgres.port > 65535)
    fail("TRUSTEE_ENDPOINT", `postgres.port must be a port, got ${postgres.port}; write 5432`);
};

const ranges: Check = ({ clients, jwks, postgres, collateral, admin: idp }, fail) => {
  const lists: Readonly<Record<string, readonly string[]>> = {
    clients,
    ...(jwks ? { "jwks.clients": jwks.clients } : {}),
    "postgres.cidr": [postgres.cidr],
    ...(collateral?.cidrs ? { "collateral.cidrs": collateral.cidrs } : {}),
    ...(idp?.cidrs ? { "admin.cidrs": idp.cidrs } : {}),
  };
  for (const [prop, list] of Object.entries(lists)) {
    if (list.length === 0)
      fail(
        "TRUSTEE_EGRESS",
        `${prop} must name at least one range, got none; write who calls, like 10.42.0.0/16`,
      );
    for (const cidr of list) {
      const range = parseCidr(cidr);
      if (range === undefined || range.prefix === 0)
        fail(
          "TRUSTEE_EGRESS",
          `${prop} must name IPv4 ranges, never everything, got '${cidr}'; write ranges like 10.42.0.0/16`,
        );
    }
  }
};

const sessions: Check = ({ sessions: kept, replicas }, fail) => {
  if (!["Postgres", "Memory"].includes(kept))
    fail("TRUSTEE_SESSIONS", `sessions must be kept in Postgres or Memory, got '${kept}'; write Postgres`);
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 20)
    fail("TRUSTEE_SESSIONS", `replicas must be a whole number from 1 to 20, got ${replicas}; write 2`);
  if (kept === "Memory" && replicas > 1)
    fail(
      "TRUSTEE_SESSIONS",
      `sessions in memory must have one replica, because a guest's second call may reach another pod, got ${replicas}; ` +
        "keep sessions in Postgres, or write replicas: 1",
    );
};

/** What only the trust-policy stack may write. */
const POLICY_CALLS = [
  "/kbs/v0/resource-policy",
  "/kbs/v0/attestation-policy",
  "/kbs/v0/reference-value",
  "/kbs/v0/reference-value/snp_launch_measurement",
];

const admin: Check = ({ admin: idp }, fail) => {
  if (!idp) return;
  if (idp.acls.length === 0)
    fail(
      "TRUSTEE_ADMIN",
      "admin.acls must name at least one role, got none; leave admin out to close the API",
    );
  if (idp.audience.trim() === "")
    fail(
      "TRUSTEE_ADMIN",
      "admin.audience must be said, because tokens for others would do, got ''; write it",
    );
  for (const { role, allowedEndpoints } of idp.acls) {
    const pattern = patternOf(allowedEndpoints);
    if (typeof role !== "string" || role === "" || pattern === undefined)
      fail(
        "TRUSTEE_ADMIN",
        "admin.acls must be roles with a pattern from ^/kbs to $ and without alternatives, got " +
          `'${String(role)}': '${String(allowedEndpoints)}'; write ^/kbs/v0/resource/.+$`,
      );
    const call = POLICY_CALLS.find((path) => pattern!.test(path));
    if (call !== undefined)
      fail(
        "TRUSTEE_ADMIN",
        `admin.acls must not open policies and reference values, which come from the trust-policy stack, got '${allowedEndpoints}', ` +
          `which opens ${call}; write ^/kbs/v0/resource/.+$`,
      );
  }
};

/** `|` outside a group would leave one side without its anchor. */
function patternOf(text: unknown): RegExp | undefined {
  if (typeof text !== "string" || !text.startsWith("^/kbs") || !text.endsWith("$") || text.includes("|"))
    return undefined;
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

const egress: Check = ({ host: { name, network }, collateral, admin: idp }, fail) => {
  if (hasNamespacedPolicies(network)) return;
  if (collateral?.cidrs === undefined)
    fail(
      "TRUSTEE_EGRESS",
      `host ${name} has a CNI ('${network.cni}') whose policies know no names, so collateral.cidrs must name the ranges of the ` +
        "processor vendors' services, got none; write those of a caching proxy of yours, and its address in intel and amd",
    );
  if (idp && idp.cidrs === undefined)
    fail(
      "TRUSTEE_EGRESS",
      `host ${name} has a CNI ('${network.cni}') whose policies know no names, so admin.cidrs must name the ranges of the ` +
        "identity provider, got none; write them",
    );
};
