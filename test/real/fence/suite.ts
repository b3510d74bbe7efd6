// The hosts that are judged: those of the examples' stacks, and one of each kind with everything a tenant can ask for.
import type { KubernetesObject } from "../../../lib/core/manifest-release";
import { LABELS } from "../../../lib/core/names";
import type { HostReference } from "../../../lib/host-cluster/host-cluster";
import { platformObjects } from "../../../lib/host-cluster/platform-objects";
import { guardrails, namespaceLabels } from "../../../lib/tenant/guardrails";
import { checkTenant } from "../../../lib/tenant/tenant-checks";
import type { TenantSpecInput } from "../../../lib/tenant/tenant-spec";
import { exampleAks } from "../../support/aks";
import { exampleGkeHost } from "../../support/gke-host";
import { exampleHost, exampleTenant } from "../../support/host";
import type { SynthesizedStack } from "../support/examples";
import { readConfiguration } from "../support/configuration";
import { cluster, FORGED, IPV6, type Place, type Resident } from "./ends";
import {
  ALLOWED,
  API_SERVER,
  ASKED_FOR,
  HOSTILE,
  HOSTILE_ASKED_FOR,
  HOSTILE_LOGIN_ON_IPV6,
  HOSTILE_NAME_ON_443_IPV6,
  HOSTILE_NAME_ON_IPV6,
  IDENTITY_ON_IPV6,
  UNGUARDED,
  type Row,
} from "./expected";
import { hostilePolicies } from "./hostile";
import type { Scenario } from "./matrix";

/** A host with its tenants' objects, and what each tenant asked for. */
export interface Host {
  readonly id: string;
  readonly place: Place;
  readonly objects: readonly KubernetesObject[];
  readonly residents: readonly Resident[];
  /** Keys of ASKED_FOR by tenant. */
  readonly asked: Readonly<Record<string, readonly string[]>>;
  /** True when the addresses of the suite lie in its ranges as they are named. @default false */
  readonly unguarded?: boolean;
  /** False where nothing keeps a policy in a tenant's namespace from opening the fence. */
  readonly holdsHostile: boolean;
}

/** The rows of a tenant that plays by the rules. */
function rowsOf({ place, asked }: Host, tenant: string): Row[] {
  const apiServer = place.cni === "cilium" ? place.apiServer : "range";
  return [...ALLOWED, ...API_SERVER[apiServer]!, ...asked[tenant]!.flatMap((what) => ASKED_FOR[what]!)];
}

/** Everybody plays by the rules. */
export function peaceful(host: Host, objects = host.objects): Scenario {
  return {
    id: host.id,
    cluster: cluster(host.place, host.residents, objects),
    allowed: new Map(host.residents.map(({ name }) => [name, rowsOf(host, name)])),
    asksThroughProxy: host.place.cni === "cilium",
  };
}

/** Some tenants have policies of their own that allow everything. */
export function hostile(host: Host, attackers: readonly string[], objects = host.objects): Scenario {
  const base = peaceful(host, [...objects, ...attackers.flatMap(hostilePolicies)]);
  const allowed = new Map(base.allowed);
  for (const attacker of attackers)
    allowed.set(attacker, [
      ...rowsOf(host, attacker),
      ...HOSTILE,
      ...host.asked[attacker]!.flatMap((what) => HOSTILE_ASKED_FOR[what] ?? []),
    ]);
  const pairs = attackers.flatMap((one, index) =>
    attackers.slice(index + 1).map((other) => [one, other] as const),
  );
  return {
    ...base,
    id: `${host.id}, ${attackers.length > 1 ? "all" : attackers[0]!} hostile`,
    allowed,
    colluding: pairs,
    // Their own policies let the port through without DNS rules, but Cilium looks all the same.
    asksThroughProxy: false,
  };
}

/** All tenants are hostile at once: what two of them both open is open between them, and nothing else. */
export function colluding(host: Host, objects = host.objects): Scenario {
  return hostile(
    host,
    host.residents.map(({ name }) => name),
    objects,
  );
}

/** Before a tenant's guardrails are there, and after somebody deleted them: its namespace with its label, and pods in it. */
export function bare(host: Host): Scenario {
  const platform = host.objects.filter(
    ({ kind, metadata }) =>
      metadata?.namespace === undefined &&
      !(kind === "CiliumClusterwideNetworkPolicy" && /internet/.test(metadata!.name!)),
  );
  const base = peaceful(host, platform);
  const identity = (name: string): Row[] => rowsOf(host, name).filter(([, , ports]) => ports === "80/TCP");
  return {
    ...base,
    id: `${host.id}, no guardrails`,
    // Kubelets probe, and what the platform's label on the namespace grants.
    allowed: new Map(
      host.residents.map(({ name }) => [
        name,
        [...rowsOf(host, name).filter(([from]) => from === "node"), ...identity(name)],
      ]),
    ),
    asksThroughProxy: false,
  };
}

/** The same, with a policy that allows everything: what the host's fence holds alone. */
export function unguarded(host: Host): Scenario {
  const { objects } = bare(host).cluster;
  const base = colluding(host, objects);
  const granted = (name: string): Row[] =>
    host.asked[name]!.filter((what) => what.startsWith("identity") || what.startsWith("login")).flatMap(
      (what) => [...ASKED_FOR[what]!, ...(HOSTILE_ASKED_FOR[what] ?? [])],
    );
  const { apiServer, cni } = host.place;
  const toApiServer = API_SERVER[cni === "cilium" ? apiServer : "range"]!;
  return {
    ...base,
    id: `${host.id}, no guardrails, all hostile`,
    allowed: new Map(
      host.residents.map(({ name }) => [
        name,
        [...ALLOWED, ...toApiServer, ...HOSTILE, ...UNGUARDED, ...granted(name)],
      ]),
    ),
  };
}

/** Cilium with IPv6, which our chart values leave out and an imported host may have. */
export function onIpv6(host: Host): Scenario {
  const base = colluding(host);
  // A name may stand for an address of either family.
  const named = host.residents.filter(({ name }) => host.asked[name]!.includes("name"));
  const allowed = new Map(base.allowed);
  for (const { name } of named) allowed.set(name, [...allowed.get(name)!, ...HOSTILE_NAME_ON_IPV6]);
  for (const { name } of host.residents)
    if (host.asked[name]!.includes("name on 443"))
      allowed.set(name, [...allowed.get(name)!, ...HOSTILE_NAME_ON_443_IPV6]);
  for (const { name } of host.residents)
    if (host.asked[name]!.includes("login"))
      allowed.set(name, [...allowed.get(name)!, ...HOSTILE_LOGIN_ON_IPV6]);
  for (const { name } of host.residents)
    if (host.asked[name]!.includes("identity on aws"))
      allowed.set(name, [...allowed.get(name)!, ...IDENTITY_ON_IPV6]);
  return {
    ...base,
    allowed,
    id: `${host.id} with IPv6, all hostile`,
    cluster: { ...base.cluster, ipv6: true, addresses: [...base.cluster.addresses!, ...IPV6] },
  };
}

/** The tenants' own CoreDNS claims that an allowed name is the metadata service, and that another is a node. */
export function forged(host: Host): Scenario {
  const base = peaceful(host);
  const addresses = base.cluster.addresses!.map((one) =>
    one.ip === FORGED.ip ? { ...one, names: FORGED.names } : one,
  );
  return { ...base, id: `${host.id}, names claimed for metadata`, cluster: { ...base.cluster, addresses } };
}

// --- one host of each kind ---

const RANGE = { cidr: "203.0.113.0/24", ports: [443] };

/** Tenants of every kind: what their file says, and the keys of ASKED_FOR it stands for. */
const KINDS: Readonly<
  Record<string, { change: Partial<TenantSpecInput>; asks: string; identity?: boolean }>
> = {
  acme: { change: {}, asks: "nothing" },
  "acme-2": { change: { egress: [RANGE] }, asks: "range" },
  overlap: {
    change: { egress: [RANGE, { cidr: "203.0.113.128/25", ports: [53], protocol: "UDP" }] },
    asks: "overlapping",
  },
  named: { change: { egress: [{ fqdn: "api.example.com", ports: [443, 80] }] }, asks: "name" },
  served: { change: { api: { via: "gateway", hostname: "served.example.com" } }, asks: "gateway" },
  signed: {
    change: {
      api: {
        oidc: { issuer: "https://login.example.com/acme", clientId: "acme", groups: { admin: ["ops"] } },
      },
    },
    asks: "login",
  },
  granted: { change: {}, asks: "identity", identity: true },
};

function hostOf(
  id: string,
  reference: HostReference,
  place: Omit<Place, "cni" | "resolver">,
  only: readonly string[] = Object.keys(KINDS),
): Host {
  const cilium = reference.network.cni === "cilium";
  // Names need Cilium's DNS proxy.
  const kinds = Object.entries(KINDS).filter(
    ([name, { asks }]) => only.includes(name) && (cilium || (asks !== "name" && asks !== "login")),
  );
  const tenants = kinds.map(([name, { change }]) =>
    checkTenant(exampleTenant({ name, pool: "plain", sensitivity: "public", ...change }), reference),
  );
  const grants = reference.network.clusterwidePolicies ?? cilium;
  return {
    id,
    place: {
      ...place,
      cni: cilium ? "cilium" : "gke-dataplane-v2",
      resolver: reference.network.nodeResolvers[0]!,
    },
    objects: [...platformObjects(reference), ...tenants.flatMap((tenant) => guardrails(tenant, reference))],
    residents: tenants.map((tenant) => ({
      name: tenant.spec.name,
      labels: {
        ...namespaceLabels(tenant, reference),
        ...(KINDS[tenant.spec.name]!.identity ? { [LABELS.identity]: "granted" } : {}),
      },
    })),
    asked: Object.fromEntries(
      kinds.map(([name, { asks, identity }]) => [
        name,
        identity
          ? grants
            ? [`identity on ${reference.cloud}`]
            : []
          : asks === "login"
            ? [asks, `login on ${reference.cloud}`]
            : [asks],
      ]),
    ),
    holdsHostile: grants,
    unguarded: grants,
  };
}

const GATEWAY = { gatewayNamespace: "gateway" };
const PRIVATE = { apiServer: "outside", apiServerAddress: "172.16.0.2" } as const;

/** One host of each kind. */
export function kindsOfHosts(): Host[] {
  return [
    hostOf("aws", exampleHost(GATEWAY), { apiServer: "outside" }),
    hostOf("azure", exampleAks(GATEWAY), { apiServer: "outside" }),
    hostOf("aws, API server on another node", exampleHost(GATEWAY), { apiServer: "remote node" }),
    hostOf("azure, API server on the own node", exampleAks(GATEWAY), { apiServer: "own node" }),
    hostOf("google", exampleGkeHost(GATEWAY), PRIVATE),
    hostOf(
      "google without clusterwide policies",
      exampleGkeHost({ ...GATEWAY, clusterwidePolicies: false }),
      PRIVATE,
    ),
  ];
}

/** Hosts whose fences are taken apart, with as few tenants as show every part. */
export function weighedHosts(): Host[] {
  const few = ["acme-2", "named", "signed", "granted"];
  return [
    // With an API server that lies outside the cluster's ranges.
    hostOf("aws", exampleHost(GATEWAY), { apiServer: "outside", apiServerAddress: "192.0.2.99" }, few),
    hostOf("aws, API server on another node", exampleHost(GATEWAY), { apiServer: "remote node" }, ["acme"]),
    hostOf("google", exampleGkeHost(GATEWAY), PRIVATE, few),
    hostOf(
      "google without clusterwide policies",
      exampleGkeHost({ ...GATEWAY, clusterwidePolicies: false }),
      PRIVATE,
      ["acme", "acme-2"],
    ),
  ];
}

// --- the examples ---

/** Hosts of the examples, by example and name: where they are, and what their tenants' files ask for. By hand. */
export const EXAMPLES: Readonly<
  Record<string, { readonly place: Place; readonly asked: Readonly<Record<string, readonly string[]>> }>
> = {
  "aks-snp": {
    place: { cni: "cilium", resolver: "168.63.129.16", apiServer: "outside" },
    asked: { acme: ["range", "name on 443"], "docs-site": [], globex: [] },
  },
  "bring-your-own": {
    place: { cni: "cilium", resolver: "10.80.0.2", apiServer: "outside" },
    asked: { acme: [] },
  },
  "eks-nitro": {
    place: { cni: "cilium", resolver: "10.42.0.2", apiServer: "outside" },
    asked: { shop: [], signer: ["name on 443", "identity on aws"] },
  },
  "eks-snp": {
    place: { cni: "cilium", resolver: "10.42.0.2", apiServer: "outside" },
    asked: { acme: ["range"], "docs-site": [], globex: [] },
  },
  "gke-tdx": {
    place: { cni: "gke-dataplane-v2", resolver: "169.254.169.254", ...PRIVATE },
    asked: { acme: ["range"], "docs-site": [], globex: [] },
  },
  "three-clouds/prod-aws": {
    place: { cni: "cilium", resolver: "10.44.0.2", apiServer: "outside" },
    asked: { acme: [], blog: [], globex: [] },
  },
  "three-clouds/prod-azure": {
    place: { cni: "cilium", resolver: "168.63.129.16", apiServer: "outside" },
    asked: { bank: [] },
  },
  "three-clouds/prod-google": {
    place: { cni: "gke-dataplane-v2", resolver: "169.254.169.254", ...PRIVATE },
    asked: { initech: [] },
  },
};

interface Block {
  readonly metadata?: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly chart?: string;
  readonly values?: readonly string[];
  readonly name?: string;
}

/** True for a host of the examples. */
export function isExample({ id }: Pick<Host, "id">): boolean {
  return id.startsWith(EXAMPLE);
}

const EXAMPLE = "example ";

/** The hosts of the synthesized stacks. Throws on one that the table lacks, or whose tenants are others. */
export function exampleHosts(stacks: readonly SynthesizedStack[]): Host[] {
  const hosts = new Map<string, { objects: KubernetesObject[]; residents: Resident[] }>();
  for (const { example, folder } of stacks) {
    const { resource = {} } = readConfiguration(folder);
    const namespaces = Object.values((resource.kubernetes_namespace_v1 ?? {}) as Record<string, Block>).map(
      (one) => (Array.isArray(one.metadata) ? (one.metadata as Block["metadata"][])[0]! : one.metadata!),
    );
    const name = namespaces[0]?.labels[LABELS.host];
    if (name === undefined) continue; // no layer with objects of Kubernetes
    const id = EXAMPLES[example] ? example : `${example}/${name}`;
    const host = hosts.get(id) ?? { objects: [], residents: [] };
    hosts.set(id, host);
    for (const { name: full, labels } of namespaces)
      if (labels[LABELS.tenant] !== undefined)
        host.residents.push({ name: full.replace(/^tenant-/, ""), labels: labels });
    for (const release of Object.values((resource.helm_release ?? {}) as Record<string, Block>))
      if (/ManifestChart/.test(release.chart ?? ""))
        host.objects.push(...(JSON.parse(release.values![0]!) as { objects: KubernetesObject[] }).objects);
  }
  const missing = Object.keys(EXAMPLES).filter((id) => !hosts.has(id));
  if (missing.length > 0) throw new Error(`no stacks of ${missing.join(", ")}`);
  return [...hosts].map(([id, { objects, residents }]) => {
    const known = EXAMPLES[id];
    if (!known) throw new Error(`host ${id} is not in the table of examples`);
    const names = residents.map(({ name }) => name).sort();
    if (names.join() !== Object.keys(known.asked).sort().join())
      throw new Error(`host ${id} has the tenants ${names.join(", ")}, which the table of examples does not`);
    return { id: `${EXAMPLE}${id}`, ...known, objects, residents, holdsHostile: true };
  });
}
