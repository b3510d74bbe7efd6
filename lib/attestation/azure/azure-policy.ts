// Policies of an own attestation provider: which evidence gets a token, in the language of Azure Attestation.

/** SEV-SNP evidence that gets a token: a confidential machine as Azure makes them, without debugging. */
const CONFIDENTIAL_MACHINES = [
  '[type=="x-ms-attestation-type", value=="sevsnpvm"]',
  '[type=="x-ms-compliance-status", value=="azure-compliant-cvm"]',
  '[type=="x-ms-sevsnpvm-is-debuggable", value==false]',
].join("\n    && ");

const policy = (rule: string): string =>
  `version= 1.0;\nauthorizationrules\n{\n    ${rule};\n};\nissuancerules\n{\n};\n`;

/** For SEV-SNP reports. SOURCE: Azure Attestation documentation, policy version 1.0 and token examples, 2025. */
export const SEV_SNP_POLICY = policy(`${CONFIDENTIAL_MACHINES}\n    => permit()`);

/** For evidence that nothing here uses. SOURCE: Azure Attestation documentation, How to author a policy, 2025. */
export const NOBODY_POLICY = policy("=> deny()");

/**
 * A policy as Azure takes it: an unsigned JWT whose claim `AttestationPolicy` is the text, once more in base64url.
 * SOURCE: Azure Attestation documentation, How to author a policy, JSON Web Signature format, 2025.
 */
export function policyToken(text: string): string {
  const part = (content: string): string => Buffer.from(content).toString("base64url");
  return `${part('{"alg":"none"}')}.${part(JSON.stringify({ AttestationPolicy: part(text) }))}.`;
}
