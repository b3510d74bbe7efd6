// Two small Envoys: one serves the signer's public keys and nothing else, one takes the broker to Postgres by TLS.
import type { CheckedTrustee } from "./options";
import { FOLDERS, partName, PORTS, POSTGRES_LOOPBACK } from "./names";

/** Envoy's type of a message in a field that takes any. */
const typed = (name: string): { "@type": string } => ({ "@type": `type.googleapis.com/envoy.${name}` });

type Json = Readonly<Record<string, unknown>>;

const address = (host: string, port: number): Json => ({
  socket_address: { address: host, port_value: port },
});

function cluster(name: string, host: string, port: number, more: Json = {}): Json {
  return {
    name,
    type: "STRICT_DNS",
    dns_lookup_family: "V4_ONLY",
    connect_timeout: "5s",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host, port) } }] }],
    },
    ...more,
  };
}

/** Access log on standard output, one JSON object a line. Paths and answers alone: no header that may hold a token. */
const ACCESS_LOG = [
  {
    name: "envoy.access_loggers.stdout",
    typed_config: {
      ...typed("extensions.access_loggers.stream.v3.StdoutAccessLog"),
      log_format: {
        json_format: {
          time: "%START_TIME%",
          client: "%DOWNSTREAM_REMOTE_ADDRESS%",
          method: "%REQ(:METHOD)%",
          path: "%REQ(:PATH)%",
          status: "%RESPONSE_CODE%",
        },
      },
    },
  },
];

const KEY_SET = "/.well-known/jwks.json";

/**
 * Serves GET /.well-known/jwks.json, in clear to the attestation service on the port that also takes policies; every other
 * path and method is 404 here. SOURCE of the path: v0.21.0, attestation-service/src/bin/grpc/mod.rs.
 */
export function jwksProxyConfig(): Json {
  return {
    static_resources: {
      listeners: [
        {
          name: "jwks",
          address: address("0.0.0.0", PORTS.jwks),
          filter_chains: [
            {
              transport_socket: {
                name: "envoy.transport_sockets.tls",
                typed_config: {
                  ...typed("extensions.transport_sockets.tls.v3.DownstreamTlsContext"),
                  common_tls_context: {
                    tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
                    tls_certificates: [
                      {
                        certificate_chain: { filename: `${FOLDERS.tls}/tls.crt` },
                        private_key: { filename: `${FOLDERS.tls}/tls.key` },
                      },
                    ],
                  },
                },
              },
              filters: [
                {
                  name: "envoy.filters.network.http_connection_manager",
                  typed_config: {
                    ...typed("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
                    stat_prefix: "jwks",
                    codec_type: "AUTO",
                    access_log: ACCESS_LOG,
                    normalize_path: true,
                    merge_slashes: true,
                    path_with_escaped_slashes_action: "REJECT_REQUEST",
                    request_timeout: "10s",
                    route_config: {
                      name: "jwks",
                      virtual_hosts: [
                        {
                          name: "jwks",
                          domains: ["*"],
                          routes: [
                            {
                              match: {
                                path: KEY_SET,
                                headers: [{ name: ":method", string_match: { exact: "GET" } }],
                              },
                              route: { cluster: "as", timeout: "5s" },
                            },
                          ],
                        },
                      ],
                    },
                    http_filters: [
                      {
                        name: "envoy.filters.http.router",
                        typed_config: typed("extensions.filters.http.router.v3.Router"),
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
      clusters: [cluster("as", partName("as"), PORTS.as)],
    },
  };
}

/**
 * Takes connections from the broker's own pod to Postgres by TLS: the broker's client is built without TLS.
 * SOURCE: v0.21.0, deps/key-value-storage/Cargo.toml and Cargo.lock (sqlx without a TLS feature); PostgreSQL 17 documentation,
 * "SSL Session Encryption": a server takes a TLS handshake first when ALPN says `postgresql`.
 */
export function postgresProxyConfig({ postgres }: CheckedTrustee): Json {
  return {
    static_resources: {
      listeners: [
        {
          name: "postgres",
          address: address("127.0.0.1", POSTGRES_LOOPBACK),
          filter_chains: [
            {
              filters: [
                {
                  name: "envoy.filters.network.tcp_proxy",
                  typed_config: {
                    ...typed("extensions.filters.network.tcp_proxy.v3.TcpProxy"),
                    stat_prefix: "postgres",
                    cluster: "postgres",
                  },
                },
              ],
            },
          ],
        },
      ],
      clusters: [
        cluster("postgres", postgres.host, postgres.port, {
          transport_socket: {
            name: "envoy.transport_sockets.tls",
            typed_config: {
              ...typed("extensions.transport_sockets.tls.v3.UpstreamTlsContext"),
              sni: postgres.host,
              common_tls_context: {
                alpn_protocols: ["postgresql"],
                tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
                validation_context: {
                  trusted_ca: { filename: `${FOLDERS.postgres}/ca.crt` },
                  match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: postgres.host } }],
                },
              },
            },
          },
        }),
      ],
    },
  };
}
