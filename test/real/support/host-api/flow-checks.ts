// Lane `api-server`: which priority level a request lands in, and that a tenant can only block its own.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:http2";
import { tenantNamespace } from "../../../../lib/core/names";
import { check, type Check } from "../lane";
import { serviceAccount, user, type HostClient, type Identity } from "./client";
import type { HostApi } from "./host-api";

const FLOW_SCHEMAS = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas";

/** All checks of priority and fairness, for tenants that are installed on the host. */
export async function flowChecks(api: FlowApi, tenants: readonly string[]): Promise<Check[]> {
  const { client } = api;
  const accounts = tenants.flatMap((tenant) =>
    [`vc-${tenant}`, `vc-workload-${tenant}`].map((name) => ({
      who: `${name} of ${tenant}`,
      as: serviceAccount(tenantNamespace(tenant), name),
      flow: fairShareOf(tenant),
    })),
  );
  const others = [
    { who: "an administrator", as: undefined, flow: "exempt" },
    { who: "a developer", as: user("dev@example.com", "developers"), flow: "global-default" },
    { who: "nobody", as: "anonymous" as const, flow: "global-default" },
    { who: "an operator", as: serviceAccount("monitoring", "agent"), flow: "service-accounts" },
    {
      who: "a controller of kube-system",
      as: serviceAccount("kube-system", "deployment-controller"),
      flow: "kube-system-service-accounts",
    },
  ];
  const landed = [];
  for (const { who, as, flow } of [...accounts, ...others]) {
    const got = await flowOf(client, as);
    landed.push(check(`${who} lands in ${flow}`, got === flow ? [] : [`in ${got}`]));
  }
  const [attacker, neighbour] = tenants;
  return attacker !== undefined && neighbour !== undefined
    ? [...landed, await unreadCheck(api, attacker, neighbour)]
    : landed;
}

/** What the checks need of a host. */
export type FlowApi = Pick<HostApi, "client" | "url" | "caFile">;

/** Name of a tenant's level and schema. */
export function fairShareOf(tenant: string): string {
  return `tenclave-tenant-${tenant}`;
}

/** Name of the FlowSchema that a request of somebody lands in. */
export async function flowOf(client: HostClient, as?: Identity): Promise<string | undefined> {
  const { headers } = await client.request({ path: "/version", as });
  const { items = [] } = await client.must({ path: FLOW_SCHEMAS });
  const uid = headers["x-kubernetes-pf-flowschema-uid"];
  return items.find(({ metadata }) => metadata!.uid === uid)?.metadata!.name;
}

/** Requests over HTTP/2 whose answers are never read; each keeps its seat for a minute. Returns what ends them. */
export async function leaveUnread(
  api: FlowApi,
  { token, path, requests }: { readonly token: string; readonly path: string; readonly requests: number },
): Promise<() => void> {
  const session = connect(api.url, { ca: readFileSync(api.caFile), settings: { initialWindowSize: 0 } });
  session.on("error", () => undefined);
  // Before the server has our settings it would send a window's worth.
  await once(session, "localSettings");
  for (let index = 0; index < requests; index++)
    session
      .request({ ":path": path, authorization: `Bearer ${token}` })
      .on("error", () => undefined)
      .end();
  return () => {
    session.destroy();
  };
}

/** Answers that one leaves unread keep its own seats, so another is still served. */
async function unreadCheck(api: FlowApi, attacker: string, neighbour: string): Promise<Check> {
  const { client } = api;
  const name = `${attacker} leaves answers unread, and ${neighbour} is served`;
  const namespace = tenantNamespace(attacker);
  const large = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "unread", namespace },
    data: { text: "x".repeat(500_000) },
  };
  const { status, body } = await client.apply(large);
  if (status >= 300) throw new Error(body.message);
  const token = await client.serviceAccountToken(namespace, `vc-${attacker}`);
  const list = (tenant: string): string => `/api/v1/namespaces/${tenantNamespace(tenant)}/configmaps`;
  const end = await leaveUnread(api, { token, path: list(attacker), requests: 60 });
  try {
    const seats = await untilHeld(client, fairShareOf(attacker));
    const as = serviceAccount(tenantNamespace(neighbour), `vc-${neighbour}`);
    const answer = await client.request({ path: list(neighbour), as });
    return check(name, [
      ...(seats ? [] : [`${attacker} holds no seat, so nothing was tried`]),
      ...(answer.status === 200 ? [] : [`${neighbour} gets ${answer.status}: ${answer.body.message}`]),
    ]);
  } finally {
    end();
    await client.must({ method: "DELETE", path: await client.objectPath(large) });
  }
}

/** Whether requests of a level wait, which they do when all its seats are taken. */
async function untilHeld(client: HostClient, level: string): Promise<boolean> {
  const waiting = new RegExp(
    `^apiserver_flowcontrol_current_inqueue_requests\\{.*priority_level="${level}".*\\} [1-9]`,
    "m",
  );
  for (let tries = 0; tries < 100; tries++) {
    const { body } = await client.request({ path: "/metrics" });
    if (waiting.test(body.message ?? "")) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
