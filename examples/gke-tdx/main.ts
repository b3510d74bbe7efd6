// A platform repository in small: tenants/*.json in, Terraform stacks out.
import { join } from "node:path";
import { App, ChartSource, LocalBackend, run, TenantDirectory, type TerraformStack } from "tenclave";
import { GkeHost } from "tenclave/google";
import {
  GkeHostStack,
  GkePoolsStack,
  GoogleTrustStack,
  PlatformStack,
  TenantsStack,
  TrustPolicyStack,
} from "tenclave/stacks/google";
import { host, keys, reference, retention, space, verifiers } from "./platform";
import { describeTrust } from "./trust";

run((progress) => {
  // Everything is checked here, before the first folder is made.
  const directory = TenantDirectory.load(process.env.TENANTS ?? join(__dirname, "tenants"), {
    host: reference,
    verifiers,
  });
  progress.step(`${directory.tenants.length} tenants checked`);

  // Stacks find the cluster by name. With CONNECT=variables they take its endpoint and CA as Terraform variables, and
  // with CHARTS=<folder> charts from disk: then a plan needs neither cloud nor network.
  const connection =
    process.env.CONNECT === "variables" ? GkeHost.byVariables(reference) : GkeHost.byLookup(reference);
  const charts = process.env.CHARTS
    ? { vcluster: ChartSource.directory(join(process.env.CHARTS, "vcluster")) }
    : undefined;

  // No cni layer: Dataplane V2 is Cilium that Google runs.
  const app = new App();
  const stacks: TerraformStack[] = [
    new GkeHostStack(app, "host", host),
    new GkePoolsStack(app, "pools", { host: connection, pools: host.pools }),
    new PlatformStack(app, "platform", { host: connection, retention }),
    new GoogleTrustStack(app, "trust", { host: connection, verifiers: [space], keys, retention }),
  ];
  // On the cluster of Trustee and Vault, which somebody else runs.
  const trusted = describeTrust();
  stacks.push(new TrustPolicyStack(app, "trust-policy", { ...trusted, tenants: directory.tenants }));
  for (const shard of directory.shards) {
    stacks.push(new TenantsStack(app, shard.name, { host: connection, shard, charts, keys, retention }));
    progress.step(`${stacks.length} stacks defined`);
  }
  // Local state, outside the output folder. A team uses a remote backend here.
  for (const stack of stacks) new LocalBackend(stack, { path: `../../../states/${stack.node.id}.tfstate` });
  return { app, tenants: directory.tenants };
});
