import {
  ConfigurationError,
  Distance,
  Party,
  recommendTee,
  Sensitivity,
  Tee,
  TrustTier,
  type TeeQuestion,
} from "../../lib";
import { TEE_CLOUDS } from "../../lib/tee/tee-offers";

/** Candidates as `cloud tee`, best first. */
function ranked(question: TeeQuestion): string[] {
  return recommendTee(question).candidates.map(({ cloud, tee }) => `${cloud} ${tee.id}`);
}

/** Every question that can be asked. */
const QUESTIONS: readonly TeeQuestion[] = Sensitivity.ALL.flatMap((sensitivity) =>
  [undefined, ...TEE_CLOUDS].flatMap((cloud) =>
    [false, true].flatMap((unmodifiedApp) =>
      [false, true].flatMap((gpu) =>
        [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
          sensitivity,
          ...(cloud ? { cloud } : {}),
          unmodifiedApp,
          gpu,
          distrust: Party.ALL.filter((_, index) => bits & (1 << index)),
        })),
      ),
    ),
  ),
);

const CONFIDENTIAL_VMS = ["azure sev-snp", "google sev-snp", "google tdx"];

test.each([
  // A plain pool first: nothing is asked for that a TEE would add.
  [
    Sensitivity.PUBLIC,
    true,
    [
      ...["aws none", "azure none", "google none"],
      ...[...CONFIDENTIAL_VMS, "google sev", "azure sgx", "aws nitro-enclaves", "aws sev-snp"],
    ],
  ],
  // Unproven after proven, no integrity after integrity, SGX last: its pods are outside.
  [Sensitivity.INTERNAL, true, [...CONFIDENTIAL_VMS, "google sev", "aws sev-snp", "azure sgx"]],
  [Sensitivity.CONFIDENTIAL, true, [...CONFIDENTIAL_VMS, "google sev", "aws sev-snp", "azure sgx"]],
  // SEV cannot be proven to the provider's disadvantage.
  [Sensitivity.REGULATED, false, [...CONFIDENTIAL_VMS, "aws sev-snp", "azure sgx"]],
  // Administrators are only kept out by pod VMs and enclaves.
  [Sensitivity.SEALED, false, [...CONFIDENTIAL_VMS, "azure sgx", "aws nitro-enclaves"]],
])("%s: reached %s, ranked", (sensitivity, reached, order) => {
  expect(recommendTee({ sensitivity }).reached).toBe(reached);
  expect(ranked({ sensitivity })).toEqual(order);
});

test.each([
  [{ sensitivity: Sensitivity.INTERNAL, gpu: true }, ["azure sev-snp", "google tdx"]],
  [{ sensitivity: Sensitivity.INTERNAL, gpu: true, cloud: "aws" }, []],
  [{ sensitivity: Sensitivity.INTERNAL, unmodifiedApp: true, cloud: "azure" }, ["azure sev-snp"]],
  [{ sensitivity: Sensitivity.SEALED, unmodifiedApp: true, cloud: "aws" }, []],
  [
    { sensitivity: Sensitivity.PUBLIC, distrust: [Party.PROVIDER], cloud: "google" },
    ["google sev-snp", "google tdx", "google sev"],
  ],
  [{ sensitivity: Sensitivity.PUBLIC, distrust: [Party.HOST_ADMIN], cloud: "aws" }, ["aws nitro-enclaves"]],
] as const)("%o", (question, order) => {
  expect(ranked(question)).toEqual(order);
});

test("whoever is distrusted must be OUT at least, and never less than the sensitivity says", () => {
  const distrust = [Party.NEIGHBOURS, Party.PROVIDER, Party.HOST_ADMIN];
  expect(recommendTee({ sensitivity: Sensitivity.REGULATED, distrust }).requires).toEqual({
    provider: Distance.OUT_PROVEN,
    hostAdmin: Distance.OUT,
    neighbours: Distance.OUT,
  });
});

test("confidential is reached on a pool of the tenant's own, and the answer says so", () => {
  const { answer, reached, candidates } = recommendTee({
    sensitivity: Sensitivity.CONFIDENTIAL,
    cloud: "azure",
  });
  expect(reached).toBe(true);
  expect(answer).toBe(
    "Use AMD SEV-SNP on azure (Standard_DC4as_v5) in a pool of the tenant's own: it reaches tier CONFIDENTIAL_NODE, which suffices.",
  );
  expect(candidates[0]!.tier).toBe(TrustTier.CONFIDENTIAL_NODE.onOwnPool);
  expect(candidates[0]!.why).toContain("neighbours: OUT on tier CONFIDENTIAL_NODE, own pool, needs OUT");
});

test("who distrusts neighbours alone takes a plain pool of the tenant's own", () => {
  const { answer } = recommendTee({ sensitivity: Sensitivity.PUBLIC, distrust: [Party.NEIGHBOURS] });
  expect(answer).toBe("Use a plain pool of the tenant's own: it reaches tier SHARED, which suffices.");
});

test("a candidate says what speaks for it and what it does not give, shortfalls first", () => {
  const { answer, candidates } = recommendTee({
    sensitivity: Sensitivity.REGULATED,
    cloud: "aws",
    unmodifiedApp: true,
  });
  expect(answer).toBe(
    "Nothing in this release reaches sensitivity 'regulated' with what was asked for. " +
      "Nearest is AMD SEV-SNP on aws (m6a.large) in a pool of the tenant's own, which leaves the provider's hypervisor OUT, needs OUT_PROVEN.",
  );
  expect(candidates).toEqual([
    {
      tee: Tee.SEV_SNP,
      cloud: "aws",
      machineType: "m6a.large",
      tier: TrustTier.CONFIDENTIAL_NODE.onOwnPool,
      unproven: true,
      shortfalls: [{ party: "the provider's hypervisor", has: Distance.OUT, needs: Distance.OUT_PROVEN }],
      why: [
        "pools on aws can have AMD SEV-SNP, on machine types like m6a.large " +
          "(AWS EC2 guide, AMD SEV-SNP for Amazon EC2 instances, 2026)",
        "applications run as they are",
        "neighbours: OUT on tier CONFIDENTIAL_NODE, own pool, needs OUT",
      ],
      doesNotGive: [
        "the provider's hypervisor: OUT in this release, needs OUT_PROVEN; OUT_PROVEN is possible with one tenant's own nodes, attested before " +
          "its pods land, and admission rules that keep everybody else's pods off them, which this release does not wire",
        "it rests on facts nobody proved, so a pool needs acceptUnproven",
        "no AWS statement says that a managed node group takes SEV-SNP",
        "AWS KMS has no key condition for an SNP report: keys need a verifier of your own",
        "no confidential pod VMs: Confidential Containers listed AWS as without a TEE on 2026-08-07",
        expect.stringMatching(/^an interposer on the memory bus/),
        expect.stringMatching(/^provider \(control plane, disks\) must be trusted: /),
        expect.stringMatching(/^host admins must be trusted: /),
      ],
    },
  ]);
});

test.each([
  [{}, "Use a plain pool: it reaches tier SHARED, which suffices."],
  [
    { distrust: [Party.PROVIDER] },
    "Use AMD SEV-SNP on azure (Standard_DC4as_v5): it reaches tier CONFIDENTIAL_NODE, which suffices.",
  ],
  [
    { distrust: [Party.PROVIDER], cloud: "aws" },
    "Use AMD SEV-SNP on aws (m6a.large): it reaches tier CONFIDENTIAL_NODE, which suffices. " +
      "It rests on facts nobody proved, so a pool needs acceptUnproven.",
  ],
  [
    { gpu: true, cloud: "aws" },
    "Nothing that pools can have suffices for sensitivity 'public' with what was asked for; fellOut says why.",
  ],
])("public with %o: the answer", (question, answer) => {
  expect(recommendTee({ sensitivity: Sensitivity.PUBLIC, ...question }).answer).toBe(answer);
});

test("only what was asked for speaks for a candidate", () => {
  const [plain, snp] = recommendTee({ sensitivity: Sensitivity.PUBLIC, cloud: "azure" }).candidates;
  expect([plain?.why, snp?.why]).toEqual([
    ["nothing is required that a plain pool does not give"],
    [
      "pools on azure can have AMD SEV-SNP, on machine types like Standard_DC4as_v5 " +
        "(AKS documentation, Use confidential VMs, 2026-06-24)",
    ],
  ]);
  expect(plain).toEqual({ ...plain, tee: Tee.NONE, tier: TrustTier.SHARED, shortfalls: [], unproven: false });
});

test("what fell out says every reason", () => {
  const { fellOut } = recommendTee({
    sensitivity: Sensitivity.REGULATED,
    cloud: "google",
    unmodifiedApp: true,
    gpu: true,
  });
  expect(
    fellOut.map(({ cloud, tee, reasons }) => [
      `${cloud} ${tee.id}`,
      reasons.map((r) => r.replace(/ \(.*/, "")),
    ]),
  ).toEqual([
    [
      "google none",
      [
        "google sells no confidential GPU with plain nodes",
        "the provider's hypervisor: TRUSTED at best, needs OUT_PROVEN",
      ],
    ],
    [
      "google sev",
      [
        "google sells no confidential GPU with it",
        "the provider's hypervisor: OUT at best, needs OUT_PROVEN",
      ],
    ],
    [
      "google sev-es",
      [
        "GKE offers SEV, SEV-SNP and TDX, not SEV-ES",
        "the provider's hypervisor: OUT at best, needs OUT_PROVEN",
      ],
    ],
    ["google sev-snp", ["google sells no confidential GPU with it"]],
    ["google sgx", ["GKE offers SEV, SEV-SNP and TDX, not Intel SGX", "applications must be changed for it"]],
    [
      "google nitro-enclaves",
      [
        "only AWS sells Nitro Enclaves",
        "applications must be changed for it",
        "the provider's hypervisor: TRUSTED at best, needs OUT_PROVEN",
      ],
    ],
    ["google ibm-secure-execution", ["it needs IBM Z or LinuxONE, which none of the three clouds sells"]],
    ["google arm-cca", ["no machine with it was found on sale"]],
    [
      "google trustzone",
      [
        "it is one secure world for each chip, for devices, and no cloud was found to sell it to tenants",
        "applications must be changed for it",
        "the provider's hypervisor: TRUSTED at best, needs OUT_PROVEN",
        "neighbours: ISOLATED at best, needs OUT",
      ],
    ],
    [
      "google nvidia-cc",
      [
        "it protects a GPU beside a confidential VM and is no TEE of a node; choose the TEE of the virtual machine",
      ],
    ],
  ]);
});

test("no question is answered with more than pools reach, and every pair is accounted for once", () => {
  expect(QUESTIONS).toHaveLength(640);
  for (const question of QUESTIONS) {
    const { requires, reached, answer, candidates, fellOut } = recommendTee(question);
    const clouds = question.cloud ? [question.cloud] : TEE_CLOUDS;
    expect([...candidates, ...fellOut].map(({ cloud, tee }) => `${cloud} ${tee.id}`).sort()).toEqual(
      clouds.flatMap((cloud) => Tee.ALL.map((tee) => `${cloud} ${tee.id}`)).sort(),
    );
    expect(reached).toBe(candidates.some(({ tier }) => tier.meets(requires)));
    expect(answer.startsWith("Use ")).toBe(reached);
    for (const { tier, shortfalls, doesNotGive } of candidates) {
      expect(tier.notGranted).toBeUndefined();
      expect(shortfalls).toEqual(tier.shortfalls(requires));
      expect(doesNotGive.filter((words) => words.includes("in this release, needs"))).toHaveLength(
        shortfalls.length,
      );
    }
    for (const { reasons } of fellOut) expect(reasons).not.toEqual([]);
  }
});

test.each([
  [
    { sensitivity: Sensitivity.PUBLIC, cloud: "oracle" },
    "[TEE_QUERY] recommendTee: cloud must be one this library knows, got 'oracle'; use one of aws, azure, google",
  ],
  [
    { sensitivity: "public" as unknown as Sensitivity },
    "[TEE_QUERY] recommendTee: sensitivity must be a Sensitivity, got 'public'; use Sensitivity.find(name) for a name",
  ],
  [
    { sensitivity: Sensitivity.PUBLIC, distrust: ["intel" as unknown as Party] },
    "[TEE_QUERY] recommendTee: distrust must list parties this library knows, got 'intel'; " +
      "use Party.PROVIDER, Party.HOST_ADMIN or Party.NEIGHBOURS",
  ],
])("a question about what nobody knows is refused: %#", (question, message) => {
  expect(() => recommendTee(question)).toThrow(message);
  expect(() => recommendTee(question)).toThrow(ConfigurationError);
});
