// A Trustee for tests: small, valid, and changed by what a test is about.
import type { TrusteeServerOptions } from "../../lib/attestation/trustee/options";
import { TrusteeServer } from "../../lib/attestation/trustee/server";
import { exampleHost } from "./host";

const image = (name: string): string => `registry.example.com/${name}@sha256:${"ab".repeat(32)}`;

/** Options of a valid Trustee. */
export function trusteeOptions(change: Partial<TrusteeServerOptions> = {}): TrusteeServerOptions {
  return {
    host: exampleHost({ name: "trust" }),
    url: "https://kbs.example.com",
    clients: ["10.42.0.0/16"],
    images: {
      kbs: image("kbs"),
      as: image("as"),
      rvps: image("rvps"),
      proxy: image("envoy"),
      psql: image("postgres"),
    },
    tlsSecret: "kbs-tls",
    signerSecret: "result-signer",
    postgres: {
      secret: "postgres-urls",
      caSecret: "postgres-ca",
      host: "postgres.example.com",
      cidr: "10.50.0.0/24",
    },
    ...change,
  };
}

export function trusteeServer(change: Partial<TrusteeServerOptions> = {}): TrusteeServer {
  return TrusteeServer.of(trusteeOptions(change));
}
