// The programs of the host's control plane, and Helm: built from their Go modules at pinned versions, once per content.
import { join } from "node:path";
import { ROOT } from "../cache";
import { goBuild, type Stamps } from "../go";

/** Of the API server and the controller manager, and what they say they are. */
export const KUBERNETES_VERSION = "v1.34.2";

const SOURCE = join(ROOT, "test/real/tools");

/** A build outside Kubernetes' own tree carries no version, and clients refuse to talk to such a server. */
const KUBERNETES: Stamps = {
  "k8s.io/component-base/version.gitVersion": KUBERNETES_VERSION,
  "k8s.io/component-base/version.gitMajor": "1",
  "k8s.io/component-base/version.gitMinor": "34",
};

const PROGRAMS = {
  etcd: { target: "go.etcd.io/etcd/server/v3", stamps: {} },
  "kube-apiserver": { target: "k8s.io/kubernetes/cmd/kube-apiserver", stamps: KUBERNETES },
  "kube-controller-manager": { target: "k8s.io/kubernetes/cmd/kube-controller-manager", stamps: KUBERNETES },
  helm: { target: "helm.sh/helm/v3/cmd/helm", stamps: {} },
} satisfies Readonly<Record<string, { readonly target: string; readonly stamps: Stamps }>>;

/** Builds a program when it is not in the cache, and returns its path. Throws NotHere without Go. */
export function tool(name: keyof typeof PROGRAMS): Promise<string> {
  const { target, stamps } = PROGRAMS[name];
  // Two at a time: a link of these takes gigabytes, and they share a machine.
  return goBuild(SOURCE, name, target, ["-p=2"], stamps);
}
