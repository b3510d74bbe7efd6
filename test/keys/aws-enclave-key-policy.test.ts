// The key policy as text: what lane `kms` decides by, piece by piece.
import { attestedKeyPolicy, type AttestedKeyPolicyOptions } from "../../lib/keys/aws-enclave-key-policy";
import { digest, pcrs, role } from "../support/nitro";

const OPTIONS: AttestedKeyPolicyOptions = {
  account: "123456789012",
  region: "eu-west-1",
  roleArn: role("pods"),
  administrators: [role("platform")],
  encrypters: [],
  releases: [{ registers: pcrs("1") }],
};

const policy = (change: Partial<AttestedKeyPolicyOptions> = {}): ReturnType<typeof attestedKeyPolicy> =>
  attestedKeyPolicy({ ...OPTIONS, ...change });
const named = (
  sid: string,
  change: Partial<AttestedKeyPolicyOptions> = {},
): ReturnType<typeof attestedKeyPolicy>["Statement"][number] | undefined =>
  policy(change).Statement.find(({ Sid }) => Sid === sid);

test("one statement allows each release, all its registers together, to the role alone", () => {
  const { Statement } = policy({ releases: [{ registers: pcrs("1") }, { registers: pcrs("2") }] });
  const releases = Statement.filter(
    ({ Action, Effect }) => Effect === "Allow" && Action.includes("kms:Decrypt"),
  );
  expect(releases.map(({ Principal }) => Principal)).toEqual(Array(2).fill({ AWS: [role("pods")] }));
  expect(releases.map(({ Condition }) => Condition)).toEqual(
    ["1", "2"].map((image) => ({
      StringEqualsIgnoreCase: Object.fromEntries(
        Object.entries(pcrs(image)).map(([pcr, value]) => [`kms:RecipientAttestation:${pcr}`, value]),
      ),
    })),
  );
});

test("days are KMS' own business: from the first, to the end of the last", () => {
  const { Condition } = named("Release1", {
    releases: [{ registers: pcrs("1"), from: "2030-02-01", until: "2030-02-28" }],
  })!;
  expect(Condition).toMatchObject({
    DateGreaterThanEquals: { "aws:CurrentTime": "2030-02-01T00:00:00Z" },
    DateLessThan: { "aws:CurrentTime": "2030-03-01T00:00:00Z" },
  });
  expect(Object.keys(named("Release1")!.Condition!)).toEqual(["StringEqualsIgnoreCase"]);
});

test("only registers that every release has are denied when they differ", () => {
  const releases = [{ registers: { ...pcrs("1"), PCR8: digest("certificate") } }, { registers: pcrs("2") }];
  expect(named("OtherPCR8", { releases })).toBeUndefined();
  expect(named("OtherPCR8", { releases: [releases[0]!] })).toBeDefined();
  expect(named("OtherPCR0", { releases })!.Condition).toEqual({
    StringNotEqualsIgnoreCase: {
      "kms:RecipientAttestation:PCR0": [pcrs("1").PCR0, pcrs("2").PCR0],
    },
  });
});

test("without releases nothing opens, whatever the evidence", () => {
  expect(named("WithoutEvidence", { releases: [] })).not.toHaveProperty("Condition");
  expect(named("Release1", { releases: [] })).toBeUndefined();
});

test("nobody but the role is ever allowed what opens, and grants are nobody's", () => {
  const may = (action: string): string[] =>
    policy({ encrypters: [role("writer")] }).Statement.flatMap(({ Sid, Effect, Action }) =>
      Effect === "Allow" && Action.some((one) => one === action || one === "kms:*") ? [Sid] : [],
    );
  expect(may("kms:Decrypt")).toEqual(["Release1"]);
  expect(may("kms:GenerateDataKey")).toEqual(["Release1"]);
  expect(may("kms:CreateGrant")).toEqual([]);
  expect(may("kms:Encrypt")).toEqual(["Encryption"]);
  expect(may("kms:PutKeyPolicy")).toEqual(["Administration", "Recovery"]);
});

test("administrators are principals without a condition, as KMS' check against locking oneself out wants", () => {
  expect(named("Administration")).toMatchObject({ Principal: { AWS: [role("platform")] } });
  expect(named("Administration")).not.toHaveProperty("Condition");
  expect(named("Encryption")).toBeUndefined();
});

test("GovCloud has its own partition", () => {
  expect(named("Recovery", { region: "us-gov-west-1" })!.Principal).toEqual({
    AWS: ["arn:aws-us-gov:iam::123456789012:root"],
  });
});
