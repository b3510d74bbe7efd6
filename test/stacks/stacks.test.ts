import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ChartSource, Retention, TenantDirectory, type CheckedTenant, type ITrustPolicy } from "../../lib";
import { EksHost } from "../../lib/aws";
import { App, LocalBackend, TerraformStack } from "../../lib/core/cdk";
import { Release } from "../../lib/core/bindings/helm";
import { NamespaceV1 } from "../../lib/core/bindings/kubernetes";
import { warningsOf } from "../../lib/core/notes";
import { clusterFence } from "../../lib/network/cluster-fence";
import { Template } from "../../lib/testing";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import {
  CniStack,
  EksHostStack,
  EksPoolsStack,
  LAYERS,
  layerOf,
  PlatformStack,
  TenantsStack,
  TrustPolicyStack,
  TrustStack,
  type Layer,
} from "../../stacks/aws";
import { joinLayer } from "../../stacks/layer";
import { contents, folder, lock, namedTenants } from "../support/files";
import { exampleHost, exampleTenant, hostOptions, tenantInput } from "../support/host";
import { trusteeServer } from "../support/trustee";
import { app, ATTRIBUTES } from "../support/scope";

const reference = exampleHost();
const connection = EksHost.byAttributes(reference, ATTRIBUTES);
const tenants: CheckedTenant[] = [checkTenant(exampleTenant(), reference)];
const shard = { name: "tenants-01", host: "prod", tenants };

/** Defines one layer in an app. */
const DEFINE: Readonly<Record<Layer, (scope: App) => TerraformStack>> = {
  host: (scope) => new EksHostStack(scope, "host", hostOptions()),
  cni: (scope) => new CniStack(scope, "cni", { host: connection }),
  pools: (scope) => new EksPoolsStack(scope, "pools", { host: connection, pools: hostOptions().pools }),
  platform: (scope) => new PlatformStack(scope, "platform", { host: connection }),
  trust: (scope) =>
    new TrustStack(scope, "trust", { host: connection, trustee: trusteeServer({ host: reference }) }),
  "trust-policy": (scope) =>
    new TrustPolicyStack(scope, "trust-policy", { host: connection, tenants, policies: [] }),
  tenants: (scope) => new TenantsStack(scope, "tenants-01", { host: connection, shard }),
};

test.each([
  ["a verifier", { name: "trustee", wiring: {}, policy: {} }],
  ["a policy without an id", { define: () => [] }],
])("trust-policy refuses %s where a trust policy belongs", (_what, policy) => {
  expect(
    () =>
      new TrustPolicyStack(app(), "trust-policy", {
        host: connection,
        tenants,
        policies: [policy as unknown as ITrustPolicy],
      }),
  ).toThrow(/\[OPTION_TYPE\] trust-policy: policies must be trust policies.*`policy` of a Trustee/);
});

describe("the order of layers", () => {
  test("reaches the manifest: each stack waits for the nearest layer below", () => {
    const outdir = folder();
    const scope = new App({ outdir });
    for (const layer of LAYERS) DEFINE[layer](scope);
    new TenantsStack(scope, "tenants-02", {
      host: connection,
      shard: { name: "tenants-02", host: "prod", tenants: [] },
    });
    for (const child of scope.node.children) new LocalBackend(child, { path: "state" });
    scope.synth();
    const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
      stacks: Record<string, { dependencies: string[] }>;
    };
    expect(
      Object.fromEntries(Object.entries(stacks).map(([name, { dependencies }]) => [name, dependencies])),
    ).toEqual({
      host: [],
      cni: ["host"],
      pools: ["cni"],
      platform: ["pools"],
      trust: ["platform"],
      "trust-policy": ["trust"],
      "tenants-01": ["trust-policy"],
      "tenants-02": ["trust-policy"],
    });
  });

  // Node groups before the CNI end in NodeCreationFailure, policies before the operator have no CRD, and so on.
  const wrong = LAYERS.flatMap((late, index) =>
    LAYERS.slice(index + 1).map((early) => [early, late] as const),
  );
  test.each(wrong)("%s before %s is refused", (early, late) => {
    const scope = app();
    DEFINE[early](scope);
    expect(() => DEFINE[late](scope)).toThrow(new RegExp(`\\[LAYER_ORDER\\].*'${late}'`));
  });

  test("hosts do not wait for each other", () => {
    const scope = app();
    DEFINE.tenants(scope);
    const other = EksHost.byAttributes(exampleHost({ name: "other" }), ATTRIBUTES);
    const cni = new CniStack(scope, "other-cni", { host: other });
    expect(cni.dependencies).toEqual([]);
    expect(layerOf(cni)).toEqual({ layer: "cni", host: "other" });
  });

  test.each([{ location: "us-east-2" }, { account: "210987654321" }, { cloud: "azure" }])(
    "nor do hosts of one name that differ in %j",
    (change) => {
      const scope = app();
      DEFINE.tenants(scope);
      const stack = new TerraformStack(scope, "twin");
      joinLayer(stack, "cni", { ...exampleHost(), ...change });
      expect(stack.dependencies).toEqual([]);
      // The same host is caught.
      expect(() => {
        joinLayer(new TerraformStack(scope, "late"), "cni", exampleHost());
      }).toThrow(/\[LAYER_ORDER\]/);
    },
  );

  test("layers may be missing: tenants may live in another repository", () => {
    const scope = app();
    DEFINE.cni(scope);
    expect(DEFINE.tenants(scope).dependencies.map((s) => s.node.id)).toEqual(["cni"]);
  });
});

test("no layer sets a backend: that is the program's choice", () => {
  const scope = app();
  for (const layer of LAYERS) expect(DEFINE[layer](scope).node.tryFindChild("backend")).toBeUndefined();
});

test("the platform holds a RuntimeClass for each pool and the encrypted default StorageClass", () => {
  const scope = app();
  const template = Template.of(DEFINE.platform(scope));
  expect(template.resourceCount).toBe(3);
  expect(template.only(NamespaceV1)).toMatchObject({
    metadata: { name: "tenclave-system", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    lifecycle: { prevent_destroy: true },
  });
  const { objects } = JSON.parse((template.named(Release, "tenclave-platform").values as [string])[0]) as {
    objects: { kind: string; metadata: { name: string } }[];
  };
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "RuntimeClass tenclave-system",
    "RuntimeClass tenclave-plain",
    "RuntimeClass tenclave-snp",
    "StorageClass tenclave-encrypted",
    ...clusterFence(reference).map(({ kind, metadata }) => `${kind} ${metadata!.name}`),
  ]);
  expect(objects[3]).toMatchObject({
    metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "ebs.csi.aws.com",
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Retain",
    parameters: {
      type: "gp3",
      encrypted: "true",
      kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:alias/tenclave/prod/volumes",
    },
  });
});

test("a throw-away platform protects nothing, and says so", () => {
  const platform = new PlatformStack(app(), "platform", {
    host: connection,
    retention: Retention.destroy("a test"),
  });
  expect(warningsOf(platform).map(({ text }) => text)).toEqual(["deletion protection is off: a test"]);
  expect(Template.of(platform).only(NamespaceV1)).not.toHaveProperty("lifecycle");
});

test("throw-away pools say so", () => {
  const pools = new EksPoolsStack(app(), "pools", {
    host: connection,
    pools: hostOptions().pools,
    retention: Retention.destroy("a test"),
  });
  expect(warningsOf(pools).map(({ text }) => text)).toContain("deletion protection is off: a test");
});

describe("a tenant", () => {
  const template = Template.of(DEFINE.tenants(app()));
  const [guardrails, vcluster] = ["guardrails-acme", "acme"].map((name) =>
    template.all(Release).find((r) => r.name === name)!,
  );

  test("is three resources: namespace, then guardrails, then virtual cluster", () => {
    expect(template.resourceCount).toBe(3);
    expect(template.only(NamespaceV1)).toMatchObject({
      metadata: { name: "tenant-acme" },
      lifecycle: { prevent_destroy: true },
    });
    expect(guardrails!.depends_on).toEqual([
      expect.stringMatching(/^kubernetes_namespace_v1\.Tenant-acme_Namespace/),
    ]);
    expect(vcluster!.depends_on).toEqual([expect.stringMatching(/^helm_release\.Tenant-acme_Guardrails/)]);
  });

  test("has its guardrails' Helm record out of its own reach", () => {
    expect(guardrails!.namespace).toBe("tenclave-system");
    expect(vcluster!.namespace).toBe("tenant-acme");
  });

  test("has a release that waits as long as a confidential node may take", () => {
    expect(vcluster).toMatchObject({
      chart: "vcluster",
      repository: "https://charts.loft.sh",
      version: "0.36.1",
      create_namespace: false,
      wait: true,
      timeout: 1800,
      max_history: 5,
    });
  });
});

test("a tenant checked on one host is not deployed on another", () => {
  const weaker = exampleHost({
    pools: hostOptions().pools.map((pool) =>
      pool.name === "snp" ? { name: "snp", instanceType: "m7i.2xlarge", minNodes: 1, maxNodes: 6 } : pool,
    ),
  });
  const other = EksHost.byAttributes(weaker, ATTRIBUTES);
  expect(() => new TenantsStack(app(), "tenants-01", { host: other, shard })).toThrow(
    /\[TENANT_POOL\].*pool 'snp' differs/,
  );
});

test("tenants need a network that encrypts between nodes", () => {
  const clear = { ...reference, network: { ...reference.network, encryptsPodTraffic: false } };
  const other = EksHost.byAttributes(clear, ATTRIBUTES);
  expect(() => new TenantsStack(app(), "tenants-01", { host: other, shard })).toThrow(/\[HOST_NETWORK\]/);
});

test("a tenant may be called what the framework calls its own", () => {
  const names = ["backend", "constructor"];
  const odd = names.map((name) => checkTenant(exampleTenant({ name }), reference));
  const stack = new TenantsStack(app(), "tenants-01", {
    host: connection,
    shard: { name: "tenants-01", host: "prod", tenants: odd },
  });
  expect(Template.of(stack).all(NamespaceV1)).toHaveLength(2);
});

test("a throw-away tenant is unprotected, and the stack says so", () => {
  const scope = app();
  const tenantsStack = new TenantsStack(scope, "tenants-01", {
    host: connection,
    shard,
    retention: Retention.destroy("a test"),
  });
  expect(warningsOf(tenantsStack).map(({ text }) => text)).toEqual(["deletion protection is off: a test"]);
  const template = Template.of(tenantsStack);
  expect(template.only(NamespaceV1)).not.toHaveProperty("lifecycle");
  expect(JSON.stringify(template.all(Release))).toContain('\\"retentionPolicy\\":\\"Delete\\"');
});

test("charts, licence and values of the platform's own reach the release", () => {
  const stack = new TenantsStack(app(), "tenants-01", {
    host: connection,
    shard,
    charts: {
      vcluster: ChartSource.oci("oci://registry.example.com/charts"),
      imageRegistry: "registry.example.com",
    },
    license: { reason: "bought" },
    values: { sleep: { auto: { afterInactivity: "1h" } } },
  });
  const release = Template.of(stack)
    .all(Release)
    .find((r) => r.name === "acme")!;
  expect(release).toMatchObject({ chart: "oci://registry.example.com/charts/vcluster", version: "0.36.1" });
  expect(JSON.parse((release.values as [string])[0])).toMatchObject({
    controlPlane: {
      statefulSet: { image: { repository: "loft-sh/vcluster-pro" } },
      advanced: { defaultImageRegistry: "registry.example.com" },
    },
    sleep: { auto: { afterInactivity: "1h" } },
  });
});

test("adding a tenant changes one shard's bytes and no other", () => {
  const names = Array.from({ length: 20 }, (_, i) => `t${String(i).padStart(2, "0")}`);
  const quota = {
    requests: { cpu: "1", memory: "1Gi", storage: "1Gi" },
    limits: { memory: "1Gi" },
    pods: 10,
  };
  const directory = namedTenants(names, { quota });
  const synth = (): Record<string, string> => {
    lock(directory);
    const outdir = folder();
    const scope = new App({ outdir });
    for (const one of TenantDirectory.load(directory, { host: reference }).shards)
      new LocalBackend(new TenantsStack(scope, one.name, { host: connection, shard: one }), {
        path: "state",
      });
    scope.synth();
    return contents(outdir);
  };
  const before = synth();
  // Sorted before all others, and still in the shard that has room.
  writeFileSync(join(directory, "aaa.json"), JSON.stringify({ ...tenantInput({ quota }), name: "aaa" }));
  const after = synth();
  const changed = Object.keys(after).filter((path) => after[path] !== before[path]);
  expect(changed).toEqual(["stacks/tenants-02/cdk.tf.json"]);
  expect(Object.keys(before)).toEqual(Object.keys(after));
});
