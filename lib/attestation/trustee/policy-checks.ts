// Checks of what Trustee's policies are generated from.
import { ConfigurationError } from "../../core/errors";
import { measurementFault } from "../measurement";
import { ATTESTED_KINDS } from "./claims";

/** Where errors about Trustee's policies say they are. */
export const POLICY_SCOPE = "trustee";

/** Throws TRUSTEE_POLICY for a kind of evidence our attestation policy does not take. */
export function assertKind(kind: string): void {
  if (!ATTESTED_KINDS.some((one) => one === kind))
    throw policyFault(
      `evidence must be of a TEE whose claims a policy looks at (${ATTESTED_KINDS.join(", ")}), got '${kind}'; use one of them`,
    );
}

/** Throws TRUSTEE_POLICY for anything but a whole digest in lower-case hex. */
export function assertDigest(kind: string, what: string, value: unknown, bytes: number, of: string): void {
  const wrong =
    typeof value === "string"
      ? measurementFault({ key: what, of, bytes, required: true }, value)
      : `must be a text, ${bytes * 2} hex digits`;
  if (wrong !== undefined)
    throw policyFault(`${what} of ${kind} ${wrong}, got '${String(value)}'; copy the whole value`);
}

export function policyFault(text: string): ConfigurationError {
  return new ConfigurationError("TRUSTEE_POLICY", POLICY_SCOPE, text);
}
