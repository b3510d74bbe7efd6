import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ciliumValues, Retention, Tee } from "../../lib";
import { AksCni, AksHost, type AksNodePoolOptions } from "../../lib/azure";
import { KubernetesClusterNodePool } from "../../lib/core/bindings/azurerm";
import { Release } from "../../lib/core/bindings/helm";
import { App, LocalBackend } from "../../lib/core/cdk";
import { Template } from "../../lib/testing";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import { AksHostStack, AksPoolsStack, CniStack, PlatformStack, TenantsStack } from "../../stacks/azure";
import { AKS_ATTRIBUTES, AKS_SNP, AKS_SYSTEM, aksOptions, connectedAks, exampleAks } from "../support/aks";
import { contents, folder } from "../support/files";
import { exampleHost, exampleTenant } from "../support/host";
import { app, stack } from "../support/scope";

const reference = exampleAks();
const connection = AksHost.byAttributes(reference, AKS_ATTRIBUTES);
const shard = { name: "tenants-01", host: "prod", tenants: [checkTenant(exampleTenant(), reference)] };

/** All layers of one host, written to disk. */
function written(): string {
  const outdir = folder();
  const scope = new App({ outdir });
  const variables = AksHost.byVariables(reference);
  new AksHostStack(scope, "host", aksOptions());
  new CniStack(scope, "cni", { host: variables });
  new AksPoolsStack(scope, "pools", { host: variables, pools: aksOptions().pools });
  new PlatformStack(scope, "platform", { host: variables });
  new TenantsStack(scope, "tenants-01", { host: variables, shard });
  for (const child of scope.node.children) new LocalBackend(child, { path: "state" });
  scope.synth();
  return outdir;
}

test("each layer waits for the one below, and the output is the same wherever it is made", () => {
  const [one, other] = [written(), written()];
  const { stacks } = JSON.parse(readFileSync(join(one, "manifest.json"), "utf8")) as {
    stacks: Record<string, { dependencies: string[] }>;
  };
  expect(
    Object.fromEntries(Object.entries(stacks).map(([name, { dependencies }]) => [name, dependencies])),
  ).toEqual({ host: [], cni: ["host"], pools: ["cni"], platform: ["pools"], "tenants-01": ["platform"] });
  expect(contents(one)).toEqual(contents(other));
});

test("in the form of variables nothing is looked up, and two values are asked for", () => {
  const files = contents(written());
  for (const layer of ["cni", "pools", "platform", "tenants-01"]) {
    const { data, variable } = JSON.parse(files[`stacks/${layer}/cdk.tf.json`]!) as Record<string, object>;
    expect(data).toBeUndefined();
    expect(Object.keys(variable!).sort()).toEqual(["host_certificate_authority", "host_endpoint"]);
  }
});

test("the pools stack makes all pools but the one that came with the cluster", () => {
  const more = { ...AKS_SYSTEM, name: "more" };
  const pools = [...aksOptions().pools, more];
  const host = AksHost.byAttributes(exampleAks({ pools }), AKS_ATTRIBUTES);
  const poolsStack = new AksPoolsStack(app(), "pools", { host, pools });
  expect(poolsStack.pools.map(({ poolName, tee, tier }) => [poolName, tee, tier.name])).toEqual([
    ["plain", Tee.NONE, "SHARED"],
    ["snp", Tee.SEV_SNP, "CONFIDENTIAL_NODE"],
    ["more", Tee.NONE, "SHARED"],
  ]);
  const made = Template.of(poolsStack).all(KubernetesClusterNodePool);
  expect(made.map(({ mode }) => mode).sort()).toEqual(["System", "User", "User"]);
});

test("the pools are those the reference was made of", () => {
  const pools = [AKS_SYSTEM, { ...AKS_SNP, maxNodes: 9 }];
  expect(() => new AksPoolsStack(app(), "pools", { host: connection, pools })).toThrow(/\[POOL_REFERENCE\]/);
});

test("a reference that was saved before a retirement came near still fits", () => {
  const pools = (today: string): AksNodePoolOptions[] => [
    AKS_SYSTEM,
    { name: "sgx", vmSize: "Standard_DC4s_v3", tee: Tee.SGX, minNodes: 0, maxNodes: 1, today },
  ];
  const saved = exampleAks({ pools: pools("2026-11-21"), sgx: { quoteHelper: false } });
  const host = AksHost.byAttributes(saved, AKS_ATTRIBUTES);
  const { pools: made } = new AksPoolsStack(app(), "pools", { host, pools: pools("2029-01-01") });
  expect(made.map(({ poolName }) => poolName)).toEqual(["sgx"]);
});

test("a pools stack before the CNI's is refused", () => {
  const scope = app();
  new AksPoolsStack(scope, "pools", { host: connection, pools: aksOptions().pools });
  expect(() => new CniStack(scope, "cni", { host: connection })).toThrow(/\[LAYER_ORDER\]/);
});

describe("Cilium on AKS", () => {
  const values = ciliumValues({ reference, apiServerHost: "prod.hcp.westeurope.azmk8s.io:443" });

  test("is Cilium as on EKS, but for kube-proxy, masquerading and the operator", () => {
    const eks = ciliumValues({ reference: { ...exampleHost(), network: reference.network } });
    const changed = Object.keys({ ...values, ...eks }).filter(
      (key) => JSON.stringify(values[key]) !== JSON.stringify(eks[key]),
    );
    expect(changed.sort()).toEqual([
      "aksbyocni",
      "bpf",
      "k8sServicePort",
      "kubeProxyReplacement",
      "operator",
    ]);
    expect(values).toMatchObject({
      aksbyocni: { enabled: true },
      kubeProxyReplacement: "false",
      bpf: { masquerade: false, hostLegacyRouting: true },
      MTU: 1500,
      encryption: { enabled: true, type: "wireguard" },
    });
    expect(values).not.toHaveProperty("k8sServiceHost");
  });

  test("runs its operator where AKS taints system nodes, before they are ready", () => {
    expect(values.operator).toEqual({
      replicas: 2,
      tolerations: [
        { key: "CriticalAddonsOnly", operator: "Exists" },
        { key: "node.kubernetes.io/not-ready", operator: "Exists" },
        { key: "node.cloudprovider.kubernetes.io/uninitialized", operator: "Exists" },
      ],
    });
  });

  test("finds the API server by its Service, so no address is set at plan", () => {
    const release = Template.of(new CniStack(app(), "cni", { host: AksHost.byVariables(reference) })).only(
      Release,
    );
    expect(release).not.toHaveProperty("set");
    expect((release.values as [string])[0]).not.toContain("k8sService");
  });

  test("is refused beside AKS' own", () => {
    const managed = AksHost.byAttributes(exampleAks({ cni: AksCni.MANAGED_CILIUM }), AKS_ATTRIBUTES);
    expect(() => new CniStack(app(), "cni", { host: managed })).toThrow(/\[HOST_NETWORK\].*'azure-cilium'/);
  });
});

test("tenants are refused on AKS' own Cilium, which is in clear", () => {
  const managed = AksHost.byAttributes(exampleAks({ cni: AksCni.MANAGED_CILIUM }), AKS_ATTRIBUTES);
  expect(() => new TenantsStack(app(), "tenants-01", { host: managed, shard })).toThrow(/\[HOST_NETWORK\]/);
});

test("the platform's classes put pods on confidential nodes and volumes under the host's key", () => {
  const template = Template.of(new PlatformStack(app(), "platform", { host: connection }));
  const { objects } = JSON.parse((template.named(Release, "tenclave-platform").values as [string])[0]) as {
    objects: Record<string, unknown>[];
  };
  const classes = objects.filter(({ kind }) => /Class$/.test(String(kind)));
  expect(classes.at(-1)).toMatchObject({
    kind: "StorageClass",
    provisioner: "disk.csi.azure.com",
    parameters: {
      skuName: "Premium_LRS",
      diskEncryptionSetID: expect.stringMatching(/diskEncryptionSets\/tenclave-prod-disks$/) as string,
      networkAccessPolicy: "DenyAll",
    },
  });
  expect(classes.map(({ kind, handler }) => [kind, handler])).toEqual([
    ["RuntimeClass", "runc"],
    ["RuntimeClass", "runc"],
    ["RuntimeClass", "runc"],
    ["StorageClass", undefined],
  ]);
});

test("a throw-away host stack says so, and pools hold nothing to protect", () => {
  const retention = Retention.destroy("a test");
  const host = Template.of(new AksHostStack(app(), "host", aksOptions({ retention })));
  expect(JSON.stringify(host.json)).not.toContain("prevent_destroy");
  const pools = Template.of(
    new AksPoolsStack(app(), "pools", { host: connection, pools: aksOptions().pools }),
  );
  expect(JSON.stringify(pools.json)).not.toContain("prevent_destroy");
});

test("a connected host is of its stack", () => {
  const scope = stack();
  expect(connectedAks(scope).node.scope).toBe(scope);
});
