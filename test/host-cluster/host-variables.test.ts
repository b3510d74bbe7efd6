// Hosts connected by Terraform variables: the same names on every cloud, wherever in a stack they are connected.
import { EksHost } from "../../lib/aws";
import { AksHost } from "../../lib/azure";
import { Construct, Testing } from "../../lib/core/cdk";
import { GkeHost } from "../../lib/google";
import type { IHostConnection } from "../../lib/host-cluster/host-cluster";
import { hostVariable } from "../../lib/host-cluster/host-variables";
import { exampleAks } from "../support/aks";
import { exampleGkeHost } from "../support/gke-host";
import { exampleHost } from "../support/host";
import { stack } from "../support/scope";

const SHARED = {
  host_endpoint: { type: "string", description: "API server URL of the host cluster" },
  host_certificate_authority: { type: "string", description: "CA certificate of the host cluster, base64" },
};
const SUBNETS = {
  type: "list(string)",
  description: "private subnets of the host cluster, for node pools",
};

test.each<[string, IHostConnection, object]>([
  ["AKS", AksHost.byVariables(exampleAks()), SHARED],
  ["EKS", EksHost.byVariables(exampleHost()), { ...SHARED, host_private_subnet_ids: SUBNETS }],
  ["GKE", GkeHost.byVariables(exampleGkeHost()), SHARED],
])("variables of a host on %s", (_, connection, variables) => {
  const scope = stack();
  const host = connection.connect(new Construct(scope, "Part"));
  expect(JSON.parse(Testing.synth(scope))).toMatchObject({ variable: variables });
  expect(Object.keys((JSON.parse(Testing.synth(scope)) as { variable: object }).variable)).toHaveLength(
    Object.keys(variables).length,
  );
  expect(host.access.endpoint).toMatch(/TfToken/);
});

test("a variable asked for twice is one", () => {
  const scope = stack();
  const one = hostVariable(scope, "host_endpoint", "string", "where");
  expect(hostVariable(scope, "host_endpoint", "string", "where")).toBe(one);
});
