// Layer `platform`: what needs a Ready node or Cilium's CRDs, once per host.
import { AdmissionEngine } from "../lib/admission/engine";
import { ADMISSION_RULES } from "../lib/admission/rules";
import { NamespaceV1 } from "../lib/core/bindings/kubernetes";
import { TerraformStack, type Construct, type TerraformResource } from "../lib/core/cdk";
import { assertImagesReachable, type ChartOverrides } from "../lib/core/charts";
import { ManifestRelease } from "../lib/core/manifest-release";
import { LABELS, PLATFORM_NAMESPACE } from "../lib/core/names";
import { Retention } from "../lib/core/retention";
import { assertAdministrators } from "../lib/host-cluster/administrators";
import type { IHostConnection } from "../lib/host-cluster/host-cluster";
import { platformObjects } from "../lib/host-cluster/platform-objects";
import { ENCLAVE_PLUGIN, hasEnclaves } from "../lib/node-pool/enclave-device-plugin";
import { joinLayer } from "./layer";

export interface PlatformStackProps {
  /** How the stack reaches the host. Fails with HOST_ADMIN when its reference names no administrators. */
  readonly host: IHostConnection;
  /** @default Retention.KEEP */
  readonly retention?: Retention;
  /**
   * Where images come from: of these, `imageRegistry` alone is read here, for the device plug-in of pools with enclaves.
   * Fails with IMAGES_UNREACHABLE.
   * @default - each image's own registry
   */
  readonly charts?: ChartOverrides;
  /**
   * What evaluates the admission rules. Gatekeeper must run before this stack.
   * @default AdmissionEngine.VALIDATING_ADMISSION_POLICY
   */
  readonly admission?: AdmissionEngine;
}

/**
 * The platform namespace, a RuntimeClass for each pool, the encrypted StorageClass, a device plug-in for each pool with
 * enclaves, and the admission rules of all tenants.
 */
export class PlatformStack extends TerraformStack {
  public constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id);
    const { reference } = props.host;
    const retention = props.retention ?? Retention.KEEP;
    joinLayer(this, "platform", reference);
    assertAdministrators(this, reference.administrators);
    retention.note(this);
    const imageRegistry = props.charts?.imageRegistry;
    if (reference.pools.some(hasEnclaves))
      assertImagesReachable(this, ENCLAVE_PLUGIN, reference.network.internetEgress, imageRegistry);
    const { access } = props.host.connect(this);
    access.helmProvider(this);
    access.kubernetesProvider(this);

    const namespace = new NamespaceV1(this, "Namespace", {
      metadata: {
        name: PLATFORM_NAMESPACE,
        labels: { [LABELS.host]: reference.name, "pod-security.kubernetes.io/enforce": "restricted" },
      },
      lifecycle: retention.lifecycle,
    });
    new ManifestRelease(this, "Platform", {
      releaseName: "tenclave-platform",
      namespace: PLATFORM_NAMESPACE,
      objects: platformObjects(reference, imageRegistry),
      after: [namespace],
    });
    const engine = props.admission ?? AdmissionEngine.VALIDATING_ADMISSION_POLICY;
    let before: TerraformResource = namespace;
    for (const { id: releaseId, name, objects } of engine.releases(ADMISSION_RULES, reference.administrators))
      before = new ManifestRelease(this, releaseId, {
        releaseName: name,
        namespace: PLATFORM_NAMESPACE,
        objects,
        after: [before],
      }).release;
  }
}
