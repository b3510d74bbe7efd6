// The Helm release of a tenant's virtual cluster.
import { Release } from "../core/bindings/helm";
import { Construct, type TerraformResource } from "../core/cdk";
import { assertImagesReachable, CHARTS, chartSource, type ChartOverrides } from "../core/charts";
import { after } from "../core/depend";
import { reasonOf } from "../core/errors";
import { warn } from "../core/notes";
import { literalJson } from "../core/literal";
import { tenantNamespace } from "../core/names";
import type { HostReference } from "../host-cluster/host-cluster";
import type { CheckedTenant } from "./tenant-checks";
import { vclusterValues, withOwnValues, type Values } from "./vcluster-values";

/** A vCluster licence: the Pro image runs, and `sleep`, `snapshots` and `platform.apiKey.secretName` are accepted among own values. */
export interface VclusterLicense {
  /**
   * Where the licence comes from, in words; shows as a warning at synth. The key itself is the vCluster platform's
   * Secret in each namespace. Fails with REASON when it says nothing.
   */
  readonly reason: string;
}

/** What all tenants of a platform have in common. */
export interface VclusterOptions {
  /** @default - public repositories */
  readonly charts?: ChartOverrides;
  /** @default - the open-source image, and licensed keys are refused with VCLUSTER_LICENCE */
  readonly license?: VclusterLicense;
  /** Chart values of your own, for keys the fence does not hold. Fails with VCLUSTER_HARDENED. */
  readonly values?: Values;
}

export interface VclusterReleaseProps extends VclusterOptions {
  readonly tenant: CheckedTenant;
  readonly host: HostReference;
  /** Keeps the control plane's volume when the tenant goes. */
  readonly keepVolumes: boolean;
  /** Class of the control plane's volume. @default - the host's */
  readonly storageClass?: string;
  /** Annotations of the service account of its pods. Values may be known after apply only. @default - none */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  /** What must exist first, in the same stack: the guardrails. */
  readonly after: readonly TerraformResource[];
}

const ANNOTATIONS = "controlPlane.advanced.workloadServiceAccount.annotations";

/** A key in a path of Helm's `set`, where a dot begins the next one. */
function escaped(key: string): string {
  return key.replace(/[.]/g, "\\.");
}

/** A tenant's own Kubernetes API server, on the tenant's own pool. */
export class VclusterRelease extends Construct {
  public readonly release: Release;

  public constructor(scope: Construct, id: string, props: VclusterReleaseProps) {
    super(scope, id);
    const { tenant, host, charts, storageClass } = props;
    const imageRegistry = charts?.imageRegistry;
    assertImagesReachable(this, CHARTS.vcluster, host.network.internetEgress, imageRegistry);
    const licensed = props.license !== undefined;
    if (props.license)
      warn(this, `vCluster licence in use: ${reasonOf(this, "license.reason", props.license.reason)}`);
    const { keepVolumes } = props;
    const values = vclusterValues({ tenant, host, keepVolumes, licensed, imageRegistry, storageClass });

    const annotations = Object.entries(props.serviceAccountAnnotations ?? {});

    this.release = new Release(this, "Resource", {
      ...chartSource(CHARTS.vcluster, charts?.vcluster).locate(this, CHARTS.vcluster),
      name: tenant.spec.name,
      namespace: tenantNamespace(tenant.spec.name),
      values: [literalJson(props.values ? withOwnValues(this, values, props.values, licensed) : values)],
      // Not among the values: those are literal text, and these may be known after apply only.
      ...(annotations.length > 0
        ? { set: annotations.map(([key, value]) => ({ name: `${ANNOTATIONS}.${escaped(key)}`, value })) }
        : {}),
      createNamespace: false,
      maxHistory: 5,
      wait: true,
      // The startup probe alone allows 30 minutes, and a confidential node may have to start first.
      timeout: 1800,
    });
    after(this.release, ...props.after);
  }
}
