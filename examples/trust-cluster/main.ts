// A cluster that judges evidence: network, Trustee, and what Trustee must know of all tenants.
import { join } from "node:path";
import {
  App,
  ChartSource,
  ClusterAccess,
  GivenHost,
  HostFile,
  LocalBackend,
  run,
  TenantDirectory,
  type TerraformStack,
} from "tenclave";
import { CniStack, TrustPolicyStack, TrustStack } from "tenclave/stacks";
import { retention } from "./retention";
import { describeTrustee } from "./trustee";

run(() => {
  // Everything is checked here, before the first folder is made.
  const hosts = process.env.HOSTS ?? join(__dirname, "hosts");
  const reference = HostFile.read(join(hosts, "trust-eu.json"));
  const { server, nodes } = describeTrustee(reference);
  const { tenants } = TenantDirectory.load(process.env.TENANTS ?? join(__dirname, "tenants"), {
    host: HostFile.read(join(hosts, "prod-eu.json")),
  });

  const host = GivenHost.by(
    reference,
    ClusterAccess.kubeconfig(
      "https://FEDCBA9876543210.gr7.eu-west-1.eks.amazonaws.com",
      "~/.kube/config",
      "trust-eu",
    ),
  );
  const charts = process.env.CHARTS
    ? { cilium: ChartSource.directory(join(process.env.CHARTS, "cilium")) }
    : undefined;
  const app = new App();
  const stacks: TerraformStack[] = [
    new CniStack(app, "cni", { host, charts }),
    new TrustStack(app, "trust", { host, trustee: server, retention }),
    new TrustPolicyStack(app, "trust-policy", { host, tenants, policies: [nodes] }),
  ];
  // Local state, outside the output folder. A team uses a remote backend here.
  for (const stack of stacks) new LocalBackend(stack, { path: `../../../states/${stack.node.id}.tfstate` });
  return { app, tenants };
});
