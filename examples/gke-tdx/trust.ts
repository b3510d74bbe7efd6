// What the platform's own nodes get from a Trustee and a Vault that run elsewhere: examples/trust-cluster holds the Trustee.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ClusterAccess,
  GivenHost,
  HostFile,
  Trustee,
  TrusteeServer,
  type ITrustPolicy,
  type IHostConnection,
  type TrusteeReferenceValue,
} from "tenclave";
import { VaultKeys, VaultLogin, VaultTrust } from "tenclave/vault";
import { retention } from "./platform";

/** Digests your registry shows after you built tag v0.21.0, or mirrored somebody's build. These are made up. */
const image = (name: string): string => `registry.example.com/trust/${name}@sha256:${"5e".repeat(32)}`;

/** The cluster of broker and Vault, and what both must know. Everything is checked here. */
export function describeTrust(): { host: IHostConnection; policies: readonly ITrustPolicy[] } {
  const reference = HostFile.read(join(__dirname, "hosts/trust-eu.json"));
  const server = TrusteeServer.of({
    name: "trustee-gke",
    // The trust cluster may hold the Trustees of other platforms, too.
    namespace: "trustee-gke",
    host: reference,
    url: "https://kbs-gke.trust.example.com",
    // The address by which the nodes of this platform leave.
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
    jwks: {
      url: "https://jwks-gke.trust.example.com/.well-known/jwks.json",
      tlsSecret: "jwks-tls",
      clients: ["10.60.0.0/16"],
    },
    runtimeClassName: "tenclave-snp",
  });
  // Read off one of your nodes. These are made up.
  const { measurement, referenceValues } = JSON.parse(
    readFileSync(join(__dirname, "reference-values.json"), "utf8"),
  ) as { measurement: string; referenceValues: TrusteeReferenceValue[] };
  const nodes = Trustee.node({
    server,
    nodes: [{ evidence: "tdx", measurement, repository: "platform-nodes" }],
    referenceValues,
  });
  const vault = VaultTrust.of({
    address: "https://vault.trust.example.com:8200",
    trustDomain: "trust.example.com",
    logins: [
      VaultLogin.trustee({
        verifier: nodes,
        keys: VaultKeys.jwks("https://jwks-gke.trust.example.com/.well-known/jwks.json"),
      }),
    ],
    // The node's evidence names no tenant: certificates are the platform's own.
    platform: [
      {
        name: "node-agent",
        login: nodes.name,
        certificate: { dnsNames: ["node-agent.platform.example.com"], minutes: 30 },
      },
    ],
    retention,
  });
  const host = GivenHost.by(
    reference,
    ClusterAccess.kubeconfig(
      "https://FEDCBA9876543210.gr7.eu-west-1.eks.amazonaws.com",
      "~/.kube/config",
      "trust-eu",
    ),
  );
  return { host, policies: [nodes.policy, vault] };
}
