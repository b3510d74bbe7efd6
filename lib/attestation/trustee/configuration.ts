// Configuration files of key broker, attestation service and RVPS. Keys: docs/trustee.md, each with its source.
import type { CheckedTrustee } from "./options";
import { FOLDERS, partName, PORTS } from "./names";
import { toml } from "./toml";

/** Addresses collateral is fetched from. SOURCE: v0.21.0, deps/verifier/src/snp/mod.rs, intel_dcap/mod.rs. */
export const COLLATERAL = {
  amd: "https://kdsintf.amd.com",
  intel: "https://api.trustedservices.intel.com/sgx/certification/v4/",
} as const;

/**
 * Log level. Its Postgres client writes the connection string with the password into the log at `info`.
 * SOURCE: v0.21.0, deps/key-value-storage/src/postgres/mod.rs.
 */
export const RUST_LOG = "info,key_value_storage=warn";

/** Minutes a handshake may take, and a result lives. SOURCE: v0.21.0, kbs/src/attestation/config.rs, ear_token/mod.rs. */
const HANDSHAKE_MINUTES = 5;
const RESULT_MINUTES = 5;

/** The key broker's `kbs-config.toml`. */
export function kbsConfig({ sessions, admin }: CheckedTrustee): string {
  return toml({
    session_storage_type: sessions,
    http_server: {
      sockets: [`0.0.0.0:${PORTS.kbs}`],
      insecure_http: false,
      private_key: `${FOLDERS.tls}/tls.key`,
      certificate: `${FOLDERS.tls}/tls.crt`,
      tls_profile: "intermediate",
    },
    attestation_token: {
      insecure_header_jwk: false,
      trusted_certs_paths: [`${FOLDERS.signer}/ca.crt`],
    },
    attestation_service: {
      type: "coco_as_grpc",
      as_addr: `http://${partName("as")}:${PORTS.as}`,
      timeout: HANDSHAKE_MINUTES,
    },
    admin:
      admin === undefined
        ? { authorization_mode: "DenyAll" }
        : {
            authorization_mode: "AuthenticatedAuthorization",
            authentication: {
              bearer_jwt: {
                identity_providers: [
                  { issuer: admin.issuer, audience: admin.audience, jwk_set_uri: admin.jwkSetUri },
                ],
              },
            },
            authorization: {
              regex_acl: {
                acls: admin.acls.map(({ role, allowedEndpoints }) => ({
                  role,
                  allowed_endpoints: allowedEndpoints,
                })),
              },
            },
          },
    plugins: [{ name: "resource", storage_backend_type: "kvstorage" }],
    // The connection string is not here: POSTGRES_URL is, from a Secret.
    storage_backend: { storage_type: "Postgres", backends: { postgres: {} } },
  });
}

/** Storage that nobody can write: its folders are ConfigMaps. */
const READ_ONLY = { storage_type: "LocalFs", backends: { local_fs: { dir_path: FOLDERS.storage } } } as const;

/** The attestation service's `config.json`: it reads JSON alone. */
export function asConfig({ verboseToken, collateral }: CheckedTrustee): Readonly<Record<string, unknown>> {
  return {
    storage_backend: READ_ONLY,
    rvps_config: { type: "GrpcRemote", address: `http://${partName("rvps")}:${PORTS.rvps}` },
    attestation_token_broker: {
      duration_min: RESULT_MINUTES,
      verbose_token: verboseToken,
      signer: { key_path: `${FOLDERS.signer}/tls.key`, cert_path: `${FOLDERS.signer}/tls.crt` },
    },
    verifier_config: {
      snp_verifier: { vcek_sources: [{ type: "KDS", base_url: collateral?.amd ?? COLLATERAL.amd }] },
      dcap_verifier: { collateral_service: collateral?.intel ?? COLLATERAL.intel },
    },
  };
}

/** RVPS' `rvps.json`. A file it cannot read is replaced by storage in memory, which has no values: everything is refused. */
export function rvpsConfig(): Readonly<Record<string, unknown>> {
  return { storage: READ_ONLY };
}
