// Figures of the rounds: medians, ratios, and which bars they miss.
import type { Side, Usage } from "./program";

/** Both sides, run one right after the other. */
export type Round = Readonly<Record<Side, Usage>>;

/** All rounds over one number of tenants. */
export interface Size {
  readonly tenants: number;
  readonly rounds: readonly Round[];
  /** Files in which the outputs differ. */
  readonly different: readonly string[];
}

/** Most that our time may be of the bare app's, and what it should be. */
export const TIME_BAR = 1.25;
export const TIME_GOAL = 1.1;

/** Most that our time may grow from 1,000 to 5,000 tenants. */
export const GROWTH_BAR = 5.5;
export const GROWTH_FROM = 1000;
export const GROWTH_TO = 5000;

/** Median over the rounds of what one side used. */
export function medianOf(size: Size, side: Side, key: keyof Usage): number {
  return median(size.rounds.map((round) => round[side][key]));
}

/** Median over the rounds of ours by bare: a round's two runs share the machine's mood. */
export function ratio(size: Size, key: keyof Usage): number {
  return median(size.rounds.map(({ ours, bare }) => ours[key] / bare[key]));
}

/** How often a side's time at the smaller size fits into the larger; undefined unless both were run. */
export function growth(sizes: readonly Size[], side: Side): number | undefined {
  const from = sizes.find(({ tenants }) => tenants === GROWTH_FROM);
  const to = sizes.find(({ tenants }) => tenants === GROWTH_TO);
  return from && to && medianOf(to, side, "wallMs") / medianOf(from, side, "wallMs");
}

/** The bars that are missed, each as a sentence. */
export function missed(sizes: readonly Size[]): string[] {
  const grown = growth(sizes, "ours");
  return [
    ...sizes
      .filter(({ different }) => different.length > 0)
      .map(
        ({ tenants, different }) =>
          `outputs differ at ${tenants} tenants: ${different.slice(0, 3).join(", ")}` +
          (different.length > 3 ? ` and ${different.length - 3} more` : ""),
      ),
    ...sizes
      .filter((size) => ratio(size, "wallMs") > TIME_BAR)
      .map(
        (size) =>
          `time at ${size.tenants} tenants is ${ratio(size, "wallMs").toFixed(2)} times bare, bar ${TIME_BAR}`,
      ),
    ...(grown !== undefined && grown > GROWTH_BAR
      ? [
          `time grows ${grown.toFixed(2)} times from ${GROWTH_FROM} to ${GROWTH_TO} tenants, bar ${GROWTH_BAR}`,
        ]
      : []),
  ];
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
