import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, LocalBackend } from "../../lib/core/cdk";
import { Release } from "../../lib/core/bindings/helm";
import { ContainerNodePool } from "../../lib/core/bindings/google";
import { Retention } from "../../lib";
import { GkeHost } from "../../lib/google";
import { clusterFence } from "../../lib/network/cluster-fence";
import { apiServerPolicy } from "../../lib/network/tenant-fence";
import { guardrails } from "../../lib/tenant/guardrails";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { Template } from "../../lib/testing";
import { CniStack, GkeHostStack, GkePoolsStack, PlatformStack, TenantsStack } from "../../stacks/google";
import { folder } from "../support/files";
import { exampleGkeHost, GKE_ATTRIBUTES, GKE_SYSTEM, gkeHostOptions } from "../support/gke-host";
import { exampleHost, exampleTenant } from "../support/host";
import { app } from "../support/scope";

const reference = exampleGkeHost();
const connection = GkeHost.byAttributes(reference, GKE_ATTRIBUTES);
const tenant = checkTenant(exampleTenant(), reference);
const shard = { name: "tenants-01", host: "prod", tenants: [tenant] };
const { pools } = gkeHostOptions();

test("layers are host, pools, platform, tenants, in this order", () => {
  const outdir = folder();
  const scope = new App({ outdir });
  new GkeHostStack(scope, "host", gkeHostOptions());
  new GkePoolsStack(scope, "pools", { host: connection, pools });
  new PlatformStack(scope, "platform", { host: connection });
  new TenantsStack(scope, "tenants-01", { host: connection, shard });
  for (const child of scope.node.children) {
    expect(child.node.tryFindChild("backend")).toBeUndefined();
    new LocalBackend(child, { path: "state" });
  }
  scope.synth();
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
    stacks: Record<string, { dependencies: string[] }>;
  };
  expect(
    Object.fromEntries(Object.entries(stacks).map(([name, { dependencies }]) => [name, dependencies])),
  ).toEqual({ host: [], pools: ["host"], platform: ["pools"], "tenants-01": ["platform"] });
});

test("pools before the host are refused", () => {
  const scope = app();
  new GkePoolsStack(scope, "pools", { host: connection, pools });
  expect(() => new GkeHostStack(scope, "host", gkeHostOptions())).toThrow(/\[LAYER_ORDER\]/);
});

test("a cni layer is refused: Google runs Cilium already", () => {
  expect(() => new CniStack(app(), "cni", { host: connection })).toThrow(
    /^\[GKE_CNI\] cni\/Cilium: .*leave the cni layer out/,
  );
});

describe("the pools stack", () => {
  test("makes the pools of the reference, by plain names, without a data source", () => {
    const stack = new GkePoolsStack(app(), "pools", { host: connection, pools });
    const template = Template.of(stack);
    expect(stack.pools.map((pool) => pool.poolName)).toEqual(["system", "plain", "tdx", "snp"]);
    expect(template.all(ContainerNodePool).map(({ cluster }) => cluster)).toEqual([
      "prod",
      "prod",
      "prod",
      "prod",
    ]);
    expect(template.json).not.toHaveProperty("data");
    expect(JSON.stringify(template.json.resource)).not.toContain("${");
  });

  test("refuses others than the reference names", () => {
    expect(() => new GkePoolsStack(app(), "pools", { host: connection, pools: [GKE_SYSTEM] })).toThrow(
      /\[POOL_REFERENCE\].*got \[system\]/,
    );
  });
});

test("the platform has a RuntimeClass for each pool and a class of encrypted volumes", () => {
  const template = Template.of(new PlatformStack(app(), "platform", { host: connection }));
  const { objects } = JSON.parse((template.named(Release, "tenclave-platform").values as [string])[0]) as {
    objects: { kind: string; metadata: { name: string } }[];
  };
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "RuntimeClass tenclave-system",
    "RuntimeClass tenclave-plain",
    "RuntimeClass tenclave-tdx",
    "RuntimeClass tenclave-snp",
    "StorageClass tenclave-encrypted",
    ...clusterFence(reference).map(({ kind, metadata }) => `${kind} ${metadata!.name}`),
  ]);
  expect(objects[2]).toMatchObject({
    scheduling: {
      nodeSelector: {
        "cloud.google.com/gke-confidential-nodes-instance-type": "TDX",
        "tenclave.dev/pool": "tdx",
        "tenclave.dev/tee": "tdx",
      },
    },
  });
  expect(objects[4]).toMatchObject({
    provisioner: "pd.csi.storage.gke.io",
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Retain",
    parameters: reference.storageClass.parameters,
  });
});

describe("a tenant on Dataplane V2", () => {
  test("gets the guardrails, without any of Cilium's own kinds, which GKE does not serve in namespaces", () => {
    const objects = guardrails(tenant, reference);
    expect(objects.map(({ kind }) => kind)).not.toContain("CiliumNetworkPolicy");
    expect(objects.map(({ metadata }) => metadata?.name)).toEqual(
      guardrails(tenant, exampleHost())
        .map(({ metadata }) => metadata?.name)
        .filter((name) => name !== "tenclave-dns"),
    );
  });

  test("has a control plane that reaches the host's API server by its range, on 443", () => {
    expect(apiServerPolicy(tenant.spec, reference)).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: {
        name: "tenclave-api-server",
        namespace: "tenant-acme",
        labels: { "tenclave.dev/tenant": "acme" },
      },
      spec: {
        podSelector: { matchLabels: { release: "acme" } },
        policyTypes: ["Egress"],
        egress: [{ to: [{ ipBlock: { cidr: "172.16.0.0/28" } }], ports: [{ port: 443, protocol: "TCP" }] }],
      },
    });
  });

  test("is refused volumes of the classes GKE makes itself", () => {
    const quota = guardrails(tenant, reference)[0] as unknown as { spec: { hard: Record<string, string> } };
    const key = (name: string): string => `${name}.storageclass.storage.k8s.io/persistentvolumeclaims`;
    for (const name of ["standard", "standard-rwo", "premium-rwo", "dynamic-rwo"])
      expect(quota.spec.hard[key(name)]).toBe("0");
  });

  test("is deployed like any other, and throw-away when asked to", () => {
    const retention = Retention.destroy("a test");
    const template = Template.of(
      new TenantsStack(app(), "tenants-01", { host: connection, shard, retention }),
    );
    expect(template.resourceCount).toBe(3);
    expect(template.json).not.toHaveProperty("data");
  });

  test("needs encryption between nodes there, too", () => {
    const clear = { ...reference, network: { ...reference.network, encryptsPodTraffic: false } };
    const other = GkeHost.byAttributes(clear, GKE_ATTRIBUTES);
    expect(() => new TenantsStack(app(), "tenants-01", { host: other, shard })).toThrow(
      /\[HOST_NETWORK\].*cilium or gke-dataplane-v2/,
    );
  });
});
