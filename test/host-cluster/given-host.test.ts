import { ClusterAccess, GivenHost, HostFile, TerraformStack } from "../../lib";
import { HelmProvider } from "../../lib/core/bindings/helm";
import { Release } from "../../lib/core/bindings/helm";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { Template } from "../../lib/testing";
import { PlatformStack, TenantsStack } from "../../stacks/aws";
import { folder } from "../support/files";
import { exampleHost, exampleTenant } from "../support/host";
import { app } from "../support/scope";

test("tenants live on a host that is known by its file and reached by a kubeconfig, without a cloud's provider", () => {
  const reference = HostFile.read(HostFile.write(folder(), exampleHost()));
  const host = GivenHost.by(
    reference,
    ClusterAccess.kubeconfig("https://api.example.com", "~/.kube/config", "prod"),
  );
  const program = app();
  const shard = {
    name: "tenants-01",
    host: reference.name,
    tenants: [checkTenant(exampleTenant(), reference)],
  };
  const stacks: TerraformStack[] = [
    new PlatformStack(program, "platform", { host }),
    new TenantsStack(program, "tenants-01", { host, shard }),
  ];
  for (const stack of stacks) {
    const { json } = Template.of(stack);
    expect(json.provider).toEqual({
      [HelmProvider.tfResourceType]: [
        { burst_limit: 300, kubernetes: { config_path: "~/.kube/config", config_context: "prod" } },
      ],
      kubernetes: [{ config_path: "~/.kube/config", config_context: "prod" }],
    });
    expect(json.data).toBeUndefined();
  }
  expect(
    Template.of(stacks[1]!)
      .all(Release)
      .map(({ name }) => name),
  ).toEqual(["guardrails-acme", "acme"]);
});

test.each([
  ["aws", "eks-pod-identity"],
  ["azure", "azure-workload-identity"],
  ["google", "gke-workload-identity"],
])("workloads on %s get identities by %s", (cloud, kind) => {
  const access = ClusterAccess.kubeconfig("https://api.example.com", "config", "prod");
  const scope = new TerraformStack(app(), "stack");
  expect(GivenHost.by({ ...exampleHost(), cloud }, access).connect(scope).workloadIdentity).toEqual({ kind });
});
