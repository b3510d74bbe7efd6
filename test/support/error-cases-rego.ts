// How to raise the codes of initialisation data and of Trustee's policies.
import { initData } from "../../lib/attestation/init-data";
import { podResourcePolicy } from "../../lib/attestation/trustee/resource-policy";
import { initDataOptions } from "./init-data";

export const REGO_CASES = {
  ATTESTATION_INIT_DATA: (): unknown => initData(initDataOptions({ evidence: "se" as "snp" })),
  TRUSTEE_POLICY: (): unknown =>
    podResourcePolicy({ entries: [{ evidence: "snp", initData: "ab", repository: "acme" }] }),
};
