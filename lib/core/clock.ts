// The one place that asks what day it is.

/** The day a caller gives, else the machine's. Shape: `YYYY-MM-DD`. */
export function dayOf(given: string | undefined): string {
  return given ?? new Date().toISOString().slice(0, 10);
}

/** True for a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(text);
  // 2026-02-30 is read as the 2nd of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The day after. Days begin and end in UTC. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
}

/** Days from the first to the last; negative when the last is before. */
export function daysBetween(first: string, last: string): number {
  return (Date.parse(last) - Date.parse(first)) / DAY;
}

/** Milliseconds of a day. */
const DAY = 86_400_000;

/** The same day one year later; compares as text, so that a 29th of February needs no care. */
export function yearAfter(day: string): string {
  return `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
}

/** The same day one year earlier. */
export function yearBefore(day: string): string {
  return `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
}
