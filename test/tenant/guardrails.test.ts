import { guardrails } from "../../lib";
import { admissionPolicies } from "../../lib/admission/policies";
import { ADMISSION_RULES } from "../../lib/admission/rules";
import { CONTROL_PLANE_SIZES } from "../../lib/tenant/control-plane-size";
import { limitRange, namespaceLabels, resourceQuota } from "../../lib/tenant/guardrails";
import { checkTenant } from "../../lib/tenant/tenant-checks";
import type { TenantSpecInput } from "../../lib/tenant/tenant-spec";
import { exampleHost, exampleTenant, tenantInput } from "../support/host";

const host = exampleHost({ gatewayNamespace: "gateway" });
const tenant = (change: Partial<TenantSpecInput> = {}): ReturnType<typeof checkTenant> =>
  checkTenant(exampleTenant(change), host);

test("the namespace is restricted, pinned to the host's version, and names its tenant", () => {
  expect(namespaceLabels(checkTenant(exampleTenant(), host), host)).toEqual({
    "tenclave.dev/tenant": "acme",
    "tenclave.dev/host": "prod",
    "tenclave.dev/pool": "snp",
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.34",
    "pod-security.kubernetes.io/audit": "restricted",
    "pod-security.kubernetes.io/audit-version": "v1.34",
    "pod-security.kubernetes.io/warn": "restricted",
    "pod-security.kubernetes.io/warn-version": "v1.34",
  });
});

test("the quota is the tenant's own plus control plane, CoreDNS and overhead, without limits.cpu", () => {
  // small: 200m, 256Mi, limit 4096Mi; CoreDNS: 20m, 64Mi, limit 170Mi; volume 5Gi; a Secret for each pod's token.
  expect(resourceQuota(tenant(), host).spec!.hard).toEqual({
    "requests.cpu": "2220m",
    "requests.memory": `${8192 + 256 + 64}Mi`,
    "limits.memory": `${12288 + 4096 + 170}Mi`,
    "requests.storage": `${20480 + 5120}Mi`,
    // The chart's control plane: 1Gi and 10Gi; 32 pods of 128Mi, and of two containers with 1Gi each.
    "requests.ephemeral-storage": `${1024 + 32 * 128}Mi`,
    "limits.ephemeral-storage": `${10240 + 32 * 2048}Mi`,
    pods: "32",
    "count/pods": "160",
    services: "23",
    "services.loadbalancers": "0",
    "services.nodeports": "0",
    secrets: `${50 + 30 + 12}`,
    configmaps: "60",
    persistentvolumeclaims: "11",
    "count/endpoints": "92",
    "count/endpointslices.discovery.k8s.io": "92",
    // The class EKS makes by itself encrypts with no key of ours.
    "gp2.storageclass.storage.k8s.io/persistentvolumeclaims": "0",
  });
});

test("a class's overhead counts for every pod", () => {
  const one = tenant();
  const heavy = { ...one, pool: { ...one.pool, overhead: { milliCpu: 10, memoryMiB: 100 } } };
  expect(resourceQuota(heavy, host).spec!.hard).toMatchObject({
    "requests.cpu": `${2220 + 32 * 10}m`,
    "requests.memory": `${8512 + 32 * 100}Mi`,
    "limits.memory": `${16554 + 32 * 100}Mi`,
  });
});

test.each(Object.entries(CONTROL_PLANE_SIZES))(
  "size %s is added to the quota",
  (size, { milliCpu, memoryMiB, memoryLimitMiB }) => {
    expect(resourceQuota(tenant({ size }), host).spec!.hard).toMatchObject({
      "requests.cpu": `${2000 + 20 + milliCpu}m`,
      "requests.memory": `${8192 + 64 + memoryMiB}Mi`,
      "limits.memory": `${12288 + 170 + memoryLimitMiB}Mi`,
    });
  },
);

test("the limit range gives defaults, admits the control plane, and sets no lower bound and no CPU limit", () => {
  expect(limitRange(exampleTenant()).spec!.limits).toEqual([
    {
      type: "Container",
      defaultRequest: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "128Mi" },
      default: { memory: "256Mi", "ephemeral-storage": "1024Mi" },
      max: { memory: "12288Mi", "ephemeral-storage": "10240Mi" },
    },
  ]);
  const tiny = { requests: { cpu: "1", memory: "1Gi", storage: "1Gi" }, limits: { memory: "1Gi" } };
  expect(limitRange(exampleTenant({ quota: tiny })).spec!.limits[0]!.max!.memory).toBe("4096Mi");
});

test("a tenant names its containers' defaults", () => {
  const container = { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } };
  expect(limitRange(exampleTenant({ container })).spec!.limits[0]).toMatchObject({
    defaultRequest: { cpu: "10m", memory: "32Mi" },
    default: { memory: "128Mi" },
  });
});

test("a tenant's guardrails are these and no others", () => {
  const egress = [{ cidr: "203.0.113.0/24", ports: [443] }];
  expect(
    guardrails(tenant({ egress }), host).map(({ kind, metadata }) => `${kind} ${metadata!.name}`),
  ).toEqual([
    "ResourceQuota tenclave-tenant",
    "LimitRange tenclave-tenant",
    "PriorityLevelConfiguration tenclave-tenant-acme",
    "FlowSchema tenclave-tenant-acme",
    "NetworkPolicy tenclave-default-deny",
    "NetworkPolicy tenclave-workloads",
    "CiliumNetworkPolicy tenclave-dns",
    "NetworkPolicy tenclave-core-dns",
    "NetworkPolicy tenclave-control-plane",
    "CiliumNetworkPolicy tenclave-api-server",
    "NetworkPolicy tenclave-egress",
    "CiliumClusterwideNetworkPolicy tenclave-internet-acme",
  ]);
});

const CLUSTER_WIDE = ["CiliumClusterwideNetworkPolicy", "FlowSchema", "PriorityLevelConfiguration"];

test("every guardrail lies in the tenant's namespace, or in none, and names its tenant", () => {
  for (const { kind, metadata } of guardrails(tenant(), host)) {
    expect(metadata).toMatchObject({ labels: { "tenclave.dev/tenant": "acme" } });
    expect(metadata!.namespace).toBe(CLUSTER_WIDE.includes(kind!) ? undefined : "tenant-acme");
  }
});

describe("devices", () => {
  const hard = (
    change: Partial<TenantSpecInput>,
    on: Partial<typeof host>,
    pool: object = {},
  ): Record<string, string> => {
    const one = tenant();
    const spec = exampleTenant(change);
    return resourceQuota({ ...one, spec, pool: { ...one.pool, ...pool } }, { ...host, ...on }).spec!.hard!;
  };

  test.each([
    ["google", ["google.com/cc", "amd.com/sev-snp", "intel.com/tdx"]],
    ["azure", ["kubernetes.azure.com/sgx_epc_mem_in_MiB"]],
  ])("of %s that speak for the whole node are nobody's", (cloud, devices) => {
    expect(hard({}, { cloud })).toMatchObject(
      Object.fromEntries(devices.map((device) => [`requests.${device}`, "0"])),
    );
  });

  test("of SGX are free on SGX nodes", () => {
    expect(Object.keys(hard({}, { cloud: "azure" }, { tee: "sgx" })).join()).not.toMatch(/sgx/);
  });

  test("enclaves of other pools are nobody's: the selector that keeps a tenant on its own is no boundary", () => {
    const enclaves = {
      nodeEnclaves: 2,
      nodeVcpus: 2,
      nodeMemoryMiB: 2048,
      resource: "aws.ec2.nitro/nitro_enclaves",
      hugePages: "hugepages-1Gi",
    };
    const { pools } = exampleHost();
    const nitro = { ...pools[1]!, name: "nitro", capacity: { ...pools[1]!.capacity, enclaves } };
    expect(hard({}, { pools: [...pools, nitro] })).toMatchObject({
      "requests.aws.ec2.nitro/nitro_enclaves": "0",
      "requests.hugepages-1Gi": "0",
    });
    expect(Object.keys(hard({}, {}, {})).join()).not.toMatch(/nitro|hugepages/);
  });

  test("enclaves are as many as the tenant's file says, with an equal part of the huge pages for each", () => {
    const one = tenant();
    const enclaves = {
      nodeEnclaves: 4,
      nodeVcpus: 4,
      nodeMemoryMiB: 6144,
      resource: "aws.ec2.nitro/nitro_enclaves",
      hugePages: "hugepages-2Mi",
    };
    const pool = { capacity: { ...one.pool.capacity, enclaves } };
    const quota = { ...tenantInput().quota, enclaves: 3 };
    expect(hard({ quota }, {}, pool)).toMatchObject({
      "requests.aws.ec2.nitro/nitro_enclaves": "3",
      "requests.hugepages-2Mi": "4608Mi",
    });
    expect(hard({}, {}, pool)).toMatchObject({ "requests.aws.ec2.nitro/nitro_enclaves": "0" });
    expect(hard({ quota: { ...quota, enclaveMemory: "5Gi" } }, {}, pool)).toMatchObject({
      "requests.hugepages-2Mi": "5120Mi",
    });
  });
});

test("what a tenant costs Helm stays small, also with as much egress as a file may hold", () => {
  const ports = Array.from({ length: 40 }, (_, index) => 1000 + index);
  const egress = Array.from({ length: 50 }, (_, index) => ({ cidr: `203.0.${index}.0/24`, ports }));
  const size = (change: Partial<TenantSpecInput>): number =>
    Buffer.byteLength(JSON.stringify(guardrails(tenant(change), host)));
  expect(size({})).toBeLessThan(20_000);
  expect(size({ egress })).toBeLessThan(200_000);
  for (const more of [
    [...egress, { cidr: "198.51.100.0/24", ports: [443] }],
    [{ cidr: "198.51.100.0/24", ports: [...ports, 443] }],
  ])
    expect(() => size({ egress: more })).toThrow(/\[TENANT_TYPE\] tenant\.egress.*Too big/);
});

test("admission rules are there once for a host, whatever the number of tenants", () => {
  expect(JSON.stringify(guardrails(tenant(), host))).not.toContain("ValidatingAdmissionPolicy");
  const rules = admissionPolicies(ADMISSION_RULES, host.administrators);
  expect(Buffer.byteLength(JSON.stringify(rules))).toBeLessThan(200_000);
});
