// Measurements: what a workload is known by in each kind of evidence, and what a well-formed value looks like.

/** One value that evidence carries. */
export interface Measurement {
  /** Key in a tenant's file, like `PCR0`. */
  readonly key: string;
  /** A half sentence: what it is the digest of. */
  readonly of: string;
  /** Bytes of the digest, written as lower-case hex. */
  readonly bytes: number;
  /** Bytes of the digest in another kind of the same evidence. @default - there is none */
  readonly otherBytes?: number;
  /** Written before the hex, like `sha256:`. @default - nothing */
  readonly prefix?: string;
  /** True when every set of reference values must have it. */
  readonly required: boolean;
}

const pcr = (key: string, of: string, required: boolean): Measurement => ({ key, of, bytes: 48, required });

/**
 * By kind of evidence.
 * SOURCE: AWS Nitro Enclaves User Guide, Cryptographic attestation, 2026; AWS KMS Developer Guide, condition keys for
 * attested platforms, 2026; Google Cloud documentation, Confidential Space assertions, 2026.
 */
export const MEASUREMENTS = {
  nitroEnclave: [
    pcr("PCR0", "the enclave image file", true),
    pcr("PCR1", "kernel and boot RAM disk", true),
    pcr("PCR2", "the application, without the boot RAM disk", true),
    pcr("PCR8", "the certificate the image was signed with", false),
  ],
  nitroTpm: [
    pcr("NitroTPMPCR4", "the boot manager, for images without Secure Boot", false),
    pcr("NitroTPMPCR7", "the Secure Boot policy", false),
    pcr("NitroTPMPCR12", "kernel command line and overrides, beside NitroTPMPCR4", false),
  ],
  confidentialSpace: [
    { key: "imageDigest", of: "the container image", bytes: 32, prefix: "sha256:", required: true },
  ],
  trusteePod: [
    // HOSTDATA and PCR8 have 32 bytes, MRCONFIGID of TDX has 48.
    { key: "initData", of: "the pod's initialisation data", bytes: 32, otherBytes: 48, required: false },
  ],
} as const satisfies Record<string, readonly Measurement[]>;

/** What is wrong with a value, in words; undefined when it is well formed. */
export function measurementFault(measurement: Measurement, value: string): string | undefined {
  const { prefix = "", bytes, otherBytes = bytes } = measurement;
  const digits = [...new Set([bytes * 2, otherBytes * 2])];
  const shapeOf = `${prefix}${"<hex>"}, ${digits.join(" or ")} lower-case hex digits`;
  const hex = value.startsWith(prefix) ? value.slice(prefix.length) : undefined;
  if (hex === undefined || !/^[0-9a-f]*$/.test(hex) || !digits.includes(hex.length))
    return `must be ${shapeOf} (${measurement.of})`;
  if (/^0+$/.test(hex))
    return "must not be all zeros, which is what a TEE in debug mode, or no measurement, has";
  return undefined;
}
