// Layer `trust`: the verifier and key broker, on a cluster of its own.
import type { TrusteeServer } from "../lib/attestation/trustee/server";
import { NamespaceV1 } from "../lib/core/bindings/kubernetes";
import { TerraformStack, type Construct } from "../lib/core/cdk";
import { ConfigurationError } from "../lib/core/errors";
import { ManifestRelease } from "../lib/core/manifest-release";
import { warn } from "../lib/core/notes";
import { Retention } from "../lib/core/retention";
import type { IHostConnection } from "../lib/host-cluster/host-cluster";
import { joinLayer } from "./layer";

export interface TrustStackProps {
  /** How the stack reaches the trust cluster. Fails with TRUSTEE_HOST when it is another one than the Trustee was checked for. */
  readonly host: IHostConnection;
  readonly trustee: TrusteeServer;
  /** @default Retention.KEEP */
  readonly retention?: Retention;
}

/**
 * A namespace with Pod Security `restricted`, and one release with Trustee and its fences.
 *
 * The deploy does not wait for pods: attestation service and RVPS start when the trust-policy stack has brought their policies
 * and values, the key broker when its Job has made the tables.
 */
export class TrustStack extends TerraformStack {
  public constructor(scope: Construct, id: string, props: TrustStackProps) {
    super(scope, id);
    const { host, trustee } = props;
    const { namespace: name } = trustee.options;
    const retention = props.retention ?? Retention.KEEP;
    joinLayer(this, "trust", host.reference);
    if (JSON.stringify(host.reference) !== JSON.stringify(trustee.options.host))
      throw new ConfigurationError(
        "TRUSTEE_HOST",
        this,
        `a Trustee must be installed on the host it was checked for, got ${host.reference.name} for one of ` +
          `${trustee.options.host.name}; pass that host's connection`,
      );
    retention.note(this);
    for (const text of trustee.warnings) warn(this, text);
    const { access } = host.connect(this);
    access.helmProvider(this);
    access.kubernetesProvider(this);
    const namespace = new NamespaceV1(this, "Namespace", {
      metadata: {
        name,
        labels: {
          "app.kubernetes.io/part-of": "trustee",
          "pod-security.kubernetes.io/enforce": "restricted",
        },
      },
      lifecycle: retention.lifecycle,
    });
    new ManifestRelease(this, "Trustee", {
      releaseName: "trustee",
      namespace: name,
      objects: trustee.objects(),
      wait: "no",
      after: [namespace],
    });
  }
}
