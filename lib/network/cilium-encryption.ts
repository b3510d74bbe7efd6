// Cilium with WireGuard on a host whose CNI is ours.
import { Release } from "../core/bindings/helm";
import { Construct, Fn, Token, type ITerraformDependable } from "../core/cdk";
import { assertImagesReachable, CHARTS, chartSource, type ChartOverrides } from "../core/charts";
import { assertSameStack } from "../core/depend";
import type { ErrorScope } from "../core/errors";
import { literalJson } from "../core/literal";
import type { HostReference, IHostCluster } from "../host-cluster/host-cluster";
import { refusal } from "../node-pool/refusal";
import { ciliumValues, needsApiServerHost } from "./cilium-values";

export interface CiliumEncryptionProps {
  /** The host, connected to in the same stack. Fails with CROSS_STACK; GKE_CNI on GKE, which brings its own Cilium. */
  readonly host: IHostCluster;
  /** @default - public repositories */
  readonly charts?: ChartOverrides;
}

/**
 * Encrypts pod traffic between nodes.
 *
 * Not encrypted: traffic between pods of one node, traffic of nodes and host-network pods, traffic to the internet,
 * and what passes under node identities (see docs/network.md).
 */
export class CiliumEncryption extends Construct {
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CiliumEncryptionProps) {
    super(scope, id);
    assertSameStack(this, "host", props.host);
    const { reference, access } = props.host;
    assertNoCilium(this, reference);
    const imageRegistry = props.charts?.imageRegistry;
    assertImagesReachable(this, CHARTS.cilium, reference.network.internetEgress, imageRegistry);

    const endpointKnown = !Token.isUnresolved(access.endpoint);
    const values = ciliumValues({
      reference,
      apiServerHost: endpointKnown ? access.endpoint.replace("https://", "") : undefined,
      imageRegistry,
    });
    const release = new Release(this, "Resource", {
      ...chartSource(CHARTS.cilium, props.charts?.cilium).locate(this, CHARTS.cilium),
      name: "cilium",
      namespace: "kube-system",
      values: [literalJson(values)],
      // Known at plan only; a value inside the JSON text could break it.
      set:
        endpointKnown || !needsApiServerHost(reference)
          ? undefined
          : [{ name: "k8sServiceHost", value: Fn.replace(access.endpoint, "https://", "") }],
      // No node is there yet, so nothing gets Ready and no hook could run.
      wait: false,
      createNamespace: false,
      maxHistory: 5,
      timeout: 600,
      dependsOn: props.host.ready.length > 0 ? props.host.ready : undefined,
    });
    this.ready = [release];
  }
}

/** Throws GKE_CNI where Google runs Cilium already: two of them take each other's interfaces. */
function assertNoCilium(scope: ErrorScope, { name, network }: HostReference): void {
  if (network.cni !== "gke-dataplane-v2") return;
  throw refusal("GKE_CNI", scope, {
    rule: `no Cilium must be installed on host ${name}: Dataplane V2 is Cilium that Google runs, with encryption between nodes`,
    got: `a host with '${network.cni}'`,
    source: "GKE documentation, GKE Dataplane V2, 2026",
    use: "leave the cni layer out: host, pools, platform, tenants",
  });
}
