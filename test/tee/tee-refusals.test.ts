import { MachineType, Tee } from "../../lib";
import { TEE_CLOUDS, TEE_OFFERS } from "../../lib/tee/tee-offers";
import { teeRefusal } from "../../lib/tee/tee-refusals";

const TEES = Tee.ALL.filter((tee) => tee !== Tee.NONE);

/** What pools can have, cloud by cloud, written from the vendors' pages. */
const ON_POOLS: readonly (readonly [cloud: string, tees: readonly Tee[]])[] = [
  ["aws", [Tee.SEV_SNP, Tee.NITRO_ENCLAVES]],
  ["azure", [Tee.SEV_SNP, Tee.SGX]],
  ["google", [Tee.SEV, Tee.SEV_SNP, Tee.TDX]],
];

test("each cloud and TEE has one offer, with a machine type for pools or a reason why not", () => {
  const pairs = TEE_OFFERS.map(({ cloud, tee }) => `${cloud} ${tee.id}`);
  expect([...pairs].sort()).toEqual(
    TEE_CLOUDS.flatMap((cloud) => TEES.map((tee) => `${cloud} ${tee.id}`)).sort(),
  );
  for (const { example, notForPools, machines, source } of TEE_OFFERS) {
    expect([example, notForPools].filter(Boolean)).toHaveLength(1);
    if (example) expect(machines).toBeDefined();
    expect(source).toMatch(/20\d\d/);
  }
});

test.each(ON_POOLS)("pools on %s can have exactly what the vendor sells for nodes", (cloud, tees) => {
  expect(TEES.filter((tee) => !teeRefusal(cloud, tee))).toEqual(tees);
  expect(teeRefusal(cloud, Tee.NONE)).toBeUndefined();
});

test("a refusal says why, names the source with its date, and what works", () => {
  expect(teeRefusal("azure", Tee.TDX)).toEqual({
    why: "AKS does not support confidential VMs with Intel TDX, though Azure sells them",
    source: "AKS documentation, Use confidential VMs, 2026-06-24",
    use:
      "use AMD SEV-SNP on machine types like Standard_DC4as_v5, Intel SGX on machine types like Standard_DC2s_v3, " +
      "or a plain pool; Intel TDX itself is had on google on machine types like c3-standard-4",
  });
  expect(teeRefusal("google", Tee.ARM_CCA)).toEqual({
    why: "no machine with it was found on sale",
    source: expect.stringContaining("ConfidentialInstanceType, 2026"),
    use:
      "use AMD SEV on machine types like n2d-standard-4, AMD SEV-SNP on machine types like n2d-standard-4, " +
      "Intel TDX on machine types like c3-standard-4, or a plain pool",
  });
  expect(teeRefusal("aws", Tee.NVIDIA_CC)?.use).toBe(
    "use AMD SEV-SNP on machine types like m6a.large, AWS Nitro Enclaves on machine types like m5.xlarge, " +
      "or a plain pool; a confidential GPU comes with AMD SEV-SNP on Standard_NCC40ads_H100_v5 (azure), " +
      "Intel TDX on a3-highgpu-1g (google)",
  );
});

test("another cloud is an error, not an answer", () => {
  expect(() => teeRefusal("oracle", Tee.TDX)).toThrow(
    "[TEE_QUERY] teeRefusal: cloud must be one this library knows, got 'oracle'; use one of aws, azure, google",
  );
});

// A cloud whose catalogue is still empty has nothing to be held against.
const CATALOGUED = TEE_OFFERS.filter(({ cloud }) => MachineType.ALL.some((row) => row.cloud === cloud));

test("every machine type named is in the catalogue, for pools, with its TEE", () => {
  for (const { cloud, tee, example, gpu } of CATALOGUED) {
    if (example) expect(MachineType.of(cloud, example, tee)?.notForPools).toBeUndefined();
    if (example) expect(MachineType.of(cloud, example, tee)).toBeDefined();
    if (gpu) expect(MachineType.of(cloud, gpu.machineType, tee)?.gpu).toBeDefined();
  }
  expect(TEE_OFFERS.length).toBe(TEE_CLOUDS.length * TEES.length);
});
