// Images that vCluster itself brings into a tenant's namespace. They come by tag, from registries of their own.
import { CHARTS } from "../core/charts";
import { VIRTUAL_KUBERNETES } from "./vcluster-values";

/** What the images depend on. */
export interface VclusterImagesInput {
  /** The host's minor, such as `1.34`. */
  readonly kubernetesVersion: string;
  readonly licensed: boolean;
  /** Mirror of all images. */
  readonly imageRegistry?: string;
}

/** CoreDNS by the virtual Kubernetes minor. SOURCE: vCluster 0.36.1, constants of CoreDNS. */
const CORE_DNS: Readonly<Record<string, string>> = {
  "1.34": "coredns/coredns:1.12.1",
  "1.35": "coredns/coredns:1.14.1",
  "1.36": "coredns/coredns:1.14.2",
};

/**
 * Control plane, its init container, CoreDNS, and the init container of StatefulSets' pods, as pods name them. Rules
 * about images take exactly these texts, so a tenant may run them, too. SOURCE: vCluster 0.36.1, chart values.
 */
export function vclusterImages({
  kubernetesVersion,
  licensed,
  imageRegistry,
}: VclusterImagesInput): string[] {
  const images: readonly (readonly [registry: string, image: string])[] = [
    ["ghcr.io", `loft-sh/vcluster-${licensed ? "pro" : "oss"}:${CHARTS.vcluster.version}`],
    ["ghcr.io", `loft-sh/kubernetes:${VIRTUAL_KUBERNETES[kubernetesVersion]}`],
    ["docker.io", CORE_DNS[kubernetesVersion]!],
    ["mirror.gcr.io", "library/alpine:3.20"],
  ];
  return images.map(([registry, image]) => `${imageRegistry?.replace(/\/$/, "") ?? registry}/${image}`);
}
