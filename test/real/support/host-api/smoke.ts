// By hand: `npx tsx test/real/support/host-api/smoke.ts [example]` starts a host, applies an example, lists what is there.
import { chartFolders } from "../charts";
import { synthesize } from "../examples";
import { applyStacks } from "./apply-stacks";
import { serviceAccount } from "./client";
import { Helm } from "./helm";
import { startHostApi } from "./host-api";

async function main(example = "eks-snp"): Promise<void> {
  const began = Date.now();
  const said = (text: string): void => {
    process.stdout.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
  };
  const api = await startHostApi();
  said(`ready at ${api.url}, ${String((await api.client.must({ path: "/version" })).gitVersion)}`);
  try {
    const stacks = await synthesize(example, await chartFolders(), {}, "variables");
    said(`synthesized ${stacks.map(({ stack }) => stack).join(", ")}`);
    for (const { stack, resources, leftOut } of await applyStacks(api, stacks))
      said(`${stack}: ${resources.length} applied, left out: ${leftOut.join(", ") || "nothing"}`);
    said((await (await Helm.on(api)).run("list", "--all-namespaces")).output);
    for (const path of LISTS) {
      const { items = [] } = await api.client.must({ path });
      said(
        `${path}: ${items.map(({ metadata }) => `${metadata?.namespace ?? ""}/${metadata?.name}`).join(" ")}`,
      );
    }
    const { items = [] } = await api.client.must({
      path: "/api/v1/namespaces?labelSelector=tenclave.dev/tenant",
    });
    const [first] = items.map(({ metadata }) => String(metadata?.labels?.["tenclave.dev/tenant"]));
    const token = await api.client.serviceAccountToken(`tenant-${first}`, `vc-${first}`);
    for (const as of [{ token }, serviceAccount(`tenant-${first}`, `vc-${first}`), "anonymous"] as const) {
      const own = await api.client.request({ path: `/api/v1/namespaces/tenant-${first}/secrets`, as });
      const others = await api.client.request({ path: "/api/v1/secrets", as });
      said(`syncer of ${first}: own secrets ${own.status}, all secrets ${others.status}`);
    }
  } finally {
    await api.stop();
    said("stopped");
  }
}

const LISTS = [
  "/api/v1/namespaces",
  "/api/v1/serviceaccounts?fieldSelector=metadata.name!=default&limit=500",
  "/api/v1/pods",
  "/api/v1/resourcequotas",
  "/apis/networking.k8s.io/v1/networkpolicies",
  "/apis/cilium.io/v2/ciliumnetworkpolicies",
  "/apis/apps/v1/statefulsets",
  "/apis/rbac.authorization.k8s.io/v1/rolebindings?fieldSelector=metadata.namespace!=kube-system",
];

void main(...process.argv.slice(2));
