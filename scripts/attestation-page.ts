// docs/attestation.md, made from the table of wirings.
import { CERTIFICATE_MINUTES } from "../lib/attestation/attested-workload";
import { ROLL_OUT_DAYS } from "../lib/attestation/reference-values";
import { NegativeCase, Wiring, type ProvenCase } from "../lib/attestation/wiring";
import { ENDS_SOON_DAYS } from "../lib/report/attestation-summary";
import { Party } from "../lib/tee/trust-tier";
import { GRANTED_TIERS } from "../lib/tenant/tenant-tier";

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
      "A tenant's file names a verifier of the platform; the verifier has one wiring.",
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
      "it: no other tenant may, and the host's class is refused to this one. Volumes of an off-boarded tenant are kept; so must its key be.",
    "",
    "## In a tenant's file",
    "",
    "```json",
    JSON.stringify(
      {
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
          "one of `verifiers` of `TenantDirectory.load`; it says itself what is wrong with a tenant of another cloud",
          "`ATTESTATION_VERIFIER`",
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
        ["verifier", wiring.verifier],
        ["relying party", wiring.relyingParty],
        ["evidence covers", wiring.covers],
        [
          "reference values",
          measurements.length === 0
            ? "none: evidence names no workload"
            : measurements
                .map(
                  ({ key, of, bytes, required }) =>
                    `\`${key}\`: ${of}, ${bytes} bytes${required ? "" : ", optional"}`,
                )
                .join("; "),
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
