import type * as z from "../../lib/core/zod";
import { assertShape, scopeOf, shape } from "../../lib/core/option-shape";

const check = (wanted: z.ZodType, option: unknown) => (): void => {
  assertShape("place", shape.object({ option: wanted }), { option });
};

class Colour {
  public constructor(public readonly id: string) {}
}
const colour = shape.constant([new Colour("red"), new Colour("blue")], "a colour");
const list = shape.withMember("at", "a list");
const group = shape.object({ size: shape.number, words: shape.texts.optional() });

test.each<[string, z.ZodType, unknown]>([
  ["text", shape.text, ""],
  ["number", shape.number, NaN],
  ["flag", shape.flag, false],
  ["day", shape.day, "2026-11-21"],
  ["list of texts", shape.texts, []],
  ["list of texts", shape.texts, ["a"]],
  ["list of objects", shape.objects("pools"), [{ any: 1 }]],
  ["anything", shape.anything, undefined],
  ["constant", colour, { id: "red" }],
  ["instance", shape.withMember("getTime", "a date"), new Date()],
  ["object", group, { size: 1 }],
  ["object", shape.open({ size: shape.number }), { size: 1, more: 2 }],
  ["text that may be left out", shape.text.optional(), undefined],
])("a %s is taken", (_, wanted, value) => {
  expect(check(wanted, value)).not.toThrow();
});

test.each<[z.ZodType, unknown, string]>([
  [shape.text, 1.34, "option must be a text, got 1.34"],
  [shape.text, undefined, "option must be a text, got undefined"],
  [shape.text.optional(), null, "option must be a text, got null"],
  [shape.text, NaN, "option must be a text, got NaN"],
  [shape.text, {}, "option must be a text, got an object"],
  [shape.number, "1", "option must be a number, got '1'"],
  [shape.number, "x".repeat(70), `option must be a number, got '${"x".repeat(59)}…`],
  [shape.flag, "true", "option must be true or false, got 'true'"],
  [shape.day, "2026-02-30", "option must be a day like 2026-11-21, got '2026-02-30'"],
  [shape.day, "tomorrow", "option must be a day like 2026-11-21, got 'tomorrow'"],
  [shape.texts, "a", "option must be a list of texts, got 'a'"],
  [shape.texts, ["a", null], "option.1 must be a text, got null"],
  [shape.texts, { 0: "a" }, "option must be a list of texts, got an object"],
  [shape.objects("pools"), {}, "option must be a list of pools, got an object"],
  [shape.objects("pools"), [[1, "a", {}, []]], "option.0 must be an object, got [1, 'a', an object, a list]"],
  [colour, { id: "green" }, "option must be a colour, got an object"],
  [colour, "red", "option must be a colour, got 'red'"],
  [list, "at", "option must be a list, got 'at'"],
  [list, {}, "option must be a list, got an object"],
  [list, null, "option must be a list, got null"],
  [group, [], "option must be an object, got []"],
  [group, { size: "1" }, "option.size must be a number, got '1'"],
])("%# is refused", (wanted, value, words) => {
  expect(check(wanted, value)).toThrow(
    `[OPTION_TYPE] place: ${words}; write it so, or leave it out when it is optional`,
  );
});

test.each<[unknown, string]>([
  [{ option: 1, other: 2 }, "options must be made of keys this library knows, got 'other'"],
  [{ option: 1, a: 2, b: 3 }, "options must be made of keys this library knows, got 'a', 'b'"],
])("a key nobody knows is refused: %p", (options, words) => {
  expect(() => {
    assertShape("place", shape.object({ option: shape.number }), options);
  }).toThrow(`[OPTION_TYPE] place: ${words}; see the docstrings for its name, or leave it out`);
  expect(check(shape.object({ option: shape.number }), options)).toThrow(words.replace("options", "option"));
});

test.each([null, undefined, [], "text"])("options must not be %p", (options) => {
  expect(() => {
    assertShape("place", group, options);
  }).toThrow("[OPTION_TYPE] place: options must be an object, got ");
});

test("an open object does not read what it does not know", () => {
  const options = {
    size: 1,
    get other(): never {
      throw new Error("it was read");
    },
  };
  expect(() => {
    assertShape("place", shape.open({ size: shape.number }), options);
  }).not.toThrow();
});

test.each<[unknown, string]>([
  [{ name: "prod" }, "host.prod"],
  [{ name: 1 }, "host"],
  [null, "host"],
  [undefined, "host"],
])("the scope of %p is %s", (options, scope) => {
  expect(scopeOf("host", options)).toBe(scope);
});
