// Values for the Terraform variables that stacks declare.
import type { Configuration } from "./configuration";

/** One value for each variable the library declares. The CA is any text in base64. */
const VALUES: Readonly<Record<string, string>> = {
  host_endpoint: "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
  host_certificate_authority: Buffer.from("certificate").toString("base64"),
  host_cluster_security_group_id: "sg-0123456789abcdef0",
  host_oidc_issuer:
    "https://westeurope.oic.prod-aks.azure.com/00000000-0000-0000-0000-000000000002/00000000-0000-0000-0000-000000000009/",
  host_private_subnet_ids: '["subnet-1","subnet-2","subnet-3"]',
};

/** TF_VAR_ values for what a stack declares. Throws on a variable that is not in the table. */
export function variableValues(configuration: Configuration): Record<string, string> {
  return Object.fromEntries(
    Object.keys(configuration.variable ?? {}).map((name) => {
      const value = VALUES[name];
      if (value === undefined)
        throw new Error(
          `variable "${name}" has no value here: the table in test/real/support/variables.ts lacks it`,
        );
      return [`TF_VAR_${name}`, value];
    }),
  );
}
