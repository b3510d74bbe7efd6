// The one place that asks what day it is.

/** The day a caller gives, else the machine's. Shape: `YYYY-MM-DD`. */
export function dayOf(given: string | undefined): string {
  return given ?? new Date().toISOString().slice(0, 10);
}

/** True for a day that exists, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The same day one year later; compares as text, so that a 29th of February needs no care. */
export function yearAfter(day: string): string {
  return `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
}

/** The same day one year earlier. */
export function yearBefore(day: string): string {
  return `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
}
