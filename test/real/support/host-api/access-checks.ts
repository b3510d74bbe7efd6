// Lane `api-server`: what RBAC lets tenants do on a live host, against the allow-list, and who may write the guardrails.
import { PLATFORM_NAMESPACE, tenantNamespace } from "../../../../lib/core/names";
import {
  accessLines,
  EVERYBODYS_ACCESS,
  EVERYBODYS_PATHS,
  SYNCER_ACCESS,
  WORKLOAD_ACCESS,
  type HostAccess,
} from "../../../../lib/tenant/syncer-access";
import { check, type Check } from "../lane";
import { serviceAccount, user, type HostClient, type Identity } from "./client";
import { flowChecks, type FlowApi } from "./flow-checks";
import { GUARDRAILS } from "./guardrail-kinds";
import { KUBERNETES_WRITERS, policyWriters } from "./policy-writers";

/** All checks of RBAC, quotas and priority levels, for the tenants that are installed on the host. */
export async function accessChecks(api: FlowApi, tenants: readonly string[]): Promise<Check[]> {
  const { client } = api;
  return [
    ...(await allowListChecks(client, tenants)),
    ...(await guardrailChecks(client, tenants)),
    check("only Kubernetes and its administrators write policies", await unexpectedWriters(client)),
    ...(await Promise.all(tenants.map((tenant) => quotaCheck(client, tenant)))),
    ...(await flowChecks(api, tenants)),
    ...(tenants[0] === undefined ? [] : [await biteCheck(client, tenants[0])]),
  ];
}

/** Each account in its own namespace, and in those where it has no business. */
async function allowListChecks(client: HostClient, tenants: readonly string[]): Promise<Check[]> {
  const foreign = ["default", "kube-system", PLATFORM_NAMESPACE];
  const questions = tenants.flatMap((tenant, index) => {
    const neighbour = tenants[(index + 1) % tenants.length]!;
    const elsewhere = neighbour === tenant ? foreign : [...foreign, tenantNamespace(neighbour)];
    return accountsOf(tenant).flatMap(({ name, access }) => [
      { tenant, name, namespace: tenantNamespace(tenant), access },
      ...elsewhere.map((namespace) => ({ tenant, name, namespace, access: [] })),
    ]);
  });
  return Promise.all(
    questions.map(async ({ tenant, name, namespace, access }) =>
      check(
        `${name} of ${tenant} may do in ${namespace} what the list says`,
        accessProblems(access, await rules(client, serviceAccount(tenantNamespace(tenant), name), namespace)),
      ),
    ),
  );
}

interface Account {
  readonly name: string;
  readonly access: readonly HostAccess[];
}

/** All service accounts of a tenant's namespace; Kubernetes makes the last. */
function accountsOf(tenant: string): Account[] {
  return [
    { name: `vc-${tenant}`, access: SYNCER_ACCESS },
    { name: `vc-workload-${tenant}`, access: WORKLOAD_ACCESS },
    { name: "default", access: [] },
  ];
}

/** What a SelfSubjectRulesReview says. */
export interface Rules {
  readonly incomplete: boolean;
  readonly resourceRules: readonly {
    readonly verbs: readonly string[];
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
  readonly nonResourceRules: readonly {
    readonly verbs: readonly string[];
    readonly nonResourceURLs: readonly string[];
  }[];
}

async function rules(client: HostClient, as: Identity, namespace: string): Promise<Rules> {
  const { status } = await client.must({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    as,
    body: { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } },
  });
  return status as Rules;
}

/** Where the live rules differ from the list, either way. */
export function accessProblems(access: readonly HostAccess[], live: Rules): string[] {
  const listed = accessLines([...access, ...EVERYBODYS_ACCESS]);
  const granted = accessLines(
    live.resourceRules.flatMap(({ verbs, apiGroups, resources }) =>
      apiGroups.map((apiGroup) => ({ apiGroup, resources, verbs })),
    ),
  );
  const paths = live.nonResourceRules.flatMap(({ verbs, nonResourceURLs }) =>
    nonResourceURLs.flatMap((path) => verbs.map((verb) => `${verb} ${path}`)),
  );
  const listedPaths = EVERYBODYS_PATHS.map((path) => `get ${path}`);
  return [
    ...(live.incomplete ? ["the server knows only a part of the rules"] : []),
    ...granted.filter((line) => !listed.includes(line)).map((line) => `not on the list: ${line}`),
    ...listed
      .filter((line) => !granted.includes(line))
      .map((line) => `on the list, but not granted: ${line}`),
    ...[...new Set(paths)]
      .filter((line) => !listedPaths.includes(line))
      .map((line) => `not on the list: ${line}`),
  ];
}

/** Nobody but an administrator may touch what holds a tenant in: asked by SubjectAccessReview. */
async function guardrailChecks(client: HostClient, tenants: readonly string[]): Promise<Check[]> {
  const subjects = [
    ...tenants.flatMap((tenant) =>
      accountsOf(tenant).map(({ name }) => ({
        who: `${name} of ${tenant}`,
        as: serviceAccount(tenantNamespace(tenant), name),
        tenant,
        allowed: false,
      })),
    ),
    { who: "nobody", as: NOBODY, tenant: tenants[0], allowed: false },
    { who: "a developer", as: user("dev@example.com", "developers"), tenant: tenants[0], allowed: false },
    {
      who: "an administrator",
      as: user("root@example.com", "system:masters"),
      tenant: tenants[0],
      allowed: true,
    },
  ];
  return Promise.all(
    subjects.map(async ({ who, as, tenant, allowed }) => {
      const problems = await Promise.all(
        GUARDRAILS.flatMap(({ group, resource, verbs, namespaces }) =>
          namespaces(tenant).flatMap((namespace) =>
            verbs.map(async (verb) => {
              const may = await isAllowed(client, as, { verb, group, ...split(resource), namespace });
              const where = namespace === undefined ? "cluster-wide" : `in ${namespace}`;
              return may === allowed ? [] : [`${may ? "may" : "may not"} ${verb} ${resource} ${where}`];
            }),
          ),
        ),
      );
      return check(`${who} ${allowed ? "may" : "may not"} change guardrails`, problems.flat());
    }),
  );
}

/** As a server names those who do not log in. */
const NOBODY: Identity = { user: "system:anonymous", groups: ["system:unauthenticated"] };

function split(resource: string): { readonly resource: string; readonly subresource?: string } {
  const [name, subresource] = resource.split("/") as [string, string?];
  return { resource: name, subresource };
}

async function isAllowed(
  client: HostClient,
  as: Identity,
  resourceAttributes: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (typeof as === "string" || "token" in as) throw new Error("a user with groups, please");
  const { status } = await client.must({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user: as.user, groups: as.groups, resourceAttributes },
    },
  });
  return (status as { allowed: boolean }).allowed;
}

/** Kubernetes asks no policy about policies, so whoever RBAC lets write them is listed by name. */
async function unexpectedWriters(client: HostClient): Promise<string[]> {
  const live = await policyWriters(client);
  const known = Object.keys(KUBERNETES_WRITERS);
  return [
    ...live.filter((subject) => !known.includes(subject)).map((subject) => `may write policies: ${subject}`),
    ...known.filter((subject) => !live.includes(subject)).map((subject) => `no longer writes: ${subject}`),
  ];
}

/** A name that the server does not count stands in `hard` for nothing. */
async function quotaCheck(client: HostClient, tenant: string): Promise<Check> {
  const namespace = tenantNamespace(tenant);
  const { items = [] } = await client.must({ path: `/api/v1/namespaces/${namespace}/resourcequotas` });
  const problems = items.flatMap(({ spec, status }) => {
    const { hard } = spec as { readonly hard: Readonly<Record<string, string>> };
    const { used = {} } = (status ?? {}) as { readonly used?: Readonly<Record<string, string>> };
    return Object.keys(hard)
      .filter((name) => !(name in used))
      .map((name) => `${name} is not counted`);
  });
  return check(`every quota of ${tenant} is counted`, items.length === 0 ? ["no quota at all"] : problems);
}

/** One grant too many must show, or the comparison proves nothing. */
async function biteCheck(client: HostClient, tenant: string): Promise<Check> {
  const namespace = tenantNamespace(tenant);
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "one-too-many", namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "ServiceAccount", name: `vc-${tenant}`, namespace }],
  };
  const { status, body } = await client.apply(binding);
  if (status >= 300) throw new Error(body.message);
  try {
    for (let tries = 0; tries < 50; tries++) {
      const live = await rules(client, serviceAccount(namespace, `vc-${tenant}`), namespace);
      if (accessProblems(SYNCER_ACCESS, live).some((problem) => problem.includes("get resourcequotas")))
        return check("a grant too many shows", []);
      // The authorizer hears of a binding a moment later.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return check("a grant too many shows", ["it does not"]);
  } finally {
    await client.must({ method: "DELETE", path: await client.objectPath(binding) });
  }
}
