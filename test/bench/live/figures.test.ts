// How live benchmarks are judged.
import { failed, p99, verdict, type Answer } from "./figures";

const answer = (ratios: number[], limit?: Answer["limit"]): Answer => ({
  what: "x",
  sides: [],
  ratios,
  limit,
});

test("99 of 100 are not above p99, whatever their order", () => {
  const values = Array.from({ length: 200 }, (_, index) => index + 1).reverse();
  expect(p99(values)).toBe(198);
  expect(p99([7])).toBe(7);
  expect(() => p99([])).toThrow("no value");
});

test("a bar that the median misses fails the run, a goal is only said", () => {
  const bar = { atMost: 1.5, kind: "bar" } as const;
  const goal = { ...bar, kind: "goal" } as const;
  expect(verdict(answer([1, 1.5, 9], bar))).toBe("met");
  expect(verdict(answer([1, 1.6, 9], bar))).toBe("MISSED");
  expect(verdict(answer([9]))).toBe("");
  expect(failed([answer([2], goal), answer([9])])).toBe(false);
  expect(failed([answer([1], bar), answer([2], bar)])).toBe(true);
});
