// No secret value in what is synthesized or printed: canaries are planted wherever a platform keeps credentials.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ChartSource } from "../lib";
import { contents, folder } from "./support/files";
import { ROOT, runTs } from "./support/run";

const CANARY = "canary-7f3a91c2";

/** Where people keep credentials in the shell that synthesizes: clouds, key stores, registries, verifiers, Terraform. */
const PLANTED: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "ARM_CLIENT_SECRET",
    "ARM_ACCESS_KEY",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_SECRET",
    "GOOGLE_CREDENTIALS",
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "HELM_REGISTRY_PASSWORD",
    "KUBE_TOKEN",
    "LICENSE_TOKEN",
    "PGPASSWORD",
    "TF_VAR_password",
    "TF_VAR_secret",
    "TF_TOKEN_app_terraform_io",
    "TRUSTAUTHORITY_API_KEY",
    "VAULT_TOKEN",
    "VCLUSTER_LICENSE",
  ].map((name) => [name, `${CANARY}-${name}`]),
);

const EXAMPLES = readdirSync(join(ROOT, "examples"));

/** Keys whose value would be a secret; their names may end in what says that it is a reference. */
const SECRET_KEY =
  /^(.*[_-])?(password|passwd|pwd|secret|client_?secret|secret_?access_?key|access_?key|api[_-]?key|license_?key|private_?key(_pem)?|token|session_?token|credentials)$/i;

/** Texts that are keys whoever holds them, whatever they stand under. */
const SECRET_TEXT: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bhv[sb]\.[A-Za-z0-9_-]{20,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
  /[a-z]+:\/\/[^/\s:@"]+:[^/\s:@"]+@/,
];

/** What looks like a secret in a text, JSON inside JSON included. */
function leaks(text: string): string[] {
  const found = SECRET_TEXT.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
  const visit = (value: unknown, path: string): void => {
    if (typeof value === "string") {
      const key = path.split(".").at(-1)!;
      // A reference of Terraform, a path of a rule, or nothing.
      const reference = value === "" || /^\$\{[^}]+\}$/.test(value);
      if (SECRET_KEY.test(key) && !reference) found.push(`${path}: ${value}`);
      if (/^[[{]/.test(value)) visit(parsed(value), path);
    } else if (typeof value === "object" && value !== null)
      for (const [key, one] of Object.entries(value)) visit(one, `${path}.${key}`);
  };
  visit(parsed(text), "$");
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

describe.each(EXAMPLES)("example %s", (example) => {
  test.each<Readonly<Record<string, string>>>([{}, { CONNECT: "variables" }])(
    "holds and prints no secret, with %j",
    (form) => {
      const outdir = join(folder(), "cdktf.out");
      const { code, stdout, stderr } = runTs(`examples/${example}/main.ts`, [], {
        ...PLANTED,
        ...form,
        CDKTF_OUTDIR: outdir,
      });
      expect(code).toBe(0);
      const files = { ...contents(outdir), stdout, stderr };
      expect(Object.keys(files).filter((name) => name.endsWith("cdk.tf.json")).length).toBeGreaterThan(1);
      for (const [name, text] of Object.entries(files)) {
        expect([name, text.includes(CANARY)]).toEqual([name, false]);
        expect([name, leaks(text)]).toEqual([name, []]);
      }
    },
  );
});

test("the search finds what it is for", () => {
  const nested = JSON.stringify({ values: [JSON.stringify({ db: { password: "hunter2" } })] });
  expect(leaks(nested)).toEqual(["$.values.0.db.password: hunter2"]);
  expect(leaks(JSON.stringify({ client_secret: "x", clientSecret: "x", "api-key": "x" }))).toHaveLength(3);
  expect(
    leaks(JSON.stringify({ password: "${var.password}", secretName: "x", tokenPath: "/x", token: "" })),
  ).toEqual([]);
  for (const text of [
    "-----BEGIN EC PRIVATE KEY-----",
    `AKIA${"A".repeat(16)}`,
    `hvs.${"a".repeat(24)}`,
    `eyJ${"a".repeat(12)}.eyJ${"a".repeat(12)}.${"a".repeat(12)}`,
    "https://user:word@charts.example.com",
  ])
    expect(leaks(text)).toHaveLength(1);
});

test.each(["repository", "oci"] as const)(
  "credentials in the address of a chart %s are refused, and not repeated",
  (kind) => {
    const url = `${kind === "oci" ? "oci" : "https"}://user:${CANARY}@charts.example.com/x`;
    let message = "";
    try {
      ChartSource[kind](url);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/\[CHART_SOURCE\].*without credentials/);
    expect(message).not.toContain(CANARY);
  },
);
