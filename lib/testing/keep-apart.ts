// Whether two tenants are kept apart by what stacks synthesize: namespaces, pools, accounts, and every flow between them.
import { PARAMETERS } from "../admission/parameters";
import { LABELS } from "../core/names";
import { IDENTITY_LABELS } from "../network/cilium-values";
import { CORE_DNS_APP } from "../network/fence-selectors";
import { Fence } from "./fence";
import type { FencePod } from "./fence-cluster";
import { managedLabels } from "./requests";
import { hostSide, type Configuration, type HostSide } from "./synthesized";
import type { TenantView } from "./tenant-view";

/** What two tenants may have in common. */
export interface KeepApartOptions {
  /** True when both may run on one pool: then one kernel, and one escape, stands between them. @default false */
  readonly sharedPool?: boolean;
}

/** Ports that mean something: DNS, the virtual API, kubelets, the host's API, and any other. */
const PORTS = [53, 80, 443, 1053, 6443, 8443, 9153, 10250];
const PROTOCOLS = ["TCP", "UDP"] as const;

/**
 * Why two tenants are not apart, a line each; empty when they are. Throws when a tenant is not in the stacks, and on a
 * network policy with a field that is not understood.
 */
export function contacts(
  configurations: readonly Configuration[],
  one: string,
  other: string,
  { sharedPool = false }: KeepApartOptions = {},
): string[] {
  const side = hostSide(configurations);
  const a = tenantOf(side, one);
  const b = tenantOf(side, other);
  return [...shared(a, b, sharedPool), ...flows(side, a, b)];
}

function tenantOf({ tenants }: HostSide, name: string): TenantView {
  const found = tenants.find((tenant) => tenant.name === name);
  if (found) return found;
  throw new Error(
    `no tenant '${name}' in these stacks, there are ${tenants.map((tenant) => tenant.name).join(", ")}`,
  );
}

function shared(a: TenantView, b: TenantView, sharedPool: boolean): string[] {
  const common = (what: string, x: string | undefined, y: string | undefined): string[] =>
    x !== undefined && x !== y ? [] : [`both have ${what} '${x ?? "none"}'`];
  return [
    ...common("namespace", a.namespace, b.namespace),
    ...common("service account", `${a.namespace}/vc-${a.name}`, `${b.namespace}/vc-${b.name}`),
    ...(sharedPool
      ? []
      : [
          ...common("pool", a.labels[LABELS.pool], b.labels[LABELS.pool]),
          ...common("RuntimeClass", a.runtimeClass, b.runtimeClass),
          ...common(
            "node selector",
            a.annotations[PARAMETERS.nodeSelector],
            b.annotations[PARAMETERS.nodeSelector],
          ),
        ]),
  ];
}

/** Flows that pass, with the labels that count for a Cilium of ours and with all: a managed one sees more. */
function flows({ objects, tenants }: HostSide, a: TenantView, b: TenantView): string[] {
  const pods = [a, b].flatMap(podsOf);
  const namespaces = tenants.map(({ namespace: name, labels }) => ({ name, labels }));
  const found = [IDENTITY_LABELS, undefined].flatMap((identityLabels) => {
    const fence = new Fence({ objects, namespaces, pods, ...(identityLabels ? { identityLabels } : {}) });
    return pairs(a, b).flatMap(([from, to]) =>
      PORTS.flatMap((port) =>
        PROTOCOLS.filter((protocol) => fence.allows({ from, to, port, protocol })).map(
          (protocol) => `${from} reaches ${to} on ${protocol} ${port}`,
        ),
      ),
    );
  });
  return [...new Set(found)];
}

const ROLES = ["workload", "DNS", "control plane", "stray"] as const;

function pairs(a: TenantView, b: TenantView): [string, string][] {
  const ends = ({ name }: TenantView): string[] => ROLES.map((role) => `${role} of ${name}`);
  return [
    [a, b],
    [b, a],
  ].flatMap(([x, y]) => ends(x!).flatMap((from) => ends(y!).map((to): [string, string] => [from, to])));
}

/** A tenant's pods as they stand on the host. The stray one was made past the syncer. */
function podsOf(tenant: TenantView): FencePod[] {
  const { name, namespace } = tenant;
  const labels: Readonly<Record<(typeof ROLES)[number], Readonly<Record<string, string>>>> = {
    workload: { app: "web", ...managedLabels(tenant) },
    DNS: { ...managedLabels(tenant), "k8s-app": CORE_DNS_APP },
    "control plane": { app: "vcluster", release: name },
    stray: { app: "web" },
  };
  return ROLES.map((role) => ({
    id: `${role} of ${name}`,
    namespace,
    labels: labels[role],
    serviceAccount: role === "control plane" ? `vc-${name}` : `vc-workload-${name}`,
  }));
}
