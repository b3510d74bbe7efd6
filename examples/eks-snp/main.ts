// A platform repository in small: tenants/*.json in, Terraform stacks out.
import { join } from "node:path";
import { App, ChartSource, LocalBackend, run, TenantDirectory, type TerraformStack } from "tenclave";
import { AwsVolumeKeys, EksHost } from "tenclave/aws";
import { CniStack, EksHostStack, EksPoolsStack, PlatformStack, TenantsStack } from "tenclave/stacks/aws";
import { host, retention } from "./platform";

run((progress) => {
  // Everything is checked here, before the first folder is made.
  const reference = EksHost.reference(host);
  const directory = TenantDirectory.load(process.env.TENANTS ?? join(__dirname, "tenants"), {
    host: reference,
  });
  progress.step(`${directory.tenants.length} tenants checked`);

  // Each tenant's volumes have a key of their own.
  const keys = AwsVolumeKeys.of({ host: reference, retention });

  // Stacks find the cluster by name. With CONNECT=variables they take its endpoint and CA as Terraform variables, and
  // with CHARTS=<folder> charts from disk: then a plan needs neither cloud nor network.
  const connection =
    process.env.CONNECT === "variables" ? EksHost.byVariables(reference) : EksHost.byLookup(reference);
  const charts = process.env.CHARTS
    ? {
        cilium: ChartSource.directory(join(process.env.CHARTS, "cilium")),
        vcluster: ChartSource.directory(join(process.env.CHARTS, "vcluster")),
      }
    : undefined;

  const app = new App();
  const stacks: TerraformStack[] = [
    new EksHostStack(app, "host", host),
    new CniStack(app, "cni", { host: connection, charts }),
    new EksPoolsStack(app, "pools", { host: connection, pools: host.pools, retention }),
    new PlatformStack(app, "platform", { host: connection, retention }),
  ];
  for (const shard of directory.shards) {
    stacks.push(new TenantsStack(app, shard.name, { host: connection, shard, charts, retention, keys }));
    progress.step(`${stacks.length} stacks defined`);
  }
  // Local state, outside the output folder. A team uses a remote backend here.
  for (const stack of stacks) new LocalBackend(stack, { path: `../../../states/${stack.node.id}.tfstate` });
  return { app, tenants: directory.tenants };
});
