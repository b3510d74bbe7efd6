// Constructs inside stacks somebody has, and tenants in another repository. One program here, so that one command shows
// both; in life each repository has a main.ts of its own.
import { join } from "node:path";
import { App, ChartSource, LocalBackend, Retention, run, type TerraformStack } from "tenclave";
import { EksHost } from "tenclave/aws";
import { PlatformStack } from "tenclave/stacks";
import { host } from "./host";
import { NetworkStack, NodesStack } from "./platform-repository";
import { readTenants } from "./tenants-repository";

run(() => {
  const retention = process.env.THROWAWAY ? Retention.destroy(process.env.THROWAWAY) : Retention.KEEP;
  const charts = process.env.CHARTS
    ? {
        cilium: ChartSource.directory(join(process.env.CHARTS, "cilium")),
        vcluster: ChartSource.directory(join(process.env.CHARTS, "vcluster")),
      }
    : undefined;

  // Repository one describes the host; hosts.ts writes its file. Repository two reads that, and nothing else of it.
  const reference = EksHost.reference(host);
  const hostFile = join(process.env.HOSTS ?? join(__dirname, "hosts"), "legacy-eu.json");
  const { directory, define } = readTenants(hostFile, process.env.TENANTS ?? join(__dirname, "tenants"));

  const connection =
    process.env.CONNECT === "variables" ? EksHost.byVariables(reference) : EksHost.byLookup(reference);
  const app = new App();
  const network = new NetworkStack(app, "network", connection, charts);
  const nodes = new NodesStack(app, "nodes", connection, retention);
  const platform = new PlatformStack(app, "platform", { host: connection, retention });
  // Layers of the library know their order; stacks of one's own say it: nodes need a CNI, the platform needs nodes.
  nodes.addDependency(network);
  platform.addDependency(nodes);
  const stacks: TerraformStack[] = [network, nodes, platform, ...define(app, { retention, charts })];
  for (const stack of stacks) new LocalBackend(stack, { path: `../../../states/${stack.node.id}.tfstate` });
  return { app, tenants: directory.tenants };
});
