// Who reaches whom in Trustee's namespace: nothing, but for these rows. Its gRPC ports ask nobody for a name.
import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
} from "kubernetes-types/networking/v1";
import type { KubernetesObject } from "../../core/manifest-release";
import { ciliumPorts, hasNamespacedPolicies, type CiliumPolicy } from "../../network/cilium-policy";
import { HOST_DNS } from "../../network/fence-selectors";
import { COLLATERAL } from "./configuration";
import { partLabels, partName, PORTS, type Part } from "./names";
import type { CheckedTrustee } from "./options";

/** A way in or out of a part's pods. */
interface Way {
  readonly peers: readonly NetworkPolicyPeer[];
  readonly ports: readonly { readonly port: number; readonly protocol: "TCP" | "UDP" }[];
}
interface Row {
  readonly part: Part;
  readonly in: readonly Way[];
  readonly out: readonly Way[];
  /** Names it reaches on 443, where the CNI knows names; it then asks DNS for these names alone. */
  readonly names?: readonly string[];
}

const pods = (part: Part): NetworkPolicyPeer => ({ podSelector: { matchLabels: partLabels(part) } });
const ranges = (cidrs: readonly string[]): NetworkPolicyPeer[] =>
  cidrs.map((cidr) => ({ ipBlock: { cidr } }));
const tcp = (port: number): Way["ports"] => [{ port, protocol: "TCP" }];

const DNS: Way = {
  peers: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

/** The table. Kubelets' probes come from the own node, which no NetworkPolicy stops. */
function rows(options: CheckedTrustee): Row[] {
  const { clients, jwks, postgres, admin, collateral, host } = options;
  const byName = hasNamespacedPolicies(host.network);
  const database: Way = { peers: ranges([postgres.cidr]), ports: tcp(postgres.port) };
  const vendors = [collateral?.amd ?? COLLATERAL.amd, collateral?.intel ?? COLLATERAL.intel];
  return [
    {
      part: "kbs",
      in: [{ peers: ranges(clients), ports: tcp(PORTS.kbs) }],
      out: [
        { peers: [pods("as")], ports: tcp(PORTS.as) },
        database,
        DNS,
        ...(admin?.cidrs ? [{ peers: ranges(admin.cidrs), ports: tcp(443) }] : []),
      ],
      ...(admin && !admin.cidrs && byName ? { names: [hostOf(admin.jwkSetUri)] } : {}),
    },
    {
      part: "as",
      in: [{ peers: [pods("kbs"), ...(jwks ? [pods("jwks")] : [])], ports: tcp(PORTS.as) }],
      out: [
        { peers: [pods("rvps")], ports: tcp(PORTS.rvps) },
        DNS,
        ...(collateral?.cidrs ? [{ peers: ranges(collateral.cidrs), ports: tcp(443) }] : []),
      ],
      ...(collateral?.cidrs === undefined && byName ? { names: vendors.map(hostOf) } : {}),
    },
    { part: "rvps", in: [{ peers: [pods("as")], ports: tcp(PORTS.rvps) }], out: [] },
    ...(jwks
      ? [
          {
            part: "jwks" as const,
            in: [{ peers: ranges(jwks.clients), ports: tcp(PORTS.jwks) }],
            out: [{ peers: [pods("as")], ports: tcp(PORTS.as) }, DNS],
          },
        ]
      : []),
    { part: "policy", in: [], out: [database, DNS] },
  ];
}

/** Host name of an https address. */
function hostOf(url: string): string {
  return new URL(url).hostname;
}

/** Default deny, one NetworkPolicy a part, and one CiliumNetworkPolicy a part that reaches names. */
export function trusteeFence(options: CheckedTrustee): KubernetesObject[] {
  const deny: NetworkPolicy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "trustee-default-deny", namespace: options.namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
  const table = rows(options);
  return [
    deny,
    ...table.map((row) => policyOf(options, row)),
    ...table.flatMap((row) => (row.names ? [namesPolicy(options, row.part, row.names)] : [])),
  ];
}

function policyOf(options: CheckedTrustee, { part, in: ingress, out, names }: Row): NetworkPolicy {
  // With names, DNS goes through Cilium's proxy, which a rule without names beside it would go around.
  const egress = names ? out.filter((way) => way !== DNS) : out;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: partName(part), namespace: options.namespace, labels: partLabels(part) },
    spec: {
      podSelector: { matchLabels: partLabels(part) },
      policyTypes: ["Ingress", "Egress"],
      ingress: ingress.map(({ peers, ports }): NetworkPolicyIngressRule => ({
        from: [...peers],
        ports: ports.map((one) => ({ ...one })),
      })),
      egress: egress.map(({ peers, ports }): NetworkPolicyEgressRule => ({
        to: [...peers],
        ports: ports.map((one) => ({ ...one })),
      })),
    },
  };
}

function namesPolicy(options: CheckedTrustee, part: Part, names: readonly string[]): CiliumPolicy {
  const inside = `*.${options.namespace}.svc.cluster.local`;
  return {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: { name: `${partName(part)}-names`, namespace: options.namespace },
    spec: {
      description:
        "Reaches these names on 443, asks DNS for them and for its own namespace, and for nothing else.",
      endpointSelector: { matchLabels: { ...partLabels(part) } },
      egress: [
        {
          toEndpoints: [HOST_DNS],
          toPorts: [
            {
              ports: ciliumPorts(DNS.ports),
              rules: {
                dns: [...names, ...(part === "kbs" ? [options.postgres.host] : []), inside].map(
                  (matchPattern) => ({ matchPattern }),
                ),
              },
            },
          ],
        },
        { toFQDNs: names.map((matchName) => ({ matchName })), toPorts: [{ ports: ciliumPorts(tcp(443)) }] },
      ],
    },
  };
}
