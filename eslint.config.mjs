// Lint as architecture: each message says what to do instead.
import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

const PROVIDER_INDEX = {
  regex: "^@cdktf/provider-[a-z]+(/lib/?(index)?)?$",
  message:
    "A provider's index costs seconds and half a gigabyte: import the sub-module, and only in lib/core/bindings.",
};

const FRAMEWORK = {
  name: "cdktf",
  message:
    "Only lib/core/cdk.ts names the framework: import from there, so that one file moves when it does.",
};

const CONSTRUCTS = { ...FRAMEWORK, name: "constructs" };

const ZOD = {
  name: "zod",
  message:
    "Only lib/core/zod.ts names zod, so that the build can bundle what is used: add the function there.",
};

const BINDINGS = {
  group: ["@cdktf/*"],
  message: "Only lib/core/bindings names a provider: add the class there and import it from there.",
};

const INSTANCEOF = {
  selector: "BinaryExpression[operator='instanceof']",
  message:
    "instanceof is false across duplicate installs: use the class's own isX guard or a Symbol.for mark.",
};

export default tseslint.config(
  { ignores: ["dist", "node_modules", "cdktf.out", "**/cdktf.out", ".cache"] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["**/*.ts"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-imports": "off",
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { paths: [FRAMEWORK, CONSTRUCTS, ZOD], patterns: [PROVIDER_INDEX, BINDINGS] },
      ],
      "no-restricted-syntax": ["error", INSTANCEOF],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // A look-up that was checked two lines above reads better with `!` than with a second check.
      "@typescript-eslint/no-non-null-assertion": "off",
      // Constructs register themselves in the tree, and enum-like classes hold static members only.
      "no-new": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      // Lanes take keys out of parsed JSON.
      "@typescript-eslint/no-dynamic-delete": "off",
    },
  },
  {
    files: ["lib/core/cdk.ts", "lib/core/zod.ts", "scripts/generated.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": "off" },
  },
  {
    files: ["lib/core/bindings/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { paths: [FRAMEWORK, CONSTRUCTS], patterns: [PROVIDER_INDEX] },
      ],
    },
  },
  { files: ["lib/**/*.ts", "stacks/**/*.ts"], rules: { "no-console": ["error"] } },
  {
    files: ["**/*.cjs"],
    languageOptions: { globals: { module: "writable", process: "readonly", require: "readonly" } },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
