// Lane `trustee`: configuration read as strictly as Trustee's structs and Envoy's messages allow, objects on a live API server
// whose controllers make the pods, fences by Cilium's own engine, and the resource policy's SQL on a real Postgres.
import type { Deployment } from "kubernetes-types/apps/v1";
import type { ConfigMap, Pod } from "kubernetes-types/core/v1";
import { resourcePolicySql } from "../../../lib/attestation/trustee/resource-policy-job";
import type { KubernetesObject } from "../../../lib/core/manifest-release";
import { exampleHost } from "../../support/host";
import { trusteeServer } from "../../support/trustee";
import { shown, TRUSTEE_FENCES, trusteeFlows } from "../../support/trustee-flows";
import { POLICY_ATTACKS } from "../attestation/trustee-cells";
import { chartFolders } from "../support/charts";
import { readConfiguration, releaseValues } from "../support/configuration";
import { synthesize, type SynthesizedStack } from "../support/examples";
import { fenceJudge } from "../support/fence-judge";
import { applyStacks } from "../support/host-api/apply-stacks";
import type { KubeObject } from "../support/host-api/client";
import { startHostApi, type HostApi } from "../support/host-api/host-api";
import { KUBERNETES_VERSION } from "../support/host-api/tools";
import { check, type Check, type Lane, type NotHere } from "../support/lane";
import { startPostgres } from "../support/postgres";
import { judgeFiles, type TrusteeFile } from "../support/trustee-judge";

const EXAMPLE = "trust-cluster";

export const trustee: Lane = {
  name: "trustee",
  proves:
    "Trustee's files have known keys alone, its objects install and its pods are admitted, its fence holds, and nobody changes its policy",
  async run() {
    const stacks = await synthesize(EXAMPLE, await chartFolders(), {}, "variables");
    const files = [...filesOf(stacks), ...furtherFiles()];
    const checks = [...(await fileChecks(files)), ...(await fenceChecks()), ...(await installChecks(stacks))];
    const postgres = await postgresChecks();
    return {
      checks: [...checks, ...postgres.checks],
      parts: `BurntSushi/toml, Envoy's messages of go-control-plane, Cilium's engine, Kubernetes ${KUBERNETES_VERSION}, ${postgres.parts}`,
      leftOut: postgres.leftOut,
      notes: [`${files.length} files`, ...postgres.notes],
    };
  },
};

/** How a file's name tells what it is. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/kbs-config\.toml$/, "kbs"],
  [/trustee-as-config\/config\.json$/, "as"],
  [/rvps\.json$/, "rvps"],
  [/proxy\.json$/, "envoy"],
  [/trustee-reference-values\//, "value"],
];

function objectsOf(stacks: readonly SynthesizedStack[]): KubernetesObject[] {
  return stacks.flatMap(({ folder }) =>
    Object.values(readConfiguration(folder).resource?.helm_release ?? {}).flatMap(
      (release) => (releaseValues(release).objects ?? []) as KubernetesObject[],
    ),
  );
}

function filesIn(objects: readonly KubernetesObject[], from: string): TrusteeFile[] {
  return objects
    .filter((object): object is ConfigMap => object.kind === "ConfigMap")
    .flatMap(({ metadata, data = {} }) =>
      Object.entries(data).flatMap(([name, text]) => {
        const id = `${from}: ${metadata!.name}/${name}`;
        const kind = KINDS.find(([pattern]) => pattern.test(id))?.[1];
        return kind === undefined ? [] : [{ id, kind, text }];
      }),
    );
}

const filesOf = (stacks: readonly SynthesizedStack[]): TrusteeFile[] => filesIn(objectsOf(stacks), EXAMPLE);

/** Every option that reaches a file. */
function furtherFiles(): TrusteeFile[] {
  const host = exampleHost({ name: "trust" });
  const servers = {
    "every option": trusteeServer({
      admin: {
        jwkSetUri: "https://login.example.com/keys",
        issuer: "https://login.example.com",
        audience: "kbs",
        acls: [
          { role: "writer", allowedEndpoints: "^/kbs/v0/resource/.+$" },
          { role: 'o"dd\\', allowedEndpoints: "^/kbs/v0/resource/acme/.+$" },
        ],
      },
      verboseToken: true,
      collateral: { intel: "https://pccs.example.com/sgx/certification/v4/", amd: "https://kds.example.com" },
      jwks: {
        url: "https://jwks.example.com/.well-known/jwks.json",
        tlsSecret: "jwks",
        clients: ["10.0.0.0/24"],
      },
      host,
    }),
    "sessions in memory": trusteeServer({ sessions: "Memory", replicas: 1 }),
  };
  return Object.entries(servers).flatMap(([name, server]) => filesIn(server.objects(), name));
}

/** What must be refused, made of a file that is good. */
const BITES: readonly (readonly [string, RegExp, string, string])[] = [
  ["a misspelt key", /kbs-config/, "insecure_http", "insecure_htp"],
  ["an obsolete key", /kbs-config/, "authorization_mode", "insecure_api"],
  ["an unknown mode", /kbs-config/, "DenyAll", "Closed"],
  ["an unknown storage", /as-config/, "LocalFs", "ConfigMap"],
  ["a misspelt signer", /as-config/, "key_path", "keypath"],
  ["an unknown key of RVPS", /rvps\.json/, '"storage"', '"storage_backend"'],
  ["a day RVPS does not read", /reference-values/, "T23:59:59Z", ""],
  ["a misspelt field of Envoy", /jwks-proxy/, "stat_prefix", "statprefix"],
  ["a field Envoy wants filled", /jwks-proxy/, '"stat_prefix":"jwks"', '"stat_prefix":""'],
];

async function fileChecks(files: readonly TrusteeFile[]): Promise<Check[]> {
  const broken = BITES.map(([name, which, good, bad]): TrusteeFile => {
    const file = files.find(({ id, text }) => which.test(id) && text.includes(good));
    if (!file) throw new Error(`no file for '${name}'`);
    return { ...file, id: name, text: file.text.replace(good, bad) };
  });
  const wrong = await judgeFiles([...files, ...broken]);
  return [
    ...files.map(({ id }) => check(id, [wrong.get(id) ?? []].flat())),
    ...broken.map(({ id }) => check(`sees ${id}`, wrong.has(id) ? [] : ["not seen"])),
    check(
      "files of all kinds were read",
      KINDS.flatMap(([, kind]) => (files.some((f) => f.kind === kind) ? [] : [kind])),
    ),
  ];
}

async function fenceChecks(): Promise<Check[]> {
  const ask = await fenceJudge();
  const questions = TRUSTEE_FENCES.map((one) => ({ cluster: one.cluster, flows: trusteeFlows(one) }));
  const answers = await ask(questions);
  return TRUSTEE_FENCES.map(({ name, allowed }, index) => {
    const { refused, verdicts } = answers[index]!;
    const passed = questions[index]!.flows.filter((_, at) => verdicts[at]!.allowed).map(shown);
    return check(`fence: ${name}`, [
      ...refused.map(({ policy, error }) => `${policy}: ${error}`),
      ...passed.filter((flow) => !allowed.includes(flow)).map((flow) => `passes: ${flow}`),
      ...allowed.filter((flow) => !passed.includes(flow)).map((flow) => `does not pass: ${flow}`),
    ]);
  });
}

const NAMESPACE = "trustee";

/** The stacks by the real Helm; Kubernetes' own controllers make the pods, or say why not. */
async function installChecks(stacks: readonly SynthesizedStack[]): Promise<Check[]> {
  const api = await startHostApi();
  try {
    // The platform stack of the trust cluster makes it.
    await api.client.apply({
      apiVersion: "node.k8s.io/v1",
      kind: "RuntimeClass",
      metadata: { name: "tenclave-snp" },
      handler: "runc",
    });
    await applyStacks(api, stacks);
    const objects = objectsOf(stacks);
    const pods = await podsOf(api, wantedPods(objects));
    return [
      check("Helm installs all objects, fences among them", await missing(api, objects)),
      check("controllers make every pod: Pod Security restricted admits them", lackingPods(objects, pods)),
      check("a pod that is not restricted is refused", await admits(api, pods[0])),
      check("every ConfigMap that a pod needs is there", lackingMaps(objects, pods)),
      check("no Secret is made: all are given", await secrets(api)),
    ];
  } finally {
    await api.stop();
  }
}

const deploymentsOf = (objects: readonly KubernetesObject[]): Deployment[] =>
  objects.filter((object): object is Deployment => object.kind === "Deployment");

/** Replicas of the Deployments, and the Job's one. */
function wantedPods(objects: readonly KubernetesObject[]): number {
  return deploymentsOf(objects).reduce((sum, { spec }) => sum + spec!.replicas!, 1);
}

async function podsOf(api: HostApi, wanted: number): Promise<Pod[]> {
  let pods: Pod[] = [];
  for (let tries = 0; tries < 150 && pods.length < wanted; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 200));
    const { items } = await api.client.must({ path: `/api/v1/namespaces/${NAMESPACE}/pods` });
    pods = (items ?? []) as Pod[];
  }
  return pods;
}

async function missing(api: HostApi, objects: readonly KubernetesObject[]): Promise<string[]> {
  const answers = await Promise.all(
    objects.map(async (object) => ({
      object,
      answer: await api.client.request({ path: await api.client.objectPath(object as KubeObject) }),
    })),
  );
  return [
    ...answers
      .filter(({ answer }) => answer.status !== 200)
      .map(({ object }) => `${object.kind} ${object.metadata?.name}`),
    ...(objects.length > 20 ? [] : [`only ${objects.length} objects`]),
  ];
}

function lackingPods(objects: readonly KubernetesObject[], pods: readonly Pod[]): string[] {
  const count = (label: string): number =>
    pods.filter(({ metadata }) => metadata?.labels?.["k8s-app"] === label).length;
  return [
    ...deploymentsOf(objects).flatMap(({ metadata, spec }) =>
      count(metadata!.name!) === spec!.replicas ? [] : [`${metadata!.name}: ${count(metadata!.name!)} pods`],
    ),
    ...(count("trustee-policy") === 1 ? [] : [`policy: ${count("trustee-policy")} pods`]),
  ];
}

async function admits(api: HostApi, pod: Pod | undefined): Promise<string[]> {
  const [container] = pod?.spec?.containers ?? [];
  if (!container) return ["no pod to try with"];
  const object = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "loose", namespace: NAMESPACE },
    spec: { containers: [{ name: "loose", image: container.image, securityContext: { privileged: true } }] },
  };
  const { status } = await api.client.create(object as KubeObject, undefined, "dryRun=All");
  return status === 403 ? [] : [`answers ${status}`];
}

function lackingMaps(objects: readonly KubernetesObject[], pods: readonly Pod[]): string[] {
  const maps = new Set(
    objects.filter(({ kind }) => kind === "ConfigMap").map(({ metadata }) => metadata?.name),
  );
  return pods
    .flatMap(({ spec }) => (spec?.volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? []))
    .filter((name) => name !== "kube-root-ca.crt" && !maps.has(name));
}

async function secrets(api: HostApi): Promise<string[]> {
  const { items } = await api.client.must({ path: `/api/v1/namespaces/${NAMESPACE}/secrets` });
  return (items ?? [])
    .filter(({ type }) => type !== "helm.sh/release.v1")
    .map(({ metadata }) => metadata?.name ?? "");
}

const POLICY = "package policy\n\n# it's a 'policy' with $1, $$ and \\\ndefault allow := false\n";
const STOCK =
  "INSERT INTO kbs (key, value) VALUES ('resource-policy.rego', 'stock') ON CONFLICT (key) DO NOTHING RETURNING *;";
const READ = "SELECT convert_from(value, 'UTF8') FROM kbs WHERE key = 'resource-policy.rego';";

interface PostgresReport {
  readonly checks: Check[];
  readonly parts: string;
  readonly notes: readonly string[];
  readonly leftOut: number;
}

/** The SQL of our Job, by psql, and what the broker does with it afterwards: its own statements of v0.21.0. */
async function postgresChecks(): Promise<PostgresReport> {
  try {
    const postgres = await startPostgres();
    try {
      const { sql, version } = postgres;
      const { options } = trusteeServer();
      const early = await sql("owner", `CREATE ROLE kbs LOGIN;`);
      const before = await sql("kbs", STOCK);
      const first = await sql("owner", resourcePolicySql(options, "package policy\n"));
      const second = await sql("owner", resourcePolicySql(options, POLICY));
      const stock = await sql("kbs", STOCK);
      const read = await sql("kbs", READ);
      const sessions = await sql(
        "kbs",
        "INSERT INTO kbs_protocol_session (key, value) VALUES ('a', 'b') ON CONFLICT (key) DO UPDATE SET value = 'c'; " +
          "DELETE FROM kbs_protocol_session WHERE key = 'a' RETURNING value;",
      );
      const attacks: Check[] = [];
      for (const { name, sql: text } of POLICY_ATTACKS) {
        const { code } = await sql("kbs", text);
        const after = (await sql("kbs", READ)).stdout;
        attacks.push(
          check(`refused: ${name}`, [
            ...(code === 0 ? ["Postgres takes it"] : []),
            ...(after === read.stdout ? [] : [`the policy is now ${after}`]),
          ]),
        );
      }
      const opened = trusteeServer({
        admin: {
          jwkSetUri: "https://login.example.com/keys",
          issuer: "https://login.example.com",
          audience: "kbs",
          acls: [{ role: "writer", allowedEndpoints: "^/kbs/v0/resource/.+$" }],
        },
      });
      const reopened = await sql("owner", resourcePolicySql(opened.options, POLICY));
      const written = await sql(
        "kbs",
        "INSERT INTO repository (key, value) VALUES ('acme/db/password', 'x') ON CONFLICT (key) DO UPDATE SET value = 'x';",
      );
      return {
        checks: [
          check(
            "before the Job the broker finds no table, and does not start",
            early.code === 0 && before.code !== 0 ? [] : [before.output],
          ),
          check("the Job's SQL runs, and runs again with another policy", problems(first, second)),
          check("the broker's own policy does not replace ours", problems(stock)),
          check("the policy is there to the byte", read.stdout === `${POLICY}\n` ? [] : [read.output]),
          check("the broker keeps sessions", problems(sessions)),
          check("with an identity provider the broker writes secrets", problems(reopened, written)),
          ...attacks,
        ],
        parts: `Postgres ${version}`,
        notes: [],
        leftOut: 0,
      };
    } finally {
      await postgres.stop();
    }
  } catch (error) {
    if (!isNotHere(error)) throw error;
    return {
      checks: [],
      parts: "no Postgres",
      notes: [`the resource policy's SQL was not run: ${error.message}`],
      leftOut: POLICY_ATTACKS.length,
    };
  }
}

function isNotHere(error: unknown): error is NotHere {
  return typeof error === "object" && error !== null && "notHere" in error;
}

function problems(...ran: readonly { readonly code: number; readonly output: string }[]): string[] {
  return ran.filter(({ code }) => code !== 0).map(({ output }) => output);
}
