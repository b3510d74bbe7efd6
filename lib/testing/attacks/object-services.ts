// A tenant writes Services and endpoints: refused and just allowed.
import { Attacker, type Attack, type AttackContext } from "../attack";
import { apply, create, patch, synced, type Manifest } from "../requests";
import { refused, allowed, own, PORTS, type Make, type More } from "./object-attack";

/** A Service as the syncer makes it. */
function service(
  context: AttackContext,
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Manifest {
  const { labels: selector } = synced(context, "v1", "Service", name).metadata;
  return synced(context, "v1", "Service", name, { spec: { ports: PORTS, selector, ...spec } }, metadata);
}

const STANDING_SERVICE = (context: AttackContext): Manifest => service(context, "standing");
const WITH_SERVICE: More = { setup: (context) => [STANDING_SERVICE(context)] };

function named(externalName: string): Make {
  return (context) =>
    create(
      service(context, "alias", {
        type: "ExternalName",
        externalName,
        ports: undefined,
        selector: undefined,
      }),
    );
}

function annotated(key: string, value: string): Make {
  return (context) => create(service(context, "annotated", {}, { annotations: { [key]: value } }));
}

/** Services, as a tenant makes them. */
export const SERVICE_ATTACKS: readonly Attack[] = [
  refused(
    "service-node-port",
    ["rule:service-type", "quota"],
    "makes a Service of type NodePort",
    "a port on every node, past the fence",
    (c) => create(service(c, "door", { type: "NodePort" })),
    { mtb: ["MTB-PL1-BC-HI-1"] },
  ),
  refused(
    "service-node-port-update",
    ["rule:service-type", "quota"],
    "turns a Service into a NodePort",
    "what CREATE refuses must not come by UPDATE",
    (c) => patch(STANDING_SERVICE(c), { spec: { type: "NodePort" } }),
    WITH_SERVICE,
  ),
  refused(
    "service-load-balancer",
    ["rule:service-type", "quota"],
    "makes a Service of type LoadBalancer",
    "a public address of the platform's account",
    (c) => create(service(c, "door", { type: "LoadBalancer", allocateLoadBalancerNodePorts: false })),
  ),
  refused(
    "service-external-ips",
    ["rule:external-ips"],
    "names a neighbour's address as external address of its Service",
    "takes its traffic on every node: CVE-2020-8554",
    (c) => create(service(c, "thief", { externalIPs: ["203.0.113.7"] })),
  ),
  refused(
    "service-external-ips-apply",
    ["rule:external-ips"],
    "adds external addresses to its Service by server-side apply",
    "what CREATE refuses must not come by apply",
    (c) => apply(service(c, "standing", { externalIPs: ["203.0.113.7"] })),
    WITH_SERVICE,
  ),
  refused(
    "service-load-balancer-ip",
    ["rule:external-ips"],
    "asks for an address of a load balancer",
    "controllers read it whatever the type",
    (c) => create(service(c, "thief", { loadBalancerIP: "203.0.113.7" })),
  ),
  refused(
    "service-status-address",
    ["api-server"],
    "writes an address into a Service's status",
    "the same as CVE-2020-8554, by another way",
    (c) =>
      patch(
        STANDING_SERVICE(c),
        { status: { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } } },
        "status",
      ),
    { ...WITH_SERVICE, as: Attacker.OPERATOR, says: /may only be used when/ },
  ),
  ...[
    ["api", "kubernetes.default.svc.cluster.local"],
    ["neighbour", "web.tenant-globex.svc"],
    ["dot", "kubernetes.default.svc.cluster.local."],
    ["metadata-name", "metadata.google.internal"],
    ["address", "169.254.169.254"],
    ["number", "example.2852039166"],
    ["short", "kubernetes"],
    ["namespace", "web.kube-system"],
    ["localhost", "x.localhost"],
  ].map(([id, target]) =>
    refused(
      `external-name-${id!}`,
      ["rule:external-name"],
      `makes an ExternalName Service for ${target!}`,
      "a gateway that follows it lends its reach",
      named(target!),
    ),
  ),
  refused(
    "external-name-update",
    ["rule:external-name"],
    "turns a Service into an ExternalName one for the metadata service",
    "what CREATE refuses must not come by UPDATE",
    (c) =>
      patch(STANDING_SERVICE(c), {
        spec: {
          type: "ExternalName",
          externalName: "metadata.google.internal",
          clusterIP: null,
          clusterIPs: null,
        },
      }),
    WITH_SERVICE,
  ),
  allowed(
    "external-name-public",
    "makes an ExternalName Service for a database outside",
    "usual",
    named("db.example.com"),
  ),
  ...[
    ["dns", "external-dns.alpha.kubernetes.io/hostname", "www.example.com"],
    ["cilium-global", "service.cilium.io/global", "true"],
    ["cilium-old", "io.cilium/global-service", "true"],
    ["neg", "cloud.google.com/neg", '{"exposed_ports":{"80":{}}}'],
    ["aws", "service.beta.kubernetes.io/aws-load-balancer-type", "external"],
    ["azure", "service.beta.kubernetes.io/azure-load-balancer-resource-group", "other"],
    ["ours", "tenclave.dev/exceptions", "service-type"],
  ].map(([id, key, value]) =>
    refused(
      `service-annotation-${id!}`,
      ["rule:service-annotations"],
      `annotates its Service with ${key!}`,
      "a controller of the platform obeys it",
      annotated(key!, value!),
    ),
  ),
  refused(
    "service-annotation-update",
    ["rule:service-annotations"],
    "annotates its Service for external-dns afterwards",
    "takes a name of the platform's DNS zone",
    (c) =>
      patch(STANDING_SERVICE(c), {
        metadata: { annotations: { "external-dns.alpha.kubernetes.io/hostname": "www.example.com" } },
      }),
    WITH_SERVICE,
  ),
  allowed(
    "service-annotation-gke",
    "makes a Service with the annotation GKE writes on every Service",
    "the cloud adds it before rules are asked",
    annotated("cloud.google.com/neg", '{"ingress":true}'),
  ),
  allowed(
    "service-annotation-own",
    "annotates its Service for itself",
    "annotations are copied from the virtual cluster",
    annotated("example.com/team", "red"),
  ),
  allowed("service-cluster-ip", "makes a ClusterIP Service", "every application", (c) =>
    create(service(c, "web")),
  ),
  allowed("service-headless", "makes a headless Service", "every StatefulSet", (c) =>
    create(service(c, "peers", { clusterIP: "None", publishNotReadyAddresses: true })),
  ),
  allowed(
    "service-change",
    "changes ports of its Service",
    "every upgrade",
    (c) => {
      const ports = [{ name: "http", port: 8080, protocol: "TCP" }];
      return patch(STANDING_SERVICE(c), { spec: { ports } });
    },
    WITH_SERVICE,
  ),
  allowed(
    "service-range-probe",
    "makes a Service without selector and name",
    "vCluster finds out the range of addresses",
    (c) => {
      const { metadata, ...rest } = service(c, "probe", {
        selector: undefined,
        ipFamilyPolicy: "PreferDualStack",
      });
      const { name: _name, labels: _labels, ...place } = metadata;
      return create({
        ...rest,
        metadata: { ...place, generateName: "test-service-delete-me-" } as unknown as Manifest["metadata"],
      });
    },
  ),
];

function endpoints(context: AttackContext, ip: string, name = "outside"): Manifest {
  return synced(context, "v1", "Endpoints", name, { subsets: [{ addresses: [{ ip }], ports: PORTS }] });
}

function slice(
  context: AttackContext,
  address: string,
  addressType = "IPv4",
  of = `outside-x-default-x-${context.tenant.name}`,
  endpoint: Readonly<Record<string, unknown>> = {},
): Manifest {
  return synced(
    context,
    "discovery.k8s.io/v1",
    "EndpointSlice",
    "outside",
    { addressType, endpoints: [{ addresses: [address], ...endpoint }], ports: PORTS },
    { labels: { "kubernetes.io/service-name": of } },
  );
}

/** Endpoints, as a tenant writes them. */
export const ENDPOINT_ATTACKS: readonly Attack[] = [
  ...[
    ["azure", "168.63.129.16"],
    ["alibaba", "100.100.100.200"],
    ["zeros", "168.63.129.016"],
    ["upper-case", "FD00:EC2::254"],
    ["long-mapped", "0:0:0:0:0:ffff:a83f:8110"],
  ].map(([id, ip]) =>
    refused(
      `endpoints-${id!}`,
      ["rule:endpoint-addresses"],
      `writes Endpoints at ${ip!}`,
      "a follower of the Service asks the metadata service",
      (c) => create(endpoints(c, ip!)),
    ),
  ),
  refused(
    "endpoints-spelt-out",
    ["rule:endpoint-addresses"],
    "writes Endpoints at fd00:0ec2:0:0:0:0:0:254",
    "one address has many spellings, and Endpoints take them all",
    (c) => create(endpoints(c, "fd00:0ec2:0:0:0:0:0:254")),
  ),
  refused(
    "endpoints-link-local",
    ["api-server", "rule:endpoint-addresses"],
    "writes Endpoints at 169.254.169.254",
    "a follower of the Service asks the metadata service",
    (c) => create(endpoints(c, "169.254.169.254")),
    { says: /link-local/ },
  ),
  refused(
    "endpoints-update",
    ["rule:endpoint-addresses"],
    "moves Endpoints to 168.63.129.16",
    "what CREATE refuses must not come by UPDATE",
    (c) =>
      patch(endpoints(c, "203.0.113.10", "standing"), { subsets: endpoints(c, "168.63.129.16").subsets }),
    { setup: (c) => [endpoints(c, "203.0.113.10", "standing")] },
  ),
  refused(
    "slice-ipv6-metadata",
    ["rule:endpoint-addresses"],
    "writes an EndpointSlice at fd00:ec2::254",
    "the metadata service of AWS has an IPv6 address, too",
    (c) => create(slice(c, "fd00:ec2::254", "IPv6")),
  ),
  ...[
    ["spelt-out", "fd00:0ec2:0:0:0:0:0:254"],
    ["mapped", "::ffff:a9fe:a9fe"],
  ].map(([id, address]) =>
    refused(
      `slice-ipv6-${id!}`,
      ["api-server", "rule:endpoint-addresses"],
      `writes an EndpointSlice at ${address!}`,
      "one address has many spellings",
      (c) => create(slice(c, address!, "IPv6")),
      { says: /canonical form|IPv4-mapped/ },
    ),
  ),
  allowed("slice-ipv6", "writes an EndpointSlice at an IPv6 address", "dual stack", (c) =>
    create(slice(c, "2001:db8::10", "IPv6")),
  ),
  refused(
    "slice-zeros",
    ["rule:endpoint-addresses"],
    "writes an EndpointSlice at 168.063.129.16",
    "leading zeros are decimal to Kubernetes, and another text to a list",
    (c) => create(slice(c, "168.063.129.16")),
  ),
  refused(
    "slice-name",
    ["rule:endpoint-addresses"],
    "writes an EndpointSlice of a name",
    "a name is resolved by whoever follows it",
    (c) => create(slice(c, "metadata.google.internal", "FQDN")),
  ),
  refused(
    "slice-neighbour-pod",
    ["rule:endpoint-addresses"],
    "writes an EndpointSlice that names a neighbour's pod",
    "load balancers that register pods by name would take it: CVE-2021-25740",
    (c) =>
      create(
        slice(c, "203.0.113.10", "IPv4", undefined, {
          targetRef: { kind: "Pod", name: "web-0", namespace: c.neighbour.namespace },
        }),
      ),
  ),
  refused(
    "slice-control-plane",
    ["rule:endpoint-addresses"],
    "adds an address to its control plane's Service",
    "the gateway, which reaches every tenant's API server, goes where it says",
    (c) => create(slice(c, "203.0.113.10", "IPv4", c.tenant.name)),
  ),
  refused(
    "endpoints-control-plane",
    ["rule:endpoint-addresses"],
    "writes Endpoints of its control plane's Service",
    "the gateway goes where they say",
    (c) =>
      create(
        own(c, "v1", "Endpoints", `${c.tenant.name}-headless`, {
          subsets: endpoints(c, "203.0.113.10").subsets,
        }),
      ),
  ),
  allowed("endpoints-outside", "writes Endpoints of a database outside", "Services without selector", (c) =>
    create(endpoints(c, "203.0.113.10")),
  ),
  allowed("slice-empty", "writes an EndpointSlice without endpoints", "nothing is ready yet", (c) =>
    create({ ...slice(c, ""), endpoints: [] } as Manifest),
  ),
  allowed("endpoints-empty", "writes Endpoints without addresses", "nothing is ready yet", (c) =>
    create({ ...endpoints(c, ""), subsets: [] } as Manifest),
  ),
  allowed("slice-outside", "writes an EndpointSlice of its own pod", "operators that choose a leader", (c) =>
    create(
      slice(c, "203.0.113.10", "IPv4", undefined, {
        targetRef: { kind: "Pod", name: "db-0", namespace: c.tenant.namespace },
      }),
    ),
  ),
];
