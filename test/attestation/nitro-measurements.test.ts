// Reference values from nitro-cli's output: what is read, and what is refused.
import { execFileSync } from "node:child_process";
import { nitroMeasurements, parentRolePcr3 } from "../../lib/aws";
import { digest, pcrs } from "../support/nitro";

const measured = pcrs("signer 1");

/** Output of `nitro-cli describe-eif`, changed by what a test is about. */
function output(change: Record<string, unknown> = {}, beside: Record<string, unknown> = {}): string {
  return JSON.stringify({
    Measurements: { HashAlgorithm: "Sha384 { ... }", ...measured, ...change },
    ...beside,
  });
}

test("build-enclave's output gives the three registers", () => {
  expect(nitroMeasurements(output(), "signer.json")).toEqual(measured);
});

test("describe-eif's output of a signed image gives PCR8, too, and nothing else", () => {
  const PCR8 = digest("certificate");
  const text = output({ PCR8, PCR15: digest("more") }, { EifVersion: 4, CheckCRC: true, IsSigned: true });
  expect(nitroMeasurements(text, "signer.json")).toEqual({ ...measured, PCR8 });
});

test.each([
  ["what is no JSON", "Start building the Enclave Image...", /one JSON object, got 'Start building/],
  ["a list", "[]", /one JSON object, got '\[\]'/],
  ["nothing", "", /one JSON object/],
  [
    "output of another command",
    '{"EnclaveID":"i-1","State":"RUNNING"}',
    /must hold Measurements, got keys \[EnclaveID, State\]/,
  ],
  ["measurements that are none", '{"Measurements":null}', /must hold Measurements/],
  ["a damaged image", output({}, { CheckCRC: false }), /intact, got CheckCRC false/],
  ["another algorithm", output({ HashAlgorithm: "Sha512 { ... }" }), /must be Sha384, got 'Sha512/],
  ["an algorithm that begins alike", output({ HashAlgorithm: "Sha3840" }), /must be Sha384, got 'Sha3840'/],
  ["no algorithm", output({ HashAlgorithm: undefined }), /must be Sha384, got nothing/],
  ["a missing register", output({ PCR1: undefined }), /PCR1 must be given as a text .*, got nothing/],
  ["a register that is a number", output({ PCR1: 7 }), /PCR1 must be given as a text .*, got '7'/],
  ["a short register", output({ PCR2: "ab" }), /PCR2 must be <hex>, 96 lower-case hex digits .*, got 'ab'/],
  ["capitals", output({ PCR0: measured.PCR0!.toUpperCase() }), /PCR0 must be <hex>/],
  ["the zeros of debug mode", output({ PCR0: "0".repeat(96) }), /PCR0 must not be all zeros/],
  ["a certificate of zeros", output({ PCR8: "0".repeat(96) }), /PCR8 must not be all zeros/],
])("%s is refused", (_, text, words) => {
  expect(() => nitroMeasurements(text, "signer.json")).toThrow(
    expect.objectContaining({
      code: "ATTESTATION_REFERENCE",
      message: expect.stringMatching(words) as string,
    }),
  );
});

test("PCR3 is what openssl makes of 48 zero bytes and the role's ARN", () => {
  const arn = "arn:aws:iam::123456789012:role/tenclave.eu-west-1.prod.vault.node";
  const printed = execFileSync(
    "sh",
    ["-c", '{ head -c 48 /dev/zero; printf %s "$ARN"; } | openssl dgst -sha384 -r'],
    { env: { ...process.env, ARN: arn }, encoding: "utf8" },
  );
  expect(printed.split(" ")[0]).toMatch(/^[0-9a-f]{96}$/);
  expect(parentRolePcr3(arn)).toBe(printed.split(" ")[0]);
});
