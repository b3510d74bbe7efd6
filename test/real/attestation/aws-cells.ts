// What is tried against the keys of NITRO_ENCLAVE and NITRO_TPM, by wiring and negative case: data for lane `kms`.
import type { AttackedCell } from "./cell";

/** A call to the key of tenant `alpha`. Callers and evidence go by their names in test/real/kms/callers.ts. */
export interface AwsCell extends AttackedCell {
  readonly caller: string;
  readonly evidence: string;
  /** Day of the call. @default 2030-01-01 */
  readonly day?: string;
}

const ALPHA = "pods of alpha";
const BETA = "pods of beta";
const ENCLAVE = "alpha 1 on vault";
const NODE = "the platform's node image";

const enclave = (cell: Omit<AwsCell, "wiring">): AwsCell => ({ wiring: "nitro-enclave", ...cell });
const tpm = (cell: Omit<AwsCell, "wiring">): AwsCell => ({ wiring: "nitro-tpm", ...cell });

export const AWS_CELLS: readonly AwsCell[] = [
  enclave({
    negative: "neighbour",
    refused: true,
    name: "a neighbour's enclave asks for the key, under its own role",
    caller: BETA,
    evidence: "beta 1 on vault",
  }),
  enclave({
    negative: "neighbour",
    refused: true,
    name: "a neighbour's enclave asks under the tenant's role, which a dishonest API server gave it",
    caller: ALPHA,
    evidence: "beta 1 on vault",
  }),
  enclave({
    negative: "unmeasuredImage",
    refused: true,
    name: "the tenant's own pod runs an image off the list",
    caller: ALPHA,
    evidence: "alpha 2, on nobody's list on vault",
  }),
  enclave({
    negative: "unmeasuredImage",
    refused: true,
    name: "the image on the list runs under another kernel",
    caller: ALPHA,
    evidence: "alpha 1 with another kernel",
  }),
  enclave({
    negative: "debug",
    refused: true,
    name: "the enclave runs in debug mode",
    caller: ALPHA,
    evidence: "an enclave in debug mode",
  }),
  enclave({
    negative: "staleEvidence",
    refused: false,
    name: "a document made ten days before still opens the key: no condition names its age",
    caller: ALPHA,
    evidence: ENCLAVE,
    day: "2030-01-11",
  }),
  enclave({
    negative: "administrator",
    refused: true,
    name: "a key administrator calls without evidence",
    caller: "platform administrator",
    evidence: "none",
  }),
  enclave({
    negative: "administrator",
    refused: true,
    name: "the account's root user calls without evidence",
    caller: "the account's root user",
    evidence: "none",
  }),
  enclave({
    negative: "administrator",
    refused: true,
    name: "an administrator takes on the tenant's role, and has no evidence",
    caller: "pods of alpha, with AdministratorAccess",
    evidence: "none",
  }),
  tpm({
    negative: "neighbour",
    refused: true,
    name: "a neighbour's pod on the same node calls under its own role",
    caller: BETA,
    evidence: NODE,
  }),
  tpm({
    negative: "unmeasuredImage",
    refused: false,
    name: "a pod of any image has the node's document",
    caller: ALPHA,
    evidence: NODE,
  }),
  tpm({
    negative: "debug",
    refused: false,
    name: "a debugger on the instance changes no register",
    caller: ALPHA,
    evidence: NODE,
  }),
  tpm({
    negative: "staleEvidence",
    refused: false,
    name: "a document made ten days before still opens the key",
    caller: ALPHA,
    evidence: NODE,
    day: "2030-01-11",
  }),
  tpm({
    negative: "administrator",
    refused: false,
    name: "whoever logs in to the node takes its document, and the role of a pod",
    caller: "pods of alpha, with AdministratorAccess",
    evidence: NODE,
  }),
];
