// Helm's records: whoever forges one decides what the next upgrade deletes, with the deployer's rights.
import { gunzipSync } from "node:zlib";
import { Attacker, type Answer, type Attack, type AttackContext } from "../attack";
import { apply, create, get, objectPath, patch, remove, synced, type Manifest } from "../requests";

const WHY = "the next upgrade deletes whatever the forger lists, with the deployer's rights";

/** A Secret that Helm would take for a record of a release. */
function record(
  { tenant }: AttackContext,
  name: string,
  change: Readonly<Record<string, unknown>> = {},
): Manifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `sh.helm.release.v1.${name}.v9`,
      namespace: tenant.namespace,
      labels: { owner: "helm", name, status: "deployed", version: "9" },
    },
    type: "helm.sh/release.v1",
    data: { release: Buffer.from("forged").toString("base64") },
    ...change,
  };
}

/** The record of the tenant's own vcluster release, made by Helm. */
function ownRecord({ tenant }: AttackContext): Manifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `sh.helm.release.v1.${tenant.name}.v1`, namespace: tenant.namespace },
  };
}

function platformRecord({ platformNamespace, tenant }: AttackContext): Manifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `sh.helm.release.v1.guardrails-${tenant.name}.v1`, namespace: platformNamespace },
  };
}

/** A Secret of a workload, there before. */
function standing(context: AttackContext): Manifest {
  return synced(context, "v1", "Secret", "standing", { type: "Opaque", stringData: { a: "b" } });
}

const rule = { expect: "refused", stoppedBy: ["rule:helm-records"], why: WHY } as const;
const withHelm = { when: ({ helm }: AttackContext): boolean => helm } as const;

export const HELM_ATTACKS: readonly Attack[] = [
  {
    ...rule,
    id: "helm-forge",
    as: Attacker.SYNCER,
    does: "makes a record of a later revision of its release",
    request: (context) => create(record(context, context.tenant.name)),
  },
  {
    ...rule,
    id: "helm-forge-guardrails",
    as: Attacker.SYNCER,
    does: "makes a record of its guardrails' release in its own namespace",
    request: (context) => create(record(context, `guardrails-${context.tenant.name}`)),
  },
  {
    ...rule,
    id: "helm-forge-apply",
    as: Attacker.SYNCER,
    does: "applies a record",
    request: (context) => apply(record(context, context.tenant.name)),
  },
  {
    ...rule,
    id: "helm-forge-label",
    as: Attacker.SYNCER,
    does: "makes an Opaque Secret with the label owner=helm",
    request: (context) =>
      create(
        record(context, "x", {
          type: "Opaque",
          metadata: {
            name: "plain",
            namespace: context.tenant.namespace,
            labels: { owner: "helm", name: context.tenant.name, status: "deployed", version: "9" },
          },
        }),
      ),
  },
  {
    ...rule,
    id: "helm-forge-name",
    as: Attacker.SYNCER,
    does: "makes an Opaque Secret with a record's name and no label",
    request: (context) =>
      create(
        record(context, "x", {
          type: "Opaque",
          metadata: {
            name: `sh.helm.release.v1.${context.tenant.name}.v9`,
            namespace: context.tenant.namespace,
          },
        }),
      ),
  },
  {
    ...rule,
    id: "helm-forge-configmap",
    as: Attacker.SYNCER,
    does: "makes a record in a ConfigMap, for Helm's other driver",
    request: (context) =>
      create({
        ...record(context, context.tenant.name),
        kind: "ConfigMap",
        type: undefined,
        data: { release: "forged" },
      }),
  },
  {
    ...rule,
    id: "helm-relabel",
    as: Attacker.SYNCER,
    does: "labels a Secret of a workload as Helm's",
    setup: (context) => [standing(context)],
    request: (context) => patch(standing(context), { metadata: { labels: { owner: "helm" } } }),
  },
  {
    ...rule,
    id: "helm-forge-developer",
    as: Attacker.DEVELOPER,
    does: "makes a record in the tenant's namespace",
    request: (context) => create(record(context, context.tenant.name)),
  },
  {
    ...rule,
    ...withHelm,
    id: "helm-tamper",
    as: Attacker.SYNCER,
    does: "writes into the record of its own release",
    request: (context) => patch(ownRecord(context), { data: { release: "Zm9yZ2Vk" } }),
  },
  {
    ...rule,
    ...withHelm,
    id: "helm-unlabel",
    as: Attacker.SYNCER,
    does: "takes the labels off the record of its own release",
    request: (context) => patch(ownRecord(context), { metadata: { labels: { owner: null } } }),
  },
  {
    ...rule,
    ...withHelm,
    id: "helm-delete",
    as: Attacker.SYNCER,
    does: "deletes the record of its own release",
    why: "Helm installs anew over what is there, and no longer knows what to remove",
    request: (context) => remove(ownRecord(context)),
  },
  {
    ...withHelm,
    id: "helm-read",
    as: Attacker.SYNCER,
    does: "reads the record of its own release",
    why: "values of the platform, if they were in it; admission cannot stop a read",
    expect: {
      harmless: "it holds the chart and the tenant's own values: no Secret, nothing of another tenant",
      shows: betrayed,
    },
    stoppedBy: [],
    request: (context) => get(objectPath(ownRecord(context))),
  },
  {
    id: "helm-read-guardrails",
    as: Attacker.SYNCER,
    does: "reads the record of its guardrails",
    why: "the plan of its fence",
    expect: "refused",
    stoppedBy: ["rbac"],
    request: (context) => get(objectPath(platformRecord(context))),
  },
  {
    id: "helm-list-guardrails",
    as: Attacker.SYNCER,
    does: "lists the records of all guardrails",
    why: "names and plans of every tenant",
    expect: "refused",
    stoppedBy: ["rbac"],
    request: ({ platformNamespace }) =>
      get(`/api/v1/namespaces/${platformNamespace}/secrets?labelSelector=owner%3Dhelm`),
  },
  {
    ...withHelm,
    id: "helm-tamper-guardrails",
    as: Attacker.SYNCER,
    does: "writes into the record of its guardrails",
    why: WHY,
    expect: "refused",
    stoppedBy: ["rbac", "rule:own-namespace", "rule:platform-records"],
    request: (context) => patch(platformRecord(context), { data: { release: "Zm9yZ2Vk" } }),
  },
  {
    id: "helm-forge-platform",
    as: Attacker.SYNCER,
    does: "makes a record in the platform's namespace",
    why: WHY,
    expect: "refused",
    stoppedBy: ["rbac", "rule:own-namespace", "rule:platform-records"],
    request: (context) =>
      create(
        record(context, "x", {
          metadata: {
            name: "sh.helm.release.v1.guardrails-x.v9",
            namespace: context.platformNamespace,
            labels: { owner: "helm" },
          },
        }),
      ),
  },
];

/** What a release record holds beyond the tenant's own values. Exported for its test. */
export function betrayed(
  { body }: Answer,
  { tenant, neighbour, platformNamespace }: AttackContext,
): string[] {
  const { data } = body as { data?: { release?: string } };
  if (data?.release === undefined) return ["no record in the answer"];
  const text = gunzipSync(Buffer.from(Buffer.from(data.release, "base64").toString(), "base64")).toString();
  const release = JSON.parse(text) as { name?: string; config?: unknown; manifest?: string };
  if (release.name !== tenant.name) return [`a record of release '${release.name ?? ""}'`];
  const own = `${JSON.stringify(release.config)}\n${release.manifest ?? ""}`;
  return [
    [neighbour.namespace, "another tenant's namespace"],
    [platformNamespace, "the platform's namespace"],
    ["PRIVATE KEY", "a private key"],
    ["client-certificate-data", "a kubeconfig"],
    ["eyJhbGciOi", "a token"],
  ]
    .filter(([secret]) => own.includes(secret!))
    .map(([, what]) => `${what!} is in it`);
}
