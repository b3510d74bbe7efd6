// A platform repository in small: tenants/*.json in, Terraform stacks out.
import { join } from "node:path";
import { App, ChartSource, LocalBackend, run, TenantDirectory, type TerraformStack } from "tenclave";
import { AksHost, AzureAttestation, AzureTrust, AzureVolumeKeys } from "tenclave/azure";
import {
  AksHostStack,
  AksPoolsStack,
  AzureTrustStack,
  CniStack,
  PlatformStack,
  TenantsStack,
  TrustPolicyStack,
} from "tenclave/stacks/azure";
import { host, retention, trustOptions } from "./platform";
import { describeTrust } from "./trust";

run((progress) => {
  // Everything is checked here, before the first folder is made.
  const reference = AksHost.reference(host);
  const trust = AzureTrust.of({ ...trustOptions, host: reference });
  // Who judges evidence, by the names that tenants' files use.
  const verifiers = [AzureAttestation.of({ name: "azure-attestation", trust })];
  const directory = TenantDirectory.load(process.env.TENANTS ?? join(__dirname, "tenants"), {
    host: reference,
    verifiers,
  });
  // Each tenant's volumes have a key of their own, with attestation or without.
  const keys = AzureVolumeKeys.of({ trust });
  progress.step(`${directory.tenants.length} tenants checked`);

  // Stacks find the cluster by name. With CONNECT=variables they take its endpoint and CA as Terraform variables, and
  // with CHARTS=<folder> charts from disk: then a plan needs neither cloud nor network.
  const connection =
    process.env.CONNECT === "variables" ? AksHost.byVariables(reference) : AksHost.byLookup(reference);
  const charts = process.env.CHARTS
    ? {
        cilium: ChartSource.directory(join(process.env.CHARTS, "cilium")),
        vcluster: ChartSource.directory(join(process.env.CHARTS, "vcluster")),
      }
    : undefined;

  const app = new App();
  const stacks: TerraformStack[] = [
    new AksHostStack(app, "host", host),
    new CniStack(app, "cni", { host: connection, charts }),
    new AksPoolsStack(app, "pools", { host: connection, pools: host.pools }),
    new PlatformStack(app, "platform", { host: connection, retention }),
    new AzureTrustStack(app, "trust", trust),
  ];
  // On the cluster of Trustee and Vault, which somebody else runs.
  const trusted = describeTrust();
  stacks.push(new TrustPolicyStack(app, "trust-policy", { ...trusted, tenants: directory.tenants }));
  for (const shard of directory.shards) {
    stacks.push(new TenantsStack(app, shard.name, { host: connection, shard, charts, retention, keys }));
    progress.step(`${stacks.length} stacks defined`);
  }
  // Local state, outside the output folder. A team uses a remote backend here.
  for (const stack of stacks) new LocalBackend(stack, { path: `../../../states/${stack.node.id}.tfstate` });
  return { app, tenants: directory.tenants };
});
