// Reference values of Nitro Enclaves, as nitro-cli prints them.
import { ConfigurationError, type ErrorScope } from "../../core/errors";
import { isObject } from "../../core/option-shape";
import { MEASUREMENTS, measurementFault } from "../measurement";

/**
 * The values in the JSON that `nitro-cli build-enclave` and `nitro-cli describe-eif` print to standard output. Shape:
 * `Measurements` with HashAlgorithm Sha384, PCR0, PCR1, PCR2, and PCR8 of a signed image. Fails with
 * ATTESTATION_REFERENCE, also for the zeros of an enclave in debug mode.
 * SOURCE: aws/aws-nitro-enclaves-cli, build-enclave and describe-eif, 2026; AWS Nitro Enclaves User Guide, Cryptographic
 * attestation, 2026.
 */
export function nitroMeasurements(text: string, scope: ErrorScope): Readonly<Record<string, string>> {
  const refuse = (rule: string, got: string): never => {
    throw new ConfigurationError(
      "ATTESTATION_REFERENCE",
      scope,
      `${rule}, got ${got}; write what 'nitro-cli describe-eif --eif-path <image>.eif' prints to the file`,
    );
  };
  const output = parsed(text) ?? refuse("output of nitro-cli must be one JSON object", shown(text));
  const { Measurements: measurements, CheckCRC: intact } = output;
  if (!isObject(measurements))
    return refuse("output of nitro-cli must hold Measurements", `keys [${Object.keys(output).join(", ")}]`);
  if (intact === false) return refuse("the image must be intact", "CheckCRC false");
  const { HashAlgorithm: algorithm } = measurements;
  if (typeof algorithm !== "string" || !/^Sha384\b/.test(algorithm))
    return refuse("HashAlgorithm must be Sha384", shown(algorithm));
  const values: Record<string, string> = {};
  for (const one of MEASUREMENTS.nitroEnclave) {
    const value = measurements[one.key];
    if (value === undefined && !one.required) continue;
    const fault =
      typeof value === "string" ? measurementFault(one, value) : `must be given as a text (${one.of})`;
    if (fault !== undefined) return refuse(`${one.key} ${fault}`, shown(value));
    values[one.key] = value as string;
  }
  return values;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `'${text.length > 120 ? `${text.slice(0, 120)}…` : text}'`;
}
