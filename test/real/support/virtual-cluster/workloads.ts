// Legitimate uses of a virtual cluster: what they make must arrive on the host.
import type { Workload } from "../../attacks/inside-legitimate";
import type { KubeObject } from "../host-api/client";
import { check, type Check } from "../lane";
import { eventually, listed, make, type Carrier } from "./carry";

/** CoreDNS inside: made by the control plane itself, in `kube-system`. */
const CORE_DNS = "coredns-";

/** Makes what a workload makes and waits for what has to arrive. */
export async function workloadCheck(carrier: Carrier, workload: Workload): Promise<Check> {
  const { inside } = carrier;
  const refusals: string[] = [];
  for (const object of workload.makes(inside)) {
    const refusal = await make(carrier, object);
    if (refusal) refusals.push(`${object.kind} ${object.metadata?.name}: ${refusal}`);
  }
  const problems = await Promise.all(
    workload.arrives.map(async ({ kind, name }, index) => {
      const host = await arrival(carrier, kind, name, "default");
      if (!host) return [`${kind} ${name} does not arrive`, ...(await said(carrier, name))];
      const problem = index === 0 ? workload.holds?.(host) : undefined;
      return problem ? [problem] : [];
    }),
  );
  return check(`${inside.tenant}: ${workload.does}`, [...refusals, ...problems.flat()]);
}

/** The virtual cluster's own DNS passes the host's admission, too. */
export async function coreDnsCheck(carrier: Carrier): Promise<Check> {
  const host = await arrival(carrier, "Pod", CORE_DNS, "kube-system");
  return check(
    `${carrier.inside.tenant}: CoreDNS itself`,
    host ? [] : ["its pod does not arrive", ...(await said(carrier, CORE_DNS, "kube-system"))],
  );
}

async function arrival(
  { api, virtual }: Carrier,
  kind: string,
  name: string,
  namespace: string,
): Promise<KubeObject | undefined> {
  const path = await api.client.collectionPath({
    apiVersion: "v1",
    kind,
    metadata: { namespace: virtual.namespace },
  });
  return eventually(async () => {
    const items = await listed(api.client, path);
    const end = `-x-${namespace}-x-${virtual.tenant}`;
    return items.find(({ metadata }) => metadata!.name!.startsWith(name) && metadata!.name!.endsWith(end));
  });
}

/** What the tenant reads about pods whose name begins so. */
async function said({ virtual, admin }: Carrier, name: string, namespace = "default"): Promise<string[]> {
  const { items = [] } = await virtual.client.must({
    path: `/apis/events.k8s.io/v1/namespaces/${namespace}/events?limit=1000`,
    as: admin,
  });
  return items
    .filter(({ regarding, type }) => String(regarding.name).startsWith(name) && type === "Warning")
    .slice(0, 3)
    .map(({ reason, note }) => `${reason}: ${note}`);
}
