import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ContainerNodePool, ProjectIamMember, ServiceAccount } from "../../lib/core/bindings/google";
import { warningsOf } from "../../lib/core/notes";
import {
  GKE_CONFIDENTIAL,
  GKE_MACHINE_TYPES,
  GkeHost,
  GkeNodePool,
  gkePoolReference,
  type GkeNodePoolOptions,
} from "../../lib/google";
import { Tee } from "../../lib";
import { ensureGoogleProvider } from "../../lib/host-cluster/google-provider";
import { gkeAlternatives, GKE_TEE_TYPES, gkeZoneLetters } from "../../lib/node-pool/gke-machine-type";
import { serviceAccountId } from "../../lib/host-cluster/gke-names";
import { checkGkePool } from "../../lib/node-pool/gke-pool-reference";
import { runtimeClass } from "../../lib/node-pool/node-pool";
import { Template } from "../../lib/testing";
import { connectedGkeHost, GKE_TDX, gkeHostOptions, gkePool } from "../support/gke-host";
import { stack } from "../support/scope";
import { ROOT } from "../support/run";

const PLAIN: GkeNodePoolOptions = {
  name: "plain",
  machineType: "n2d-standard-4",
  tee: Tee.NONE,
  minNodes: 0,
  maxNodes: 4,
};
const SEV: GkeNodePoolOptions = { ...PLAIN, name: "sev", tee: Tee.SEV };
const SNP: GkeNodePoolOptions = { ...PLAIN, name: "snp", tee: Tee.SEV_SNP };
const C4: GkeNodePoolOptions = { ...GKE_TDX, machineType: "c4-standard-8" };
const LSSD: GkeNodePoolOptions = { ...GKE_TDX, machineType: "c3-standard-8-lssd" };
const H100: GkeNodePoolOptions = {
  ...GKE_TDX,
  name: "h100",
  machineType: "a3-highgpu-1g",
  zones: ["europe-west4-a"],
  minNodes: 0,
  maxNodes: 1,
  acceptUnproven: "tried by hand",
};

function synthesized(options: GkeNodePoolOptions): Template {
  const scope = stack();
  const host = connectedGkeHost(scope);
  ensureGoogleProvider(scope, host.reference);
  new GkeNodePool(scope, "Pool", { ...options, host });
  return Template.of(scope);
}

function resource(options: GkeNodePoolOptions): Record<string, unknown> {
  return synthesized(options).only(ContainerNodePool);
}

function nodeConfig(options: GkeNodePoolOptions): Record<string, unknown> {
  return resource(options).node_config as Record<string, unknown>;
}

describe("the table", () => {
  // SOURCE: Compute Engine documentation, machine families, copy of 2026-04.
  test.each([
    ["n2d-standard-224", 224, 896],
    ["n2d-highmem-96", 96, 768],
    ["c2d-standard-56", 56, 224],
    ["c3d-standard-30", 30, 120],
    ["c4d-standard-2", 2, 7],
    ["c4d-standard-192", 192, 744],
    ["c3-standard-22", 22, 88],
    ["c4-standard-2", 2, 7],
    ["c4-standard-192", 192, 720],
    ["a3-highgpu-1g", 26, 234],
    ["e2-standard-2", 2, 8],
    ["n2-standard-128", 128, 512],
  ])("%s has %i vCPUs and %i GiB", (name, vcpus, memoryGiB) => {
    expect(GKE_MACHINE_TYPES.get(name)).toMatchObject({ vcpus, memoryGiB });
  });

  test("holds so many rows of each TEE and series", () => {
    const counts: Record<string, number> = {};
    for (const { tee, family } of GKE_TEE_TYPES)
      counts[`${tee.id} ${family}`] = (counts[`${tee.id} ${family}`] ?? 0) + 1;
    expect(counts).toEqual({
      "sev n2d": 20,
      "sev c2d": 7,
      "sev c3d": 7,
      "sev c4d": 9,
      "sev-snp n2d": 20,
      "tdx c3": 12,
      "tdx c4": 10,
      "tdx a3": 1,
    });
  });

  test("names a source and a day in every row, and regions where Google lists zones", () => {
    for (const row of GKE_TEE_TYPES) {
      expect(row.source).toMatch(/Confidential VM documentation.*Compute Engine documentation/);
      expect(row.date).toMatch(/^2026-\d\d(-\d\d)?$/);
      expect(row).toMatchObject({ cloud: "google", arch: "x86_64" });
    }
    const regions = (name: string): unknown => GKE_TEE_TYPES.find((row) => row.name === name)?.regions;
    expect(regions("c4-standard-8")).toEqual([
      "asia-southeast1",
      "europe-west1",
      "europe-west3",
      "europe-west4",
      "us-central1",
      "us-east4",
      "us-west1",
    ]);
    expect(regions("c3-standard-8")).toBeUndefined();
  });

  test("marks what no source settles", () => {
    const unproven = GKE_TEE_TYPES.filter((row) => row.unproven).map((row) => `${row.tee.id} ${row.name}`);
    expect(unproven).toEqual([
      "sev n2d-standard-128",
      "sev n2d-standard-224",
      "sev n2d-highmem-96",
      "sev c2d-standard-112",
      "sev-snp n2d-standard-128",
      "sev-snp n2d-standard-224",
      "sev-snp n2d-highmem-96",
      "tdx a3-highgpu-1g",
    ]);
  });

  test("zones are a, b and c but where they are not", () => {
    expect(gkeZoneLetters("europe-west4")).toBe("abc");
    expect(gkeZoneLetters("europe-west1")).toBe("bcd");
    expect(gkeZoneLetters("us-central1")).toBe("abcf");
    expect(gkeZoneLetters("africa-south1")).toBeUndefined();
  });

  test("alternatives are of the next size up, one a series, proven", () => {
    expect(gkeAlternatives(Tee.TDX, 12)).toEqual(["c3-standard-22", "c3-standard-22-lssd", "c4-standard-16"]);
    expect(gkeAlternatives(Tee.SEV_SNP, 500)).toEqual(["n2d-standard-224", "n2d-highmem-96"]);
  });

  test("reads the TEE from one list", () => {
    expect(GKE_CONFIDENTIAL.map((one) => `${one.instanceType} ${one.shapes.join(" ")}`)).toEqual([
      "SEV n2d-standard n2d-highmem",
      "SEV c2d-standard",
      "SEV c3d-standard c4d-standard",
      "SEV_SNP n2d-standard n2d-highmem",
      "TDX c3-standard",
      "TDX c3-standard-lssd",
      "TDX c4-standard",
      "TDX a3-highgpu-1g",
    ]);
  });
});

describe("a plain pool", () => {
  const template = synthesized(PLAIN);
  const pool = template.only(ContainerNodePool);

  test("is exactly this", () => {
    expect(pool).toEqual({
      name: expect.stringMatching(/^plain-[0-9a-f]{8}$/) as string,
      project: "example-platform",
      cluster: "prod",
      location: "europe-west4",
      node_locations: ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
      max_pods_per_node: 110,
      initial_node_count: 0,
      autoscaling: { total_min_node_count: 0, total_max_node_count: 4, location_policy: "BALANCED" },
      management: { auto_repair: true, auto_upgrade: true },
      upgrade_settings: { strategy: "SURGE", max_surge: 1, max_unavailable: 0 },
      network_config: { enable_private_nodes: true },
      node_config: {
        machine_type: "n2d-standard-4",
        spot: false,
        image_type: "COS_CONTAINERD",
        disk_type: "pd-balanced",
        disk_size_gb: 100,
        boot_disk_kms_key:
          "projects/example-platform/locations/europe-west4/keyRings/tenclave-prod/cryptoKeys/nodes",
        reservation_affinity: { consume_reservation_type: "NO_RESERVATION" },
        gvnic: { enabled: true },
        shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
        workload_metadata_config: { mode: "GKE_METADATA" },
        service_account: expect.stringMatching(
          /^tc-prod-plain-[0-9a-f]{8}@example-platform\.iam\.gserviceaccount\.com$/,
        ) as string,
        oauth_scopes: ["https://www.googleapis.com/auth/cloud-platform"],
        metadata: { "disable-legacy-endpoints": "true" },
        kubelet_config: {
          cpu_manager_policy: "none",
          cpu_cfs_quota: true,
          insecure_kubelet_readonly_port_enabled: "FALSE",
        },
        labels: { "tenclave.dev/pool": "plain", "tenclave.dev/tee": "none" },
        taint: [{ key: "tenclave.dev/pool", value: "plain", effect: "NO_SCHEDULE" }],
      },
      lifecycle: { create_before_destroy: true, ignore_changes: ["initial_node_count", "version"] },
      depends_on: [
        expect.stringMatching(/^google_service_account\.Pool_Account/) as string,
        expect.stringMatching(/^google_project_iam_member\.Pool_Account_Node/) as string,
        expect.stringMatching(/^google_project_iam_member\.Pool_Account_Images/) as string,
      ],
    });
  });

  test("gives nodes an account that writes logs and metrics, pulls images, and nothing else", () => {
    const account = template.only(ServiceAccount);
    expect(account.account_id).toMatch(/^tc-prod-plain-[0-9a-f]{8}$/);
    expect(template.all(ProjectIamMember).map(({ role, member }) => [role, member])).toEqual([
      [
        "roles/artifactregistry.reader",
        `serviceAccount:${(pool.node_config as Record<string, string>).service_account}`,
      ],
      [
        "roles/container.defaultNodeServiceAccount",
        `serviceAccount:${(pool.node_config as Record<string, string>).service_account}`,
      ],
    ]);
  });

  test("reaches SHARED, and has no vendor label", () => {
    expect(gkePoolReference({ location: "europe-west4", kubernetesVersion: "1.34" }, PLAIN)).toEqual({
      name: "plain",
      tee: "none",
      tier: "SHARED",
      machineType: "n2d-standard-4",
      minNodes: 0,
      maxNodes: 4,
      system: false,
      runtimeClassName: "tenclave-plain",
      placement: {
        nodeLabels: { "tenclave.dev/pool": "plain", "tenclave.dev/tee": "none" },
        taints: [{ key: "tenclave.dev/pool", value: "plain", effect: "NoSchedule" }],
      },
      capacity: expect.anything() as unknown,
      handler: "runc",
      overhead: { milliCpu: 0, memoryMiB: 0 },
      warnings: [],
    });
  });
});

describe("a confidential pool", () => {
  test.each([
    [SEV, "SEV", undefined, "pd-balanced"],
    [{ ...SEV, machineType: "c4d-standard-8" }, "SEV", undefined, "hyperdisk-balanced"],
    [SNP, "SEV_SNP", "AMD Milan", "pd-balanced"],
    [GKE_TDX, "TDX", undefined, "pd-balanced"],
    [C4, "TDX", "Intel Granite Rapids", "hyperdisk-balanced"],
  ])("%j writes its type %s, platform %s and disk %s out", (options, type, platform, disk) => {
    const node = nodeConfig(options);
    expect(node.confidential_nodes).toEqual({ enabled: true, confidential_instance_type: type });
    expect(node.min_cpu_platform).toBe(platform);
    expect(node.disk_type).toBe(disk);
    expect(node).not.toHaveProperty("enable_confidential_storage");
    expect(gkePool(options).placement.vendorLabels).toEqual({
      "cloud.google.com/gke-confidential-nodes-instance-type": type,
    });
    expect(gkePool(options).tier).toBe("CONFIDENTIAL_NODE");
  });

  test("is the same construct, with its tier and class", () => {
    const scope = stack();
    const host = connectedGkeHost(scope);
    ensureGoogleProvider(scope, host.reference);
    const pool = new GkeNodePool(scope, "Pool", { ...SEV, host });
    expect(pool).toMatchObject({ poolName: "sev", tee: Tee.SEV, runtimeClassName: "tenclave-sev" });
    expect(pool.tier.name).toBe("CONFIDENTIAL_NODE");
    expect(warningsOf(scope).map(({ text }) => text)).toEqual([
      "AMD SEV encrypts memory without integrity, and leaves registers readable",
      expect.stringMatching(/^nodes stop for host maintenance/),
    ]);
  });

  test("is put on by the vendor's label, too", () => {
    expect(runtimeClass(gkePool({}))).toMatchObject({
      scheduling: {
        nodeSelector: {
          "cloud.google.com/gke-confidential-nodes-instance-type": "TDX",
          "tenclave.dev/pool": "tdx",
          "tenclave.dev/tee": "tdx",
        },
      },
    });
  });

  test("stands in the zones that sell it", () => {
    expect(resource(C4).node_locations).toEqual(["europe-west4-a", "europe-west4-b"]);
    expect(resource({ ...LSSD, zones: ["europe-west4-b"] }).node_locations).toEqual(["europe-west4-b"]);
  });

  test.each([
    [
      { ...C4, zones: ["europe-west4-a", "europe-west4-c"] },
      "europe-west4",
      /use europe-west4-a, europe-west4-b$/,
    ],
    [{ ...LSSD, zones: ["europe-west4-c"] }, "europe-west4", /use europe-west4-a, europe-west4-b$/],
    [{ ...SNP, zones: ["us-central1-f"] }, "us-central1", /use us-central1-a, us-central1-b, us-central1-c$/],
    [SNP, "us-east4", /move the host to one of asia-southeast1-a\/b\/c/],
  ])("does not stand in others: %j in %s", (options, location, cure) => {
    expect(() => gkePool(options, { location })).toThrow(/^\[POOL_ZONES\]/);
    expect(() => gkePool(options, { location })).toThrow(cure);
  });

  test("says that zones of c3-standard with TDX are not checked", () => {
    expect(gkePool({}).warnings).toContainEqual(expect.stringMatching(/^zones are not checked/));
    expect(gkePool(C4).warnings).not.toContainEqual(expect.stringMatching(/^zones are not checked/));
  });

  test("with local SSDs has them as scratch space, all of them", () => {
    expect(nodeConfig(LSSD)).toMatchObject({
      ephemeral_storage_local_ssd_config: { local_ssd_count: 2 },
      local_ssd_encryption_mode: "STANDARD_ENCRYPTION",
    });
    expect(nodeConfig({ ...LSSD, localSsdEncryption: "EPHEMERAL_KEY_ENCRYPTION" })).toMatchObject({
      local_ssd_encryption_mode: "EPHEMERAL_KEY_ENCRYPTION",
    });
    expect(nodeConfig(GKE_TDX)).not.toHaveProperty("ephemeral_storage_local_ssd_config");
  });

  test("with an H100 has one, its driver, and what was accepted", () => {
    expect(nodeConfig(H100).guest_accelerator).toEqual([
      {
        type: "nvidia-h100-80gb",
        count: 1,
        gpu_driver_installation_config: { gpu_driver_version: "DEFAULT" },
      },
    ]);
    expect(nodeConfig({ ...H100, gpuDriver: "INSTALLATION_DISABLED", spot: true })).toMatchObject({
      spot: true,
      guest_accelerator: [
        { gpu_driver_installation_config: { gpu_driver_version: "INSTALLATION_DISABLED" } },
      ],
    });
    expect(gkePool(H100).warnings.filter((text) => text.startsWith("unproven: "))).toEqual([
      expect.stringMatching(/which zones sell.*accepted: tried by hand$/),
      expect.stringMatching(/consumption model.*accepted: tried by hand$/),
    ]);
  });

  test("keeps its disk in confidential mode with SEV, on Hyperdisk", () => {
    const options = { ...SEV, machineType: "c3d-standard-8", confidentialStorage: true };
    expect(nodeConfig(options)).toMatchObject({
      enable_confidential_storage: true,
      disk_type: "hyperdisk-balanced",
      boot_disk_kms_key: expect.stringMatching(/cryptoKeys\/nodes$/) as string,
    });
    expect(gkePool(options).warnings).not.toContainEqual(expect.stringMatching(/^unproven/));
  });

  test("needs acceptUnproven for confidential mode with SEV-SNP, and for Hyperdisk on N2D", () => {
    const options = { ...SNP, confidentialStorage: true };
    expect(() => gkePool(options)).toThrow(/\[POOL_UNPROVEN\].*n2d nodes boot from.*SEV-SNP/);
    expect(gkePool({ ...options, acceptUnproven: "tried by hand" }).warnings).toHaveLength(3);
  });
});

describe("versions", () => {
  const ubuntu = { imageType: "UBUNTU_CONTAINERD" };

  test.each([
    [{ ...GKE_TDX, ...ubuntu, nodeVersion: "1.34.1-gke.2909000" }, "1.34"],
    [{ ...GKE_TDX, ...ubuntu, nodeVersion: "1.34.2-gke.1" }, "1.34"],
    [{ ...GKE_TDX, ...ubuntu }, "1.35"],
    [{ ...SNP, ...ubuntu, nodeVersion: "1.34.1-gke.2037000" }, "1.34"],
    [{ ...SEV, ...ubuntu }, "1.34"],
    [GKE_TDX, "1.34"],
  ])("%j is taken on %s", (options, kubernetesVersion) => {
    expect(gkePool(options, { kubernetesVersion }).machineType).toBe(options.machineType);
  });

  test.each([
    [{ ...GKE_TDX, ...ubuntu, nodeVersion: "1.34.1-gke.2908999" }, "1.34"],
    [{ ...GKE_TDX, ...ubuntu, nodeVersion: "1.34.0-gke.9999999" }, "1.34"],
    [{ ...GKE_TDX, ...ubuntu }, "1.34"],
    [{ ...GKE_TDX, ...ubuntu, nodeVersion: "1.33.5-gke.1697000" }, "1.34"],
    [{ ...GKE_TDX, nodeVersion: "1.34" }, "1.34"],
  ])("%j is refused on %s", (options, kubernetesVersion) => {
    expect(() => gkePool(options, { kubernetesVersion })).toThrow(/\[POOL_VERSION\]/);
  });

  test("nodes start with the version that is named, and auto-upgrade is left alone", () => {
    const pool = resource({ ...GKE_TDX, ...ubuntu, nodeVersion: "1.34.1-gke.2909000" });
    expect(pool.version).toBe("1.34.1-gke.2909000");
    expect(pool.lifecycle).toMatchObject({ ignore_changes: ["initial_node_count", "version"] });
    expect(pool.node_config).toMatchObject({ image_type: "UBUNTU_CONTAINERD" });
    expect(resource(GKE_TDX)).not.toHaveProperty("version");
  });
});

describe("the pool's name", () => {
  const name = (options: GkeNodePoolOptions): string => resource(options).name as string;

  test("changes with every setting that makes a new pool, so that both stand for a while", () => {
    const changes: GkeNodePoolOptions[] = [
      { ...PLAIN, machineType: "n2d-standard-8" },
      { ...PLAIN, tee: Tee.SEV },
      { ...PLAIN, tee: Tee.SEV_SNP },
      { ...PLAIN, tee: Tee.SEV, confidentialStorage: true, acceptUnproven: "a test" },
      { ...PLAIN, diskType: "pd-ssd" },
      { ...PLAIN, minCpuPlatform: "AMD Milan" },
      { ...PLAIN, spot: true },
      { ...PLAIN, reservation: "spare" },
      { ...PLAIN, soleTenantNodeGroup: "mine" },
    ];
    const names = [PLAIN, ...changes].map(name);
    expect(new Set(names).size).toBe(names.length);
    for (const one of names) expect(one).toMatch(/^plain-[0-9a-f]{8}$/);
  });

  test("stays with settings that change in place", () => {
    const changes: GkeNodePoolOptions[] = [
      { ...PLAIN, maxNodes: 9 },
      { ...PLAIN, diskGiB: 200 },
      { ...PLAIN, zones: ["europe-west4-a"] },
      { ...PLAIN, staticCpuManager: true },
      { ...PLAIN, imageType: "UBUNTU_CONTAINERD" },
    ];
    for (const change of changes) expect(name(change)).toBe(name(PLAIN));
  });

  test("and the account's fit at their longest", () => {
    const scope = stack();
    const host = connectedGkeHost(scope, { name: "h".repeat(32) });
    ensureGoogleProvider(scope, host.reference);
    new GkeNodePool(scope, "Pool", { ...PLAIN, name: "p".repeat(30), host });
    const template = Template.of(scope);
    expect(template.only(ContainerNodePool).name).toHaveLength(39);
    expect(template.only(ServiceAccount).account_id).toHaveLength(30);
  });
});

test("accounts of hosts of one name in two regions differ", () => {
  const ids = ["europe-west4", "us-central1"].map((region) => serviceAccountId(region, "prod", "tdx"));
  expect(ids).toEqual([
    expect.stringMatching(/^tc-prod-tdx-[0-9a-f]{8}$/),
    expect.stringMatching(/^tc-prod-tdx-/),
  ]);
  expect(ids[0]).not.toBe(ids[1]);
});

test("accounts of hosts whose names differ by a dash alone differ", () => {
  const account = (hostName: string, pool: string): unknown => {
    const scope = stack();
    const host = connectedGkeHost(scope, { name: hostName });
    ensureGoogleProvider(scope, host.reference);
    new GkeNodePool(scope, "Pool", { ...PLAIN, name: pool, host });
    return Template.of(scope).only(ServiceAccount).account_id;
  };
  expect(account("a-b", "c")).not.toBe(account("a", "b-c"));
});

describe("size", () => {
  test.each([
    [0, 0],
    [1, 1],
    [4, 1],
    [7, 2],
  ])("of at least %i nodes starts with %i in each of three zones", (minNodes, initial) => {
    const pool = resource({ ...PLAIN, minNodes, maxNodes: 9 });
    expect(pool.initial_node_count).toBe(initial);
    expect(pool.autoscaling).toEqual({
      total_min_node_count: minNodes,
      total_max_node_count: 9,
      location_policy: "BALANCED",
    });
  });

  test("stands in three zones at most, where a region has more", () => {
    const zones = (options: GkeNodePoolOptions): readonly string[] =>
      checkGkePool({ location: "us-central1", kubernetesVersion: "1.34" }, options).zones;
    const three = ["us-central1-a", "us-central1-b", "us-central1-c"];
    expect(zones({ ...PLAIN, maxNodes: 9 })).toEqual(three);
    expect(zones({ ...SEV, maxNodes: 9 })).toEqual(three);
    expect(zones({ ...PLAIN, zones: ["us-central1-f"] })).toEqual(["us-central1-f"]);
  });

  test("of fewer nodes than zones stands in as many zones", () => {
    expect(resource({ ...PLAIN, maxNodes: 2 }).node_locations).toEqual(["europe-west4-a", "europe-west4-b"]);
    expect(() => gkePool({ maxNodes: 1, zones: ["europe-west4-a", "europe-west4-b"] })).toThrow(
      /\[POOL_SIZE\].*maxNodes 1 for 2 zones/,
    );
  });

  test.each([19, 65_537, 20.5])("of a disk of %d GiB is refused", (diskGiB) => {
    expect(() => gkePool({ diskGiB })).toThrow(/\[POOL_SIZE\].*diskGiB/);
  });

  test.each([
    [-1, 2],
    [3, 2],
    [0, 0],
    [1.5, 2],
  ])("of %d to %d nodes is refused", (minNodes, maxNodes) => {
    expect(() => gkePool({ minNodes, maxNodes })).toThrow(/\[POOL_SIZE\]/);
  });
});

test("zones are named where the library does not know them", () => {
  const place = { location: "africa-south1" };
  expect(() => gkePool(PLAIN, place)).toThrow(/\[POOL_ZONES\].*name the zones.*africa-south1-a/);
  expect(gkePool({ ...PLAIN, zones: ["africa-south1-a"] }, place).name).toBe("plain");
  expect(() => gkePool({ ...PLAIN, zones: ["europe-west4-a", "europe-west4-a"] })).toThrow(/\[POOL_ZONES\]/);
});

test("a static CPU manager is asked for", () => {
  expect(nodeConfig({ ...PLAIN, staticCpuManager: true }).kubelet_config).toMatchObject({
    cpu_manager_policy: "static",
    cpu_cfs_quota: true,
  });
});

test("a reservation and sole tenancy reach plain nodes", () => {
  expect(nodeConfig({ ...PLAIN, reservation: "spare", soleTenantNodeGroup: "mine" })).toMatchObject({
    reservation_affinity: {
      consume_reservation_type: "SPECIFIC_RESERVATION",
      key: "compute.googleapis.com/reservation-name",
      values: ["spare"],
    },
    sole_tenant_config: {
      node_affinity: [{ key: "compute.googleapis.com/node-group-name", operator: "IN", values: ["mine"] }],
    },
  });
});

test("live migration can be expected on plain nodes, and on N2D of Milan with SEV", () => {
  expect(gkePool({ ...PLAIN, expectLiveMigration: true }).warnings).toEqual([]);
  const sev = gkePool({ ...SEV, expectLiveMigration: true, minCpuPlatform: "AMD Milan" });
  expect(sev.warnings).toEqual([expect.stringMatching(/without integrity/)]);
});

test("spot nodes say that they go, and never that they move", () => {
  const milan = { ...SEV, minCpuPlatform: "AMD Milan" };
  const warnings = (change: Partial<GkeNodePoolOptions>): readonly string[] => gkePool(change).warnings;
  expect(warnings({ ...PLAIN, spot: true })).toEqual(["spot: Google may take nodes back at any time"]);
  expect(warnings(milan)).toEqual([expect.stringMatching(/^AMD SEV encrypts/)]);
  expect(warnings({ ...milan, spot: true })).toEqual([
    "spot: Google may take nodes back at any time",
    expect.stringMatching(/^AMD SEV encrypts/),
    expect.stringMatching(/^nodes stop for host maintenance/),
  ]);
});

test("spot nodes come from any zone", () => {
  expect(resource({ ...PLAIN, spot: true }).autoscaling).toMatchObject({ location_policy: "ANY" });
});

test("nodes of a stack that owns the host wait for the cluster", () => {
  const scope = stack();
  ensureGoogleProvider(scope, { name: "prod", location: "europe-west4", account: "example-platform" });
  const host = new GkeHost(scope, "Host", gkeHostOptions());
  new GkeNodePool(scope, "Pool", { ...GKE_TDX, host });
  expect(Template.of(scope).only(ContainerNodePool).depends_on).toContainEqual(
    expect.stringMatching(/^google_container_cluster\./),
  );
});

test("nodes of a stack that holds more wait for it", () => {
  const scope = stack();
  const host = connectedGkeHost(scope);
  ensureGoogleProvider(scope, host.reference);
  const first = new GkeNodePool(scope, "First", { ...PLAIN, host });
  new GkeNodePool(scope, "Second", { ...SNP, host, dependsOn: first.ready });
  const second = Template.of(scope)
    .all(ContainerNodePool)
    .find((pool) => String(pool.name).startsWith("snp-"))!;
  expect(String(second.depends_on)).toMatch(/google_container_node_pool\.First/);
});

test("a host of another stack is refused", () => {
  const host = connectedGkeHost(stack("one"));
  expect(() => new GkeNodePool(stack("two"), "Pool", { ...PLAIN, host })).toThrow(/\[CROSS_STACK\]/);
});

describe("capacity", () => {
  test("is what a plain node leaves, times the most nodes", () => {
    // 4 vCPU: 4000 - (60 + 10 + 5 + 5) - 500. 16 GiB: 96 %, less 25 % of 4, 20 % of 4, 10 % of 8 GiB, 100 and 1024 MiB.
    const memory = Math.floor(16384 * 0.96) - Math.ceil(2.6 * 1024) - 100 - 1024;
    expect(gkePool({ ...PLAIN }).capacity).toEqual({
      nodeMilliCpu: 3420,
      nodeMemoryMiB: memory,
      nodePods: 100,
      milliCpu: 3420 * 4,
      memoryMiB: memory * 4,
      pods: 400,
    });
  });

  test("loses bounce buffers to confidential guests, at most 1 GiB", () => {
    const left = (options: GkeNodePoolOptions): number => gkePool(options).capacity.nodeMemoryMiB;
    expect(left(PLAIN) - left(SEV)).toBe(Math.ceil(16384 * 0.06));
    const big = { ...PLAIN, machineType: "n2d-standard-64" };
    expect(left(big) - left({ ...big, tee: Tee.SEV })).toBe(1024);
  });

  test("reserves 6 % up to 128 GiB and 2 % above", () => {
    // 256 GiB: 1 + 0.8 + 0.8 + 6.72 + 2.56 GiB.
    const { nodeMemoryMiB } = gkePool({ ...PLAIN, machineType: "n2d-standard-64" }).capacity;
    expect(nodeMemoryMiB).toBe(Math.floor(262144 * 0.96) - Math.ceil(11.88 * 1024) - 100 - 1024);
  });
});

test("no other cloud's entry point loads Google's classes, and the neutral one loads none", () => {
  for (const file of ["lib/index.ts", "lib/aws.ts", "lib/azure.ts"])
    expect(readFileSync(join(ROOT, file), "utf8")).not.toMatch(/bindings\/google|gke-(host|node-pool)"/);
});
