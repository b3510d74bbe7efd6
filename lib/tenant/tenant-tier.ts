// From wiring to tier: what pool, runtime, admission and verifier each do for the distance of each party.
import type { TenantPlace } from "../attestation/verifier";
import { Wiring } from "../attestation/wiring";
import type { PoolReference } from "../node-pool/node-pool";
import { Sensitivity } from "../tee/sensitivity";
import { Tee } from "../tee/tee";
import { Distance, Party, shortfalls, TrustTier, type Distances, type Shortfall } from "../tee/trust-tier";
import { attestationOf, type TenantCheckOptions } from "./tenant-attestation";
import type { SpecProblem } from "./tenant-rules";
import type { TenantSpec } from "./tenant-spec";

/** What one part of the wiring does: a row of the table from which a tier follows. */
export interface Contribution {
  /** Shape: `pool`, `runtime`, `admission`, `keys` or `verifier`. */
  readonly part: string;
  /** What it covers: every pod of the tenant, or what runs in an enclave alone. */
  readonly covers: "pods" | "enclave";
  /** How far it puts which party. Empty: nobody any farther. */
  readonly distances: Partial<Distances>;
  /** A half sentence. */
  readonly why: string;
}

/** TEEs whose memory is out of the hypervisor's reach, for every pod of a node. Nobody has checked evidence of it. */
const NODE_TEES: readonly string[] = [Tee.SEV_SNP, Tee.SEV, Tee.TDX].map(({ id }) => id);

/** A tier beyond what pools reach, by wiring: what else it takes. */
interface Grant {
  readonly tier: TrustTier;
  readonly covers: Contribution["covers"];
  /** What the tenant or its pool lacks for it, in words; undefined when nothing. */
  readonly lacks: (spec: TenantSpec, pool: PoolReference) => string | undefined;
}

/**
 * Wirings that reach a tier of their own. No other does: evidence of a node names no workload, an attested node needs an
 * attester that does not exist, and no pool has pod VMs, whose evidence the wiring `trustee-pod` is for.
 */
const GRANTS: Readonly<Record<string, Grant>> = {
  [Wiring.NITRO_ENCLAVE.id]: {
    tier: TrustTier.NITRO_ENCLAVE,
    covers: "enclave",
    lacks: (spec, pool) =>
      pool.capacity.enclaves === undefined
        ? "a pool with enclaves"
        : spec.quota.enclaves === 0
          ? "quota.enclaves of at least 1"
          : undefined,
  },
};

/** The same for docs. */
export const GRANTED_TIERS: readonly { readonly wiring: Wiring; readonly tier: TrustTier }[] =
  Wiring.ALL.flatMap((wiring) => {
    const tier = GRANTS[wiring.id]?.tier;
    return tier ? [{ wiring, tier }] : [];
  });

/** The rows for a tenant on a pool. */
export function contributions(
  spec: TenantSpec,
  place: TenantPlace,
  options: TenantCheckOptions = {},
): readonly Contribution[] {
  const granted = grantOf(spec, place, options);
  const verifier = granted && {
    part: "verifier",
    covers: granted.covers,
    distances: granted.tier.distances,
    why: `keys are released to reference values of verifier '${spec.attestation!.verifier}' alone`,
  };
  return [...podContributions(place.pool), ...(verifier ? [verifier] : [])];
}

/** What covers every pod on a pool. */
function podContributions(pool: PoolReference): readonly Contribution[] {
  const row = (part: string, distances: Partial<Distances>, why: string): Contribution => ({
    part,
    covers: "pods",
    distances,
    why,
  });
  return [
    NODE_TEES.includes(pool.tee)
      ? row("pool", { provider: Distance.OUT }, "the hypervisor has no key to the memory of its nodes")
      : row("pool", {}, "the provider can read the memory of its nodes"),
    pool.handler.startsWith("kata")
      ? row("runtime", { neighbours: Distance.ISOLATED }, "each pod has a sandbox of its own")
      : row("runtime", {}, "pods share the node's kernel"),
    pool.owner
      ? row(
          "admission",
          { neighbours: Distance.OUT },
          "rules keep everybody else's pods off the tenant's own pool",
        )
      : row("admission", {}, "other tenants' pods run on the same nodes"),
    row("keys", {}, "a storage driver outside the node uses a volume's key, and shows no evidence"),
  ];
}

/** What a tenant reaches on its pool, with the verifier its file names. */
export function tierOf(spec: TenantSpec, place: TenantPlace, options: TenantCheckOptions = {}): TrustTier {
  const pods = podTier(place.pool);
  const granted = grantOf(spec, place, options)?.tier;
  if (!granted) return pods;
  // One tier or the other: columns of what covers pods and of what covers an enclave do not add up.
  const { requires } = Sensitivity.find(spec.sensitivity)!;
  return [granted, pods].find((tier) => tier.meets(requires)) ?? pods;
}

/** What every pod on a pool reaches: neighbours are out where the pool is the tenant's own. Never more than the rows say. */
function podTier(pool: PoolReference): TrustTier {
  const named = TrustTier.find(pool.tier) ?? TrustTier.SHARED;
  const tier = pool.owner ? named.onOwnPool : named;
  const reached = summed(podContributions(pool), "pods");
  if (shortfalls(reached, tier.distances).length === 0) return tier;
  return pool.owner ? TrustTier.SHARED.onOwnPool : TrustTier.SHARED;
}

/** The tier that the tenant's verifier adds, when it claims one and everything for it is there. */
function grantOf(spec: TenantSpec, place: TenantPlace, options: TenantCheckOptions): Grant | undefined {
  const verifier = attestationOf(spec, options)?.verifier;
  const grant = verifier && GRANTS[verifier.wiring.id];
  if (!grant || grant.lacks(spec, place.pool) !== undefined) return undefined;
  return verifier.grants(spec, place) === undefined ? undefined : grant;
}

/** A verifier that claims a tier which its wiring does not reach. */
export function claimProblems(
  spec: TenantSpec,
  place: TenantPlace,
  options: TenantCheckOptions,
): SpecProblem[] {
  const verifier = attestationOf(spec, options)?.verifier;
  const claimed = verifier?.grants(spec, place);
  if (!verifier || !claimed) return [];
  const reached = [podTier(place.pool), grantOf(spec, place, options)?.tier];
  if (reached.some((tier) => tier?.meets(claimed.distances))) return [];
  return [
    {
      code: "ATTESTATION_VERIFIER",
      path: ["attestation", "verifier"],
      text:
        `a verifier must not claim more than its wiring reaches, got tier ${claimed.label} from '${verifier.name}' of kind ` +
        `${verifier.wiring} on pool '${place.pool.name}'; correct what its grants() returns`,
    },
  ];
}

/** Where the tier stays below what the tenant's sensitivity needs: who, and which part is missing. */
export function tierProblems(
  spec: TenantSpec,
  place: TenantPlace,
  options: TenantCheckOptions,
): SpecProblem[] {
  const { requires } = Sensitivity.find(spec.sensitivity)!;
  const tier = tierOf(spec, place, options);
  const short = tier.shortfalls(requires);
  if (short.length === 0) return [];
  const why = short.map(({ party, needs, has }) => `${party} ${needs}, not ${has}`).join(" and ");
  return [
    {
      code: "TENANT_TIER",
      path: ["sensitivity"],
      text:
        `sensitivity '${spec.sensitivity}' needs ${why}, got pool '${place.pool.name}' of tier ${tier.label}; ` +
        cure(spec, place, options, short, requires),
    },
  ];
}

function cure(
  spec: TenantSpec,
  place: TenantPlace,
  options: TenantCheckOptions,
  short: readonly Shortfall[],
  requires: Distances,
): string {
  const byPool = TrustTier.ALL.filter((t) => !t.notGranted && t.meets(requires));
  if (byPool.length > 0)
    return `use a pool of tier ${byPool.map((t) => t.label).join(" or ")}, or lower the sensitivity`;
  const wiring = Wiring.ALL.find(({ id }) => GRANTS[id]?.tier.meets(requires));
  if (wiring) {
    const parties = short.map(({ party }) => party).join(" and ");
    return `${parties}: missing ${missing(spec, place, options, wiring)}; add it, or lower the sensitivity`;
  }
  const blocked = TrustTier.ALL.filter((t) => t.notGranted && t.meets(requires));
  return (
    `nothing in this release reaches that${blocked.map((t) => ` (${t.label}: ${t.notGranted})`).join("")}; ` +
    "lower the sensitivity, or keep this data elsewhere"
  );
}

/** What is missing for the tier of a wiring. */
function missing(
  spec: TenantSpec,
  { pool }: TenantPlace,
  options: TenantCheckOptions,
  wiring: Wiring,
): string {
  const has = attestationOf(spec, options)?.verifier;
  const parts = [
    GRANTS[wiring.id]!.lacks(spec, pool),
    has?.wiring.id === wiring.id
      ? undefined
      : `a verifier of kind ${wiring} with reference values` +
        (has
          ? ` (verifier '${has.name}' is of kind ${has.wiring}, whose evidence covers ${has.wiring.covers})`
          : ""),
  ];
  return (
    parts.filter((part) => part !== undefined).join(", and ") ||
    `what verifier '${has!.name}' wants before it grants tier ${GRANTS[wiring.id]!.tier}`
  );
}

/** How far each party is by what the rows that cover `covers` do together. */
export function summed(rows: readonly Contribution[], covers: Contribution["covers"]): Distances {
  const farthest = (key: keyof Distances): Distance =>
    rows
      .filter((row) => row.covers === covers)
      .map(({ distances }) => distances[key] ?? Distance.TRUSTED)
      .reduce((most, one) => (one.reaches(most) ? one : most), Distance.TRUSTED);
  return Object.fromEntries(Party.ALL.map(({ key }) => [key, farthest(key)])) as unknown as Distances;
}
