// A JSON client of an API server: any request, as anybody.
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request as httpsRequest } from "node:https";

/** Who asks: nobody, the bearer of a token, or a user whom the administrator impersonates, with all groups that count. */
export type Identity =
  | "anonymous"
  | { readonly token: string }
  | {
      readonly user: string;
      readonly groups: readonly string[];
      readonly extra?: Readonly<Record<string, string>>;
    };

export interface ApiRequest {
  /** `GET` unless said otherwise. */
  readonly method?: string;
  /** With query, such as `/api/v1/namespaces?limit=1`. */
  readonly path: string;
  /** An object, or text that is sent as it is. */
  readonly body?: unknown;
  /** `application/json` unless said otherwise. */
  readonly contentType?: string;
  /** The administrator, `system:masters`, unless said otherwise. */
  readonly as?: Identity;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer; `body` is a Status when the request is refused. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: KubeObject;
}

/** Any Kubernetes object or list, and the Status of a refusal. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: KubeMetadata;
  readonly items?: KubeObject[];
  /** Of a Status. */
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  // Objects are looked into by those who made them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [key: string]: any;
}

export interface KubeMetadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** What a client needs to know of a server. */
export interface Endpoint {
  readonly url: string;
  readonly caFile: string;
  readonly adminToken: string;
}

/** A service account, with the groups its token carries. */
export function serviceAccount(namespace: string, name: string): Identity {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

/** A person, or anything else that logs in from outside. */
export function user(name: string, ...groups: string[]): Identity {
  return { user: name, groups: [...groups, "system:authenticated"] };
}

/** Tells refused from done, and never throws for a refusal. */
export class HostClient {
  private readonly agent: Agent;
  private readonly resources = new Map<string, Promise<readonly Resource[]>>();

  /** `sockets`: how many requests are under way at once; more wait here. */
  public constructor(
    private readonly endpoint: Endpoint,
    sockets = 64,
  ) {
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: sockets,
      ca: readFileSync(endpoint.caFile),
      // One connection serves one request at a time, so that requests wait in the server and not behind each other.
      ALPNProtocols: ["http/1.1"],
    });
  }

  public request({ method = "GET", path, body, contentType, as, headers }: ApiRequest): Promise<ApiResponse> {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(
        new URL(path, this.endpoint.url),
        {
          method,
          agent: this.agent,
          headers: {
            accept: "application/json",
            ...(text === undefined
              ? {}
              : {
                  "content-type": contentType ?? "application/json",
                  "content-length": Buffer.byteLength(text),
                }),
            ...this.login(as),
            ...headers,
          },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on("data", (part: Buffer) => parts.push(part));
          answer.on("error", reject);
          answer.on("end", () => {
            resolve({
              status: answer.statusCode!,
              headers: answer.headers,
              body: parsed(Buffer.concat(parts).toString()),
            });
          });
        },
      );
      sent.on("error", reject);
      sent.end(text);
    });
  }

  /** Like `request`, for what has to work: throws with the server's message when it does not. */
  public async must(request: ApiRequest): Promise<KubeObject> {
    const { status, body } = await this.request(request);
    if (status >= 300)
      throw new Error(
        `${request.method ?? "GET"} ${request.path} answers ${status}: ${body.message ?? JSON.stringify(body)}`,
      );
    return body;
  }

  /** Creates an object. `query` such as `dryRun=All`. */
  public async create(object: KubeObject, as?: Identity, query = ""): Promise<ApiResponse> {
    return this.request({
      method: "POST",
      path: `${await this.collectionPath(object)}?${query}`,
      body: object,
      as,
    });
  }

  /** Creates or changes an object by server-side apply, and takes over what others own. */
  public async apply(
    object: KubeObject,
    as?: Identity,
    fieldManager = "tenclave-test",
  ): Promise<ApiResponse> {
    return this.request({
      method: "PATCH",
      path: `${await this.objectPath(object)}?fieldManager=${fieldManager}&force=true`,
      body: object,
      contentType: "application/apply-patch+yaml",
      as,
    });
  }

  /** Where an object's kind is listed: `/api/v1/namespaces/acme/pods`. The server says what the resource is called. */
  public async collectionPath({ apiVersion, kind, metadata }: KubeObject): Promise<string> {
    const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    if (!this.resources.has(root)) this.resources.set(root, this.discover(root));
    const resource = (await this.resources.get(root)!).find((r) => r.kind === kind && !r.name.includes("/"));
    if (!resource) {
      // A definition may have come since.
      this.resources.delete(root);
      throw new Error(`no kind ${kind} in ${apiVersion}`);
    }
    return resource.namespaced
      ? `${root}/namespaces/${metadata?.namespace ?? "default"}/${resource.name}`
      : `${root}/${resource.name}`;
  }

  /** Where an object lies: `/api/v1/namespaces/acme/pods/web`. */
  public async objectPath(object: KubeObject): Promise<string> {
    return `${await this.collectionPath(object)}/${object.metadata?.name}`;
  }

  /** A token of a service account, by TokenRequest. */
  public async serviceAccountToken(namespace: string, name: string, seconds = 3600): Promise<string> {
    const { status } = await this.must({
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds: seconds },
      },
    });
    return (status as { token: string }).token;
  }

  /** Closes idle connections. */
  public close(): void {
    this.agent.destroy();
  }

  private async discover(root: string): Promise<readonly Resource[]> {
    const { status, body } = await this.request({ path: root });
    return status === 200 ? (body.resources as Resource[]) : [];
  }

  private login(as: Identity | undefined): Record<string, string | readonly string[]> {
    if (as === "anonymous") return {};
    if (as && "token" in as) return { authorization: `Bearer ${as.token}` };
    const admin = { authorization: `Bearer ${this.endpoint.adminToken}` };
    if (!as) return admin;
    const extra = Object.entries(as.extra ?? {}).map(([key, value]) => [
      `Impersonate-Extra-${encodeURIComponent(key)}`,
      value,
    ]);
    return {
      ...admin,
      "Impersonate-User": as.user,
      "Impersonate-Group": as.groups,
      ...(Object.fromEntries(extra) as Record<string, string>),
    };
  }
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Health checks answer in plain text. */
function parsed(text: string): KubeObject {
  try {
    return JSON.parse(text) as KubeObject;
  } catch {
    return { message: text };
  }
}
