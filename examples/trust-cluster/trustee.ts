// The Trustee of this story: it judges GKE's TDX nodes, and opens a repository of the platform to them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Trustee, TrusteeServer, type HostReference, type TrusteeReferenceValue } from "tenclave";

/** Digests your registry shows after you built tag v0.21.0, or mirrored somebody's build. These are made up. */
const image = (name: string): string => `registry.example.com/trust/${name}@sha256:${"5e".repeat(32)}`;

/** Everything about it is checked here. */
export function describeTrustee(host: HostReference): {
  server: TrusteeServer;
  nodes: Trustee["policy"];
} {
  const server = TrusteeServer.of({
    name: "trustee-nodes",
    host,
    url: "https://kbs.trust.example.com",
    // Where calls come from: the NAT addresses of the tenants' cluster.
    clients: ["203.0.113.16/28"],
    images: {
      kbs: image("kbs-grpc-as"),
      as: image("coco-as-grpc"),
      rvps: image("rvps"),
      proxy: image("envoy"),
      psql: image("postgres"),
    },
    tlsSecret: "kbs-tls",
    signerSecret: "result-signer",
    postgres: {
      secret: "postgres-urls",
      caSecret: "postgres-ca",
      host: "trustee.cluster-example.eu-west-1.rds.amazonaws.com",
      cidr: "10.60.240.0/24",
    },
    // Vault reads the signer's public key from here.
    jwks: {
      url: "https://jwks.trust.example.com/.well-known/jwks.json",
      tlsSecret: "jwks-tls",
      clients: ["10.60.0.0/16"],
    },
    runtimeClassName: "tenclave-snp",
  });
  const { measurement, referenceValues } = JSON.parse(
    readFileSync(join(__dirname, "reference-values.json"), "utf8"),
  ) as { measurement: string; referenceValues: TrusteeReferenceValue[] };
  const nodes = Trustee.node({
    server,
    nodes: [{ evidence: "tdx", measurement, repository: "platform-nodes" }],
    referenceValues,
  });
  return { server, nodes: nodes.policy };
}
