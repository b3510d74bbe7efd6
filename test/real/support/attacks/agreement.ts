// Every attack that is an admission request, asked of Gatekeeper as its webhook would ask it.
import { constraints, constraintTemplates } from "../../../../lib/admission/gatekeeper";
import { ADMISSION_RULES } from "../../../../lib/admission/rules";
import type { KubernetesObject } from "../../../../lib/core/manifest-release";
import type { AttackRequest } from "../../../../lib/testing/attack";
import type { TestHost } from "../../../../lib/testing/test-host";
import { gatekeeperVerdicts, type AdmissionRequest, type GatekeeperReview } from "../gatekeeper";
import type { Measured } from "./open";

/** An attack as the live server judged it, with what stood there before. */
export interface Review {
  readonly review: GatekeeperReview;
  /** Ids of the rules whose policies refused on the live server. */
  readonly rules: readonly string[];
}

/** What the path of a request says. */
interface Target {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subResource: string;
  /** Without the subresource. */
  readonly object: string;
}

/** `/apis/<group>/<version>/namespaces/<namespace>/<resource>/<name>/<subresource>`. Undefined for other paths. */
export function target(path: string): Target | undefined {
  const [plain = ""] = path.split("?");
  const found = /^\/(?:api|apis\/([^/]+))\/([^/]+)\/(.+)$/.exec(plain);
  if (!found) return undefined;
  const [, group = "", version = "", rest = ""] = found;
  const parts = rest.split("/");
  const spaced = parts[0] === "namespaces" && parts.length > 2 && !["finalize", "status"].includes(parts[2]!);
  const [resource = "", name = "", subResource = ""] = spaced ? parts.slice(2) : parts;
  const own = resource === "namespaces" && !spaced;
  const end = subResource ? plain.length - subResource.length - 1 : plain.length;
  return {
    group,
    version,
    // A Namespace is in itself.
    namespace: spaced ? parts[1]! : own ? name : "",
    resource,
    name,
    subResource,
    object: plain.slice(0, end),
  };
}

/** Subresources that a request connects to. */
const CONNECTS = ["exec", "attach", "portforward", "proxy"];

/**
 * The AdmissionRequest of an attack that passed on the open host: the object as the server's own admission left it.
 * Undefined when it is none: a read, a collection, a connection, or refused before rules were asked.
 */
export async function reviewOf(host: TestHost, measured: Measured): Promise<Review | undefined> {
  const { attack, context, answer } = measured;
  const request = attack.request(context, 0);
  const at = target(request.path);
  if (!at || request.method === "GET" || answer.status >= 300 || CONNECTS.includes(at.subResource))
    return undefined;
  if (request.method === "DELETE" && at.name === "") return undefined;
  // The API server asks no policy about policies; a webhook is asked, and refuses more.
  if (at.group === "admissionregistration.k8s.io") return undefined;
  const old = await host.api.send({ method: "GET", path: whole(request, at) });
  const there = old.status === 200 && request.method !== "POST";
  const object =
    request.method === "DELETE" ? undefined : kindOf(answer.body) === "Status" ? request.body : answer.body;
  const seen = (object ?? old.body) as KubernetesObject;
  const [group, version] = groupVersion(seen.apiVersion ?? "v1");
  const operation = request.method === "DELETE" ? "DELETE" : there ? "UPDATE" : "CREATE";
  const user = userOf(attack.as.identity(context), request);
  if (!user) return undefined;
  const admission: AdmissionRequest = {
    uid: `${attack.id}`,
    kind: { group, version, kind: seen.kind ?? "" },
    resource: { group: at.group, version: at.version, resource: at.resource },
    ...(at.subResource ? { subResource: at.subResource } : {}),
    name: at.name || (seen.metadata?.name ?? ""),
    ...(at.namespace || at.resource === "namespaces"
      ? { namespace: at.namespace || (seen.metadata?.name ?? "") }
      : {}),
    operation,
    userInfo: user,
    ...(object === undefined ? {} : { object }),
    ...(there || operation === "DELETE" ? { oldObject: old.body } : {}),
    dryRun: true,
  };
  const space = admission.namespace
    ? await host.api.send({ method: "GET", path: `/api/v1/namespaces/${admission.namespace}` })
    : undefined;
  const namespace = (space?.status === 200 ? space.body : object) as KubernetesObject | undefined;
  return {
    review: {
      id: `${attack.id} of ${context.tenant.name}`,
      request: admission,
      ...(admission.namespace && namespace
        ? { namespace: { apiVersion: "v1", kind: "Namespace", ...namespace } }
        : {}),
    },
    rules: measured.rules,
  };
}

/** Scale is a kind of its own; status and the others show the whole object. */
function whole({ path }: AttackRequest, at: Target): string {
  const base = at.subResource === "scale" ? path.split("?")[0]! : at.object;
  return base;
}

function kindOf(body: unknown): string | undefined {
  return (body as { kind?: string }).kind;
}

function groupVersion(apiVersion: string): [string, string] {
  const parts = apiVersion.split("/");
  return parts.length === 2 ? [parts[0]!, parts[1]!] : ["", parts[0]!];
}

function userOf(
  identity: ReturnType<Measured["attack"]["as"]["identity"]>,
  { headers }: AttackRequest,
): AdmissionRequest["userInfo"] | undefined {
  if (!identity || headers) return undefined;
  if ("user" in identity) return { username: identity.user, groups: [...identity.groups] };
  return {
    username: `system:serviceaccount:${identity.namespace}:${identity.account}`,
    groups: [
      "system:serviceaccounts",
      `system:serviceaccounts:${identity.namespace}`,
      "system:authenticated",
    ],
  };
}

/** Requests on which the two engines disagree, each as a line. */
export async function disagreements(host: TestHost, reviews: readonly Review[]): Promise<string[]> {
  const verdicts = await gatekeeperVerdicts(
    constraintTemplates(ADMISSION_RULES, host.side.administrators),
    constraints(ADMISSION_RULES),
    reviews.map(({ review }) => review),
  );
  return reviews.flatMap(({ review, rules }) => {
    const verdict = verdicts.get(review.id);
    const theirs = (verdict?.messages ?? []).map(
      (message) => /^\[(?:tenclave-)?([-a-z0-9]+)\]/.exec(message)?.[1] ?? message,
    );
    const ours = [...new Set(rules)].sort().join(", ");
    const other = [...new Set(theirs)].sort().join(", ");
    return verdict && ours === other
      ? []
      : [`${review.id}: policies say ${ours || "nothing"}, Gatekeeper says ${other || "nothing"}`];
  });
}
