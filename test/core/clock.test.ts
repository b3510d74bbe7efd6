import { dayAfter, dayOf, daysBetween, isDay, yearBefore } from "../../lib/core/clock";

test("a given day is the day", () => {
  expect(dayOf("2029-10-31")).toBe("2029-10-31");
});

test("else it is the machine's", () => {
  jest.useFakeTimers({ now: new Date("2027-03-17T23:59:00Z") });
  expect(dayOf(undefined)).toBe("2027-03-17");
  jest.useRealTimers();
});

test("a year before", () => {
  expect(yearBefore("2029-10-31")).toBe("2028-10-31");
});

test.each(["2026-01-31", "2028-02-29"])("a day of the calendar: %s", (day) => {
  expect(isDay(day)).toBe(true);
});

test.each(["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "2026-01-01T00:00:00Z", "tomorrow", ""])(
  "no day of the calendar: '%s'",
  (text) => {
    expect(isDay(text)).toBe(false);
  },
);

test("the day after ends months and years", () => {
  expect(["2028-02-28", "2026-12-31", "2026-03-29"].map(dayAfter)).toEqual([
    "2028-02-29",
    "2027-01-01",
    "2026-03-30",
  ]);
});

test("days between are signed", () => {
  expect(daysBetween("2026-02-27", "2026-03-02")).toBe(3);
  expect(daysBetween("2026-03-02", "2026-02-27")).toBe(-3);
  expect(daysBetween("2026-03-02", "2026-03-02")).toBe(0);
});
