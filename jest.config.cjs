// Tests that need Node only. The lanes against real parts are not jest tests: see test/real/run.ts.
module.exports = {
  testEnvironment: "node",
  // Long suites wait for programs they start: one worker less than cores, jest's own choice, leaves a core idle.
  maxWorkers: "100%",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
};
