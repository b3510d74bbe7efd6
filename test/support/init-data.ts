// Initialisation data for tests.
import { guestConfig, type InitDataOptions } from "../../lib/attestation/init-data";

/** Text of an agent policy, with what TOML and shells trip over. */
export const AGENT_POLICY = `package agent_policy

import rego.v1

# '' quotes, "double" ones, \\ back slashes, \${braces} and umlauts: äöü ✓
default CreateContainerRequest := false
default ExecProcessRequest := false

policy_data := {
\t"containers": []
}
`;

/** A certificate's text; nobody holds its key. */
export const CERTIFICATE = [
  "-----BEGIN CERTIFICATE-----",
  Buffer.from("not a real certificate, only the shape of one").toString("base64"),
  "-----END CERTIFICATE-----",
].join("\n");

/** Options of a pod's initialisation data. */
export function initDataOptions(change: Partial<InitDataOptions> = {}): InitDataOptions {
  return {
    evidence: "snp",
    data: {
      ...guestConfig({ kbsUrl: "https://kbs.example.com:8443", kbsCertificate: CERTIFICATE }),
      "policy.rego": AGENT_POLICY,
    },
    ...change,
  };
}
