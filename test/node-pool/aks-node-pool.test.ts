import { AKS_NODE_SIZES, AksNodePool, aksPoolReference, aksVmSizesWith } from "../../lib/azure";
import { KubernetesClusterNodePool } from "../../lib/core/bindings/azurerm";
import { warningsOf } from "../../lib/core/notes";
import { Tee } from "../../lib";
import { ensureAzurermProvider, raiseAzurermFloor } from "../../lib/host-cluster/azurerm-provider";
import { runtimeClass } from "../../lib/node-pool/node-pool";
import type { AksNodePoolOptions } from "../../lib/azure";
import { Template } from "../../lib/testing";
import { connectedAks, id } from "../support/aks";
import { stack } from "../support/scope";

const PLAIN: AksNodePoolOptions = { name: "plain", vmSize: "Standard_D4s_v5", minNodes: 1, maxNodes: 4 };
const SNP: AksNodePoolOptions = {
  name: "snp",
  vmSize: "Standard_DC8as_v5",
  tee: Tee.SEV_SNP,
  minNodes: 0,
  maxNodes: 6,
};
const SGX: AksNodePoolOptions = {
  name: "sgx",
  vmSize: "Standard_DC4s_v3",
  tee: Tee.SGX,
  minNodes: 0,
  maxNodes: 1,
};

function synthesized(...pools: AksNodePoolOptions[]): Template {
  const scope = stack();
  const host = connectedAks(scope);
  ensureAzurermProvider(scope, host.reference);
  for (const pool of pools) new AksNodePool(scope, `Pool-${pool.name}`, { ...pool, host });
  return Template.of(scope);
}

/** The one pool of a stack. */
function made(options: AksNodePoolOptions): Record<string, unknown> {
  return synthesized(options).only(KubernetesClusterNodePool);
}

function versionOf(template: Template): unknown {
  const { required_providers } = template.json.terraform as {
    required_providers: { azurerm: { version: string } };
  };
  return required_providers.azurerm.version;
}

const SUBNET =
  `/subscriptions/${id(1)}/resourceGroups/tenclave-prod/providers/Microsoft.Network/virtualNetworks/` +
  "tenclave-prod-network/subnets/nodes";

const HOST_GROUP = `/subscriptions/${id(1)}/resourceGroups/hosts/providers/Microsoft.Compute/hostGroups/g`;

test("a plain pool, whole", () => {
  const { name, ...rest } = made(PLAIN);
  expect(name).toMatch(/^plain[0-9a-f]{7}$/);
  expect(rest).toEqual({
    vm_size: "Standard_D4s_v5",
    os_sku: "AzureLinux",
    os_type: "Linux",
    os_disk_type: "Managed",
    os_disk_size_gb: 128,
    max_pods: 110,
    node_count: 4,
    mode: "User",
    orchestrator_version: "1.34",
    kubernetes_cluster_id: `/subscriptions/${id(1)}/resourceGroups/tenclave-prod/providers/Microsoft.ContainerService/managedClusters/prod`,
    vnet_subnet_id: SUBNET,
    node_labels: { "tenclave.dev/pool": "plain", "tenclave.dev/tee": "none" },
    node_taints: ["tenclave.dev/pool=plain:NoSchedule"],
    upgrade_settings: { max_surge: "1" },
    lifecycle: { create_before_destroy: true },
  });
});

test("a SEV-SNP pool differs by its size alone, and pods choose it by the label AKS sets", () => {
  expect(made(SNP)).toMatchObject({
    vm_size: "Standard_DC8as_v5",
    os_sku: "AzureLinux",
    node_labels: { "tenclave.dev/pool": "snp", "tenclave.dev/tee": "sev-snp" },
  });
  const reference = aksPoolReference("1.34", SNP);
  expect(reference).toMatchObject({ tee: "sev-snp", tier: "CONFIDENTIAL_NODE", handler: "runc" });
  expect(runtimeClass(reference)).toMatchObject({
    handler: "runc",
    scheduling: {
      nodeSelector: {
        "kubernetes.azure.com/security-type": "ConfidentialVM",
        "tenclave.dev/pool": "snp",
        "tenclave.dev/tee": "sev-snp",
      },
    },
  });
  expect(runtimeClass(reference)).not.toHaveProperty("overhead");
  expect(reference.warnings).toEqual([expect.stringMatching(/node disks lie outside the TEE/)]);
});

describe("a sandboxed pool", () => {
  const sandboxed: AksNodePoolOptions = { ...PLAIN, name: "kata", sandbox: true };

  test("runs Kata on Azure Linux, with an azurerm that knows it, in one place", () => {
    const template = synthesized(sandboxed);
    expect(template.only(KubernetesClusterNodePool)).toMatchObject({
      workload_runtime: "KataVmIsolation",
      os_sku: "AzureLinux",
    });
    expect(versionOf(template)).toBe(">= 4.78.0, < 5.0.0");
  });

  test("isolates, and is never confidential", () => {
    const reference = aksPoolReference("1.34", sandboxed);
    expect(reference.tier).toBe("ISOLATED");
    expect(runtimeClass(reference)).toMatchObject({
      handler: "kata",
      overhead: { podFixed: { cpu: "0m", memory: "600Mi" } },
    });
  });
});

test.each([
  [[PLAIN], "4.55.0"],
  [[{ ...PLAIN, osSku: "Ubuntu2404" }], ">= 4.67.0, < 5.0.0"],
  [
    [
      { ...PLAIN, name: "kata", sandbox: true },
      { ...PLAIN, osSku: "Ubuntu2404" },
    ],
    ">= 4.78.0, < 5.0.0",
  ],
  [
    [
      { ...PLAIN, osSku: "Ubuntu2404" },
      { ...PLAIN, name: "kata", sandbox: true },
    ],
    ">= 4.78.0, < 5.0.0",
  ],
])("the highest floor of azurerm counts: %#", (pools, version) => {
  expect(versionOf(synthesized(...pools))).toBe(version);
});

test("no floor changes nothing", () => {
  const scope = stack();
  ensureAzurermProvider(scope, { account: id(1) });
  ensureAzurermProvider(scope, { account: id(1) });
  raiseAzurermFloor(scope, undefined);
  const template = Template.of(scope);
  expect(versionOf(template)).toBe("4.55.0");
  expect(template.json.provider).toEqual({
    azurerm: [
      {
        subscription_id: id(1),
        resource_provider_registrations: "none",
        features: [
          {
            key_vault: [{ purge_soft_delete_on_destroy: false, purge_soft_deleted_keys_on_destroy: false }],
          },
        ],
      },
    ],
  });
});

test("an SGX pool is outside the enclave, and says how to get in", () => {
  const reference = aksPoolReference("1.34", { ...SGX, today: "2026-11-21" });
  expect(reference.tier).toBe("SHARED");
  expect(reference.warnings).toEqual([expect.stringMatching(/outside the enclave.*16384 MiB/)]);
});

test.each([
  ["2028-10-30", 1],
  ["2028-10-31", 2],
  ["2029-10-31", 2],
])("DCsv3 on %s: %i warnings", (today, count) => {
  expect(aksPoolReference("1.34", { ...SGX, today }).warnings).toHaveLength(count);
});

test("a live pool of a retired size stays when somebody says until when", () => {
  const options = { ...SGX, vmSize: "Standard_DC8_v2", today: "2026-11-21", acceptRetired: "until January" };
  expect(aksPoolReference("1.34", options).warnings[0]).toMatch(
    /DCsv2 sizes retired on 2026-06-30.*accepted: until January/,
  );
});

test("the confidential GPU is accepted in writing, without the driver AKS would install", () => {
  const options = { ...SNP, vmSize: "Standard_NCC40ads_H100_v5", acceptUnproven: "one node tried in March" };
  expect(made(options)).toMatchObject({ gpu_driver: "None" });
  const scope = stack();
  const host = connectedAks(scope);
  new AksNodePool(scope, "Pool", { ...options, host });
  expect(warningsOf(scope).map(({ text }) => text)).toEqual([
    expect.stringMatching(/^unproven: no AKS page.*accepted: one node tried in March$/),
    expect.stringMatching(/node disks/),
  ]);
});

test("features become arguments, and none is set that was not asked for", () => {
  expect(
    made({
      ...PLAIN,
      vmSize: "Standard_D8ds_v5",
      ephemeralOsDisk: true,
      diskGiB: 300,
      hostEncryption: true,
      hostGroupId: HOST_GROUP,
      zones: ["1", "3"],
      staticCpuManager: true,
      numaAligned: true,
      fips: true,
      acceptUnproven: "WireGuard seen running on it",
      autoscaled: true,
    }),
  ).toMatchObject({
    os_disk_type: "Ephemeral",
    os_disk_size_gb: 300,
    host_encryption_enabled: true,
    host_group_id: HOST_GROUP,
    zones: ["1", "3"],
    fips_enabled: true,
    kubelet_config: { cpu_manager_policy: "static", topology_manager_policy: "single-numa-node" },
    auto_scaling_enabled: true,
    min_count: 1,
    max_count: 4,
  });
  expect(made({ ...PLAIN, staticCpuManager: true }).kubelet_config).toEqual({ cpu_manager_policy: "static" });
  expect(made({ ...PLAIN, autoscaled: true })).not.toHaveProperty("node_count");
  expect(made({ ...PLAIN, vmSize: "Standard_D8ds_v5", ephemeralOsDisk: true })).not.toHaveProperty(
    "os_disk_size_gb",
  );
});

describe("the name inside AKS", () => {
  const name = (options: Partial<AksNodePoolOptions>): unknown => made({ ...PLAIN, ...options }).name;

  test.each<[string, Partial<AksNodePoolOptions>]>([
    ["size", { vmSize: "Standard_D8s_v5" }],
    ["operating system", { osSku: "Ubuntu" }],
    ["disk", { diskGiB: 200 }],
    ["zones", { zones: ["1"] }],
    ["CPU manager", { staticCpuManager: true }],
    ["sandbox", { sandbox: true }],
    ["host encryption", { hostEncryption: true }],
    ["host group", { hostGroupId: HOST_GROUP }],
    ["name", { name: "plain-2" }],
  ])("is another when the %s is", (_, change) => {
    expect(name(change)).not.toBe(name({}));
    expect(name(change)).toMatch(/^[a-z][a-z0-9]{0,11}$/);
  });

  test.each<[string, Partial<AksNodePoolOptions>]>([
    ["number of nodes", { minNodes: 2, maxNodes: 9 }],
    ["autoscaler", { autoscaled: true }],
    ["reason", { acceptUnproven: "tried by hand" }],
  ])("stays when the %s changes", (_, change) => {
    expect(name(change)).toBe(name({}));
  });

  test("a change of size changes the name and the size, and nothing else", () => {
    const [before, after] = ["Standard_D4s_v5", "Standard_D8s_v5"].map((vmSize) =>
      made({ ...PLAIN, vmSize }),
    );
    const changed = Object.keys(after!).filter(
      (key) => JSON.stringify(after![key]) !== JSON.stringify(before![key]),
    );
    expect(changed.sort()).toEqual(["name", "vm_size"]);
  });

  test("is short and starts with a letter whatever the pool is called", () => {
    expect(name({ name: "a-b-c-very-long-name" })).toMatch(/^abcve[0-9a-f]{7}$/);
    expect(name({ name: "x" })).toMatch(/^x[0-9a-f]{7}$/);
  });
});

test("a system pool has AKS' own taint, and its class tolerates it", () => {
  const system: AksNodePoolOptions = { ...PLAIN, name: "more", system: true, minNodes: 2 };
  expect(made(system)).toMatchObject({ mode: "System", node_taints: ["CriticalAddonsOnly=true:NoSchedule"] });
  expect(runtimeClass(aksPoolReference("1.34", system))).toMatchObject({
    scheduling: {
      tolerations: [{ key: "CriticalAddonsOnly", operator: "Equal", value: "true", effect: "NoSchedule" }],
    },
  });
  expect(aksPoolReference("1.34", { ...SNP, system: true, minNodes: 2 }).system).toBe(true);
});

test.each([
  [{ diskGiB: 29 }, "POOL_SIZE"],
  [{ vmSize: "Standard_D2ds_v5", ephemeralOsDisk: true, diskGiB: 76 }, "POOL_DISK"],
  [{ diskGiB: 2049 }, "POOL_SIZE"],
  [{ diskGiB: 64.5 }, "POOL_SIZE"],
  [{ zones: [] }, "POOL_ZONES"],
  [{ zones: ["westeurope-1"] }, "POOL_ZONES"],
  [{ zones: ["1", "1"] }, "POOL_ZONES"],
])("%j is refused", (change, code) => {
  expect(() => aksPoolReference("1.34", { ...PLAIN, ...change })).toThrow(new RegExp(`\\[${code}\\]`));
});

test.each([
  // 8 vCPUs: 180 reserved and 500 for DaemonSets; 32768 MiB: 92.5 %, 2250 reserved, 100 evicted, 900 for DaemonSets.
  ["Standard_DC8as_v5", Tee.SEV_SNP, 7320, 27060],
  // A quarter of 8 GiB is less than 2250 MB.
  ["Standard_DC2as_v5", Tee.SEV_SNP, 1400, 4529],
  ["Standard_DC96as_v5", Tee.SEV_SNP, 94440, 360474],
  // The enclave page cache of 16 GiB is off.
  ["Standard_DC4s_v3", Tee.SGX, 3360, 10676],
  ["Standard_DC1s_v3", Tee.SGX, 440, 433],
])("%s leaves %s %i millicores and %i MiB", (vmSize, tee, nodeMilliCpu, nodeMemoryMiB) => {
  const { capacity } = aksPoolReference("1.34", { ...SNP, vmSize, tee, maxNodes: 3, today: "2026-11-21" });
  expect(capacity).toEqual({
    nodeMilliCpu,
    nodeMemoryMiB,
    nodePods: 100,
    milliCpu: nodeMilliCpu * 3,
    memoryMiB: nodeMemoryMiB * 3,
    pods: 300,
  });
});

test("the sizes to choose from are those AKS takes and Azure still sells", () => {
  expect(aksVmSizesWith(Tee.TDX)).toEqual([]);
  expect(aksVmSizesWith(Tee.SEV_SNP)).toHaveLength(67);
  expect(aksVmSizesWith(Tee.SGX)).toHaveLength(16);
  expect(aksVmSizesWith(Tee.NONE)).toHaveLength(16);
});

test.each([
  ["Standard_DC16ads_v5", 600, "yes", undefined],
  ["Standard_EC20ads_v5", 750, "yes", undefined],
  ["Standard_EC96ads_v6", 3600, "yes", undefined],
  ["Standard_DC48ds_v3", 2400, "no", 262_144],
  ["Standard_DC2as_v6", undefined, "unproven", undefined],
])("%s has a local disk of %s GiB, ephemeral OS disk: %s, EPC %s MiB", (name, temp, ephemeral, epc) => {
  expect(AKS_NODE_SIZES.get(name)).toMatchObject({
    tempDiskGiB: temp,
    ephemeralOsDisk: ephemeral,
    epcMiB: epc,
  });
});

/** What TypeScript would refuse, and JSON or `any` brings all the same. */
test.each<[string, object]>([
  ["a name that is none", { name: null }],
  ["a number as vmSize", { vmSize: 4 }],
  ["the id of a TEE in place of the TEE", { tee: "sev-snp" }],
  ["null for no TEE", { tee: null }],
  ["text as a count", { maxNodes: "3" }],
  ["zones as a text", { zones: "1" }],
  ["zones as numbers", { zones: [1, 2] }],
  ["a zone that is none", { zones: [null] }],
  ["a flag as text", { sandbox: "false" }],
  ["a disk as text", { diskGiB: "128" }],
  ["a reason that is none", { acceptUnproven: true }],
  ["an owner as text", { owner: "acme" }],
  ["a day in words", { today: "tomorrow" }],
])("%s is an OPTION_TYPE", (_, change) => {
  const pool = { ...PLAIN, ...change } as AksNodePoolOptions;
  const [key] = Object.keys(change);
  expect(() => aksPoolReference("1.34", pool)).toThrow(
    new RegExp(`^\\[OPTION_TYPE\\] pools(\\.plain)?: ${key}\\S* must be`),
  );
});

test("no pool at all is an OPTION_TYPE", () => {
  expect(() => aksPoolReference("1.34", null as unknown as AksNodePoolOptions)).toThrow(
    /^\[OPTION_TYPE\] pools: options must be an object, got null/,
  );
});

test.each([["1.34.2"], ["latest"], [1.34], [null]])("Kubernetes %p is no minor", (version) => {
  expect(() => aksPoolReference(version as string, PLAIN)).toThrow(
    `[HOST_KUBERNETES] pools.plain: kubernetesVersion must be a minor in quotes, like "1.34", got ${typeof version} '${version}'`,
  );
});

test("a pool has 1000 nodes at most", () => {
  expect(aksPoolReference("1.34", { ...PLAIN, maxNodes: 1000 }).maxNodes).toBe(1000);
  expect(() => aksPoolReference("1.34", { ...PLAIN, maxNodes: 1001 })).toThrow(
    /\[POOL_SIZE\] pools\.plain: maxNodes must be at most 1000, got maxNodes 1001 .*2026\); use several pools/,
  );
});

test.each(["g", "", `${HOST_GROUP}/hosts/one`, HOST_GROUP.replace("Compute", "Network")])(
  "'%s' is no host group",
  (hostGroupId) => {
    expect(() => aksPoolReference("1.34", { ...PLAIN, hostGroupId })).toThrow(
      /\[HOST_SCOPE\] pools\.plain: hostGroupId must be a host group's id/,
    );
  },
);

test.each(["toString", "constructor", "__proto__", "azurelinux", ""])("'%s' is no osSku", (osSku) => {
  expect(() => aksPoolReference("1.34", { ...PLAIN, osSku })).toThrow(
    `[POOL_OS] pools.plain: osSku must be one of AzureLinux, Ubuntu, Ubuntu2404, Ubuntu2204, got '${osSku}'`,
  );
});

test("a pattern for dedicated pools is refused for what it is, not for its type", () => {
  expect(() => aksPoolReference("1.34", { ...PLAIN, dedicated: true })).toThrow(
    /^\[POOL_DEDICATED\] pools\.plain: /,
  );
  expect(aksPoolReference("1.34", { ...PLAIN, dedicated: false }).name).toBe("plain");
});
