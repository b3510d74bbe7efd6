import { ConfigurationError } from "../../lib";
import { REFUSED_ON_AWS } from "../support/refused/aws";
import { REFUSED_ON_AZURE } from "../support/refused/azure";
import { REFUSED_ON_GOOGLE } from "../support/refused/google";

const ALL = [...REFUSED_ON_AZURE, ...REFUSED_ON_GOOGLE, ...REFUSED_ON_AWS];

test("the table holds at least 60 combinations, each once", () => {
  expect(ALL.length).toBeGreaterThanOrEqual(60);
  expect(new Set(ALL.map(({ what }) => what)).size).toBe(ALL.length);
});

test.each(ALL)("refused: $what", ({ attempt, code, value, source, alternative, fact }) => {
  const error = ((): unknown => {
    try {
      attempt();
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  })();
  if (!ConfigurationError.is(error)) throw new Error(`not refused by a coded error, but: ${String(error)}`);
  expect(error.code).toBe(code);
  // Place, value, source with its date, and what works instead.
  expect(error.message.startsWith(`[${code}] ${error.path}: `)).toBe(true);
  expect(error.path).toMatch(/^(pools|host)\.[a-z]|\//);
  expect(error.message).toContain(value);
  expect(error.message).toMatch(source);
  expect(error.message).toMatch(/20\d\d/);
  expect(error.message).toMatch(alternative);
  expect(fact.length).toBeGreaterThan(10);
});
