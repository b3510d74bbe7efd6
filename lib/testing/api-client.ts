// A JSON client of an API server: any request, by token, by impersonation, or without credentials.
import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent, request as tlsRequest } from "node:https";
import type { KubernetesObject } from "../core/manifest-release";
import type { Answer, AttackRequest } from "./attack";
import { objectPath } from "./requests";

/** A server, and the administrator's way in. */
export interface Endpoint {
  /** Like `https://127.0.0.1:6443`. */
  readonly url: string;
  /** The server's authority, PEM. @default - those Node trusts */
  readonly ca?: string;
  /** Bearer token of somebody in `system:masters`, or who may do as much. */
  readonly token?: string;
  /** Client certificate and key, PEM, in place of a token. */
  readonly certificate?: string;
  readonly key?: string;
}

/** Who asks. */
export type Login =
  | "administrator"
  | "nobody"
  | { readonly token: string }
  | { readonly user: string; readonly groups: readonly string[] };

/** Requests at once; more wait here. */
const SOCKETS = 32;

/** Never throws for a refusal. */
export class ApiClient {
  private readonly agent: Agent | PlainAgent;
  /** Without the client certificate, for everybody but the administrator. */
  private readonly strangers: Agent | PlainAgent;

  public constructor(public readonly endpoint: Endpoint) {
    const { url, ca, certificate: cert, key } = endpoint;
    const options = { keepAlive: true, maxSockets: SOCKETS, ca };
    const secure = url.startsWith("https:");
    this.agent = secure ? new Agent({ ...options, cert, key }) : new PlainAgent(options);
    this.strangers = secure ? new Agent(options) : new PlainAgent(options);
  }

  /** Sends a request and returns what the server says. Rejects when there is no server. */
  public send(request: AttackRequest, as: Login = "administrator"): Promise<Answer> {
    const { method, path, body, contentType } = request;
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const url = new URL(path, this.endpoint.url);
    const [login, agent] = this.login(as);
    const headers: Record<string, string | string[] | number> = {
      accept: "application/json",
      ...login,
      ...request.headers,
    };
    if (text !== undefined) {
      headers["content-type"] =
        contentType ?? (method === "PATCH" ? "application/merge-patch+json" : "application/json");
      headers["content-length"] = Buffer.byteLength(text);
    }
    return new Promise((resolve, reject) => {
      const open = url.protocol === "https:" ? tlsRequest : plainRequest;
      const sent = open(url, { method, agent, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve(
            answer(response.statusCode ?? 0, Buffer.concat(parts).toString(), response.headers.warning),
          ),
        );
      });
      sent.on("error", reject);
      sent.end(text);
    });
  }

  /** Like `send`, for what has to work: throws with the server's words. */
  public async must(request: AttackRequest): Promise<Record<string, unknown>> {
    const { status, message, body } = await this.send(request);
    if (status >= 300) throw new Error(`${request.method} ${request.path} answers ${status}: ${message}`);
    return body as Record<string, unknown>;
  }

  /** Makes an object, or changes it into this one, and takes over what others own. */
  public async apply(object: KubernetesObject): Promise<void> {
    await this.must({
      method: "PATCH",
      path: `${objectPath(object)}?fieldManager=tenclave-attack&force=true`,
      body: object,
      contentType: "application/apply-patch+yaml",
    });
  }

  /** Removes an object at once, whether it is there or not. */
  public async remove(object: KubernetesObject): Promise<void> {
    await this.removeAt(objectPath(object));
  }

  /** Removes what lies at a path at once. Nobody here answers finalizers, so they go first. */
  public async removeAt(path: string): Promise<void> {
    const { body } = await this.send({ method: "DELETE", path: `${path}?gracePeriodSeconds=0` });
    const { metadata } = body as { metadata?: { finalizers?: readonly string[] } };
    if (metadata?.finalizers?.length)
      await this.send({ method: "PATCH", path, body: { metadata: { finalizers: null } } });
  }

  /** A token of a service account, for an hour. */
  public async token(namespace: string, account: string): Promise<string> {
    const { status } = await this.must({
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds: 3600 },
      },
    });
    return (status as { token: string }).token;
  }

  /** Closes idle connections. */
  public close(): void {
    this.agent.destroy();
    this.strangers.destroy();
  }

  private login(as: Login): [Record<string, string | string[]>, Agent | PlainAgent] {
    if (as === "nobody") return [{}, this.strangers];
    if (typeof as === "object" && "token" in as)
      return [{ authorization: `Bearer ${as.token}` }, this.strangers];
    const { token } = this.endpoint;
    const own: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    if (as === "administrator") return [own, this.agent];
    return [{ ...own, "Impersonate-User": as.user, "Impersonate-Group": [...as.groups] }, this.agent];
  }
}

function answer(status: number, text: string, warning = ""): Answer {
  // `299 - "text", 299 - "text"`, as RFC 9110 wants it.
  const warnings = [...warning.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, words]) =>
    words!.replace(/\\(.)/g, "$1"),
  );
  try {
    const body = JSON.parse(text) as { message?: unknown };
    return { status, body, warnings, message: typeof body.message === "string" ? body.message : "" };
  } catch {
    return { status, body: text, warnings, message: text };
  }
}
