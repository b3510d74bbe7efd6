// When GKE may work on a cluster: what its API takes as a window, and as a day.
import type { GkeMaintenanceWindow } from "./gke-host-options";

const HOUR = 3_600_000;

/** Hours GKE asks for. SOURCE: GKE documentation, maintenance windows and exclusions, 2026. */
const LEAST = { window: 4, in32Days: 48 };

/** True for a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return instant(`${text}T00:00:00Z`) !== undefined;
}

/** True for a window that GKE takes. */
export function isWindow({ start, end, recurrence }: GkeMaintenanceWindow): boolean {
  const from = instant(start);
  const until = instant(end);
  const times = timesIn32Days(recurrence);
  if (from === undefined || until === undefined || times === undefined) return false;
  const hours = (until - from) / HOUR;
  return hours >= LEAST.window && hours <= 24 && hours * times >= LEAST.in32Days;
}

/** Milliseconds of `2026-01-03T02:00:00Z`; undefined when no calendar has it. */
function instant(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return undefined;
  const time = Date.parse(text);
  const exact = !Number.isNaN(time) && new Date(time).toISOString() === text.replace("Z", ".000Z");
  return exact ? time : undefined;
}

/** How often a recurrence comes in 32 days, at most; undefined when GKE would not take it. */
function timesIn32Days(recurrence: string): number | undefined {
  const parts = recurrence.split(";").map((part) => part.split("="));
  if (!parts.every(([key, value, more]) => /^[A-Z]+$/.test(key!) && value && more === undefined))
    return undefined;
  const rule = new Map(parts.map(([key, value]) => [key!, value!]));
  const days = (rule.get("BYDAY") ?? "?").split(",").length;
  const times: Readonly<Record<string, number>> = { DAILY: 32, WEEKLY: 5 * days, MONTHLY: 32 };
  return times[rule.get("FREQ") ?? ""];
}
