// Who reaches whom around Trustee: a cluster, and what must pass. Everything else must not.
import type { TrusteeServerOptions } from "../../lib/attestation/trustee/options";
import { IDENTITY_LABELS } from "../../lib/network/cilium-values";
import type { FenceCluster, Flow } from "../../lib/testing/fence-cluster";
import { exampleGkeHost } from "./gke-host";
import { trusteeServer } from "./trustee";

/** A fence, with the connections it must let through. */
export interface TrusteeFenceCase {
  readonly name: string;
  readonly cluster: FenceCluster;
  readonly allowed: readonly string[];
}

const PARTS = ["kbs", "as", "rvps", "jwks", "policy"];
const PORTS = [53, 443, 5432, 8080, 8443, 50003, 50004];

/** All flows asked about, between all ends on all ports. */
export function trusteeFlows({ cluster }: TrusteeFenceCase): Flow[] {
  const ends = [
    ...cluster.pods.map(({ id }) => id),
    ...(cluster.nodes ?? []).map(({ id }) => id),
    ...(cluster.addresses ?? []).map(({ id }) => id),
  ];
  const inside = new Set(PARTS);
  return ends.flatMap((from) =>
    ends
      .filter((to) => to !== from && (inside.has(from) || inside.has(to)))
      .flatMap((to) =>
        PORTS.flatMap((port): Flow[] => [
          { from, to, port, protocol: "TCP" },
          ...(port === 53 ? [{ from, to, port, protocol: "UDP" } as const] : []),
        ]),
      ),
  );
}

export const shown = ({ from, to, port, protocol }: Flow): string => `${from} > ${to} ${protocol}/${port}`;

const dns = (part: string): string[] => [`${part} > kube-dns TCP/53`, `${part} > kube-dns UDP/53`];
const ALLOWED = [
  "guest > kbs TCP/8080",
  "kbs > as TCP/50004",
  "jwks > as TCP/50004",
  "as > rvps TCP/50003",
  "vault > jwks TCP/8443",
  "kbs > postgres TCP/5432",
  "policy > postgres TCP/5432",
  ...["kbs", "as", "jwks", "policy"].flatMap(dns),
];
/** Kubelets' probes. */
const NODE = ["kbs", "as", "rvps", "jwks", "policy"].flatMap((part) => [
  ...PORTS.map((port) => `node > ${part} TCP/${port}`),
  `node > ${part} UDP/53`,
]);

function cluster(change: Partial<TrusteeServerOptions>, identityLabels?: readonly string[]): FenceCluster {
  const server = trusteeServer({
    jwks: {
      url: "https://jwks.example.com/.well-known/jwks.json",
      tlsSecret: "jwks-tls",
      clients: ["10.60.0.0/24"],
    },
    ...change,
  });
  return {
    objects: server.objects(),
    namespaces: [
      { name: "trustee", labels: {} },
      { name: "kube-system", labels: {} },
      { name: "other", labels: {} },
    ],
    pods: [
      ...PARTS.map((part) => ({
        id: part,
        namespace: "trustee",
        labels: { "k8s-app": `trustee-${part}` },
      })),
      { id: "kube-dns", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
      // A pod elsewhere with the broker's label, and one of Trustee's namespace with none.
      { id: "impostor", namespace: "other", labels: { "k8s-app": "trustee-kbs" } },
      { id: "stray", namespace: "trustee", labels: {} },
    ],
    nodes: [
      { id: "node", ip: "10.70.0.1", local: true },
      { id: "other node", ip: "10.70.0.2" },
    ],
    addresses: [
      { id: "guest", ip: "10.42.3.4" },
      { id: "vault", ip: "10.60.0.9" },
      { id: "postgres", ip: "10.50.0.7" },
      { id: "amd", ip: "198.51.100.1", names: ["kdsintf.amd.com"] },
      { id: "intel", ip: "198.51.100.2", names: ["api.trustedservices.intel.com"] },
      { id: "vendors", ip: "192.0.2.10" },
      { id: "login", ip: "198.51.100.3", names: ["login.example.com"] },
      { id: "internet", ip: "8.8.8.8" },
      { id: "metadata", ip: "169.254.169.254" },
    ],
    ...(identityLabels ? { identityLabels } : {}),
  };
}

const ADMIN = {
  jwkSetUri: "https://login.example.com/keys",
  issuer: "https://login.example.com",
  audience: "kbs",
  acls: [{ role: "writer", allowedEndpoints: "^/kbs/v0/resource/.+$" }],
};

export const TRUSTEE_FENCES: readonly TrusteeFenceCase[] = [
  {
    name: "Cilium of this library, by name",
    cluster: cluster({}, IDENTITY_LABELS),
    allowed: [...ALLOWED, ...NODE, "as > amd TCP/443", "as > intel TCP/443"],
  },
  {
    name: "the same, with an identity provider",
    cluster: cluster({ admin: ADMIN }, IDENTITY_LABELS),
    allowed: [...ALLOWED, ...NODE, "as > amd TCP/443", "as > intel TCP/443", "kbs > login TCP/443"],
  },
  {
    name: "Dataplane V2, by range",
    cluster: cluster({
      host: { ...exampleGkeHost(), name: "trust" },
      collateral: { cidrs: ["192.0.2.0/24"] },
    }),
    allowed: [...ALLOWED, ...NODE, "as > vendors TCP/443"],
  },
];
