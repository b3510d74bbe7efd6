// The ACL policy of a workload: its own secrets, its own certificates, nothing else.
import { certificatesMount, secretsMount } from "./vault-names";

/**
 * Parameters a request may have. Everything else is refused, `not_after` above all: the role's `max_ttl` does not bound
 * it. SOURCE: Vault 1.21, builtin/logical/pki/issuing/issue_common.go, GetCertificateNotAfter.
 */
const PARAMETERS = {
  // Names are the request's own: parameters that name any are not read.
  sign: ["csr", "ttl", "format", "remove_roots_from_chain"],
  issue: [
    "common_name",
    "alt_names",
    "uri_sans",
    "ttl",
    "format",
    "private_key_format",
    "remove_roots_from_chain",
  ],
} as const;

/** Vault's policy language. Names are DNS-1123: nothing in them is a wildcard. */
export function workloadPolicy(owner: string, workload: string, certificates: boolean): string {
  const secrets = `path "${secretsMount(owner)}/data/${workload}/*" {\n  capabilities = ["read"]\n}\n`;
  if (!certificates) return secrets;
  const blocks = Object.entries(PARAMETERS).map(
    ([operation, parameters]) =>
      `path "${certificatesMount(owner)}/${operation}/${workload}" {\n` +
      '  capabilities = ["update"]\n' +
      "  allowed_parameters = {\n" +
      parameters.map((name) => `    "${name}" = []\n`).join("") +
      "  }\n}\n",
  );
  return [secrets, ...blocks].join("\n");
}
