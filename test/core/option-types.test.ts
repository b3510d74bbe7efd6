import { assertOptionTypes, type OptionType } from "../../lib/core/option-types";

const check = (value: unknown, type: OptionType) => (): void =>
  assertOptionTypes("place", { option: value }, { option: type });

test.each<[OptionType, unknown]>([
  ["text", ""],
  ["number", NaN],
  ["true or false", false],
  ["a list of texts", []],
  ["a list of texts", ["a"]],
  ["an object", {}],
  ["a list of objects", [{}]],
  ["text?", undefined],
  ["an object?", undefined],
])("%s may be %p", (type, value) => {
  expect(check(value, type)).not.toThrow();
});

test.each<[OptionType, unknown, string]>([
  ["text", 1.34, "option must be text, got 1.34; write it so"],
  ["text", undefined, "option must be text, got undefined; write it so"],
  ["text?", null, "option must be text, got null; write it so, or leave it out"],
  ["number", "1", 'option must be number, got "1"; write it so'],
  ["true or false", "true", 'option must be true or false, got "true"; write it so'],
  ["a list of texts", "a", 'option must be a list of texts, got "a"; write it so'],
  ["a list of texts", ["a", null], 'option must be a list of texts, got ["a",null]; write it so'],
  ["an object", [], "option must be an object, got []; write it so"],
  ["an object", null, "option must be an object, got null; write it so"],
  ["a list of objects", [null], "option must be a list of objects, got [null]; write it so"],
  ["text?", NaN, "option must be text, got NaN; write it so, or leave it out"],
  ["number", "x".repeat(70), `option must be number, got "${"x".repeat(59)}…; write it so`],
])("%s must not be %p", (type, value, words) => {
  expect(check(value, type)).toThrow(`[OPTION_TYPE] place: ${words}`);
});

test.each([null, undefined, [], "text"])("options must not be %p", (options) => {
  expect(() => assertOptionTypes("place", options as unknown as object, {})).toThrow(
    /^\[OPTION_TYPE\] place: options must be an object/,
  );
});
