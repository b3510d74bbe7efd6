// Who may talk to whom, written by hand. What is not here is forbidden.

/** Sender, receiver, ports. `own` is a pod of the same tenant; `any` is every port. */
export type Row = readonly [from: string, to: string, ports: string];

/** Ends outside the cluster that nothing but an address tells apart. */
const OUTSIDE = [
  "internet",
  "intranet",
  "egress range",
  "egress part",
  "egress name",
  "identity provider",
  "claimed by name",
];

/** On every host. */
export const ALLOWED: readonly Row[] = [
  ["workload", "own workload", "any"],
  ["workload", "own control plane", "8443/TCP"],
  ["workload", "own CoreDNS", "1053/TCP 1053/UDP"],

  ["CoreDNS", "own control plane", "8443/TCP"],
  // A query's copy to the public resolver is not here: there is none.
  ["CoreDNS", "resolver", "53/TCP 53/UDP"],

  ["control plane", "own workload", "any"],
  ["control plane", "own CoreDNS", "1053/TCP 1053/UDP"],
  ["control plane", "host DNS", "53/TCP 53/UDP"],

  // Kubelets probe. Cilium lets the own node in, whatever policies say.
  ["node", "workload", "any"],
  ["node", "CoreDNS", "any"],
  ["node", "control plane", "any"],
  ["node", "stray", "any"],
];

/** The way to the host's API server, by where it is. */
export const API_SERVER: Readonly<Record<string, readonly Row[]>> = {
  outside: [["control plane", "API server", "443/TCP 6443/TCP"]],
  "remote node": [["control plane", "other node", "443/TCP 6443/TCP"]],
  "own node": [["control plane", "node", "443/TCP 6443/TCP"]],
  // Dataplane V2: by its range.
  range: [["control plane", "API server", "443/TCP"]],
};

/** What a tenant's file adds, by what it asks for. */
export const ASKED_FOR: Readonly<Record<string, readonly Row[]>> = {
  nothing: [],
  // { cidr: 203.0.113.0/24, ports: 443 }, as in the examples.
  range: [
    ["workload", "egress range", "443/TCP"],
    ["workload", "egress part", "443/TCP"],
  ],
  // { cidr: 203.0.113.0/24, ports: 443 } and { cidr: 203.0.113.128/25, ports: 53, protocol: UDP }
  overlapping: [
    ["workload", "egress range", "443/TCP"],
    ["workload", "egress part", "443/TCP 53/UDP"],
  ],
  // { fqdn: api.example.com, ports: 443, 80 }: the tenant's own CoreDNS says which address that is.
  name: [
    ["workload", "egress name", "443/TCP 80/TCP"],
    ["workload", "claimed by name", "443/TCP 80/TCP"],
  ],
  // { fqdn: <some name>, ports: 443 }: a name that no end here has.
  "name on 443": [],
  // api: { oidc: { issuer: https://login.example.com/acme } }: the host's DNS says which address that is.
  login: [["control plane", "identity provider", "443/TCP"]],
  "login on aws": [],
  "login on azure": [],
  // api: { via: gateway }
  gateway: [["gateway", "control plane", "8443/TCP"]],
  // The platform's label on the namespace: 169.254.170.23 lies on the node itself, or looks like any address.
  "identity on aws": [
    ["workload", "EKS Pod Identity", "80/TCP"],
    ["workload", "node", "80/TCP"],
  ],
  "identity on azure": [],
  "identity on google": [
    ["workload", "resolver", "80/TCP"],
    ["workload", "GKE metadata", "80/TCP"],
  ],
};

/**
 * What opens when the tenant itself has policies in its namespace that allow everything, in and out. It takes RBAC that no
 * tenant has; nothing here is outside its own namespace but for the last rows.
 */
export const HOSTILE: readonly Row[] = [
  ["workload", "own any", "any"],
  ["CoreDNS", "own any", "any"],
  ["control plane", "own any", "any"],
  ["stray", "own any", "any"],
  // The platform's own pods have no egress policy of ours.
  ["host DNS", "any", "any"],
  ["metrics server", "any", "any"],
  ["gateway", "any", "any"],
  ["platform pod", "any", "any"],
];

/**
 * What opens on top, by what the tenant asked for. A deny cannot tell a name, so a name's ports are open to everywhere; and
 * it cannot tell a stray pod from a workload, so that one gets what workloads have.
 */
export const HOSTILE_ASKED_FOR: Readonly<Record<string, readonly Row[]>> = {
  range: [
    ["stray", "egress range", "443/TCP"],
    ["stray", "egress part", "443/TCP"],
  ],
  overlapping: [
    ["stray", "egress range", "443/TCP"],
    ["stray", "egress part", "443/TCP 53/UDP"],
    // Ranges that overlap share their ports.
    ["workload", "egress range", "53/UDP"],
    ["stray", "egress range", "53/UDP"],
  ],
  name: outside("443/TCP 80/TCP"),
  "name on 443": outside("443/TCP"),
  login: [...OUTSIDE, "database", "address of no pod", "address of no Service", "API server"].map(
    (to): Row => ["control plane", to, "443/TCP"],
  ),
  // Azure's resolver is its wire server, which stays shut.
  "login on aws": [["control plane", "resolver", "443/TCP"]],
  "login on azure": [],
  "identity on aws": [
    ["stray", "EKS Pod Identity", "80/TCP"],
    ["stray", "node", "80/TCP"],
  ],
  "identity on google": [
    ["stray", "resolver", "80/TCP"],
    ["stray", "GKE metadata", "80/TCP"],
  ],
};

/** On IPv6, of which no file can name an address. */
export const HOSTILE_NAME_ON_IPV6: readonly Row[] = [
  ["workload", "internet, IPv6", "443/TCP 80/TCP"],
  ["stray", "internet, IPv6", "443/TCP 80/TCP"],
];
export const HOSTILE_NAME_ON_443_IPV6: readonly Row[] = [
  ["workload", "internet, IPv6", "443/TCP"],
  ["stray", "internet, IPv6", "443/TCP"],
];
export const HOSTILE_LOGIN_ON_IPV6: readonly Row[] = [["control plane", "internet, IPv6", "443/TCP"]];
export const IDENTITY_ON_IPV6: readonly Row[] = [
  ["workload", "EKS Pod Identity, IPv6", "80/TCP"],
  ["stray", "EKS Pod Identity, IPv6", "80/TCP"],
];

/** What the host's fence alone leaves open to hostile tenants without guardrails: the internet, for all but what is special. */
export const UNGUARDED: readonly Row[] = ["workload", "stray"].flatMap((from) =>
  OUTSIDE.map((to): Row => [from, to, "any"]),
);

/** Everything outside, for a tenant's pods whose own CoreDNS says which address a name is. */
function outside(ports: string): Row[] {
  return OUTSIDE.flatMap((to): Row[] => [
    ["workload", to, ports],
    ["stray", to, ports],
  ]);
}
