// Secrets that Helm or Kubernetes believe.
import { Attacker, type Attack, type AttackContext } from "../attack";
import { create, patch, remove, synced, type Manifest } from "../requests";
import { refused, allowed, own, type More } from "./object-attack";

/** A Secret as the syncer makes it. */
export function secret(
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

/** Helm's records, beside what helm.ts tries. */
export const RECORD_ATTACKS: readonly Attack[] = [
  refused("helm-type", RECORDS, "makes a Secret of Helm's type", "one label short of a record", (c) =>
    create(secret(c, "forged", { type: "helm.sh/release.v1" })),
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

/** Secrets that are answered with a token. */
export const CREDENTIAL_ATTACKS: readonly Attack[] = [
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
