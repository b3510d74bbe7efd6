// What a case of the policies is.
import type { NegativeCase } from "../../../lib/attestation/wiring";
import type { Claims } from "./evidence";

/** The policies that are judged. Results go through the first two, or the last two. */
export type PolicyName = "pod-attestation" | "pod-resource" | "node-attestation" | "node-resource";

/** A request at the key broker. */
export interface KbsRequest {
  readonly plugin: unknown;
  readonly "resource-path": unknown;
  readonly query: unknown;
}

/** One case: evidence or a result, and whether it must get through. */
export interface RegoCase {
  readonly name: string;
  readonly policy: PolicyName;
  /** Claims for an attestation policy, a result for a resource policy. */
  readonly input: unknown;
  /** For a resource policy. */
  readonly request?: KbsRequest;
  /** For an attestation policy. @default - all of them */
  readonly references?: Readonly<Record<string, unknown>>;
  /** Affirming, or allowed. */
  readonly passes: boolean;
  /** The cell of the table it counts for. @default - none */
  readonly negative?: NegativeCase;
}

/** A read of a resource. */
export function read(...path: unknown[]): KbsRequest {
  return { plugin: "resource", "resource-path": path, query: {} };
}

export type Change = (claims: Claims) => Claims;
