// How the resource policy gets into Postgres while the admin API is closed: SQL in a ConfigMap, and a Job that runs it.
import type { Job } from "kubernetes-types/batch/v1";
import type { ConfigMap, Container } from "kubernetes-types/core/v1";
import { FOLDERS, partLabels, partName, RESOURCE_POLICY_KEY, STORAGE } from "./names";
import type { CheckedTrustee } from "./options";
import { digest, mapMount, mountOf, RESTRICTED, secretMount, volumeOf } from "./pod-parts";

/** Ends the policy's text in SQL; Rego has no such word. */
const MARK = "$tenclave_policy$";

/**
 * Tables, rights and the policy, in one transaction: until it ran, the broker finds no table and does not start, so it never
 * runs on the policy it brings along, which lets every TEE but the fake one in.
 *
 * The broker's role may read the policy and add one where there is none, as it tries to at its start, but not change it.
 * SOURCE: v0.21.0, kbs/src/api_server.rs, deps/key-value-storage/src/postgres/{mod.rs,set-up.sql},
 * deployment/helm-chart/files/postgres-initkv.sql.
 */
export function resourcePolicySql({ postgres, admin }: CheckedTrustee, policy: string): string {
  if (policy.includes(MARK)) throw new Error(`a policy must not contain ${MARK}`);
  const tables = [STORAGE.policy, STORAGE.repository, STORAGE.sessions];
  const role = `"${postgres.role}"`;
  return [
    "BEGIN;",
    ...tables.map((table) => `CREATE TABLE IF NOT EXISTS ${table} (value BYTEA, key TEXT PRIMARY KEY);`),
    `REVOKE ALL ON ${tables.join(", ")} FROM PUBLIC, ${role};`,
    `GRANT SELECT, INSERT ON ${STORAGE.policy} TO ${role};`,
    `GRANT SELECT${admin ? ", INSERT, UPDATE, DELETE" : ""} ON ${STORAGE.repository} TO ${role};`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${STORAGE.sessions} TO ${role};`,
    `DELETE FROM ${STORAGE.policy} WHERE key <> '${RESOURCE_POLICY_KEY}';`,
    `INSERT INTO ${STORAGE.policy} (key, value) VALUES ('${RESOURCE_POLICY_KEY}', convert_to(${MARK}${policy}${MARK}, 'UTF8'))`,
    "  ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;",
    "COMMIT;",
    "",
  ].join("\n");
}

/** The SQL and its Job. A changed policy is a Job of another name: a Job's pods cannot be changed. */
export function resourcePolicyObjects(options: CheckedTrustee, policy: string): [ConfigMap, Job] {
  const data = { "policy.sql": resourcePolicySql(options, policy) };
  const name = `${partName("policy")}-${digest(data)}`;
  const labels = partLabels("policy");
  const mounts = [
    mapMount("sql", FOLDERS.config, name),
    secretMount("postgres-ca", FOLDERS.postgres, options.postgres.caSecret, ["ca.crt"]),
  ];
  const psql: Container = {
    name: "psql",
    image: options.images.psql,
    // Kubernetes puts the value in; the object holds the name alone.
    command: ["psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--quiet"],
    args: ["--dbname=$(OWNER_URL)", `--file=${FOLDERS.config}/policy.sql`],
    env: [
      { name: "HOME", value: FOLDERS.temporary },
      {
        name: "OWNER_URL",
        valueFrom: { secretKeyRef: { name: options.postgres.secret, key: "owner-url" } },
      },
    ],
    securityContext: RESTRICTED.container,
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
    volumeMounts: mounts.map(mountOf),
  };
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: options.namespace, labels }, data },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace: options.namespace, labels },
      spec: {
        backoffLimit: 6,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: "Never",
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: RESTRICTED.pod,
            containers: [psql],
            volumes: mounts.map(volumeOf),
          },
        },
      },
    },
  ];
}
