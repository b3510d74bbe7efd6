// The lint rules bite, and their messages say what to do instead.
import { join } from "node:path";
import { ROOT, runNode } from "./support/run";

/** File it would stand in, code, and the words of the one message; none when the code must pass. */
const CASES: readonly (readonly [string, string, RegExp?])[] = [
  [
    "lib/tee/tee.ts",
    'import { App } from "cdktf";\nexport const a = App;\n',
    /Only lib\/core\/cdk\.ts names the framework/,
  ],
  [
    "lib/tee/tee.ts",
    'import { Construct } from "constructs";\nexport const a = Construct;\n',
    /Only lib\/core\/cdk\.ts/,
  ],
  [
    "test/tee/tee.test.ts",
    'import { App } from "cdktf";\nexport const a = App;\n',
    /Only lib\/core\/cdk\.ts/,
  ],
  ["lib/core/bindings/aws.ts", 'export { vpc } from "@cdktf/provider-aws";\n', /index costs seconds/],
  ["lib/core/bindings/aws.ts", 'export { vpc } from "@cdktf/provider-aws/lib";\n', /index costs seconds/],
  [
    "stacks/layer.ts",
    'import { Vpc } from "@cdktf/provider-aws/lib/vpc";\nexport const a = Vpc;\n',
    /Only lib\/core\/bindings names a provider/,
  ],
  ["lib/tee/tee.ts", "export const a: any = 1;\n", /Unexpected any/],
  [
    "lib/tee/tee.ts",
    "export const a = (x: unknown): boolean => x instanceof Error;\n",
    /false across duplicate installs/,
  ],
  ["lib/tee/tee.ts", 'console.log("x");\n', /Unexpected console/],
  ["lib/core/cdk.ts", 'export { App } from "cdktf";\n'],
  ["lib/core/bindings/aws.ts", 'export { Vpc } from "@cdktf/provider-aws/lib/vpc";\n'],
  ["test/tee/tee.test.ts", 'console.log("x");\n'],
];

/** In a process of its own: the configuration is a module that jest cannot load. */
const SCRIPT = `
  const { ESLint } = require("eslint");
  const cases = JSON.parse(process.env.CASES);
  const eslint = new ESLint();
  Promise.all(cases.map(([filePath, code]) => eslint.lintText(code, { filePath }))).then((results) =>
    console.log(JSON.stringify(results.map(([result]) => result.messages.map(({ message }) => message)))),
  );
`;

const { stdout } = runNode(["-e", SCRIPT], {
  CASES: JSON.stringify(CASES.map(([file, code]) => [join(ROOT, file), code])),
});
const results = JSON.parse(stdout) as string[][];

test.each(CASES.map(([file, code, words], index) => [file, code, words, results[index]!] as const))(
  "%s: %j",
  (_file, _code, words, messages) => {
    expect(messages).toEqual(words ? [expect.stringMatching(words)] : []);
  },
);
