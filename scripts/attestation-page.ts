// docs/attestation.md, made from the table of wirings.
import { CERTIFICATE_MINUTES } from "../lib/attestation/attested-workload";
import type { Measurement } from "../lib/attestation/measurement";
import { ROLL_OUT_DAYS } from "../lib/attestation/reference-values";
import { NegativeCase, Wiring, type ProvenCase } from "../lib/attestation/wiring";
import { ENDS_SOON_DAYS } from "../lib/report/attestation-summary";
import { Party } from "../lib/tee/trust-tier";
import { GRANTED_TIERS } from "../lib/tenant/tenant-tier";

/** Who makes a verifier of each wiring, and the page that says how. */
const MADE_BY: Readonly<Record<string, readonly [maker: string, page: string]>> = {
  [Wiring.NITRO_ENCLAVE.id]: ["NitroEnclaves.of", "nitro.md"],
  [Wiring.NITRO_TPM.id]: ["NitroTpm.of", "nitro.md#nitrotpm"],
  [Wiring.AZURE_ATTESTATION.id]: ["AzureAttestation.of", "azure-attestation.md"],
  [Wiring.CONFIDENTIAL_SPACE.id]: ["ConfidentialSpace.of", "google-attestation.md#confidential-space"],
  [Wiring.GKE_NODE.id]: ["GkeNodeAttestation.of", "google-attestation.md#gke-nodes"],
  [Wiring.INTEL_TRUST_AUTHORITY.id]: ["IntelTrustAuthority.of", "workload.md#intel-trust-authority"],
  [Wiring.TRUSTEE_POD.id]: ["Trustee.of", "trustee.md"],
  [Wiring.TRUSTEE_NODE.id]: ["Trustee.node", "trustee.md"],
};

function madeBy({ id }: Wiring): string {
  const [maker, page] = MADE_BY[id]!;
  return `[\`${maker}\`](${page})`;
}

/** How a tenant's file writes a value. */
function written({ key, of, prefix = "", bytes, otherBytes, required }: Measurement): string {
  const digits = [bytes, ...(otherBytes === undefined ? [] : [otherBytes])]
    .map((one) => one * 2)
    .join(" or ");
  const before = prefix === "" ? "" : `\`${prefix}\` and `;
  return `\`${key}\`: ${of}, ${before}${digits} lower-case hex digits${required ? "" : ", optional"}`;
}

/** A cell in two words. */
function verdict({ refused, by }: ProvenCase): string {
  return refused ? `refused (${by})` : "**not proven**";
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(heading), row(heading.map(() => "---")), ...rows.map(row), ""];
}

/** The page. */
export function attestationPage(): string {
  return [
    "# Attestation: who gets keys, and what that proves",
    "",
    "Generated from `lib/attestation/wiring.ts` and `lib/tenant/tenant-tier.ts` by `npm run generate`.",
    "",
    "A **wiring** is a way from evidence to a key: who judges the evidence, who releases the key, and what the evidence names. " +
      "A tenant's file names a verifier of the platform; the verifier has one wiring. How to make each: [one by one](#one-by-one).",
    "",
    "## Wiring x negative case",
    "",
    "_Refused (evidence)_ holds against the host. _Refused (identity)_ holds while the host's API server is honest: who " +
      "administers it can start a pod under the tenant's identity. _Not proven_ means that it goes through, or that nothing " +
      "shows that it does not: nothing here claims it. Tests attack every cell: what is refused is refused, and what is not proven goes through.",
    "",
    ...table(
      ["wiring", ...NegativeCase.ALL.map(({ label }) => label)],
      Wiring.ALL.map((wiring) => [`[\`${wiring}\`](#${wiring})`, ...wiring.cases.map(verdict)]),
    ),
    "## Which tier follows",
    "",
    "A verifier raises a tenant's [tier](tee.md) only where the evidence names the workload and the pool has what the evidence is of. " +
      "All other wirings release keys, and leave the tier at what the pool reaches.",
    "",
    ...table(
      ["wiring", "tier", ...Party.ALL.map(({ label }) => label), "reached by"],
      GRANTED_TIERS.map(({ wiring, tier }) => [
        `\`${wiring}\``,
        `\`${tier}\``,
        ...Party.ALL.map(({ key }) => tier.distances[key].name),
        tier.reachedBy,
      ]),
    ),
    ...GRANTED_TIERS.flatMap(({ tier }) => [
      `Still trusted with \`${tier}\`:`,
      "",
      ...tier.stillTrusted.map(({ who, why }) => `- ${who}: ${why}`),
      "",
    ]),
    "`regulated` is reached by nothing: no node attester and no pool with pod VMs exist. `sealed` is reached by the rows above alone. " +
      "A tenant that falls short ends with `TENANT_TIER`, which names the party and what is missing.",
    "",
    "## Two keys",
    "",
    ...table(
      ["key", "opened by", "keeps out", "does not keep out"],
      [
        [
          "of secrets",
          "the workload, with evidence",
          "whoever the wiring refuses",
          "whoever the wiring does not prove",
        ],
        [
          "of volumes (`keys`)",
          "the storage driver, which shows no evidence",
          "neighbours, and whoever takes a disk",
          "the provider, whose driver decrypts",
        ],
      ],
    ),
    "With `keys` on `Tenant` or `TenantsStack` the tenant has a StorageClass of its own, `tenclave-tenant-<name>`. Claims must name " +
      "it: no other tenant may, and the host's class is refused to this one. Off-boarding a tenant keeps its volumes and destroys its key: [what takes a key away](keys.md#what-takes-a-key-away). " +
      "By cloud, and for tenants that are deployed already: [keys](keys.md).",
    "",
    "## In a tenant's file",
    "",
    "```json",
    JSON.stringify(
      {
        attestation: {
          verifier: "enclaves",
          workloads: [
            {
              name: "signer",
              referenceValues: [
                { release: "1.0", until: "2027-01-31", file: "measurements/signer-1.0.json" },
                { release: "1.1", from: "2027-01-15", file: "measurements/signer-1.1.json" },
              ],
            },
          ],
        },
      },
      undefined,
      2,
    ),
    "```",
    "",
    ...table(
      ["key of `attestation`", "rule", "fails with"],
      [
        [
          "`verifier`",
          "one of `verifiers` of `TenantDirectory.load`; it says itself what is wrong with a tenant of another cloud, host or pool",
          "`ATTESTATION_VERIFIER`; verifiers of Azure also `AZURE_ATTESTATION`, of Google `GOOGLE_CONDITION`, `GOOGLE_TRUST`",
        ],
        ["`workloads[].name`", "DNS-1123, once in a tenant", "`ATTESTATION_WORKLOAD`"],
        [
          "`.referenceValues[]`",
          "well-formed values of the wiring's evidence (below), in `values` or in a `file`; none where evidence names no workload",
          "`ATTESTATION_REFERENCE`",
        ],
        [
          "`.from`, `.until`",
          `days; old values stay good for ${ROLL_OUT_DAYS} days after new ones begin, and the last release does not end. ` +
            `The report names what ends within ${ENDS_SOON_DAYS} days`,
          "`ATTESTATION_REFERENCE`",
        ],
        [
          "`.file`, `.agentPolicyFile`",
          "a path from the tenant's file, in a folder below the tenants directory (a `.json` beside the tenants would be taken for one)",
          "`TENANT_FILE`",
        ],
        [
          "`.certificate.minutes`",
          `${CERTIFICATE_MINUTES.least} to ${CERTIFICATE_MINUTES.most}, 30 unless given`,
          "`CERTIFICATE_LIFE`",
        ],
        ["`.certificate.dnsNames`", "whole names, no wildcards", "`ATTESTATION_WORKLOAD`"],
      ],
    ),
    "A tenant whose wiring has pods log in to the cloud gets label `tenclave.dev/identity` on its namespace, which opens the " +
      "fence to the cloud's identity service, and pods may carry the token that the cloud's webhook puts into them. On Azure " +
      'pods carry label `azure.workload.identity/use: "true"`.',
    "",
    "## One by one",
    "",
    ...Wiring.ALL.flatMap(wiringSection),
  ].join("\n");
}

function wiringSection(wiring: Wiring): string[] {
  const { measurements, identity } = wiring;
  return [
    `### ${wiring}`,
    "",
    ...table(
      ["what", "here"],
      [
        ["made by", madeBy(wiring)],
        ["verifier", wiring.verifier],
        ["relying party", wiring.relyingParty],
        ["evidence covers", wiring.covers],
        [
          "reference values",
          measurements.length === 0
            ? "none: evidence names no workload"
            : measurements.map(written).join("; "),
        ],
        [
          "life of a token",
          wiring.tokenMinutes === 0
            ? "none: evidence travels with each call"
            : `${wiring.tokenMinutes} minutes`,
        ],
        ["pods log in to the cloud by", identity === undefined ? "nothing" : `\`${identity}\``],
      ],
    ),
    ...wiring.cases.map((one) => `- ${one.case.label}: ${verdict(one)}: ${one.why}`),
    "",
    "Still trusted:",
    "",
    ...wiring.stillTrusted.map(({ who, why }) => `- ${who}: ${why}`),
    "",
  ];
}
