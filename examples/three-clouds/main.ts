// One tenants directory, three hosts: tenants choose a host, or are placed on the first that takes them.
import { join } from "node:path";
import { App, ChartSource, LocalBackend, run, TenantDirectory, type TerraformStack } from "tenclave";
import { EksHost } from "tenclave/aws";
import { AksHost } from "tenclave/azure";
import { GkeHost } from "tenclave/google";
import { CniStack, EksHostStack, EksPoolsStack, PlatformStack, TenantsStack } from "tenclave/stacks/aws";
import { AksHostStack, AksPoolsStack } from "tenclave/stacks/azure";
import { GkeHostStack, GkePoolsStack } from "tenclave/stacks/google";
import { describeHosts } from "./hosts";
import { retention } from "./platform";

run((progress) => {
  // Everything is checked here, before the first folder is made.
  const path = process.env.TENANTS ?? join(__dirname, "tenants");
  const { options, references: hosts } = describeHosts(path);
  const directory = TenantDirectory.load(path, { hosts: Object.values(hosts) });
  progress.step(`${directory.tenants.length} tenants checked`);

  const variables = process.env.CONNECT === "variables";
  const connections = {
    azure: variables ? AksHost.byVariables(hosts.azure) : AksHost.byLookup(hosts.azure),
    google: variables ? GkeHost.byVariables(hosts.google) : GkeHost.byLookup(hosts.google),
    aws: variables ? EksHost.byVariables(hosts.aws) : EksHost.byLookup(hosts.aws),
  };
  const charts = process.env.CHARTS
    ? {
        cilium: ChartSource.directory(join(process.env.CHARTS, "cilium")),
        vcluster: ChartSource.directory(join(process.env.CHARTS, "vcluster")),
      }
    : undefined;

  const app = new App();
  const stacks: TerraformStack[] = [
    new AksHostStack(app, "azure-host", options.azure),
    new CniStack(app, "azure-cni", { host: connections.azure, charts }),
    new AksPoolsStack(app, "azure-pools", { host: connections.azure, pools: options.azure.pools }),
    new PlatformStack(app, "azure-platform", { host: connections.azure, retention }),
    // No cni layer: Dataplane V2 is Cilium that Google runs.
    new GkeHostStack(app, "google-host", options.google),
    new GkePoolsStack(app, "google-pools", { host: connections.google, pools: options.google.pools }),
    new PlatformStack(app, "google-platform", { host: connections.google, retention }),
    new EksHostStack(app, "aws-host", options.aws),
    new CniStack(app, "aws-cni", { host: connections.aws, charts }),
    new EksPoolsStack(app, "aws-pools", { host: connections.aws, pools: options.aws.pools, retention }),
    new PlatformStack(app, "aws-platform", { host: connections.aws, retention }),
  ];
  for (const shard of directory.shards) {
    const host = Object.values(connections).find(({ reference }) => reference.name === shard.host)!;
    stacks.push(new TenantsStack(app, shard.name, { host, shard, charts, retention }));
    progress.step(`${stacks.length} stacks defined`);
  }
  // Local state, outside the output folder. A team uses a remote backend here.
  for (const stack of stacks) new LocalBackend(stack, { path: `../../../states/${stack.node.id}.tfstate` });
  return { app, tenants: directory.tenants };
});
