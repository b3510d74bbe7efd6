// Images vCluster itself puts into a tenant's namespace through the syncer: rules about images take them as they are.
import { VIRTUAL_KUBERNETES } from "./vcluster-values";

/**
 * CoreDNS, by minor of the virtual cluster.
 * SOURCE: vCluster 0.36.1, constants of CoreDNS.
 */
const CORE_DNS: Readonly<Record<string, string>> = {
  "1.34": "coredns/coredns:1.12.1",
  "1.35": "coredns/coredns:1.14.1",
  "1.36": "coredns/coredns:1.14.2",
};

/** Writes host names into pods of StatefulSets. SOURCE: vCluster 0.36.1, chart values. */
const REWRITE_HOSTS = { registry: "mirror.gcr.io", image: "library/alpine:3.20" };

/** The images, as pods name them; from the mirror where there is one. */
export function systemImages(kubernetesVersion: string, imageRegistry?: string): string[] {
  const minor = VIRTUAL_KUBERNETES[kubernetesVersion]?.slice(1).split(".").slice(0, 2).join(".");
  const coreDns = minor === undefined ? undefined : CORE_DNS[minor];
  return [
    ...(coreDns === undefined ? [] : [`${imageRegistry?.replace(/\/$/, "") ?? "docker.io"}/${coreDns}`]),
    `${imageRegistry ?? REWRITE_HOSTS.registry}/${REWRITE_HOSTS.image}`,
  ];
}
