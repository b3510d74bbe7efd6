// What a tenant would write into its own namespace if somebody gave it the right: everything, in all the ways there are.
import type { KubernetesObject } from "../../../lib/core/manifest-release";

const PORTS = [53, 80, 443, 6443, 8443, 10250, 30080].flatMap((port) =>
  ["TCP", "UDP"].map((protocol) => ({ port: `${port}`, protocol })),
);

const made = new Map<string, readonly KubernetesObject[]>();

/** Policies that allow everything, each in one way; none of them carries our names. The same objects for the same tenant. */
export function hostilePolicies(tenant: string): readonly KubernetesObject[] {
  const known = made.get(tenant) ?? makePolicies(tenant);
  made.set(tenant, known);
  return known;
}

function makePolicies(tenant: string): KubernetesObject[] {
  const namespace = `tenant-${tenant}`;
  const cilium = (name: string, spec: object): KubernetesObject =>
    ({
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: { name, namespace },
      spec: { endpointSelector: {}, ...spec },
    }) as KubernetesObject;
  const kubernetes = (name: string, spec: object): KubernetesObject =>
    ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name, namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...spec },
    }) as KubernetesObject;
  const everywhere = { namespaceSelector: {}, podSelector: {} };
  return [
    kubernetes("open", { ingress: [{}], egress: [{}] }),
    kubernetes("open-namespaces", { ingress: [{ from: [everywhere] }], egress: [{ to: [everywhere] }] }),
    kubernetes("open-ranges", {
      ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }],
      egress: [
        { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] },
        { to: [{ ipBlock: { cidr: "169.254.169.254/32" } }], ports: [{ port: 80, protocol: "TCP" }] },
        { to: [{ ipBlock: { cidr: "10.42.0.0/16" } }], ports: [{ port: 10250, protocol: "TCP" }] },
      ],
    }),
    cilium("all", { ingress: [{ fromEntities: ["all"] }], egress: [{ toEntities: ["all"] }] }),
    cilium("entities", {
      ingress: [{ fromEntities: ["world", "host", "remote-node", "kube-apiserver", "cluster"] }],
      egress: [{ toEntities: ["world", "host", "remote-node", "kube-apiserver", "cluster"] }],
    }),
    cilium("entities-on-ports", {
      egress: [
        { toEntities: ["world", "host", "remote-node", "kube-apiserver"], toPorts: [{ ports: PORTS }] },
      ],
    }),
    cilium("ports-alone", { egress: [{ toPorts: [{ ports: PORTS }] }] }),
    cilium("ranges", {
      egress: [{ toCIDR: ["169.254.169.254/32", "169.254.170.23/32", "168.63.129.16/32", "10.0.0.0/8"] }],
    }),
    cilium("endpoints", {
      ingress: [
        {
          fromEndpoints: [{ matchExpressions: [{ key: "io.kubernetes.pod.namespace", operator: "Exists" }] }],
        },
      ],
      egress: [
        { toEndpoints: [{ matchExpressions: [{ key: "io.kubernetes.pod.namespace", operator: "Exists" }] }] },
      ],
    }),
    cilium("no-default-deny", {
      enableDefaultDeny: { ingress: false, egress: false },
      ingress: [{ fromEntities: ["all"] }],
      egress: [{ toEntities: ["all"] }],
    }),
  ];
}
