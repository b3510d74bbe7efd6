// A tenant as attacks see it: read off what a stack synthesizes, so that the same attacks run on anybody's stacks.
import { PARAMETERS } from "../admission/parameters";
import { LABELS } from "../core/names";

/** A toleration, as Kubernetes writes it. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: "Equal" | "Exists";
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** What attacks need to know of a tenant. */
export interface TenantView {
  readonly name: string;
  readonly namespace: string;
  /** Of its Namespace. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of its Namespace: parameters of the admission rules among them. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly runtimeClass: string;
  /** Classes its volumes may name; the first is the control plane's. */
  readonly storageClasses: readonly string[];
  /** Those of its pool. */
  readonly tolerations: readonly Toleration[];
  readonly nodeSelector: Readonly<Record<string, string>>;
}

/** Reads a tenant off its Namespace. Throws when it is no tenant's. */
export function tenantView(
  namespace: string,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): TenantView {
  const name = labels[LABELS.tenant];
  if (name === undefined) throw new Error(`namespace ${namespace} carries no label ${LABELS.tenant}`);
  const texts = (key: string): string[] => (annotations[key] ? annotations[key].split(",") : []);
  return {
    name,
    namespace,
    labels,
    annotations,
    runtimeClass: annotations[PARAMETERS.runtimeClass] ?? "",
    storageClasses: texts(PARAMETERS.storageClasses),
    tolerations: texts(PARAMETERS.tolerations).map(toleration),
    nodeSelector: Object.fromEntries(texts(PARAMETERS.nodeSelector).map(pair)),
  };
}

/** `key=value:Effect`. */
function toleration(text: string): Toleration {
  const [rest = "", effect] = text.split(":");
  const [key, value] = pair(rest);
  return { key, operator: "Equal", value, effect };
}

function pair(text: string): [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}
