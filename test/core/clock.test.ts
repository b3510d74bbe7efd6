import { dayOf, yearBefore } from "../../lib/core/clock";

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
