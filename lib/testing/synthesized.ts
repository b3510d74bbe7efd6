// What synthesized stacks put on a host: namespaces and the objects of manifest releases, read off the configuration.
import { PREFIX } from "../core/names";
import type { KubernetesObject } from "../core/manifest-release";
import type { Administrators } from "../admission/rule";
import { tenantView, type TenantView } from "./tenant-view";

/** A stack's configuration, as `cdk.tf.json` or `Template.of(stack).json` holds it. */
export interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** The host side of stacks. */
export interface HostSide {
  /** Namespaces first, then the releases' objects, both in the order of the stacks. */
  readonly objects: readonly KubernetesObject[];
  readonly tenants: readonly TenantView[];
  readonly runtimeClasses: readonly string[];
  /** Whom the rules leave alone, Kubernetes' own accounts left out. */
  readonly administrators: Administrators;
}

/** Reads the host side of all stacks of one host. Throws when no tenant is among them. */
export function hostSide(configurations: readonly Configuration[]): HostSide {
  const blocks = (type: string): Readonly<Record<string, unknown>>[] =>
    configurations.flatMap(({ resource = {} }) => Object.values(resource[type] ?? {}));
  const namespaces = blocks("kubernetes_namespace_v1").map(namespaceObject);
  const objects = blocks("helm_release")
    .filter(({ chart }) => /ManifestChart/.test(String(chart)))
    .flatMap(releaseObjects);
  const tenants = namespaces
    .filter(isTenants)
    .map(({ metadata: { name, labels = {}, annotations = {} } }) => tenantView(name, labels, annotations));
  if (tenants.length === 0) throw new Error("no tenant in these stacks: pass the tenants stacks, too");
  return {
    objects: [...namespaces, ...objects],
    tenants,
    runtimeClasses: objects
      .filter(({ kind }) => kind === "RuntimeClass")
      .map(({ metadata }) => metadata?.name ?? ""),
    administrators: administratorsOf(objects),
  };
}

interface NamespaceObject extends KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

function namespaceObject({ metadata }: Readonly<Record<string, unknown>>): NamespaceObject {
  const { name, labels, annotations } = (
    Array.isArray(metadata) ? metadata[0] : metadata
  ) as NamespaceObject["metadata"];
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels, annotations } };
}

function isTenants({ metadata: { labels = {} } }: NamespaceObject): boolean {
  return `${PREFIX}tenant` in labels;
}

function releaseObjects({ values }: Readonly<Record<string, unknown>>): KubernetesObject[] {
  const [text = "{}"] = values as string[];
  // Terraform undoes this escape.
  const plain = text.replace(/([$%])\1\{/g, (_, mark: string) => `${mark}{`);
  return (JSON.parse(plain) as { objects?: KubernetesObject[] }).objects ?? [];
}

/** The lists in the condition of a rule that binds all but the platform. */
const LEFT_ALONE =
  /request\.userInfo\.username in \[([^\]]*)\] \|\| request\.userInfo\.groups\.exists\(g, g in \[([^\]]*)\]\)/;

function administratorsOf(objects: readonly KubernetesObject[]): Administrators {
  const policies = objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicy");
  const found = policies
    .map((policy) => LEFT_ALONE.exec(JSON.stringify(policy)))
    .find((match) => match !== null);
  const names = (text = ""): string[] =>
    [...text.matchAll(/'((?:[^'\\]|\\.)*)'/g)]
      .map(([, name]) => name!.replace(/\\(.)/g, "$1"))
      .filter((name) => !name.startsWith("system:"));
  return { users: names(found?.[1]), groups: names(found?.[2]) };
}
