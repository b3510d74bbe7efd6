// What keys in AWS KMS ask of a tenant, whatever its evidence, and who stays in their trust base.
import type { ErrorCode } from "../../core/errors";
import { strangersOf, type AwsKeyOptions } from "../../keys/aws-attested-key";
import { kmsEndpoint } from "../../keys/aws-kms-endpoint";
import { MOST_POLICY_BYTES, type KeyPolicyDocument } from "../../keys/aws-enclave-key-policy";
import type { Trusted } from "../../tee/trust-tier";
import type { SpecProblem } from "../../tenant/tenant-rules";
import type { TenantSpec } from "../../tenant/tenant-spec";
import { workloadsOf } from "../attested-workload";
import type { TenantPlace } from "../verifier";
import type { Wiring } from "../wiring";

/** Cloud, principals, the way to KMS, what KMS does not do, and the policy's size. */
export function awsProblems(
  spec: TenantSpec,
  { host }: TenantPlace,
  options: AwsKeyOptions,
  policy: KeyPolicyDocument,
): SpecProblem[] {
  const problem = (code: ErrorCode, path: SpecProblem["path"], text: string): SpecProblem => ({
    code,
    path: ["attestation", ...path],
    text,
  });
  if (host.cloud !== "aws")
    return [
      problem(
        "ATTESTATION_VERIFIER",
        ["verifier"],
        `keys of AWS KMS need a host on aws, got '${host.cloud}'; name a verifier of that cloud`,
      ),
    ];
  const endpoint = kmsEndpoint(host.location);
  const reached = spec.egress.some(
    ({ cidr, fqdn, ports, protocol }) =>
      (cidr !== undefined || fqdn === endpoint) && protocol === "TCP" && ports.includes(443),
  );
  const strangers = strangersOf(host, options);
  const bytes = Buffer.byteLength(JSON.stringify(policy));
  return [
    ...(strangers.length > 0
      ? [
          problem(
            "ATTESTATION_VERIFIER",
            ["verifier"],
            `administrators and encrypters of keys must be of the host's partition, got ${strangers.join(", ")} ` +
              `in ${host.location}; give that partition a verifier of its own`,
          ),
        ]
      : []),
    ...(reached
      ? []
      : [
          {
            code: "ATTESTATION_VERIFIER" as const,
            path: ["egress"],
            text:
              `a tenant with keys in AWS KMS needs a way out to it, got none to ${endpoint} on 443; ` +
              `add { "fqdn": "${endpoint}", "ports": [443] }, or the ranges it has`,
          },
        ]),
    ...workloadsOf(spec).flatMap((workload, index) =>
      (["agentPolicy", "certificate"] as const)
        .filter((key) => workload[key] !== undefined)
        .map((key) =>
          problem(
            "ATTESTATION_VERIFIER",
            ["workloads", index, key],
            `AWS KMS releases keys and nothing else, got ${key} for workload '${workload.name}'; ` +
              "leave it out, or name a verifier in front of Vault or Trustee",
          ),
        ),
    ),
    ...(bytes > MOST_POLICY_BYTES
      ? [
          problem(
            "ATTESTATION_REFERENCE",
            ["workloads"],
            `all releases must fit a key policy of ${MOST_POLICY_BYTES} bytes, got ${bytes}; remove releases that ended`,
          ),
        ]
      : []),
  ];
}

/** Who can do something with a tenant's key, beside its workload: the wiring's words, with names. */
export function keyUsers(
  { stillTrusted }: Wiring,
  { keyAdministrators, encrypters = [] }: AwsKeyOptions,
): Trusted[] {
  return [
    ...stillTrusted.map((one) =>
      one.who === KEY_ADMINISTRATORS ? { ...one, who: `${one.who} (${keyAdministrators.join(", ")})` } : one,
    ),
    {
      who: "IAM administrators, and the account's root user",
      why: "they decide who takes on a key administrator's role, and the root user can put a key policy by itself",
    },
    ...(encrypters.length > 0
      ? [
          {
            who: `encrypters (${encrypters.join(", ")})`,
            why: "they cannot decrypt, but the workload cannot tell their secrets from others",
          },
        ]
      : []),
  ];
}

/** How wirings call them. */
const KEY_ADMINISTRATORS = "key administrators";
