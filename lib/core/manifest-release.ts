// Typed Kubernetes objects, shipped as one Helm release of a local chart that prints them.
import { join } from "node:path";
import { Release } from "./bindings/helm";
import { Construct, type TerraformResource } from "./cdk";
import { chartAsset } from "./charts";
import { after } from "./depend";
import { ConfigurationError } from "./errors";
import { literalJson } from "./literal";

/** What every Kubernetes object has. Build them with the types of `kubernetes-types`. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

export interface ManifestReleaseProps {
  /** Helm release name, at most 53 characters. Changing it replaces the release and its objects. */
  readonly releaseName: string;
  /** Namespace that holds Helm's own record. Objects name their namespaces themselves. Replaces. */
  readonly namespace: string;
  /** The objects. Fails with MANIFEST_OBJECT when empty or when one lacks apiVersion, kind or metadata.name. */
  readonly objects: readonly KubernetesObject[];
  /**
   * Whether a deploy ends only when all is ready, Jobs included: `jobs`; Jobs left out: `ready`; or at once: `no`.
   * @default "ready"
   */
  readonly wait?: string;
  /** What must exist first, in the same stack. */
  readonly after?: readonly TerraformResource[];
}

/**
 * Kubernetes objects in one Helm release.
 *
 * `kubernetes_manifest` needs a live cluster at plan and cannot install a CRD and its object in one run;
 * the typed resources lack fields (a RuntimeClass has no scheduling there). A local chart needs neither.
 */
export class ManifestRelease extends Construct {
  /** The release, to depend on. */
  public readonly release: Release;

  public constructor(scope: Construct, id: string, props: ManifestReleaseProps) {
    super(scope, id);
    assertObjects(this, props.objects);

    const { wait = "ready" } = props;
    this.release = new Release(this, "Resource", {
      name: props.releaseName,
      namespace: props.namespace,
      chart: chartAsset(this, "ManifestChart", join(__dirname, "manifest-chart")),
      values: [literalJson({ objects: props.objects })],
      createNamespace: false,
      // Helm keeps every revision otherwise, and each holds all objects.
      maxHistory: 5,
      wait: wait !== "no",
      ...(wait === "jobs" ? { waitForJobs: true } : {}),
      timeout: 300,
    });
    after(this.release, ...(props.after ?? []));
  }
}

function assertObjects(scope: Construct, objects: readonly KubernetesObject[]): void {
  const bad = objects.findIndex((o) => !o.apiVersion || !o.kind || !o.metadata?.name);
  if (objects.length > 0 && bad < 0) return;
  const got =
    objects.length === 0 ? "no object" : `object ${bad}: ${JSON.stringify(objects[bad]).slice(0, 80)}`;
  throw new ConfigurationError(
    "MANIFEST_OBJECT",
    scope,
    `objects needs at least one object, each with apiVersion, kind and metadata.name, got ${got}; complete it`,
  );
}
