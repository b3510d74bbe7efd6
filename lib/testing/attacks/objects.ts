// Everything but pods that a tenant, or somebody beside the platform, writes on the host: refused and just allowed.
import { Attacker, type Attack, type AttackContext, type AttackRequest, type Control } from "../attack";
import { apply, create, patch, remove, synced, type Manifest } from "../requests";

type Make = (context: AttackContext) => AttackRequest;
type More = Partial<Attack>;

/** An attack that controls refuse, by the syncer unless said otherwise. */
function refused(
  id: string,
  stoppedBy: readonly Control[],
  does: string,
  why: string,
  request: Make,
  more: More = {},
): Attack {
  return {
    id: `object-${id}`,
    as: Attacker.SYNCER,
    does,
    why,
    expect: "refused",
    stoppedBy,
    request,
    ...more,
  };
}

/** Legitimate use, by the syncer unless said otherwise. */
function allowed(id: string, does: string, why: string, request: Make, more: More = {}): Attack {
  return {
    id: `object-${id}`,
    as: Attacker.SYNCER,
    does,
    why,
    expect: "allowed",
    stoppedBy: [],
    request,
    ...more,
  };
}

/** An object of the tenant's namespace under exactly this name. */
function own(
  { tenant }: AttackContext,
  apiVersion: string,
  kind: string,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Manifest {
  return { apiVersion, kind, metadata: { name, namespace: tenant.namespace, ...metadata }, ...fields };
}

function cluster(
  apiVersion: string,
  kind: string,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Manifest {
  return { apiVersion, kind, metadata: { name, ...metadata }, ...fields };
}

const PORTS = [{ name: "http", port: 80, protocol: "TCP" }];

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

const SERVICES: readonly Attack[] = [
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

const ENDPOINTS: readonly Attack[] = [
  ...[
    ["azure", "168.63.129.16"],
    ["alibaba", "100.100.100.200"],
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

/** A claim as the syncer makes it. */
function claim(
  context: AttackContext,
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Manifest {
  return synced(
    context,
    "v1",
    "PersistentVolumeClaim",
    name,
    {
      spec: {
        storageClassName: context.tenant.storageClasses[0],
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        ...spec,
      },
    },
    metadata,
  );
}

const STANDING_CLAIM = (context: AttackContext): Manifest => claim(context, "standing");
const WITH_CLAIM: More = { setup: (context) => [STANDING_CLAIM(context)] };

const STORAGE: readonly Attack[] = [
  refused(
    "claim-other-class",
    ["rule:storage-class"],
    "claims a volume of another class",
    "another key, or storage that neighbours share",
    (c) => create(claim(c, "foreign", { storageClassName: "neighbours-own" })),
  ),
  refused(
    "claim-no-class",
    ["rule:storage-class"],
    "claims a volume of no class",
    "gets one that somebody made by hand",
    (c) => create(claim(c, "foreign", { storageClassName: "" })),
  ),
  refused(
    "claim-class-annotation",
    ["rule:storage-class"],
    "names another class in the older annotation",
    "it wins over the field",
    (c) =>
      create(
        claim(
          c,
          "foreign",
          {},
          { annotations: { "volume.beta.kubernetes.io/storage-class": "neighbours-own" } },
        ),
      ),
  ),
  refused(
    "claim-class-annotation-update",
    ["rule:storage-class", "api-server"],
    "names another class in the older annotation afterwards",
    "the volume is made when its first pod is scheduled",
    (c) =>
      patch(STANDING_CLAIM(c), {
        metadata: { annotations: { "volume.beta.kubernetes.io/storage-class": "neighbours-own" } },
      }),
    WITH_CLAIM,
  ),
  refused(
    "claim-attributes-class",
    ["rule:storage-class"],
    "names a VolumeAttributesClass",
    "performance others pay for",
    (c) => create(claim(c, "fast", { volumeAttributesClassName: "fastest" })),
  ),
  refused(
    "claim-volume-name",
    ["rule:volume-binding"],
    "claims a volume by its name",
    "one that was a neighbour's, with what is on it",
    (c) => create(claim(c, "loot", { volumeName: "pvc-of-a-neighbour" })),
  ),
  refused(
    "claim-volume-name-update",
    ["rule:volume-binding"],
    "names a volume after the claim is made",
    "Kubernetes lets it be written once",
    (c) => patch(STANDING_CLAIM(c), { spec: { volumeName: "pvc-of-a-neighbour" } }),
    WITH_CLAIM,
  ),
  refused(
    "claim-selector",
    ["rule:volume-binding"],
    "claims a volume by label",
    "one that was a neighbour's",
    (c) => create(claim(c, "loot", { selector: { matchLabels: { tenant: "globex" } } })),
  ),
  refused(
    "claim-snapshot",
    ["rule:volume-source"],
    "claims a volume filled from a snapshot",
    "of whoever made the snapshot",
    (c) =>
      create(
        claim(c, "copy", {
          dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "nightly" },
        }),
      ),
  ),
  refused(
    "claim-populator",
    ["rule:volume-source"],
    "claims a volume filled by a populator",
    "which runs with its own rights",
    (c) =>
      create(claim(c, "copy", { dataSourceRef: { apiGroup: "example.com", kind: "Image", name: "disk" } })),
  ),
  allowed("claim", "claims a volume of its class", "every database", (c) => create(claim(c, "data"))),
  allowed(
    "claim-default",
    "claims a volume without a word about classes",
    "the host's default is the tenant's class",
    (c) => create(claim(c, "data", { storageClassName: undefined })),
  ),
  allowed("claim-copy", "copies a claim of its own", "usual", (c) =>
    create(claim(c, "copy", { dataSource: { kind: "PersistentVolumeClaim", name: "data-0" } })),
  ),
  allowed(
    "claim-control-plane",
    "makes the control plane's claim",
    "the StatefulSet of the chart",
    (c) =>
      create(own(c, "v1", "PersistentVolumeClaim", `data-${c.tenant.name}-0`, { spec: claim(c, "x").spec })),
    { as: Attacker.CONTROLLER },
  ),
  allowed(
    "claim-bound",
    "writes the name of a volume into a claim",
    "the platform, which binds a kept volume by hand",
    (c) => patch(STANDING_CLAIM(c), { spec: { volumeName: "pvc-1" } }),
    { ...WITH_CLAIM, as: Attacker.ADMINISTRATOR },
  ),
];

function secret(
  context: AttackContext,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Manifest {
  return synced(context, "v1", "Secret", name, { stringData: { key: "value" }, ...fields }, metadata);
}

/** A record as Helm writes it, under the number of a release that never was. */
function record(context: AttackContext): Manifest {
  const name = "attack";
  return own(
    context,
    "v1",
    "Secret",
    `sh.helm.release.v1.${name}.v7`,
    { type: "helm.sh/release.v1", stringData: { release: "nothing" } },
    { labels: { owner: "helm", name, status: "deployed", version: "7" } },
  );
}

const WITH_RECORD: More = { setup: (context) => [record(context)] };
const STANDING_SECRET = (context: AttackContext): Manifest => secret(context, "standing");
const WITH_SECRET: More = { setup: (context) => [STANDING_SECRET(context)] };
const RECORDS = ["rule:helm-records"] as const;

const HELM: readonly Attack[] = [
  refused(
    "helm-label",
    RECORDS,
    "makes an Opaque Secret with Helm's label",
    "Helm lists by the label alone: the next upgrade deletes what it says",
    (c) =>
      create(
        secret(
          c,
          "forged",
          {},
          { labels: { owner: "helm", name: c.tenant.name, version: "99", status: "deployed" } },
        ),
      ),
  ),
  refused("helm-type", RECORDS, "makes a Secret of Helm's type", "one label short of a record", (c) =>
    create(secret(c, "forged", { type: "helm.sh/release.v1" })),
  ),
  refused(
    "helm-name",
    RECORDS,
    "makes a Secret with a record's name",
    "Helm gets a revision by its name",
    (c) => create(own(c, "v1", "Secret", `sh.helm.release.v1.${c.tenant.name}.v99`)),
  ),
  refused(
    "helm-generated-name",
    RECORDS,
    "lets a record's name be generated",
    "the name comes after the request",
    (c) => {
      const { tenant } = c;
      return create({
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          namespace: tenant.namespace,
          generateName: "sh.helm.release.v1.x",
        } as unknown as Manifest["metadata"],
      });
    },
  ),
  refused("helm-configmap", RECORDS, "makes a ConfigMap with Helm's label", "Helm's other storage", (c) =>
    create(synced(c, "v1", "ConfigMap", "forged", { data: {} }, { labels: { owner: "helm" } })),
  ),
  refused(
    "helm-label-update",
    RECORDS,
    "puts Helm's label on a Secret of its own",
    "what CREATE refuses must not come by UPDATE",
    (c) => patch(STANDING_SECRET(c), { metadata: { labels: { owner: "helm", name: c.tenant.name } } }),
    WITH_SECRET,
  ),
  refused(
    "helm-label-apply",
    RECORDS,
    "puts Helm's label on a Secret of its own by apply",
    "what CREATE refuses must not come by apply",
    (c) => apply(secret(c, "standing", {}, { labels: { owner: "helm" } })),
    WITH_SECRET,
  ),
  refused(
    "helm-change",
    RECORDS,
    "changes a record",
    "the next upgrade deletes what it says",
    (c) => patch(record(c), { stringData: { release: "forged" } }),
    WITH_RECORD,
  ),
  refused(
    "helm-unlabel",
    RECORDS,
    "takes the label off a record",
    "Helm forgets the release, and installs it over what is there",
    (c) => patch(record(c), { metadata: { labels: { owner: null } } }),
    WITH_RECORD,
  ),
  refused(
    "helm-delete",
    RECORDS,
    "deletes a record",
    "Helm forgets the release",
    (c) => remove(record(c)),
    WITH_RECORD,
  ),
  refused(
    "helm-owner",
    RECORDS,
    "makes a record belong to a Secret that is gone",
    "Kubernetes' garbage collector deletes it, with its own rights",
    (c) =>
      patch(record(c), {
        metadata: {
          ownerReferences: [
            { apiVersion: "v1", kind: "Secret", name: "gone", uid: "00000000-0000-0000-0000-000000000000" },
          ],
        },
      }),
    WITH_RECORD,
  ),
  refused(
    "helm-developer",
    RECORDS,
    "deletes every record of the namespace",
    "edit in the namespace is enough by RBAC",
    (c) => ({
      method: "DELETE",
      path: `/api/v1/namespaces/${c.tenant.namespace}/secrets?labelSelector=${encodeURIComponent("owner=helm")}`,
    }),
    { ...WITH_RECORD, as: Attacker.DEVELOPER },
  ),
  refused(
    "helm-platform",
    ["rule:platform-records"],
    "forges a record of the guardrails",
    "the next upgrade of the fence deletes what it says",
    (c) => {
      const name = `sh.helm.release.v1.guardrails-${c.tenant.name}.v99`;
      const metadata = { name, namespace: c.platformNamespace, labels: { owner: "helm" } };
      return create({ apiVersion: "v1", kind: "Secret", metadata } as Manifest);
    },
    { as: Attacker.OPERATOR },
  ),
  allowed("secret", "makes a Secret", "every application", (c) => create(secret(c, "plain"))),
  allowed(
    "secret-change",
    "changes a Secret of its own",
    "every application",
    (c) => patch(STANDING_SECRET(c), { stringData: { key: "other" } }),
    WITH_SECRET,
  ),
  allowed(
    "secret-delete",
    "deletes a Secret of its own",
    "every application",
    (c) => remove(STANDING_SECRET(c)),
    WITH_SECRET,
  ),
  allowed(
    "helm-upgrade",
    "writes a record",
    "Helm, run by the platform",
    (c) => patch(record(c), { metadata: { labels: { status: "superseded" } } }),
    {
      ...WITH_RECORD,
      as: Attacker.ADMINISTRATOR,
    },
  ),
];

/** A Secret that Kubernetes answers with a token. */
function tokenSecret(
  context: AttackContext,
  account: string,
  type = "kubernetes.io/service-account-token",
): Manifest {
  return own(
    context,
    "v1",
    "Secret",
    "token-please",
    { type },
    { annotations: { "kubernetes.io/service-account.name": account } },
  );
}

const TOKENS = ["rule:service-account-tokens"] as const;

const CREDENTIALS: readonly Attack[] = [
  refused("token-syncer", TOKENS, "asks for a token of its own account", "it never ends", (c) =>
    create(tokenSecret(c, `vc-${c.tenant.name}`)),
  ),
  refused(
    "token-workload",
    TOKENS,
    "asks for a token of its pods' account",
    "host identities hang on it",
    (c) => create(tokenSecret(c, `vc-workload-${c.tenant.name}`)),
  ),
  refused(
    "token-developer",
    TOKENS,
    "asks for a token of a tenant's syncer",
    "it never ends",
    (c) => create(tokenSecret(c, `vc-${c.tenant.name}`)),
    { as: Attacker.DEVELOPER },
  ),
  refused("token-bootstrap", TOKENS, "makes a bootstrap token", "read in kube-system only, today", (c) =>
    create(own(c, "v1", "Secret", "bootstrap", { type: "bootstrap.kubernetes.io/token" })),
  ),
  allowed("token-opaque", "stores a virtual token as an Opaque Secret", "vCluster, for every pod", (c) =>
    create(secret(c, "web-sa-token", { type: "Opaque" })),
  ),
  allowed("token-pull", "makes a pull secret", "every private registry", (c) =>
    create(
      secret(c, "pull", {
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": "{}" },
      }),
    ),
  ),
];

/** The chart's own objects; where Helm installed them, they are there. */
function chart(make: (context: AttackContext) => Manifest): More {
  return { setup: (context) => (context.helm ? [] : [make(context)]) };
}

const CONFIGURATION = (context: AttackContext): Manifest =>
  own(context, "v1", "Secret", `vc-config-${context.tenant.name}`, {
    stringData: { "config.yaml": "sync: {}" },
  });
const API_SERVICE = (context: AttackContext): Manifest =>
  own(context, "v1", "Service", context.tenant.name, {
    spec: {
      ports: [{ name: "https", port: 443, targetPort: 8443, protocol: "TCP" }],
      selector: controlPlane(context),
    },
  });
const CONTROL_PLANE = (context: AttackContext): Manifest =>
  own(context, "apps/v1", "StatefulSet", context.tenant.name, {
    spec: {
      replicas: 0,
      serviceName: `${context.tenant.name}-headless`,
      selector: { matchLabels: controlPlane(context) },
      template: {
        metadata: { labels: controlPlane(context) },
        spec: { containers: [{ name: "syncer", image: "registry.example.com/vcluster" }] },
      },
    },
  });

function controlPlane({ tenant }: AttackContext): Record<string, string> {
  return { app: "vcluster", release: tenant.name };
}

const OWN_CONFIGURATION = ["rule:platform-secrets"] as const;
const WORKLOADS = ["rule:control-plane-workloads"] as const;
const OWN_SERVICES = ["rule:chart-services"] as const;

const CHART: readonly Attack[] = [
  refused(
    "config-change",
    OWN_CONFIGURATION,
    "changes its control plane's configuration",
    "chart values by another way: read when the control plane starts",
    (c) =>
      patch(CONFIGURATION(c), {
        stringData: { "config.yaml": "sync: {fromHost: {nodes: {enabled: true}}}" },
      }),
    chart(CONFIGURATION),
  ),
  refused(
    "config-delete",
    OWN_CONFIGURATION,
    "deletes its control plane's configuration",
    "then makes another",
    (c) => remove(CONFIGURATION(c)),
    chart(CONFIGURATION),
  ),
  refused(
    "config-annotation",
    OWN_CONFIGURATION,
    "says another release of Helm owns the configuration",
    "the next upgrade stops",
    (c) => patch(CONFIGURATION(c), { metadata: { annotations: { "meta.helm.sh/release-name": "other" } } }),
    chart(CONFIGURATION),
  ),
  allowed(
    "config-store",
    "notes its kind of store at its configuration",
    "vCluster, when it starts",
    (c) =>
      patch(CONFIGURATION(c), {
        metadata: { annotations: { "vcluster.loft.sh/store": "embedded-database" } },
      }),
    chart(CONFIGURATION),
  ),
  refused(
    "workload-image",
    WORKLOADS,
    "patches the image of its control plane",
    "any pod, made by a controller",
    (c) =>
      patch(CONTROL_PLANE(c), {
        spec: {
          template: { spec: { containers: [{ name: "syncer", image: "registry.example.com/evil" }] } },
        },
      }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-account",
    WORKLOADS,
    "patches the service account of its control plane",
    "any account of the namespace",
    (c) => patch(CONTROL_PLANE(c), { spec: { template: { spec: { serviceAccountName: "default" } } } }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-replicas",
    WORKLOADS,
    "changes how many control planes run",
    "pods that its own quota pays, started by a controller",
    (c) => patch(CONTROL_PLANE(c), { spec: { replicas: 20 } }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-template-annotation",
    WORKLOADS,
    "annotates the pods of its control plane",
    "annotations that the runtime obeys",
    (c) =>
      patch(CONTROL_PLANE(c), {
        spec: {
          template: { metadata: { annotations: { "io.katacontainers.config.hypervisor.kernel": "/x" } } },
        },
      }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-template-label",
    WORKLOADS,
    "labels the pods of its control plane",
    "labels that policies select on",
    (c) => patch(CONTROL_PLANE(c), { spec: { template: { metadata: { labels: { role: "gateway" } } } } }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-label",
    WORKLOADS,
    "labels the StatefulSet of its control plane",
    "tools of the platform select on labels",
    (c) => patch(CONTROL_PLANE(c), { metadata: { labels: { "app.kubernetes.io/instance": "other" } } }),
    chart(CONTROL_PLANE),
  ),
  refused(
    "workload-delete",
    WORKLOADS,
    "deletes a tenant's control plane",
    "edit in the namespace is enough by RBAC",
    (c) => remove(CONTROL_PLANE(c)),
    { ...chart(CONTROL_PLANE), as: Attacker.DEVELOPER },
  ),
  refused(
    "workload-scale",
    WORKLOADS,
    "scales a tenant's control plane to nothing",
    "edit in the namespace is enough by RBAC",
    (c) => patch(CONTROL_PLANE(c), { spec: { replicas: 3 } }, "scale"),
    { ...chart(CONTROL_PLANE), as: Attacker.DEVELOPER },
  ),
  ...(
    [
      [
        "deployment",
        "apps/v1",
        "Deployment",
        (c: AttackContext): unknown => ({ ...CONTROL_PLANE(c).spec, serviceName: undefined }),
      ],
      [
        "daemonset",
        "apps/v1",
        "DaemonSet",
        (c: AttackContext): unknown => ({
          ...CONTROL_PLANE(c).spec,
          serviceName: undefined,
          replicas: undefined,
        }),
      ],
      [
        "job",
        "batch/v1",
        "Job",
        (c: AttackContext): unknown => {
          const { template } = CONTROL_PLANE(c).spec as { template: { spec: object } };
          return { template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } };
        },
      ],
    ] as const
  ).map(([id, version, kind, spec]) =>
    refused(
      `workload-${id}`,
      WORKLOADS,
      `makes a ${kind} in a tenant's namespace`,
      "pods with the labels of the control plane",
      (c) => create(own(c, version, kind, "extra", { spec: spec(c) })),
      { as: Attacker.DEVELOPER },
    ),
  ),
  allowed(
    "workload-rotation",
    "notes at its pod template that certificates are new",
    "vCluster, before its certificates end",
    (c) =>
      patch(CONTROL_PLANE(c), {
        spec: {
          template: {
            metadata: { annotations: { "vcluster.loft.sh/cert-rotation-at": "2026-11-21T00:00:00Z" } },
          },
        },
      }),
    chart(CONTROL_PLANE),
  ),
  allowed(
    "workload-upgrade",
    "patches the image of a control plane",
    "Helm, run by the platform",
    (c) => patch(CONTROL_PLANE(c), { spec: { replicas: 1 } }),
    { ...chart(CONTROL_PLANE), as: Attacker.ADMINISTRATOR },
  ),
  refused(
    "api-service-selector",
    OWN_SERVICES,
    "points its control plane's Service at its workloads",
    "the gateway goes where the Service says",
    (c) => patch(API_SERVICE(c), { spec: { selector: { app: "web" } } }),
    chart(API_SERVICE),
  ),
  refused(
    "api-service-delete",
    OWN_SERVICES,
    "deletes its control plane's Service",
    "then makes another",
    (c) => remove(API_SERVICE(c)),
    chart(API_SERVICE),
  ),
  refused(
    "api-service-label",
    OWN_SERVICES,
    "labels its control plane's Service",
    "gateways and scrapers select on labels",
    (c) => patch(API_SERVICE(c), { metadata: { labels: { expose: "yes" } } }),
    chart(API_SERVICE),
  ),
  refused(
    "api-service-headless",
    OWN_SERVICES,
    "makes the control plane's headless Service",
    "before the chart does",
    (c) => create(own(c, "v1", "Service", `${c.tenant.name}-headless`, { spec: { ports: PORTS } })),
    { when: ({ helm }) => !helm },
  ),
  allowed(
    "api-service-range",
    "notes the range of Services at its control plane's Service",
    "vCluster, when it starts first",
    (c) =>
      patch(API_SERVICE(c), {
        metadata: { annotations: { "vcluster.loft.sh/service-cidr": "172.20.0.0/16" } },
      }),
    chart(API_SERVICE),
  ),
];

const FINALIZERS: readonly Attack[] = [
  refused(
    "finalizer",
    ["rule:finalizers"],
    "makes a ConfigMap with a finalizer",
    "its namespace never ends",
    (c) => create(synced(c, "v1", "ConfigMap", "stuck", { data: {} }, { finalizers: ["example.com/never"] })),
  ),
  refused(
    "finalizer-update",
    ["rule:finalizers"],
    "adds a finalizer to its Secret",
    "what CREATE refuses must not come by UPDATE",
    (c) => patch(STANDING_SECRET(c), { metadata: { finalizers: ["example.com/never"] } }),
    WITH_SECRET,
  ),
  allowed(
    "finalizer-removed",
    "takes a finalizer off its Secret",
    "an end must always be possible",
    (c) => patch(secret(c, "held"), { metadata: { finalizers: null } }),
    { setup: (c) => [secret(c, "held", {}, { finalizers: ["example.com/held"] })] },
  ),
];

const LEASE = (namespace: string): Manifest => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "attack", namespace },
});

/** RBAC as it should not be: a tenant's pods may write elsewhere. */
function mistake({ tenant }: AttackContext): Manifest[] {
  const apiGroup = "rbac.authorization.k8s.io";
  const name = `tenclave-attack-mistake-${tenant.name}`;
  const rule = (group: string, resource: string): object => ({
    apiGroups: [group],
    resources: [resource],
    verbs: ["create", "patch", "delete", "get"],
  });
  return [
    cluster(`${apiGroup}/v1`, "ClusterRole", name, {
      rules: [
        rule("coordination.k8s.io", "leases"),
        rule("scheduling.k8s.io", "priorityclasses"),
        rule("", "pods/attach"),
      ],
    }),
    cluster(`${apiGroup}/v1`, "ClusterRoleBinding", name, {
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: `vc-workload-${tenant.name}`, namespace: tenant.namespace }],
    }),
  ];
}

const MISTAKE: More = { setup: mistake, as: Attacker.WORKLOAD };

const ELSEWHERE: readonly Attack[] = [
  refused(
    "elsewhere-neighbour",
    ["rule:own-namespace"],
    "writes in a neighbour's namespace, where RBAC let it",
    "RBAC is one mistake away",
    (c) => create(LEASE(c.neighbour.namespace)),
    MISTAKE,
  ),
  refused(
    "elsewhere-default",
    ["rule:own-namespace"],
    "writes in namespace default, where RBAC let it",
    "leader election of others",
    () => create(LEASE("default")),
    MISTAKE,
  ),
  refused(
    "elsewhere-cluster",
    ["rule:own-namespace"],
    "writes a cluster-wide object, where RBAC let it",
    "no object of a tenant is cluster-wide",
    () => create(cluster("scheduling.k8s.io/v1", "PriorityClass", "first-of-all", { value: 1000000 })),
    MISTAKE,
  ),
  refused(
    "elsewhere-attach",
    ["rule:own-namespace"],
    "attaches to a neighbour's pod, where RBAC let it",
    "a shell in it",
    (c) => ({
      method: "GET",
      path: `/api/v1/namespaces/${c.neighbour.namespace}/pods/web/attach?stdout=true`,
    }),
    MISTAKE,
  ),
  allowed(
    "elsewhere-own",
    "writes in its own namespace, where RBAC let it",
    "the rule is about elsewhere",
    (c) => create(LEASE(c.tenant.namespace)),
    MISTAKE,
  ),
];

const NAMESPACE = ({ tenant }: AttackContext): Manifest => cluster("v1", "Namespace", tenant.namespace);
const RELABEL = ["rule:platform-namespaces"] as const;
const OPERATOR: More = { as: Attacker.OPERATOR };

const NAMESPACES: readonly Attack[] = [
  refused(
    "namespace-pod-security",
    RELABEL,
    "takes Pod Security off a tenant's namespace",
    "privileged pods",
    (c) =>
      patch(NAMESPACE(c), { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } }),
    OPERATOR,
  ),
  refused(
    "namespace-unlabel",
    RELABEL,
    "takes the tenant label off a namespace",
    "then no rule binds there",
    (c) => patch(NAMESPACE(c), { metadata: { labels: { "tenclave.dev/tenant": null } } }),
    OPERATOR,
  ),
  refused(
    "namespace-parameter",
    RELABEL,
    "changes a parameter of a tenant's rules",
    "another RuntimeClass",
    (c) => patch(NAMESPACE(c), { metadata: { annotations: { "tenclave.dev/runtime-class": "runc" } } }),
    OPERATOR,
  ),
  refused(
    "namespace-exception",
    RELABEL,
    "writes an exception for a tenant",
    "past the tenant's file",
    (c) => patch(NAMESPACE(c), { metadata: { annotations: { "tenclave.dev/exceptions": "volume-source" } } }),
    OPERATOR,
  ),
  refused(
    "namespace-status",
    RELABEL,
    "relabels a tenant's namespace through its status",
    "metadata goes along",
    (c) =>
      patch(
        NAMESPACE(c),
        { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
        "status",
      ),
    OPERATOR,
  ),
  refused(
    "namespace-finalize",
    RELABEL,
    "takes the finalizer off a tenant's namespace",
    "what is in it stays behind, and comes back with the name",
    (c) => ({
      method: "PUT",
      path: `/api/v1/namespaces/${c.tenant.namespace}/finalize`,
      body: { ...NAMESPACE(c), spec: { finalizers: [] } },
    }),
    OPERATOR,
  ),
  refused(
    "namespace-delete",
    RELABEL,
    "deletes a tenant's namespace",
    "everything in it",
    (c) => remove(NAMESPACE(c)),
    OPERATOR,
  ),
  refused(
    "namespace-platform-delete",
    RELABEL,
    "deletes the platform's namespace",
    "the record of every fence",
    (c) => remove(cluster("v1", "Namespace", c.platformNamespace)),
    OPERATOR,
  ),
  refused(
    "namespace-new-name",
    RELABEL,
    "makes a namespace with a tenant's kind of name",
    "its accounts count as a tenant's",
    () => create(cluster("v1", "Namespace", "tenant-made-up")),
    OPERATOR,
  ),
  refused(
    "namespace-generated-name",
    RELABEL,
    "lets such a name be generated",
    "the name comes after the request",
    () =>
      create({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { generateName: "tenant-" } as unknown as Manifest["metadata"],
      }),
    OPERATOR,
  ),
  refused(
    "namespace-new-label",
    RELABEL,
    "makes a namespace with a tenant's label",
    "policies that open to that tenant open to it",
    (c) =>
      create(cluster("v1", "Namespace", "made-up", {}, { labels: { "tenclave.dev/tenant": c.tenant.name } })),
    OPERATOR,
  ),
  refused(
    "namespace-claim",
    RELABEL,
    "puts a tenant's label on namespace default",
    "the same",
    (c) =>
      patch(cluster("v1", "Namespace", "default"), {
        metadata: { labels: { "tenclave.dev/tenant": c.tenant.name } },
      }),
    OPERATOR,
  ),
  allowed(
    "namespace-other",
    "makes and labels a namespace of its own",
    "hosts have other users",
    () => create(cluster("v1", "Namespace", "made-up", {}, { labels: { team: "red" } })),
    OPERATOR,
  ),
  allowed(
    "namespace-other-label",
    "labels a namespace that is no tenant's",
    "hosts have other users",
    () => patch(cluster("v1", "Namespace", "default"), { metadata: { labels: { team: "red" } } }),
    OPERATOR,
  ),
  allowed(
    "namespace-platform",
    "changes a parameter of a tenant's rules",
    "Terraform, run by the platform",
    (c) => patch(NAMESPACE(c), { metadata: { annotations: { "tenclave.dev/exceptions": "volume-source" } } }),
    { as: Attacker.ADMINISTRATOR },
  ),
  allowed(
    "namespace-finish",
    "deletes a tenant's namespace",
    "off-boarding, by the platform",
    (c) => remove(NAMESPACE(c)),
    {
      as: Attacker.ADMINISTRATOR,
    },
  ),
];

const GUARDRAILS = ["rule:platform-guardrails"] as const;
const PLATFORM = ["rule:platform-objects"] as const;
const GRANTS = ["rule:tenant-grants"] as const;
const RBAC = "rbac.authorization.k8s.io";
const OPEN = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] };

function binding(subject: Readonly<Record<string, unknown>>): Manifest {
  return cluster(`${RBAC}/v1`, "ClusterRoleBinding", "gift", {
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "view" },
    subjects: [subject],
  });
}

const FENCE: readonly Attack[] = [
  refused(
    "policy-create",
    GUARDRAILS,
    "makes a NetworkPolicy that opens a tenant's namespace",
    "policies add up; edit is enough by RBAC",
    (c) => create(own(c, "networking.k8s.io/v1", "NetworkPolicy", "open", { spec: OPEN })),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "policy-change",
    GUARDRAILS,
    "opens the default deny of a tenant",
    "edit is enough by RBAC",
    (c) => patch(own(c, "networking.k8s.io/v1", "NetworkPolicy", "tenclave-default-deny"), { spec: OPEN }),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "policy-delete",
    GUARDRAILS,
    "deletes the default deny of a tenant",
    "edit is enough by RBAC",
    (c) => remove(own(c, "networking.k8s.io/v1", "NetworkPolicy", "tenclave-default-deny")),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "ingress-create",
    GUARDRAILS,
    "makes an Ingress in a tenant's namespace",
    "a host name of somebody else's",
    (c) =>
      create(
        own(c, "networking.k8s.io/v1", "Ingress", "open", {
          spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
        }),
      ),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "ingress-syncer",
    ["rbac", "rule:platform-guardrails"],
    "makes an Ingress",
    "Ingresses are not synced: the Role has no verbs",
    (c) =>
      create(
        own(c, "networking.k8s.io/v1", "Ingress", "open", {
          spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
        }),
      ),
  ),
  refused(
    "quota-change",
    GUARDRAILS,
    "raises a tenant's quota",
    "others' room",
    (c) => patch(own(c, "v1", "ResourceQuota", "tenclave-tenant"), { spec: { hard: { pods: "10000" } } }),
    OPERATOR,
  ),
  refused(
    "limits-remove",
    GUARDRAILS,
    "deletes a tenant's limits",
    "others' room",
    (c) => remove(own(c, "v1", "LimitRange", "tenclave-tenant")),
    OPERATOR,
  ),
  refused(
    "account-annotate",
    GUARDRAILS,
    "annotates a tenant's account with a cloud identity",
    "edit is enough by RBAC",
    (c) =>
      patch(own(c, "v1", "ServiceAccount", `vc-workload-${c.tenant.name}`), {
        metadata: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/x" } },
      }),
    { as: Attacker.DEVELOPER },
  ),
  refused(
    "role-change",
    GUARDRAILS,
    "widens the Role of a tenant's syncer",
    "every right in the namespace",
    (c) =>
      patch(own(c, `${RBAC}/v1`, "Role", `vc-${c.tenant.name}`), {
        rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
      }),
    OPERATOR,
  ),
  allowed(
    "quota-cloud",
    "makes a further ResourceQuota",
    "GKE does in every namespace; it only takes away",
    (c) => create(own(c, "v1", "ResourceQuota", "gke-resource-quotas", { spec: { hard: { pods: "1500" } } })),
    OPERATOR,
  ),
  allowed(
    "policy-platform",
    "changes a guardrail",
    "Helm, run by the platform",
    (c) =>
      patch(own(c, "networking.k8s.io/v1", "NetworkPolicy", "tenclave-default-deny"), {
        metadata: { labels: { x: "y" } },
      }),
    { as: Attacker.ADMINISTRATOR },
  ),
  refused(
    "class-change",
    PLATFORM,
    "changes the RuntimeClass of a pool",
    "other nodes, another sandbox",
    (c) =>
      patch(cluster("node.k8s.io/v1", "RuntimeClass", c.tenant.runtimeClass), {
        metadata: { labels: { x: "y" } },
      }),
    OPERATOR,
  ),
  refused(
    "class-create",
    PLATFORM,
    "makes a RuntimeClass with a pool's kind of name",
    "for a pool that comes",
    () => create(cluster("node.k8s.io/v1", "RuntimeClass", "tenclave-new", { handler: "runc" })),
    OPERATOR,
  ),
  refused(
    "storage-class-delete",
    PLATFORM,
    "deletes the encrypted StorageClass",
    "then makes another without a key",
    (c) => remove(cluster("storage.k8s.io/v1", "StorageClass", c.tenant.storageClasses[0] ?? "")),
    OPERATOR,
  ),
  refused(
    "flow-schema",
    PLATFORM,
    "makes a FlowSchema with the platform's kind of name",
    "a share of the API server",
    () =>
      create(
        cluster("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", "tenclave-mine", {
          spec: { matchingPrecedence: 500, priorityLevelConfiguration: { name: "exempt" } },
        }),
      ),
    OPERATOR,
  ),
  allowed(
    "class-other",
    "makes a RuntimeClass of its own",
    "hosts have other users; rule runtime-class keeps tenants off",
    () => create(cluster("node.k8s.io/v1", "RuntimeClass", "gvisor", { handler: "runsc" })),
    OPERATOR,
  ),
  refused(
    "grant-account",
    GRANTS,
    "gives a tenant's syncer rights on the cluster",
    "reads of every namespace",
    (c) =>
      create(binding({ kind: "ServiceAccount", name: `vc-${c.tenant.name}`, namespace: c.tenant.namespace })),
    OPERATOR,
  ),
  refused(
    "grant-group",
    GRANTS,
    "gives all accounts of a tenant rights on the cluster",
    "the same",
    (c) =>
      create(
        binding({ apiGroup: RBAC, kind: "Group", name: `system:serviceaccounts:${c.tenant.namespace}` }),
      ),
    OPERATOR,
  ),
  refused(
    "grant-user",
    GRANTS,
    "gives a tenant's syncer rights by its user name",
    "the same",
    (c) =>
      create(
        binding({
          apiGroup: RBAC,
          kind: "User",
          name: `system:serviceaccount:${c.tenant.namespace}:vc-${c.tenant.name}`,
        }),
      ),
    OPERATOR,
  ),
  ...["system:serviceaccounts", "system:authenticated", "system:unauthenticated"].map((group) =>
    refused(
      `grant-${group.split(":")[1]!}`,
      GRANTS,
      `gives ${group} rights on the cluster`,
      "tenants are among them",
      () => create(binding({ apiGroup: RBAC, kind: "Group", name: group })),
      OPERATOR,
    ),
  ),
  allowed(
    "grant-other",
    "gives another account rights on the cluster",
    "hosts have other users",
    () => create(binding({ kind: "ServiceAccount", name: "scraper", namespace: "monitoring" })),
    OPERATOR,
  ),
  refused(
    "platform-account",
    ["rule:platform-records"],
    "makes an account in the platform's namespace",
    "pods there get it",
    (c) =>
      create({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "mine", namespace: c.platformNamespace },
      }),
    OPERATOR,
  ),
  allowed(
    "platform-configmap",
    "publishes a CA in the platform's namespace",
    "meshes do in every namespace",
    (c) =>
      create({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "istio-ca-root-cert", namespace: c.platformNamespace },
      }),
    OPERATOR,
  ),
];

/** Objects beside pods. */
export const OBJECT_ATTACKS: readonly Attack[] = [
  ...SERVICES,
  ...ENDPOINTS,
  ...STORAGE,
  ...HELM,
  ...CREDENTIALS,
  ...CHART,
  ...FINALIZERS,
  ...ELSEWHERE,
  ...NAMESPACES,
  ...FENCE,
];
