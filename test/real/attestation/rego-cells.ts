// Cells of the wirings `trustee-pod` and `trustee-node` that the lane `rego` judges.
import { Wiring } from "../../../lib/attestation/wiring";
import { ATTESTATION_CASES } from "../rego/attestation-cases";
import { NODE_CASES, RESOURCE_CASES } from "../rego/resource-cases";
import type { AttackedCell } from "./cell";

/** Cases with a negative case. Expired results are refused by whoever checks their signature, before any policy. */
export const REGO_CELLS: readonly AttackedCell[] = [
  ...ATTESTATION_CASES,
  ...RESOURCE_CASES,
  ...NODE_CASES,
].flatMap(({ name, policy, passes, negative }) =>
  negative === undefined
    ? []
    : [
        {
          wiring: (policy.startsWith("pod-") ? Wiring.TRUSTEE_POD : Wiring.TRUSTEE_NODE).id,
          negative: negative.id,
          refused: !passes,
          name: `${policy}: ${name}`,
        },
      ],
);
