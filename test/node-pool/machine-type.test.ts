import { MachineType, Tee, type MachineTypeRow } from "../../lib";

/** Rows by cloud and TEE. SOURCE: the vendors' pages, counted by hand; see each row's own source. */
const COUNTS: readonly [string, Tee, number][] = [
  ["azure", Tee.SEV_SNP, 67],
  ["azure", Tee.TDX, 16],
  ["azure", Tee.SGX, 16],
  ["google", Tee.SEV, 43],
  ["google", Tee.SEV_SNP, 20],
  ["google", Tee.TDX, 23],
  ["aws", Tee.SEV_SNP, 16],
  ["aws", Tee.NITRO_ENCLAVES, 237],
];

test.each(COUNTS)("%s sells %s in %i machine types", (cloud, tee, count) => {
  expect(MachineType.ALL.filter((row) => row.cloud === cloud && row.tee === tee).length).toBe(count);
});

test("the catalogue holds nothing else, and no row twice", () => {
  expect(MachineType.ALL.length).toBe(COUNTS.reduce((sum, [, , count]) => sum + count, 0));
  const keys = MachineType.ALL.map(({ cloud, name, tee }) => `${cloud} ${name} ${tee.id}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(MachineType.ALL.map((row) => [row.cloud, row.name, row] as const))(
  "%s %s names its source with a date",
  (_cloud, _name, row) => {
    expect(row.source.length).toBeGreaterThan(10);
    expect(row.date).toMatch(/^20\d\d(-\d\d(-\d\d)?)?$/);
    expect(row.vcpus).toBeGreaterThan(0);
    expect(row.memoryGiB).toBeGreaterThan(0);
  },
);

/** One of each family, by hand. */
const SAMPLES: readonly [string, string, Tee, Partial<MachineTypeRow>][] = [
  ["azure", "Standard_DC4as_v5", Tee.SEV_SNP, { family: "DCasv5", vcpus: 4, memoryGiB: 16 }],
  ["azure", "Standard_EC20ads_v5", Tee.SEV_SNP, { family: "ECadsv5", vcpus: 20, memoryGiB: 160 }],
  ["azure", "Standard_EC96as_v6", Tee.SEV_SNP, { family: "ECasv6", vcpus: 96, memoryGiB: 672 }],
  ["azure", "Standard_DC128es_v6", Tee.TDX, { family: "DCesv6", vcpus: 128, memoryGiB: 512 }],
  ["azure", "Standard_DC24ds_v3", Tee.SGX, { family: "DCdsv3", vcpus: 24, memoryGiB: 192 }],
  ["azure", "Standard_NCC40ads_H100_v5", Tee.SEV_SNP, { gpu: "H100", vcpus: 40, memoryGiB: 320 }],
  ["google", "n2d-highmem-8", Tee.SEV_SNP, { family: "n2d", vcpus: 8, memoryGiB: 64 }],
  ["google", "c3-standard-4", Tee.TDX, { family: "c3", vcpus: 4, memoryGiB: 16 }],
  ["google", "a3-highgpu-1g", Tee.TDX, { gpu: "H100" }],
  ["aws", "m6a.8xlarge", Tee.SEV_SNP, { family: "m6a", vcpus: 32, memoryGiB: 128 }],
  ["aws", "c6g.large", Tee.NITRO_ENCLAVES, { family: "c6g", vcpus: 2, memoryGiB: 4, arch: "arm64" }],
  ["aws", "m8a.large", Tee.NITRO_ENCLAVES, { family: "m8a", vcpus: 2, memoryGiB: 8 }],
];

test.each(SAMPLES)("%s %s in %s", (cloud, name, tee, facts) => {
  expect(MachineType.of(cloud, name, tee)).toMatchObject(facts);
});

test.each([
  ["aws", "m6a.12xlarge", Tee.SEV_SNP],
  ["aws", "m5.large", Tee.NITRO_ENCLAVES],
  ["google", "c3-highmem-8", Tee.TDX],
  ["azure", "Standard_D4s_v5", Tee.SEV_SNP],
])("%s %s is not in the catalogue for %s", (cloud, name, tee) => {
  expect(MachineType.of(cloud, name, tee)).toBeUndefined();
});

describe("find", () => {
  test("smallest first, and every other row with its reasons", () => {
    const { candidates, fellOut } = MachineType.find({ cloud: "aws", tee: Tee.SEV_SNP, vcpu: 8, memory: 48 });
    expect(candidates.map(({ name }) => name)).toEqual([
      "r6a.2xlarge",
      "m6a.4xlarge",
      "r6a.4xlarge",
      "c6a.8xlarge",
      "m6a.8xlarge",
      "c6a.12xlarge",
      "c6a.16xlarge",
    ]);
    expect(candidates.length + fellOut.length).toBe(MachineType.ALL.length);
    const reasons = (name: string, tee: Tee): readonly string[] =>
      fellOut.find(({ machineType }) => machineType.name === name && machineType.tee === tee)!.reasons;
    expect(reasons("m6a.large", Tee.SEV_SNP)).toEqual(["it has 2 vCPUs, below 8", "it has 8 GiB, below 48"]);
    expect(reasons("n2d-standard-16", Tee.SEV)).toEqual([
      "it is on google, not aws",
      "it runs in AMD SEV, not AMD SEV-SNP",
    ]);
  });

  test("what no node pool can have is never a candidate, and says why", () => {
    const { candidates, fellOut } = MachineType.find({ cloud: "azure", tee: Tee.TDX });
    expect(candidates).toEqual([]);
    const found = fellOut.find(({ machineType }) => machineType.name === "Standard_DC2es_v6")!;
    expect(found.reasons).toEqual([expect.stringMatching(/AKS/)]);
  });

  test("a region leaves out what is not sold there", () => {
    const elsewhere = MachineType.find({ cloud: "aws", tee: Tee.SEV_SNP, region: "eu-central-1" });
    expect(elsewhere.candidates).toEqual([]);
    expect(elsewhere.fellOut.find(({ machineType }) => machineType.name === "m6a.large")!.reasons).toEqual([
      expect.stringMatching(/us-east-2, eu-west-1, not in eu-central-1/),
    ]);
    const near = MachineType.find({ cloud: "google", tee: Tee.SEV_SNP, region: "europe-west4" });
    expect(near.candidates.length).toBe(20);
    expect(
      MachineType.find({ cloud: "google", tee: Tee.SEV_SNP, region: "europe-west9" }).candidates,
    ).toEqual([]);
  });

  test("a GPU is asked for by name", () => {
    expect(
      MachineType.find({ gpu: "H100" })
        .candidates.map(({ name }) => name)
        .sort(),
    ).toEqual(["Standard_NCC40ads_H100_v5", "a3-highgpu-1g"]);
  });

  test("Tee.NONE is refused", () => {
    const attempt = (): unknown => MachineType.find({ tee: Tee.NONE });
    expect(attempt).toThrow(/\[POOL_TEE\] MachineType.find: .*got 'none'/);
  });
});
