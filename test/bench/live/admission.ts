// A pod judged among 1,000 tenants and all our policies, beside a server that has none of both.
import { readConfiguration, releaseValues } from "../../real/support/configuration";
import { syncedPod } from "../../../lib/testing/legitimate-pods";
import type { TenantView } from "../../../lib/testing/tenant-view";
import { inParallel } from "../../real/support/exec";
import { ciliumDefinitions } from "../../real/support/host-api/cilium-definitions";
import type { HostClient, Identity, KubeMetadata, KubeObject } from "../../real/support/host-api/client";
import type { ReleaseBlock } from "../../real/support/host-api/helm";
import { startHostApi } from "../../real/support/host-api/host-api";
import { median, p99, type Answer } from "./figures";
import { platformWith } from "./platform";
import { viewOf } from "./tenant";

const TENANTS = 1000;
const ROUNDS = 5;
/** Pods of a round and side, one after the other. */
const PODS = 200;
/** Tenants that ask, spread over all. */
const ASKING = 20;

/** A tenant's pod, and who creates it. */
interface Asked {
  readonly pod: KubeObject;
  readonly as: Identity;
}

/** Both servers run side by side and are asked in turns. */
export async function admission(say: (text: string) => void): Promise<Answer[]> {
  const full = await startHostApi();
  try {
    const empty = await startHostApi();
    try {
      await fill(full.client);
      say(`admission: ${TENANTS} tenants are in`);
      const names = Array.from({ length: ASKING }, (_, index) => nameOf(1 + index * (TENANTS / ASKING)));
      const views = await Promise.all(names.map((name) => viewOf(full.client, name)));
      const ours = await Promise.all(views.map((view) => asked(full.client, view)));
      const bare = await Promise.all(views.map((view) => bareAsked(empty.client, view)));
      const rounds: { ours: number; bare: number }[] = [];
      for (let index = 0; index <= ROUNDS; index++) {
        const round = { ours: 0, bare: 0 };
        for (const side of index % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const))
          round[side] = await measure(
            side === "ours" ? full.client : empty.client,
            side === "ours" ? ours : bare,
          );
        // The first warms connections and caches.
        if (index > 0) rounds.push(round);
        say(`admission, round ${index}: p99 ${round.ours.toFixed(1)} ms, empty ${round.bare.toFixed(1)} ms`);
      }
      return [
        {
          what: `p99 of a pod judged (dry run), ${TENANTS} tenants and all policies, by an empty server`,
          sides: [
            `ours ${median(rounds.map((round) => round.ours)).toFixed(1)} ms`,
            `empty ${median(rounds.map((round) => round.bare)).toFixed(1)} ms`,
          ],
          ratios: rounds.map((round) => round.ours / round.bare),
          limit: { atMost: 1.5, kind: "goal" },
        },
      ];
    } finally {
      await empty.stop();
    }
  } finally {
    await full.stop();
  }
}

function nameOf(index: number): string {
  return `t${String(index).padStart(5, "0")}`;
}

/** All host objects of the stacks, by server-side apply: Helm would take half an hour for as many. */
async function fill(client: HostClient): Promise<void> {
  await ciliumDefinitions(client);
  const stacks = await platformWith(TENANTS);
  const namespaces: KubeObject[] = [];
  const platform: KubeObject[] = [];
  const guardrails: KubeObject[] = [];
  for (const { stack, folder } of stacks) {
    const { resource = {} } = readConfiguration(folder);
    for (const { metadata } of Object.values(resource.kubernetes_namespace_v1 ?? {}))
      namespaces.push({ apiVersion: "v1", kind: "Namespace", metadata: metadata as KubeMetadata });
    for (const release of Object.values(resource.helm_release ?? {}) as unknown as ReleaseBlock[]) {
      if (!/ManifestChart/.test(release.chart)) continue;
      const { objects } = releaseValues(release) as { readonly objects: readonly KubeObject[] };
      (/platform/.test(stack) ? platform : guardrails).push(...objects);
    }
  }
  if (namespaces.length < TENANTS) throw new Error(`${namespaces.length} namespaces`);
  // Policies last, as they would only judge what the platform does.
  for (const objects of [namespaces, guardrails, platform])
    await inParallel(objects, 16, async (object) => {
      const { status, body } = await client.apply(object);
      if (status >= 300) throw new Error(`${object.kind} ${object.metadata?.name}: ${body.message}`);
    });
}

/** The account that may create pods, as the chart's Role lets it. */
async function asked(client: HostClient, view: TenantView): Promise<Asked> {
  const { name, namespace } = view;
  const metadata = { name: `vc-${name}`, namespace };
  const objects: KubeObject[] = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...metadata, name: `vc-workload-${name}` } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["create"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
  ];
  for (const object of objects) {
    const { status, body } = await client.apply(object);
    if (status >= 300) throw new Error(body.message);
  }
  return {
    pod: syncedPod(view, "bench"),
    as: { token: await client.serviceAccountToken(namespace, metadata.name) },
  };
}

/** The same pod on the server without policies: a plain namespace and the class it names, without scheduling. */
async function bareAsked(client: HostClient, view: TenantView): Promise<Asked> {
  await client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: view.namespace } });
  await client.apply({
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: view.runtimeClass },
    handler: "runc",
  });
  return asked(client, view);
}

async function measure(client: HostClient, pods: readonly Asked[]): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < PODS; index++) {
    const { pod, as } = pods[index % pods.length]!;
    const began = process.hrtime.bigint();
    const { status, body } = await client.create(pod, as, "dryRun=All");
    times.push(Number(process.hrtime.bigint() - began) / 1e6);
    if (status !== 201) throw new Error(`a legitimate pod is refused: ${body.message}`);
  }
  return p99(times);
}
