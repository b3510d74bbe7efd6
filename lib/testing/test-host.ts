// A live API server that holds what stacks synthesize, with everybody who attacks logged in.
import type { KubernetesObject } from "../core/manifest-release";
import { LABELS, PLATFORM_NAMESPACE, tenantNamespace } from "../core/names";
import { ApiClient, type Endpoint, type Login } from "./api-client";
import { PERSONAS, type Answer, type Attack, type AttackContext, type Attacker } from "./attack";
import { collectionPath, objectPath, type Manifest } from "./requests";
import { hostSide, type Configuration, type HostSide } from "./synthesized";
import { tenantView, type TenantView } from "./tenant-view";
import { judge, type Outcome } from "./verdict";
import { vclusterAccess } from "./vcluster-access";

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
    const setup = new Map<string, KubernetesObject>();
    for (const object of meant.flatMap((attack) => attack.setup?.(context) ?? []))
      setup.set(objectPath(object), object);
    const objects = [...setup.values()];
    await Promise.all(objects.map((object) => this.api.apply(object)));
    try {
      const once = meant.filter(({ times }) => !times);
      const outcomes = await Promise.all(once.map((attack) => this.send(attack, context)));
      // These fill quotas: nothing else may run beside them.
      for (const attack of meant.filter(({ times }) => times))
        outcomes.push(await this.flood(attack, context));
      return outcomes;
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
  private async flood(attack: Attack, context: AttackContext): Promise<Outcome> {
    const login = await this.login(attack.as, context);
    const made: string[] = [];
    let last: Answer = { status: 0, message: "nothing was sent", body: undefined };
    try {
      for (let index = 0; index < attack.times!(context); index++) {
        const request = attack.request(context, index);
        last = await this.api.send(request, login);
        if (last.status >= 300) break;
        const { name = "" } = (last.body as Manifest).metadata;
        made.push(`${request.path.split("?")[0]!}/${name}?gracePeriodSeconds=0`);
      }
      return judge(attack, context, last);
    } finally {
      await Promise.all(made.map((path) => this.api.send({ method: "DELETE", path })));
    }
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
    await this.all([...owners.flatMap(vclusterAccess), ...personas(tenants, this.side)]);
    await Promise.all(
      objects.filter(({ kind }) => kind === "ResourceQuota").map((quota) => this.usable(quota)),
    );
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
    if (Object.keys(hard).every((key) => status?.hard && key in status.hard)) return;
    const used = Object.fromEntries(Object.keys(hard).map((key) => [key, "0"]));
    await this.api.must({
      method: "PATCH",
      path: objectPath(quota, "status"),
      body: { status: { hard, used } },
    });
  }
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
    ...tenants.map((tenant) => ({
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { name: "tenclave-attack-developer", namespace: tenant.namespace },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "edit" },
      subjects: [{ kind: "ServiceAccount", name: "developer", namespace: PERSONAS }],
    })),
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: "tenclave-attack-administrators" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
      subjects: people.map((person) => ({ apiGroup: rbac, ...person })),
    },
  ];
}

function withQuery(path: string, query: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}
