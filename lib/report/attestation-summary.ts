// Attestation, for a person: what each verifier proves and does not, which key protects against whom, what runs out soon.
import { referenceValuesOn } from "../attestation/reference-values";
import type { AttestationBinding } from "../attestation/verifier";
import type { ProvenCase } from "../attestation/wiring";
import { daysBetween } from "../core/clock";
import type { ITenantKey } from "../keys/tenant-key";
import type { Trusted } from "../tee/trust-tier";
import type { CheckedTenant } from "../tenant/tenant-checks";
import { table } from "./table";

/** Days before the end of reference values at which a report begins to say so. */
export const ENDS_SOON_DAYS = 30;

/** What a tenant got in its stack. */
export interface BoundTenant {
  readonly attestation: AttestationBinding | undefined;
  readonly volumeKey: ITenantKey | undefined;
}

type Bound = ReadonlyMap<string, BoundTenant>;

/** The part of the report about attestation; undefined where no tenant asks for it and none has a key of its own. */
export function attestationSummary(
  tenants: readonly CheckedTenant[],
  bound: Bound,
  today: string,
): string | undefined {
  const told = tenants.filter(({ spec, attestation }) => attestation ?? bound.get(spec.name)?.volumeKey);
  if (told.length === 0) return undefined;
  const rows = told.map(({ spec, attestation }) => [
    spec.name,
    attestation?.verifier.name ?? "none",
    attestation ? `evidence of ${attestation.verifier.wiring.covers}` : "nothing",
    bound.get(spec.name)?.volumeKey ? "its own" : "the host's",
  ]);
  return [
    table(["tenant", "verifier", "secrets are released for", "key of volumes"], rows),
    ...verifierLines(told, bound),
    ...volumeLines(told, bound),
    ...endings(told, today),
    ...withoutEnd(told, today),
    "",
  ].join("\n");
}

/** Each verifier once, whoever names it. */
function verifierLines(tenants: readonly CheckedTenant[], bound: Bound): string[] {
  const verifiers = new Set(
    tenants.flatMap(({ attestation }) => (attestation ? [attestation.verifier] : [])),
  );
  return [...verifiers].flatMap((verifier) => {
    const { name, wiring } = verifier;
    const members = tenants.filter(({ attestation }) => attestation?.verifier === verifier);
    const trusted = members.flatMap(
      ({ spec }) => bound.get(spec.name)?.attestation?.stillTrusted ?? wiring.stillTrusted,
    );
    return [
      wiring.verifier === wiring.relyingParty
        ? `${name}: ${wiring.verifier} judges evidence of ${wiring.covers}, and releases secrets on it`
        : `${name}: ${wiring.verifier} judges evidence of ${wiring.covers}, ${wiring.relyingParty} releases secrets on it`,
      ...refusedLine(name, "refused by evidence", wiring.cases, "evidence"),
      ...refusedLine(
        name,
        "refused by identity, while the host's API server is honest",
        wiring.cases,
        "identity",
      ),
      ...wiring.cases
        .filter(({ refused }) => !refused)
        .map(({ case: one, why }) => `${name}, not proven: ${one.label}: ${why}`),
      ...once(trusted).map(({ who, why }) => `${name}, ${who} must be trusted: ${why}`),
    ];
  });
}

function refusedLine(
  name: string,
  what: string,
  cases: readonly ProvenCase[],
  by: ProvenCase["by"],
): string[] {
  const found = cases.filter((one) => one.refused && one.by === by).map(({ case: { label } }) => label);
  return found.length > 0 ? [`${name}, ${what}: ${found.join(", ")}`] : [];
}

function once(trusted: readonly Trusted[]): readonly Trusted[] {
  return [...new Map(trusted.map((one) => [`${one.who}: ${one.why}`, one])).values()];
}

/** Volumes have keys apart from secrets: a storage driver shows no evidence. */
function volumeLines(tenants: readonly CheckedTenant[], bound: Bound): string[] {
  const own = tenants.map(({ spec }) => bound.get(spec.name)?.volumeKey !== undefined);
  return [
    ...(own.includes(true)
      ? [
          "volumes, a tenant's own key: keeps out neighbours and whoever takes a disk; not the provider, whose driver decrypts",
        ]
      : []),
    ...(own.includes(false)
      ? [
          "volumes, the host's key: keeps out whoever takes a disk; one key for all tenants, and the provider's driver decrypts",
        ]
      : []),
  ];
}

function endings(tenants: readonly CheckedTenant[], today: string): string[] {
  return tenants.flatMap(({ spec, attestation }) =>
    (attestation?.workloads ?? []).flatMap(({ name, referenceValues }) =>
      referenceValues.flatMap(({ release, until }) => {
        const days = until === undefined ? NaN : daysBetween(today, until);
        return days >= 0 && days <= ENDS_SOON_DAYS
          ? [
              `! ${spec.name}, ${name}: reference values of release '${release}' end on ${until}, in ${days} days; ` +
                "nothing that still runs it gets secrets after that",
            ]
          : [];
      }),
    ),
  );
}

/** Releases that were replaced open the key as before: whoever can start one chooses its known holes. */
function withoutEnd(tenants: readonly CheckedTenant[], today: string): string[] {
  return tenants.flatMap(({ spec, attestation }) =>
    (attestation?.workloads ?? []).flatMap(({ name, referenceValues }) => {
      const endless = referenceValuesOn(referenceValues, today).filter(({ until }) => until === undefined);
      return endless.length > 1
        ? [
            `! ${spec.name}, ${name}: releases ${endless.map(({ release }) => `'${release}'`).join(", ")} are good without an end, ` +
              "so whoever starts an old one gets secrets; write until at those that are replaced",
          ]
        : [];
    }),
  );
}
