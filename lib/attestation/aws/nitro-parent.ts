// PCR3 of an enclave: which role the instance has that it runs on.
import { createHash } from "node:crypto";

/**
 * PCR3, hex: SHA-384 of 48 zero bytes and the ARN of the instance's role.
 * SOURCE: AWS Nitro Enclaves User Guide, PCR3, 2026.
 */
export function parentRolePcr3(roleArn: string): string {
  return createHash("sha384").update(Buffer.alloc(48)).update(roleArn, "utf8").digest("hex");
}
