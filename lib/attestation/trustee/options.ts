// What a Trustee is made of, as its owner says it, and what is refused before anything is made.
import { assertShape, scopeOf, shape } from "../../core/option-shape";
import type { HostReference } from "../../host-cluster/host-cluster";
import { assertTrustee } from "./option-checks";

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
  assertTrustee(checked);
  return checked;
}
