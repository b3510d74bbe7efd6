// A live API server that holds what stacks synthesize, with everybody who attacks logged in.
import { randomBytes } from "node:crypto";
import type { KubernetesObject } from "../core/manifest-release";
import { LABELS, PLATFORM_NAMESPACE, tenantNamespace } from "../core/names";
import { ApiClient, type Endpoint, type Login } from "./api-client";
import {
  OPERATOR_USER,
  PERSONAS,
  type Answer,
  type Attack,
  type AttackContext,
  type Attacker,
} from "./attack";
import { collectionPath, create, objectPath, patch, type Manifest } from "./requests";
import { hostSide, type Configuration, type HostSide } from "./synthesized";
import { tenantView, type TenantView } from "./tenant-view";
import { judge, type Outcome } from "./verdict";
import { vclusterAccess } from "./vcluster-access";

/** Requests of a flood at once. */
const BATCH = 16;

/** How a host is prepared. */
export interface TestHostOptions {
  /** Stops the server when the host is no longer needed. @default - it is somebody else's */
  readonly stop?: () => Promise<void>;
  /** The stacks' releases are installed already, by Helm: only accounts and personas are added. @default false */
  readonly installed?: boolean;
}

/** A host under attack. */
export class TestHost {
  /**
   * Applies what the stacks put on a host: namespaces and objects of our own releases, the vCluster chart's accounts and
   * Roles, and a tenant with a confusable name. Kinds the server does not know are left out and listed in `leftOut`.
   */
  public static async install(
    endpoint: Endpoint,
    configurations: readonly Configuration[],
    options: TestHostOptions = {},
  ): Promise<TestHost> {
    const host = new TestHost(new ApiClient(endpoint), hostSide(configurations), options);
    await host.install();
    return host;
  }

  /** Throws when a cluster has tenants: then it is nobody's to throw away. */
  public static async assertThrowAway(endpoint: Endpoint): Promise<void> {
    const api = new ApiClient(endpoint);
    try {
      const path = `/api/v1/namespaces?labelSelector=${encodeURIComponent(LABELS.tenant)}`;
      const { items } = (await api.must({ method: "GET", path })) as { items?: KubernetesObject[] };
      const [first] = items ?? [];
      if (first)
        throw new Error(
          `url must be that of a throw-away cluster, got one with namespace '${first.metadata?.name ?? ""}' of a ` +
            "tenant; make an empty cluster, or leave url out",
        );
    } finally {
      api.close();
    }
  }

  /** Kinds that were not applied because the server does not serve them. */
  public readonly leftOut = new Set<string>();
  /** One for each tenant. */
  public readonly contexts: readonly AttackContext[];
  private readonly logins = new Map<string, Promise<Login>>();

  private constructor(
    public readonly api: ApiClient,
    public readonly side: HostSide,
    private readonly options: TestHostOptions,
  ) {
    const { tenants, runtimeClasses, administrators } = side;
    this.contexts = tenants.map((tenant) => {
      const double = lookalike(tenant);
      return {
        tenant,
        neighbour: tenants.find(({ name }) => name !== tenant.name) ?? double,
        lookalike: double,
        runtimeClasses,
        administrators,
        quota: quotaOf(tenant, side),
        platformNamespace: PLATFORM_NAMESPACE,
        helm: options.installed ?? false,
      };
    });
  }

  /** The tenant's context. Throws when the stacks hold no such tenant. */
  public context(tenant = this.contexts[0]?.tenant.name): AttackContext {
    const found = this.contexts.find((context) => context.tenant.name === tenant);
    if (!found)
      throw new Error(
        `no tenant '${tenant ?? ""}' in these stacks, there are ${this.contexts.map((c) => c.tenant.name).join(", ")}`,
      );
    return found;
  }

  /** Runs attacks against a tenant and judges each; those that make no sense here are left out. */
  public async attack(attacks: readonly Attack[], context = this.context()): Promise<Outcome[]> {
    const meant = attacks.filter(({ when }) => when?.(context) ?? true);
    return this.prepared(meant, context, async () => {
      const once = meant.filter(({ times }) => !times);
      const outcomes = await Promise.all(once.map((attack) => this.send(attack, context)));
      // These fill quotas: nothing else may run beside them.
      for (const attack of meant.filter(({ times }) => times))
        outcomes.push(await this.flood(attack, context));
      return outcomes;
    });
  }

  /** Does something while the setup objects of attacks are there. */
  public async prepared<T>(
    attacks: readonly Attack[],
    context: AttackContext,
    work: () => Promise<T>,
  ): Promise<T> {
    const setup = new Map<string, KubernetesObject>();
    for (const object of attacks.flatMap((attack) => attack.setup?.(context) ?? []))
      setup.set(objectPath(object), object);
    const objects = [...setup.values()];
    await Promise.all(objects.map((object) => this.api.apply(object)));
    try {
      return await work();
    } finally {
      await Promise.all(objects.map((object) => this.api.remove(object)));
    }
  }

  /** One request of an attack, as a dry run, judged. Its setup objects must be there. */
  public async send(attack: Attack, context: AttackContext): Promise<Outcome> {
    const request = attack.request(context, 0);
    const path = request.method === "GET" ? request.path : withQuery(request.path, "dryRun=All");
    return judge(
      attack,
      context,
      await this.api.send({ ...request, path }, await this.login(attack.as, context)),
    );
  }

  /** Who asks, with credentials of its own where the server gives any. */
  public login(as: Attacker, context: AttackContext): Promise<Login> {
    const identity = as.identity(context);
    const key = JSON.stringify(identity ?? null);
    let login = this.logins.get(key);
    if (!login) {
      login = identity === undefined ? Promise.resolve("nobody") : this.credentials(identity);
      this.logins.set(key, login);
    }
    return login;
  }

  /**
   * Waits until the server applies every policy and binding written so far: it reads them about once a second. A policy
   * of our own, written last, tells.
   */
  public async settled(): Promise<void> {
    // Unlike any before it, of another host on the same server, too.
    const canary = randomBytes(8).toString("hex");
    await this.api.apply(CANARY_POLICY);
    await this.api.apply(canaryBinding(canary));
    const request = create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "canary", namespace: PERSONAS, labels: { canary } },
    });
    for (let tries = 0; tries < 600; tries++) {
      const { status } = await this.api.send({ ...request, path: withQuery(request.path, "dryRun=All") });
      if (status >= 300) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("the server does not apply admission policies: is ValidatingAdmissionPolicy off?");
  }

  /** Removes what the stacks put there, for the next ones. Namespaces stay: only Kubernetes' controllers end them. */
  public async clear(): Promise<void> {
    const objects = this.side.objects.filter(({ kind }) => kind !== "Namespace");
    await Promise.all(objects.map((object) => this.api.remove(object)));
  }

  /** Ends connections, and the server when it is ours. */
  public async stop(): Promise<void> {
    this.api.close();
    await this.options.stop?.();
  }

  private async credentials(identity: Exclude<ReturnType<Attacker["identity"]>, undefined>): Promise<Login> {
    if ("user" in identity) return identity;
    return { token: await this.api.token(identity.namespace, identity.account) };
  }

  /** Sends until one is refused, and removes what was made. */
  public async flood(attack: Attack, context: AttackContext): Promise<Outcome> {
    const login = await this.login(attack.as, context);
    const made: string[] = [];
    const quotas = await this.quotas(context);
    let last: Answer = { status: 0, message: "nothing was sent", body: undefined, warnings: [] };
    try {
      const times = attack.times!(context);
      for (let from = 0; from < times && last.status < 300; from += BATCH) {
        const indexes = Array.from({ length: Math.min(BATCH, times - from) }, (_, offset) => from + offset);
        const answers = await Promise.all(
          indexes.map(async (index) => {
            const request = attack.request(context, index);
            const answer = await this.api.send(request, login);
            if (answer.status < 300)
              made.push(`${request.path.split("?")[0]!}/${(answer.body as Manifest).metadata.name}`);
            return answer;
          }),
        );
        last = answers.find(({ status }) => status >= 300) ?? answers[0]!;
      }
      // A quota that lets nothing in is broken, not strict.
      if (made.length === 0 && times > 1)
        return { ...judge(attack, context, last), problem: `not even one: ${last.message}` };
      return judge(attack, context, last);
    } finally {
      await Promise.all(made.map((path) => this.api.removeAt(path)));
      // Kubernetes' controllers count again after a while, where they run.
      await Promise.all(
        quotas.map((quota) =>
          this.api.must(patch(quota, { status: { used: quota.status?.used } }, "status")),
        ),
      );
    }
  }

  /** After a quota was made anew: makes it count, where Kubernetes' controllers do not run. */
  public async countedAgain(): Promise<void> {
    const quotas = this.side.objects.filter(({ kind }) => kind === "ResourceQuota");
    await Promise.all(quotas.map((quota) => this.usable(quota)));
  }

  private async quotas({ tenant }: AttackContext): Promise<Quota[]> {
    const path = `/api/v1/namespaces/${tenant.namespace}/resourcequotas`;
    const { items } = (await this.api.must({ method: "GET", path })) as { items?: Quota[] };
    return (items ?? []).map((quota) => ({ ...quota, apiVersion: "v1", kind: "ResourceQuota" }));
  }

  private async install(): Promise<void> {
    const { objects, tenants } = this.side;
    const doubles = this.contexts.map((context) => context.lookalike);
    await this.all([namespace(PLATFORM_NAMESPACE), namespace(PERSONAS), ...doubles.map(namespaceOf)]);
    if (!this.options.installed) {
      await this.all(objects.filter(({ kind }) => kind === "Namespace"));
      await this.all(objects.filter(({ kind }) => kind !== "Namespace"));
    }
    const owners = this.options.installed ? doubles : [...tenants, ...doubles];
    await this.all([
      ...[...tenants, ...doubles].map(defaultAccount),
      ...owners.flatMap(vclusterAccess),
      ...personas(tenants, this.side),
    ]);
    await this.countedAgain();
    await this.settled();
  }

  private async all(objects: readonly KubernetesObject[]): Promise<void> {
    await Promise.all(objects.map((object) => this.applied(object)));
  }

  /** Applies an object; fields that cannot change are changed by making it anew. */
  private async applied(object: KubernetesObject): Promise<void> {
    const request = {
      method: "PATCH" as const,
      path: `${objectPath(object)}?fieldManager=tenclave-attack&force=true`,
      body: object,
      contentType: "application/apply-patch+yaml",
    };
    let answer = await this.api.send(request);
    if (
      answer.status === 404 &&
      (await this.api.send({ method: "GET", path: collectionPath(object) })).status === 404
    ) {
      this.leftOut.add(object.kind ?? "");
      return;
    }
    if (answer.status === 422) {
      await this.api.remove(object);
      answer = await this.api.send(request);
    }
    if (answer.status >= 300)
      throw new Error(`${object.kind} ${object.metadata?.name}: ${answer.status} ${answer.message}`);
  }

  /** Without Kubernetes' controllers nobody says how much of a quota is used, and the server then refuses everything. */
  private async usable(quota: KubernetesObject): Promise<void> {
    const { hard = {} } = ((quota as Manifest).spec ?? {}) as { hard?: Record<string, string> };
    const { status } = (await this.api.must({ method: "GET", path: objectPath(quota) })) as {
      status?: { hard?: Record<string, string> };
    };
    if (Object.entries(hard).every(([key, amount]) => status?.hard?.[key] === amount)) return;
    const used = Object.fromEntries(Object.keys(hard).map((key) => [key, "0"]));
    await this.api.must({
      method: "PATCH",
      path: objectPath(quota, "status"),
      body: { status: { hard, used } },
    });
  }
}

interface Quota extends KubernetesObject {
  readonly status?: { readonly used?: Readonly<Record<string, string>> };
}

function quotaOf({ namespace }: TenantView, { objects }: HostSide): Readonly<Record<string, string>> {
  const quotas = objects.filter(
    ({ kind, metadata }) => kind === "ResourceQuota" && metadata?.namespace === namespace,
  ) as Manifest[];
  return Object.assign({}, ...quotas.map(({ spec }) => spec?.hard)) as Readonly<Record<string, string>>;
}

const ADMISSION = "admissionregistration.k8s.io/v1";

const CANARY_POLICY: Manifest = {
  apiVersion: ADMISSION,
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: "attack-canary" },
  spec: {
    matchConstraints: {
      resourceRules: [
        { apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE"] },
      ],
    },
    validations: [{ expression: "false", message: "seen" }],
  },
};

function canaryBinding(canary: string): Manifest {
  return {
    apiVersion: ADMISSION,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "attack-canary" },
    spec: {
      policyName: "attack-canary",
      validationActions: ["Deny"],
      matchResources: {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": PERSONAS } },
        objectSelector: { matchLabels: { canary } },
      },
    },
  };
}

/** A tenant whose name begins with another's: the same placement, its own namespace. */
function lookalike(tenant: TenantView): TenantView {
  const name = `${tenant.name}-x`;
  return tenantView(tenantNamespace(name), { ...tenant.labels, [LABELS.tenant]: name }, tenant.annotations);
}

function namespace(name: string): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function namespaceOf({ namespace: name, labels, annotations }: TenantView): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels, annotations } };
}

/** What Kubernetes' controller makes in every namespace; here it may not run. */
function defaultAccount({ namespace: name }: TenantView): Manifest {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } };
}

/** What Kubernetes' controller puts together to `edit`; here it may not run. */
const EDIT = ["system:aggregate-to-edit", "system:aggregate-to-view"];

/** Persons: a developer with `edit` in every tenant's namespace, administrators with everything. */
function personas(tenants: readonly TenantView[], { administrators }: HostSide): Manifest[] {
  const rbac = "rbac.authorization.k8s.io";
  const developer = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "developer", namespace: PERSONAS },
  };
  const people = [
    ...(administrators.users.length > 0 ? administrators.users : ["administrator"]).map((name) => ({
      kind: "User",
      name,
    })),
    ...administrators.groups.map((name) => ({ kind: "Group", name })),
  ];
  return [
    developer,
    ...tenants.flatMap((tenant) =>
      EDIT.map((name) => ({
        apiVersion: `${rbac}/v1`,
        kind: "RoleBinding",
        metadata: { name: `attack-developer-${name.split("-").at(-1)!}`, namespace: tenant.namespace },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
        subjects: [{ kind: "ServiceAccount", name: "developer", namespace: PERSONAS }],
      })),
    ),
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: "attack-administrators" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
      subjects: people.map((person) => ({ apiGroup: rbac, ...person })),
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: "tenclave-attack-operator" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ apiGroup: rbac, kind: "User", name: OPERATOR_USER }],
    },
  ];
}

function withQuery(path: string, query: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}
