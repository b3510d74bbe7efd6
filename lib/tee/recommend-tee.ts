// Which TEE for what: ranks what pools can have against what is asked for, and says what falls short.
import { ConfigurationError } from "../core/errors";
import { Sensitivity } from "./sensitivity";
import { Tee } from "./tee";
import { TEE_COMPARISON, type TeeComparison } from "./tee-comparison";
import { TEE_CLOUDS, type BestReach, type TeeOffer } from "./tee-offers";
import { assertCloud, offerOf } from "./tee-refusals";
import { Distance, Party, shortfalls, TrustTier, type Distances, type Shortfall } from "./trust-tier";

/** What a TEE is wanted for. */
export interface TeeQuestion {
  /** What the data needs. */
  readonly sensitivity: Sensitivity;
  /** aws, azure or google. @default - all three. Fails with TEE_QUERY. */
  readonly cloud?: string;
  /** True when the application must run as it is. @default false */
  readonly unmodifiedApp?: boolean;
  /** True when a confidential GPU is needed. @default false */
  readonly gpu?: boolean;
  /**
   * Parties that must be OUT at least, beside what the sensitivity requires.
   * @default - none
   */
  readonly distrust?: readonly Party[];
}

/** A TEE on a cloud that can be had and could be made to suffice. */
export interface TeeCandidate {
  /** `Tee.NONE` when a plain pool is enough. */
  readonly tee: Tee;
  readonly cloud: string;
  /** A machine type that has it; undefined for plain pools, which take any. */
  readonly machineType?: string;
  /** What ordinary pods on such a pool reach in this release; of the tenant's own where `tier.ownPool`. */
  readonly tier: TrustTier;
  /** True when a pool rests on facts nobody proved and so needs `acceptUnproven`. */
  readonly unproven: boolean;
  /** Where the tier stays below what is required. Empty when it suffices today. */
  readonly shortfalls: readonly Shortfall[];
  /** Reasons for it. */
  readonly why: readonly string[];
  /** What it does not give, shortfalls first. */
  readonly doesNotGive: readonly string[];
}

/** A TEE on a cloud that cannot be had or can never suffice, with every reason. */
export interface TeeFallenOut {
  readonly tee: Tee;
  readonly cloud: string;
  readonly reasons: readonly string[];
}

/** The answer. */
export interface TeeRecommendation {
  /** How far each party must be: the sensitivity's distances, and OUT for whoever is distrusted. */
  readonly requires: Distances;
  /** True when the first candidate suffices in this release. */
  readonly reached: boolean;
  /** One sentence that may be quoted. */
  readonly answer: string;
  /** Best first. */
  readonly candidates: readonly TeeCandidate[];
  /** Clouds and TEEs in table order. */
  readonly fellOut: readonly TeeFallenOut[];
}

/**
 * Recommends TEEs. Nothing is hidden: where this release reaches too little, `reached` is false and each candidate names
 * its shortfalls.
 *
 * A pair of cloud and TEE falls out when no pool can have it, when the application would have to change, when the cloud
 * sells no confidential GPU with it, or when it stays below what is required even with everything wired.
 *
 * The others are ranked by, in this order: what suffices today; fewer parties short; fewer steps short in sum; a plain
 * pool before a TEE (a TEE buys nothing that was asked for then); no `acceptUnproven` before one; applications that
 * run as they are before others; memory with integrity before without; the order of `Tee.ALL`; aws, azure, google.
 *
 * Fails with TEE_QUERY for a cloud, a sensitivity or a party that this library does not know.
 */
export function recommendTee(question: TeeQuestion): TeeRecommendation {
  assertQuestion(question);
  const requires = required(question);
  const judged = offers(question).map((offer) => judge(offer, question, requires));
  const candidates = judged
    .filter(({ reasons }) => reasons.length === 0)
    .sort(byRank)
    .map(({ candidate }) => candidate);
  const [best] = candidates;
  const reached = best?.shortfalls.length === 0;
  return {
    requires,
    reached,
    answer: answer(question, best),
    candidates,
    fellOut: judged
      .filter(({ reasons }) => reasons.length > 0)
      .map(({ candidate: { tee, cloud }, reasons }) => ({ tee, cloud, reasons })),
  };
}

/** One pair of cloud and TEE with what decides. */
interface Judged {
  readonly candidate: TeeCandidate;
  /** Why it falls out. */
  readonly reasons: readonly string[];
  /** Smaller is better, compared one by one. */
  readonly rank: readonly number[];
}

/** What a plain pool is, in the words of the comparison. */
const PLAIN = {
  unmodifiedApp: true,
  keepsIntegrity: false,
  reach: {
    atBest: TrustTier.SHARED.onOwnPool.distances,
    wiredBy: "a pool of one tenant's own",
    today: TrustTier.SHARED,
  },
  limits: [],
} satisfies Partial<TeeComparison>;

function assertQuestion({ sensitivity, cloud, distrust = [] }: TeeQuestion): void {
  if (cloud !== undefined) assertCloud("recommendTee", cloud);
  if (!Sensitivity.ALL.includes(sensitivity))
    throw new ConfigurationError(
      "TEE_QUERY",
      "recommendTee",
      `sensitivity must be a Sensitivity, got '${String(sensitivity)}'; use Sensitivity.find(name) for a name`,
    );
  const stranger = distrust.find((party) => !Party.ALL.includes(party));
  if (stranger !== undefined)
    throw new ConfigurationError(
      "TEE_QUERY",
      "recommendTee",
      `distrust must list parties this library knows, got '${String(stranger)}'; ` +
        "use Party.PROVIDER, Party.HOST_ADMIN or Party.NEIGHBOURS",
    );
}

function required({ sensitivity, distrust = [] }: TeeQuestion): Distances {
  const { requires } = sensitivity;
  const distance = (party: Party): Distance =>
    distrust.includes(party) && !requires[party.key].reaches(Distance.OUT)
      ? Distance.OUT
      : requires[party.key];
  return {
    provider: distance(Party.PROVIDER),
    hostAdmin: distance(Party.HOST_ADMIN),
    neighbours: distance(Party.NEIGHBOURS),
  };
}

/** Plain pools and all offers of the clouds in question, in the order of clouds and of `Tee.ALL`. */
function offers({ cloud }: TeeQuestion): readonly TeeOffer[] {
  return TEE_CLOUDS.filter((name) => cloud === undefined || name === cloud).flatMap((name) =>
    Tee.ALL.map((tee) => offerOf(name, tee) ?? { cloud: name, tee, limits: [], source: "" }),
  );
}

function judge(offer: TeeOffer, question: TeeQuestion, requires: Distances): Judged {
  const { tee, cloud } = offer;
  const row = TEE_COMPARISON.get(tee) ?? PLAIN;
  const tier = nearest(row.reach.today ?? TrustTier.SHARED, requires);
  const missing = tier.shortfalls(requires);
  const machineType = question.gpu ? offer.gpu?.machineType : offer.example;
  const unproven = (question.gpu ? offer.gpu?.unproven : offer.unproven) ?? false;
  const candidate: TeeCandidate = {
    tee,
    cloud,
    ...(machineType ? { machineType } : {}),
    tier,
    unproven,
    shortfalls: missing,
    why: reasonsFor(offer, row, question, requires, tier, machineType),
    doesNotGive: [
      ...missing.map((short) => shortfallWords(short, offer.reach ?? row.reach)),
      ...(unproven ? ["it rests on facts nobody proved, so a pool needs acceptUnproven"] : []),
      ...offer.limits,
      ...(question.gpu ? (offer.gpu?.limits ?? []) : []),
      ...row.limits.map(({ text, unsure }) => (unsure ? `${text} (unsure)` : text)),
      ...tier.stillTrusted.map(({ who, why }) => `${who} must be trusted: ${why}`),
    ],
  };
  return {
    candidate,
    reasons: reasonsAgainst(offer, row, question, requires),
    rank: [
      missing.length,
      missing.reduce((steps, { has, needs }) => steps + has.stepsBelow(needs), 0),
      tee === Tee.NONE ? 0 : 1,
      unproven ? 1 : 0,
      row.unmodifiedApp ? 0 : 1,
      row.keepsIntegrity ? 0 : 1,
      Tee.ALL.indexOf(tee),
      TEE_CLOUDS.indexOf(cloud),
    ],
  };
}

/** What a shared pool reaches, or a pool of the tenant's own where that alone comes nearer. */
function nearest(shared: TrustTier, requires: Distances): TrustTier {
  const { onOwnPool } = shared;
  return onOwnPool.shortfalls(requires).length < shared.shortfalls(requires).length ? onOwnPool : shared;
}

type Reaching = Pick<TeeComparison, "unmodifiedApp" | "keepsIntegrity" | "reach">;

function reasonsFor(
  { tee, cloud, source }: TeeOffer,
  row: Reaching,
  { unmodifiedApp, gpu }: TeeQuestion,
  requires: Distances,
  tier: TrustTier,
  machineType: string | undefined,
): string[] {
  const reasons: readonly (string | false | undefined)[] = [
    tee === Tee.NONE
      ? "nothing is required that a plain pool does not give"
      : `pools on ${cloud} can have ${tee.label}, on machine types like ${machineType} (${source})`,
    unmodifiedApp && row.unmodifiedApp && "applications run as they are",
    gpu && `${machineType} has a confidential GPU beside it`,
    ...Party.ALL.map(
      ({ key, label }) =>
        requires[key] !== Distance.TRUSTED &&
        tier.distances[key].reaches(requires[key]) &&
        `${label}: ${tier.distances[key]} on tier ${tier.label}, needs ${requires[key]}`,
    ),
  ];
  return reasons.filter((reason): reason is string => typeof reason === "string");
}

function reasonsAgainst(
  offer: TeeOffer,
  row: Reaching,
  { unmodifiedApp, gpu }: TeeQuestion,
  requires: Distances,
): string[] {
  const { tee, cloud, notForPools, source } = offer;
  const reasons: readonly (string | false | undefined)[] = [
    notForPools && `${notForPools} (${source})`,
    unmodifiedApp && !row.unmodifiedApp && "applications must be changed for it",
    gpu &&
      !notForPools &&
      !offer.gpu &&
      `${cloud} sells no confidential GPU with ${tee === Tee.NONE ? "plain nodes" : "it"}`,
    ...shortfalls((offer.reach ?? row.reach).atBest, requires).map(
      ({ party, has, needs }) => `${party}: ${has} at best, needs ${needs}`,
    ),
  ];
  return reasons.filter((reason): reason is string => typeof reason === "string");
}

function shortfallWords({ party, has, needs }: Shortfall, { atBest, wiredBy }: BestReach): string {
  const { key } = Party.ALL.find(({ label }) => label === party)!;
  return `${party}: ${has} in this release, needs ${needs}; ${atBest[key]} is possible with ${wiredBy}, which this release does not wire`;
}

function byRank(a: Judged, b: Judged): number {
  const at = a.rank.findIndex((value, index) => value !== b.rank[index]);
  return at < 0 ? 0 : a.rank[at]! - b.rank[at]!;
}

function answer({ sensitivity }: TeeQuestion, best: TeeCandidate | undefined): string {
  if (!best)
    return `Nothing that pools can have suffices for sensitivity '${sensitivity}' with what was asked for; fellOut says why.`;
  const own = best.tier.ownPool ? " of the tenant's own" : "";
  const what =
    best.tee === Tee.NONE
      ? `a plain pool${own}`
      : `${best.tee.label} on ${best.cloud} (${best.machineType})${own && ` in a pool${own}`}`;
  if (best.shortfalls.length === 0)
    return (
      `Use ${what}: it reaches tier ${best.tier}, which suffices.` +
      (best.unproven ? " It rests on facts nobody proved, so a pool needs acceptUnproven." : "")
    );
  const short = best.shortfalls
    .map(({ party, has, needs }) => `${party} ${has}, needs ${needs}`)
    .join(" and ");
  return (
    `Nothing in this release reaches sensitivity '${sensitivity}' with what was asked for. ` +
    `Nearest is ${what}, which leaves ${short}.`
  );
}
