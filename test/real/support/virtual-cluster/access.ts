// Tokens, kubeconfigs and log-in of virtual clusters, on the real API server.
import { TOKEN_LIFE_HOURS } from "../../../../lib/tenant/api-server-flags";
import { KUBECONFIG_ACCOUNT } from "../../../../lib/tenant/vcluster-values";
import { goodPod } from "../../attacks/inside";
import type { Identity, KubeObject } from "../host-api/client";
import { check, type Check } from "../lane";
import { eventually, make, type Carrier } from "./carry";
import type { OidcIssuer } from "./oidc-issuer";
import { decode, type VirtualCluster } from "./virtual-cluster";

interface Claims {
  readonly iat: number;
  readonly exp: number;
  readonly sub: string;
}

/** What a token says of itself. */
function claims(token: string): Claims {
  return JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as Claims;
}

function hours({ iat, exp }: Claims): number {
  return (exp - iat) / 3600;
}

/** Whether a token opens a path that every log-in opens, and nobody else. */
async function opens(virtual: VirtualCluster, token: string, path = "/api"): Promise<boolean> {
  return (await virtual.client.request({ path, as: { token } })).status === 200;
}

/** Waits until a token opens nothing. The proxy believes a token for five seconds, the API server for ten. */
async function ends(virtual: VirtualCluster, token: string): Promise<boolean> {
  return (await eventually(async () => ((await opens(virtual, token)) ? undefined : true))) ?? false;
}

interface Token {
  readonly token: string;
  /** Of the Secret it lies in. */
  readonly uid: string;
}

/** The token of a pod of namespace `default`, from the host's Secret. */
async function tokenOf({ api, virtual }: Carrier, pod: string): Promise<Token> {
  const path = `/api/v1/namespaces/${virtual.namespace}/secrets/${pod}-sa-token-x-default-x-${virtual.tenant}`;
  const secret = await eventually(async () => {
    const { status, body } = await api.client.request({ path });
    return status === 200 ? body : undefined;
  });
  if (!secret) throw new Error(`no token of pod ${pod} on the host`);
  const [data] = Object.values(secret.data as Record<string, string>);
  return { token: decode(data!), uid: secret.metadata!.uid! };
}

/** What Secret `vc-<name>` holds. */
async function kubeconfigOf({ api, virtual }: Carrier): Promise<Record<string, string>> {
  const path = `/api/v1/namespaces/${virtual.namespace}/secrets/vc-${virtual.tenant}`;
  const { data } = (await api.client.must({ path })) as { data: Record<string, string> };
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decode(value)]));
}

/**
 * Pods' tokens and the kubeconfig's: how long they live, where they lie, what ends them, and what a restart of the
 * control plane does to them.
 */
export async function tokenChecks(carrier: Carrier, neighbour: VirtualCluster): Promise<Check[]> {
  const { api, virtual } = carrier;
  for (const name of ["token-kept", "token-ended"]) await make(carrier, goodPod(carrier.inside, name));
  const [kept, ended] = [await tokenOf(carrier, "token-kept"), await tokenOf(carrier, "token-ended")];
  const path = `/api/v1/namespaces/${virtual.namespace}/pods/token-kept-x-default-x-${virtual.tenant}`;
  const pod = await eventually(async () => {
    const { status, body } = await api.client.request({ path });
    return status === 200 ? JSON.stringify(body) : undefined;
  });
  const file = await kubeconfigOf(carrier);
  const login = file.token ?? "";

  const accepted = (await opens(virtual, ended.token)) && (await opens(virtual, login, BINDINGS));
  const elsewhere = await opens(neighbour, kept.token);
  for (const gone of [
    "/api/v1/namespaces/default/pods/token-ended",
    `/api/v1/namespaces/kube-system/serviceaccounts/${KUBECONFIG_ACCOUNT}`,
  ])
    await virtual.client.must({
      method: "DELETE",
      path: gone,
      body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 },
    });
  const [podOver, loginOver] = await Promise.all([ends(virtual, ended.token), ends(virtual, login)]);

  await virtual.restart();
  const after = await tokenOf(carrier, "token-kept");
  const again = await eventually(async () => {
    const { token = "" } = await kubeconfigOf(carrier);
    return token !== login && (await opens(virtual, token, BINDINGS)) ? true : undefined;
  });
  const lives = [hours(claims(kept.token)), hours(claims(login))];
  return [
    check(
      `tokens live ${TOKEN_LIFE_HOURS} hours, not ten years`,
      lives.filter((life) => life !== TOKEN_LIFE_HOURS).map((life) => `${life} hours`),
    ),
    check("tokens lie in Secrets, not in the host pod", [
      ...(pod ? [] : ["the pod does not arrive"]),
      ...(pod?.includes(kept.token) ? ["the host pod holds its token"] : []),
    ]),
    check("a token ends with its pod", [
      ...(accepted ? [] : ["not accepted before"]),
      ...(podOver ? [] : ["still accepted"]),
    ]),
    check("a token opens no other virtual cluster", elsewhere ? ["it does"] : []),
    // A fact that the docs state: should a release of vCluster renew tokens, this fails, and they can live for hours.
    check(
      "nothing renews a token while its pod lives, a restart of the control plane neither",
      after.uid === kept.uid && after.token === kept.token ? [] : ["renewed: shorten TOKEN_LIFE_HOURS"],
    ),
    check("the kubeconfig holds a token and no certificate", [
      ...(file["client-key"] || file["client-certificate"] ? ["a client certificate"] : []),
      ...(file.config!.includes("client-certificate-data") ? ["a certificate in the file"] : []),
      ...(claims(login).sub === `system:serviceaccount:kube-system:${KUBECONFIG_ACCOUNT}`
        ? []
        : [`of ${claims(login).sub}`]),
    ]),
    check("deleting its service account ends it, the next start of the control plane makes another", [
      ...(loginOver ? [] : ["still accepted"]),
      ...(again ? [] : ["no new one"]),
    ]),
  ];
}

/** Audience of the tokens of a test. */
export const CLIENT_ID = "virtual-cluster";

/** Groups as the provider of a test names them. */
export const GROUPS = { admin: ["ops"], developer: ["dev"], viewer: ["audit"] };

/** One request of a persona and the answer it has to get. */
interface Ask {
  readonly who: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly method?: string;
  readonly path: string;
  readonly body?: KubeObject;
  readonly status: number;
  /** Words of the answer. */
  readonly says?: string;
}

/** The proxy before the virtual API server takes whoever holds a wrong token for anonymous, and does not answer 401. */
const NOBODY = 'User "system:anonymous"';

const NAMESPACE = { apiVersion: "v1", kind: "Namespace", metadata: { name: "made-by-ops" } };
const SETTINGS = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "made-by-dev" } };
const BINDING = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "more-rights" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
};
const SECRETS_PATH = "/api/v1/namespaces/default/secrets";
const MAPS = "/api/v1/namespaces/default/configmaps";
const BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

function as(group: string): Readonly<Record<string, unknown>> {
  return { aud: CLIENT_ID, sub: `user-of-${group}`, groups: [group] };
}

const ASKS: readonly Ask[] = [
  {
    who: "admin makes a namespace",
    claims: as("ops"),
    method: "POST",
    path: "/api/v1/namespaces",
    body: NAMESPACE,
    status: 201,
  },
  { who: "admin reads bindings", claims: as("ops"), path: BINDINGS, status: 200 },
  {
    who: "developer writes a ConfigMap",
    claims: as("dev"),
    method: "POST",
    path: MAPS,
    body: SETTINGS,
    status: 201,
  },
  { who: "developer reads Secrets", claims: as("dev"), path: SECRETS_PATH, status: 200 },
  {
    who: "developer gives itself rights",
    claims: as("dev"),
    method: "POST",
    path: BINDINGS,
    body: BINDING,
    status: 403,
  },
  { who: "viewer reads ConfigMaps", claims: as("audit"), path: MAPS, status: 200 },
  { who: "viewer reads Secrets", claims: as("audit"), path: SECRETS_PATH, status: 403 },
  {
    who: "viewer writes",
    claims: as("audit"),
    method: "POST",
    path: MAPS,
    body: SETTINGS,
    status: 403,
  },
  {
    who: "a group nobody named",
    claims: as("other"),
    path: MAPS,
    status: 403,
    says: 'User "oidc:user-of-other"',
  },
  {
    who: "a token that says system:masters",
    claims: as("system:masters"),
    path: MAPS,
    status: 403,
    says: 'User "oidc:user-of-system:masters"',
  },
  {
    who: "a token that says it is a user of the system",
    claims: { aud: CLIENT_ID, sub: "system:kube-controller-manager" },
    path: SECRETS_PATH,
    status: 403,
    says: 'User "oidc:system:kube-controller-manager"',
  },
  {
    who: "a token for another audience",
    claims: { ...as("ops"), aud: "another" },
    path: MAPS,
    status: 403,
    says: NOBODY,
  },
  {
    who: "a token that has ended",
    claims: { ...as("ops"), exp: 1 },
    path: MAPS,
    status: 403,
    says: NOBODY,
  },
];

/** The admin persona's log-in, once the API server knows the provider. */
export async function adminLogin(virtual: VirtualCluster, issuer: OidcIssuer): Promise<Identity> {
  const identity = { token: issuer.token(as("ops")) };
  const ready = await eventually(async () =>
    (await opens(virtual, identity.token, BINDINGS)) ? true : undefined,
  );
  if (!ready) throw new Error(`the admin persona cannot log in:\n${virtual.log().slice(-2000)}`);
  return identity;
}

/** Personas by group, and what a token may not claim. */
export async function personaChecks(virtual: VirtualCluster, issuer: OidcIssuer): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { who, claims: said, method, path, body, status, says = "" } of ASKS) {
    const token = issuer.token(said);
    const answer = await virtual.client.request({ method, path, body, as: { token } });
    const expected = answer.status === status && (answer.body.message ?? "").includes(says);
    const problems = expected ? [] : [`${answer.status}: ${answer.body.message}`];
    checks.push(check(`log-in: ${who} (${status})`, problems));
  }
  return checks;
}
