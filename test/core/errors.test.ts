import { ConfigurationError, ERROR_CODES, type ErrorCode } from "../../lib";
import { reasonOf, throwTogether } from "../../lib/core/errors";
import { ERROR_CASES } from "../support/error-cases";
import { stack } from "../support/scope";

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

test.each(Object.keys(ERROR_CODES) as ErrorCode[])(
  "%s is raised, names place and value, and says what to do",
  (code) => {
    const error = thrown(ERROR_CASES[code]);
    if (!ConfigurationError.is(error)) throw new Error(`not a ConfigurationError: ${String(error)}`);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(new RegExp(`^\\[${code}\\] \\S.*: .+, got .+; .+`, "s"));
    expect(error.message).not.toMatch(/\.$/);
  },
);

test("several errors are thrown as one, with all messages", () => {
  const errors = [new ConfigurationError("NAME", "a", "one"), new ConfigurationError("REASON", "b", "two")];
  const error = thrown(() => {
    throwTogether(errors);
  });
  expect(error).toMatchObject({ code: "NAME", errors, message: "[NAME] a: one\n[REASON] b: two" });
});

test("one error is thrown as it is, and none not at all", () => {
  const error = new ConfigurationError("NAME", stack("s"), "one");
  expect(
    thrown(() => {
      throwTogether([error]);
    }),
  ).toBe(error);
  expect(() => {
    throwTogether([]);
  }).not.toThrow();
  expect(error.path).toBe("s");
});

test("errors of a second copy of the library are recognized", () => {
  expect(ConfigurationError.is({ [Symbol.for("tenclave/ConfigurationError")]: true })).toBe(true);
  expect(ConfigurationError.is(new Error("other"))).toBe(false);
});

test("a reason is trimmed and returned", () => {
  expect(reasonOf("s", "p", "  because it is a test ")).toBe("because it is a test");
});
