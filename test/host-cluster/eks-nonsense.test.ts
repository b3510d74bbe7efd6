// What untyped code passes to an EKS host and its pools: each ends in one coded error, none in a TypeError.
import { ConfigurationError, Tee } from "../../lib";
import { EksNetwork, eksPoolReference, type EksGivenNetworkOptions } from "../../lib/aws";
import { exampleHost, hostOptions } from "../support/host";

const GIVEN: EksGivenNetworkOptions = {
  vpcId: "vpc-1",
  cidr: "10.42.0.0/16",
  privateSubnetIds: ["subnet-1", "subnet-2"],
  internetEgress: true,
};

const NONSENSE = [null, NaN, -1, 1.34, "", "  ", true, [], [null], {}];

/** Of them, what is right for an option. */
const RIGHT: Readonly<Record<string, unknown[]>> = {
  nat: [true],
  internetEgress: [true],
  apiClientCidrs: [[]],
  system: [true],
  autoscaled: [true],
  staticCpuManager: [true],
  // Read only when something is unproven or retires.
  acceptUnproven: ["", "  "],
  acceptRetired: ["", "  "],
};

const wrong = (keys: readonly string[]): [string, unknown][] =>
  keys.flatMap((key) =>
    NONSENSE.filter(
      (value) => !(RIGHT[key] ?? []).some((r) => JSON.stringify(r) === JSON.stringify(value)),
    ).map((value): [string, unknown] => [key, value]),
  );

describe("nonsense is refused", () => {
  const own = { cidr: "10.42.0.0/16" };
  const coded = (attempt: () => unknown): void => {
    let raised: unknown;
    try {
      attempt();
    } catch (error) {
      raised = error;
    }
    expect(ConfigurationError.is(raised) ? raised.message : raised).toMatch(/^\[\w+\] .+: .+, got .+; .+/s);
  };

  test.each(
    wrong([
      ...[
        "name",
        "region",
        "account",
        "kubernetesVersion",
        "network",
        "pools",
        "admins",
        "podCidr",
        "serviceCidr",
      ],
      ...[
        "logRetentionDays",
        "apiClientCidrs",
        "publicEndpoint",
        "gatewayNamespace",
        "volumesKeyArn",
        "retention",
      ],
    ]),
  )("host.%s = %p", (key, value) => {
    coded(() => exampleHost({ [key]: value }));
  });

  test.each(wrong(["cidrs", "reason"]))("publicEndpoint.%s = %p", (key, value) => {
    const publicEndpoint = { cidrs: ["198.51.100.0/24"], reason: "for a test", [key]: value };
    coded(() => exampleHost({ publicEndpoint }));
  });

  test.each(wrong(["cidr", "zones", "nat"]))("owned network.%s = %p", (key, value) => {
    coded(() => exampleHost({ network: EksNetwork.owned({ ...own, [key]: value }) }));
  });

  test.each(wrong(["vpcId", "cidr", "privateSubnetIds", "internetEgress"]))(
    "given network.%s = %p",
    (key, value) => {
      coded(() => exampleHost({ network: EksNetwork.given({ ...GIVEN, [key]: value }) }));
    },
  );

  test.each(
    wrong([
      ...[
        "name",
        "instanceType",
        "tee",
        "minNodes",
        "maxNodes",
        "system",
        "dedicated",
        "owner",
        "staticCpuManager",
      ],
      ...[
        "numaAligned",
        "today",
        "acceptUnproven",
        "acceptRetired",
        "autoscaled",
        "diskGiB",
        "rootVolumeKeyArn",
      ],
      ...["enclaves", "releaseVersion", "selfManaged"],
    ]),
  )("pool.%s = %p", (key, value) => {
    coded(() => eksPoolReference("eu-west-1", { ...hostOptions().pools[0]!, [key]: value }));
  });

  test.each(wrong(["memoryMiB", "vcpus", "maxEnclaves", "hugePages"]))("enclaves.%s = %p", (key, value) => {
    const enclaves = { memoryMiB: 1024, vcpus: 2, [key]: value };
    coded(() =>
      eksPoolReference("eu-west-1", {
        ...{ name: "p", instanceType: "m6i.xlarge", minNodes: 1, maxNodes: 1 },
        tee: Tee.NITRO_ENCLAVES,
        enclaves,
      }),
    );
  });

  test("a TEE written as text", () => {
    const tee = "sev-snp" as unknown as Tee;
    expect(() => eksPoolReference("eu-west-1", { ...hostOptions().pools[2]!, tee })).toThrow(
      /\[OPTION_TYPE\] pools\.snp: tee must be one of class Tee, like Tee\.SEV_SNP, got 'sev-snp'; /,
    );
  });

  test("retention of a pool's construct as text", () => {
    const options = { ...hostOptions().pools[0]!, retention: "destroy" };
    expect(() => eksPoolReference("eu-west-1", options)).toThrow(
      "[OPTION_TYPE] pools.system: retention must be Retention.KEEP or made by Retention.destroy, got 'destroy'; ",
    );
  });

  test.each<[string, () => unknown, string]>([
    ["host", () => exampleHost({ zone: "eu-west-1a" } as never), "host.prod: options"],
    [
      "owned network",
      () => EksNetwork.owned({ ...own, natGateway: false } as never),
      "EksNetwork.owned: options",
    ],
    [
      "given network",
      () => EksNetwork.given({ ...GIVEN, subnets: [] } as never),
      "EksNetwork.given: options",
    ],
    [
      "pool",
      () => eksPoolReference("eu-west-1", { ...hostOptions().pools[0]!, machineType: "m7i.large" } as never),
      "pools.system: options",
    ],
  ])("a key of a %s that nobody knows", (_, attempt, place) => {
    expect(attempt).toThrow(`[OPTION_TYPE] ${place} must be made of keys this library knows, got '`);
  });
});
